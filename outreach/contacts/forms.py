"""The form of a person, and what every form of a record does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from zoneinfo import available_timezones

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, ValidationError

from outreach.accounts.forms import VARIANTS, cleaned
from outreach.contacts import forms_clash, forms_rows
from outreach.contacts.forms_clash import Difference
from outreach.contacts.forms_rows import AddressRow, AffiliationRow, at_most, line
from outreach.contacts.models import Person
from outreach.contacts.records import Facts
from outreach.forms import StaffForm
from outreach.language import mark

BASES = {
    "legitimate_interest": mark("legitimate interest: answering the press"),
    "consent": mark("consent"),
    "public_task": mark("public task"),
}
CHANNELS = {
    "email": mark("E-mail"), "phone": mark("Phone"), "sms": "SMS", "signal": "Signal", "whatsapp": "WhatsApp",
    "viber": "Viber", "telegram": "Telegram",
}  # fmt: skip


SAY_WHY = mark("Say why, so that colleagues know: asked by phone, left the outlet …")
_AS_TYPED = (
    "name", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant", "region", "time_zone",
    "source", "lawful_basis", "do_not_contact", "do_not_contact_reason",
)  # fmt: skip


class VersionedForm(StaffForm):
    """A form of a record: `version` is that of the record as it was seen, `seen` are prints of what stood there."""

    version = HiddenField()
    seen = HiddenField()

    def fill(self) -> None:
        """Once the values stand in it: one more empty row of each list, and what was seen."""
        self.seen.data = forms_clash.prints(self)
        for rows in self.lists():
            forms_rows.add_spare(rows)

    def take_over(self, theirs: VersionedForm, ticked: Collection[str]) -> None:
        """What was ticked on the page of a clash, as long as the record (`theirs`) is still what that page showed."""
        if ticked and self.version.data == theirs.version.data:
            forms_clash.take(self, theirs, ticked)

    def clash(self, theirs: VersionedForm, ticked: Collection[str]) -> list[Difference]:
        """What stands on record now; saving once more is meant for that version."""
        found = forms_clash.differences(self, theirs, ticked)
        self.version.data, self.seen.data = theirs.version.data, theirs.seen.data
        return found

    def seen_version(self) -> int:
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def lists(self) -> list[FieldList]:
        return [field for field in self if isinstance(field, FieldList)]

    def wants_a_row(self, name: str) -> bool:
        """Whether the button for one more row of this list was pressed; then there is one."""
        found = [rows for rows in self.lists() if rows.name == name]
        for rows in found:
            forms_rows.add_spare(rows)
        return bool(found)

    def beside(self, field: str, message: str) -> None:
        """Say it at its field, or above the form when nobody sees that."""
        if field in self and not isinstance(self[field], HiddenField):
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)


class StopForm(StaffForm):
    """Why a person is not to be contacted, said on the record by whoever sees it."""

    reason = StringField(
        mark("Reason not to contact"), id="stop-reason", filters=[line],
        validators=[DataRequired(SAY_WHY), at_most(300)],
    )  # fmt: skip


class PersonForm(VersionedForm):
    name = StringField(mark("Name"), filters=[line], validators=[DataRequired(mark("Enter the name.")), at_most(120)])
    name_latin = StringField(mark("Name in Latin"), filters=[line], validators=[at_most(120)])
    name_cyrillic = StringField(mark("Name in Cyrillic"), filters=[line], validators=[at_most(120)])
    honorific = StringField(mark("Honorific"), filters=[line], validators=[at_most(40)])
    vocative = StringField(mark("Addressed as"), filters=[line], validators=[at_most(80)])
    affiliations = FieldList(FormField(AffiliationRow), mark("Works for"), max_entries=forms_rows.MOST_ROWS)
    addresses = FieldList(FormField(AddressRow), mark("Reach"), max_entries=forms_rows.MOST_ROWS)
    channels = SelectMultipleField(mark("Prefers"), choices=list(CHANNELS.items()))
    preferred_variant = RadioField(mark("Writes in"), choices=list(VARIANTS.items()), default="en")
    languages = StringField(mark("Languages they work in"), filters=[line], validators=[at_most(200)])
    beats = StringField(mark("Beats"), filters=[line], validators=[at_most(300)])
    region = StringField(mark("Region"), filters=[line], validators=[at_most(80)])
    time_zone = StringField(mark("Time zone"), filters=[line], validators=[at_most(40)])
    owner = SelectField(mark("Owner"))
    note = TextAreaField(mark("Note, only we see this"), filters=[cleaned], validators=[at_most(5000)])
    source = StringField(
        mark("Source"), filters=[line],
        validators=[DataRequired(mark("Say where we have this from.")), at_most(120)],
    )  # fmt: skip
    lawful_basis = SelectField(mark("Basis"), choices=list(BASES.items()))
    is_noticed = BooleanField(mark("They know that we hold this"))
    do_not_contact = BooleanField(mark("Do not contact"))
    do_not_contact_reason = StringField(mark("Reason not to contact"), filters=[line], validators=[at_most(300)])
    keep_both = BooleanField(mark("Keep both: they are two people"))

    def __init__(self, owners: dict[int, str], values: dict[str, Any] | None = None) -> None:
        """`owners`: who may look after somebody, by account. `values` fill it; without them it reads what was sent."""
        super().__init__(**({"formdata": None, "data": values} if values is not None else {}))
        self.owner.choices = [("", mark("nobody")), *((str(id_), name) for id_, name in owners.items())]
        if values is not None:
            self.fill()

    def validate_beats(self, field: StringField) -> None:
        if any(len(beat) > 60 for beat in forms_rows.items(field.data)):
            raise ValidationError(mark("A beat has 60 characters at most; put commas between beats."))

    def validate_time_zone(self, field: StringField) -> None:
        if field.data and field.data not in available_timezones():
            raise ValidationError(mark("Enter a time zone such as Europe/Belgrade."))

    def validate_do_not_contact_reason(self, field: StringField) -> None:
        if self.do_not_contact.data and not field.data:
            raise ValidationError(SAY_WHY)

    def facts(self) -> Facts:
        """What a valid form says."""
        same = (*_AS_TYPED, "is_noticed")
        return Facts(
            **{name: self[name].data for name in same},
            note=self.note.data or "",
            languages=forms_rows.items(self.languages.data),
            beats=[beat.lower() for beat in forms_rows.items(self.beats.data)],
            channels=self.channels.data or (),
            owner_id=int(self.owner.data) if self.owner.data else None,
            addresses=forms_rows.reaches(self.addresses),
            affiliations=forms_rows.posts(self.affiliations),
        )


def values_of(person: Person) -> dict[str, Any]:
    """A person as the form shows them."""
    same = (*_AS_TYPED, "note")
    return {
        **{name: getattr(person, name) for name in same},
        "version": str(person.version),
        "channels": [channel for channel in person.channels if channel in CHANNELS],
        "languages": ", ".join(person.languages),
        "beats": ", ".join(held.beat for held in person.beats),
        "owner": str(person.owner_id or ""),
        "is_noticed": person.noticed_at is not None,
        "addresses": [forms_rows.row_of_address(held) for held in person.addresses],
        "affiliations": [forms_rows.row_of_affiliation(held) for held in person.affiliations],
    }
