"""The form of a decision: at the desk under the session's token, behind a signed link under that."""

from __future__ import annotations

from wtforms import Form, RadioField, TextAreaField
from wtforms.validators import Length

from outreach.forms import StaffForm
from outreach.inquiries import forms_rules
from outreach.inquiries.clearance.models import CHANGE, GRANTED, REFUSED
from outreach.language import mark

TOO_LONG = mark("The text must be 10,000 characters or less")


class Decision(Form):
    """Clear, ask for a change in words, or refuse with a reason."""

    decision = RadioField(
        mark("Your decision"), validate_choice=False,
        choices=[
            (GRANTED, mark("Clear these words")), (CHANGE, mark("Ask for a change")), (REFUSED, mark("Refuse")),
        ],
    )  # fmt: skip
    words = TextAreaField(
        mark("What should change, or why not"),
        filters=[forms_rules.text],
        validators=[Length(max=10_000, message=TOO_LONG)],
    )


class DeskDecision(StaffForm, Decision):
    """The same at the desk."""
