"""The form on a card: what its owner would have changed."""

from __future__ import annotations

from zoneinfo import available_timezones

from wtforms import Form, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from outreach.accounts.forms import cleaned
from outreach.contacts import forms_rows
from outreach.contacts.card.asking import CORRECTABLE
from outreach.contacts.card.held import spoken
from outreach.contacts.forms_rows import at_most, line
from outreach.contacts.models import Person
from outreach.language import mark


class CorrectionForm(Form):
    name = StringField(mark("Name"), filters=[line], validators=[DataRequired(mark("Enter the name.")), at_most(120)])
    name_latin = StringField(mark("Name in Latin"), filters=[line], validators=[at_most(120)])
    name_cyrillic = StringField(mark("Name in Cyrillic"), filters=[line], validators=[at_most(120)])
    honorific = StringField(mark("Honorific"), filters=[line], validators=[at_most(40)])
    vocative = StringField(mark("Addressed as"), filters=[line], validators=[at_most(80)])
    languages = StringField(mark("Languages you work in"), filters=[line], validators=[at_most(200)])
    beats = StringField(mark("What you cover"), filters=[line], validators=[at_most(300)])
    region = StringField(mark("Region"), filters=[line], validators=[at_most(80)])
    time_zone = StringField(mark("Time zone"), filters=[line], validators=[at_most(40)])
    words = TextAreaField(mark("What else is wrong"), filters=[cleaned], validators=[at_most(5000)])

    def validate_beats(self, field: StringField) -> None:
        if any(len(beat) > 60 for beat in forms_rows.items(field.data)):
            raise ValidationError(mark("A beat has 60 characters at most; put commas between beats."))

    def validate_time_zone(self, field: StringField) -> None:
        if field.data and field.data not in available_timezones():
            raise ValidationError(mark("Enter a time zone such as Europe/Belgrade."))

    def proposed(self) -> dict[str, str]:
        """What a valid form says of each field that can be corrected."""
        return {name: self[name].data or "" for name in CORRECTABLE}


def correction_of(person: Person) -> CorrectionForm:
    """The form with what is on record."""
    return CorrectionForm(None, data={name: spoken(person, name) for name in CORRECTABLE})
