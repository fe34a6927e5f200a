"""The form of an organisation."""

from __future__ import annotations

from typing import Any

from wtforms import FieldList, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from outreach.accounts.forms import cleaned
from outreach.contacts import forms_rows
from outreach.contacts.forms import VersionedForm
from outreach.contacts.forms_rows import ORGANISATION_KINDS, AddressRow, at_most, line
from outreach.contacts.models import Organisation
from outreach.contacts.organisations import Facts
from outreach.language import mark

_AS_TYPED = ("name", "kind", "region", "reach", "editor_in_chief", "note")


class OrganisationForm(VersionedForm):
    """`site`, because a field of the name `website` is the trap of public forms."""

    name = StringField(mark("Name"), filters=[line], validators=[DataRequired(mark("Enter the name.")), at_most(160)])
    kind = SelectField(mark("Kind"), choices=list(ORGANISATION_KINDS.items()))
    region = StringField(mark("Region"), filters=[line], validators=[at_most(80)])
    site = StringField(mark("Website"), filters=[line], validators=[at_most(200)])
    reach = StringField(mark("Readers, viewers or listeners"), filters=[line], validators=[at_most(120)])
    editor_in_chief = StringField(mark("Editor-in-chief"), filters=[line], validators=[at_most(120)])
    addresses = FieldList(FormField(AddressRow), mark("Reach"), max_entries=forms_rows.MOST_ROWS)
    note = TextAreaField(
        mark("Who owns it, and what else we should know"), filters=[cleaned], validators=[at_most(5000)]
    )

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        """`values` fill it; without them it reads what was sent."""
        super().__init__(**({"formdata": None, "data": values} if values is not None else {}))
        if values is not None:
            self.fill()

    def facts(self) -> Facts:
        """What a valid form says."""
        return Facts(
            **{name: self[name].data or "" for name in _AS_TYPED},
            website=self.site.data,
            addresses=forms_rows.reaches(self.addresses),
        )


def values_of(held: Organisation) -> dict[str, Any]:
    """An organisation as the form shows it."""
    shown = [forms_rows.row_of_address(address) for address in held.addresses]
    same = {name: getattr(held, name) for name in _AS_TYPED}
    return same | {"site": held.website, "version": str(held.version), "addresses": shown}
