"""The form of a decision: at the desk under the session's token, behind a signed link under that; and of asking."""

from __future__ import annotations

from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField, TextAreaField
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


class AskFields(StaffForm):
    """Who is to clear words that a page holds; and that changed words are cleared by sending them."""

    ask_whom = SelectMultipleField(mark("Who is to clear it"), validate_choice=False)
    ask_name = StringField(mark("Name of somebody without an account"), filters=[forms_rules.line])
    ask_email = StringField(mark("Their e-mail"), filters=[forms_rules.line])
    release = BooleanField(mark("Clear the changed words myself"))

    def validate_ask_email(self, field: StringField) -> None:
        if field.data:
            forms_rules.check_address(field.data)

    def whom(self) -> tuple[list[str], str, str]:
        """The accounts that are ticked, and the name and address of somebody else."""
        return self.ask_whom.data or [], self.ask_name.data or "", self.ask_email.data or ""


class DeskDecision(StaffForm, Decision):
    """The same at the desk."""
