"""Forms of the desk: one's own page."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from outreach.accounts.forms import VARIANTS, cleaned
from outreach.forms import StaffForm
from outreach.language import mark


class MeForm(StaffForm):
    name = StringField(
        mark("Your name, as colleagues see it"),
        filters=[cleaned],
        validators=[
            DataRequired(mark("Enter your name.")),
            Length(max=120, message=mark("Use 120 characters at most.")),
        ],
    )
    variant = RadioField(mark("Language of the desk"), choices=list(VARIANTS.items()))
    shortcuts = BooleanField(mark("Single keys do things outside fields, like 1 for Accept"))
