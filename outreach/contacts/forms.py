"""Forms of the contacts: one person's record."""

from __future__ import annotations

from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from outreach.accounts.forms import VARIANTS, cleaned
from outreach.forms import StaffForm
from outreach.language import mark


class PersonForm(StaffForm):
    version = IntegerField(widget=HiddenInput())
    name = StringField(
        mark("Name"),
        filters=[cleaned],
        validators=[
            DataRequired(mark("Enter the name.")),
            Length(max=120, message=mark("Use 120 characters at most.")),
        ],
    )
    preferred_variant = RadioField(mark("Writes in"), choices=list(VARIANTS.items()))
    do_not_contact = BooleanField(mark("Do not contact"))
    do_not_contact_reason = StringField(
        mark("Reason not to contact"),
        filters=[cleaned],
        validators=[Length(max=300, message=mark("Use 300 characters at most."))],
    )
    note = TextAreaField(
        mark("Note, only we see this"),
        filters=[cleaned],
        validators=[Length(max=5000, message=mark("Use 5,000 characters at most."))],
    )

    def validate_do_not_contact_reason(self, field: StringField) -> None:
        if self.do_not_contact.data and not field.data:
            raise ValidationError(mark("Say why, so that colleagues know: asked by phone, left the outlet …"))
