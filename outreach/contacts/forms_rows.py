"""Rows of the contacts' forms, addresses and affiliations: as many as are filled in, and a spare one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import Length, Optional, ValidationError

from outreach.accounts.forms import cleaned
from outreach.contacts.affiliations import Post
from outreach.contacts.models import EMAIL, PHONE, Affiliation, ContactAddress
from outreach.contacts.reach import Reach
from outreach.language import mark
from outreach.mail import addresses

MOST_ROWS = 60
"""More than anybody types; a record that came of many others may have dozens."""
ADDRESS_KINDS = {
    EMAIL: mark("E-mail"), PHONE: mark("Phone"), "signal": "Signal", "whatsapp": "WhatsApp", "viber": "Viber",
    "telegram": "Telegram", "web": mark("Website"), "other": mark("Other"),
}  # fmt: skip
ORGANISATION_KINDS = {
    "outlet": mark("Outlet"), "agency": mark("Agency"), "ngo": mark("Non-governmental organisation"),
    "institution": mark("Institution"), "ministry": mark("Ministry"), "embassy": mark("Embassy"),
    "academia": mark("University or institute"), "international": mark("International organisation"),
    "other": mark("Other"),
}  # fmt: skip
EMAIL_FORMAT = mark("Enter an email address in the correct format, like name@example.com")
PHONE_FORMAT = mark("Enter a phone number in the correct format, like +381 11 000 0000")
KEPT = mark("An affiliation is ended, not deleted: name the organisation, and say when it ended.")
NO_PLACE = mark("Enter the organisation.")


def line(value: str | None) -> str:
    """One line as it is kept."""
    return " ".join((cleaned(value) or "").split())


def at_most(most: int) -> Length:
    """Short enough for its column; the few lengths in use have words of their own."""
    words = {
        40: mark("Use 40 characters at most."), 80: mark("Use 80 characters at most."),
        120: mark("Use 120 characters at most."), 160: mark("Use 160 characters at most."),
        200: mark("Use 200 characters at most."), 254: mark("Use 254 characters at most."),
        300: mark("Use 300 characters at most."), 5000: mark("Use 5,000 characters at most."),
    }  # fmt: skip
    return Length(max=most, message=words[most])


class AddressRow(Form):
    """One way to reach somebody; without an address the row is empty."""

    kind = SelectField(mark("Kind"), choices=list(ADDRESS_KINDS.items()))
    value = StringField(mark("Address or number"), filters=[line], validators=[at_most(254)])
    label = StringField(mark("Which"), filters=[line], validators=[at_most(40)])
    place = IntegerField(mark("Order"), validators=[Optional()])

    def validate_value(self, field: StringField) -> None:
        if self.kind.data == EMAIL and field.data:
            try:
                addresses.check(field.data)
            except ValueError:
                raise ValidationError(EMAIL_FORMAT) from None
        if self.kind.data == PHONE and field.data and sum(sign.isdigit() for sign in field.data) < 6:
            raise ValidationError(PHONE_FORMAT)


class AffiliationRow(Form):
    """One place of work; a new row without an organisation is empty."""

    number = HiddenField()
    organisation = StringField(mark("Organisation"), filters=[line], validators=[at_most(160)])
    kind = SelectField(mark("Kind, if it is new to us"), choices=list(ORGANISATION_KINDS.items()))
    title = StringField(mark("Role"), filters=[line], validators=[at_most(120)])
    from_on = DateField(mark("From"), validators=[Optional()])
    to_on = DateField(mark("Until"), validators=[Optional()])
    is_over = BooleanField(mark("No longer there"))

    def validate_organisation(self, field: StringField) -> None:
        if field.data:
            return
        if self.number.data:
            raise ValidationError(KEPT)
        if self.title.data or self.from_on.data or self.to_on.data:
            raise ValidationError(NO_PLACE)

    def validate_to_on(self, field: DateField) -> None:
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError(mark("It cannot end before it began."))


def row_of_address(held: ContactAddress) -> dict[str, Any]:
    return {"kind": held.kind, "value": held.value, "label": held.label, "place": held.position + 1}


def row_of_affiliation(held: Affiliation) -> dict[str, Any]:
    return {
        "number": str(held.id), "organisation": held.organisation.name, "kind": held.organisation.kind,
        "title": held.title, "from_on": held.from_on, "to_on": held.to_on, "is_over": held.ended_at is not None,
    }  # fmt: skip


def reaches(rows: FieldList) -> list[Reach]:
    """The addresses of a valid form in their order; a row without a place comes after those with one."""
    filled = [row.form for row in rows if row.form.value.data]
    ordered = sorted(filled, key=lambda row: row.place.data if row.place.data is not None else MOST_ROWS)
    return [Reach(row.kind.data, row.value.data, row.label.data) for row in ordered]


def posts(rows: FieldList) -> list[Post]:
    """The affiliations of a valid form."""
    return [
        Post(
            id=int(row.number.data) if (row.number.data or "").isdecimal() else None,
            organisation=row.organisation.data, kind=row.kind.data, title=row.title.data,
            from_on=row.from_on.data, to_on=row.to_on.data, is_over=row.is_over.data,
        )
        for row in (entry.form for entry in rows)
        if row.organisation.data
    ]  # fmt: skip


def add_spare(rows: FieldList) -> None:
    """One more empty row, so that there is always one to write in."""
    if len(rows.entries) < MOST_ROWS:
        rows.append_entry()


def items(value: str | None) -> list[str]:
    """Words between commas, each once."""
    return list(dict.fromkeys(part for one in (value or "").split(",") if (part := line(one))))


def spoken(field: Field) -> str:
    """A field's value as one line."""
    if isinstance(field, FieldList):
        return "; ".join(said for entry in field if (said := spoken(entry)))
    if isinstance(field, FormField):
        return _row(field.form)
    if isinstance(field, BooleanField):
        return "✓" if field.data else "–"
    if isinstance(field, SelectField):  # RadioField too
        return next((str(label) for value, label, *_ in field.iter_choices() if str(value) == str(field.data)), "")
    if isinstance(field, SelectMultipleField):
        return ", ".join(field.data or ())
    return str(field.data or "")


def _row(form: Form) -> str:
    """A row without its number; one with nothing typed in it says nothing."""
    typed: Sequence[str] = [
        value.isoformat() if isinstance(value, date) else str(value)
        for name, value in form.data.items()
        if name not in ("number", "place", "kind") and value
    ]
    return ", ".join(typed)
