"""Forms of the table: a row that is open for changes, and what is done with the ticked ones."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from outreach.accounts.forms import VARIANTS, cleaned
from outreach.contacts.models import Person
from outreach.forms import StaffForm
from outreach.language import mark

MOST_PICKED = 50
LIST, COVER, HAND_TO, BAR = STEPS = ("list", "cover", "owner", "bar")
STEP_WORDS = {
    LIST: mark("Put on a press list"), COVER: mark("Add what they cover"), HAND_TO: mark("Give an owner"),
    BAR: mark("Do not contact"),
}  # fmt: skip


class RowForm(StaffForm):
    """The columns of one person that are changed in the table; `back`: what was asked of it."""

    version = IntegerField(widget=HiddenInput())
    back = HiddenField()
    name = StringField(
        mark("Name"), filters=[cleaned],
        validators=[
            DataRequired(mark("Enter the name.")), Length(max=120, message=mark("Use 120 characters at most.")),
        ],
    )  # fmt: skip
    preferred_variant = SelectField(mark("Writes in"), choices=list(VARIANTS.items()))
    region = StringField(
        mark("Region"), filters=[cleaned], validators=[Length(max=80, message=mark("Use 80 characters at most."))]
    )
    owner = SelectField(mark("Owner"))
    covers = StringField(
        mark("Covers"), filters=[cleaned], validators=[Length(max=1000, message=mark("Use 1,000 characters at most."))]
    )

    def offer(self, owners: Mapping[int, str]) -> RowForm:
        """The accounts that may own a person."""
        self.owner.choices = [("", mark("nobody")), *((str(id_), name) for id_, name in owners.items())]
        return self

    @staticmethod
    def values_of(person: Person) -> dict[str, object]:
        return {
            "version": person.version, "name": person.name, "preferred_variant": person.preferred_variant,
            "region": person.region, "owner": str(person.owner_id or ""),
            "covers": ", ".join(held.beat for held in person.beats),
        }  # fmt: skip
