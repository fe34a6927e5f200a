"""The forms of smart paste: the pasted text, and proposals with their ticks."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from outreach.accounts.forms import VARIANTS
from outreach.contacts.forms_rows import ADDRESS_KINDS, MOST_ROWS, at_most, line
from outreach.contacts.signatures.proposals import FIELDS, Proposal
from outreach.forms import StaffForm
from outreach.language import mark

LABELS = {
    "name": mark("Name"), "honorific": mark("Honorific"), "title": mark("Role"),
    "organisation": mark("Organisation"), "preferred_variant": mark("Writes in"), **ADDRESS_KINDS,
}  # fmt: skip


class PasteForm(StaffForm):
    text = TextAreaField(
        mark("Signature"),
        validators=[
            DataRequired(mark("Paste the end of an e-mail.")),
            Length(max=4000, message=mark("Use 4,000 characters at most.")),
        ],
    )


class ProposalRow(Form):
    field = HiddenField(validators=[AnyOf(FIELDS)])
    label = HiddenField(filters=[line])
    is_taken = BooleanField(mark("Take it"))
    value = StringField(mark("Value"), filters=[line], validators=[at_most(254)])


class ProposalsForm(StaffForm):
    rows = FieldList(FormField(ProposalRow), max_entries=MOST_ROWS)

    def taken(self) -> list[Proposal]:
        """What is ticked; a variant that nobody offers is no proposal."""
        ticked = [row.form for row in self.rows if row.form.is_taken.data and row.form.value.data]
        said = [Proposal(row.field.data, row.value.data, row.label.data[:40]) for row in ticked]
        return [one for one in said if one.field != "preferred_variant" or one.value in VARIANTS]


def of_proposals(found: Sequence[Proposal], known: Sequence[bool]) -> ProposalsForm:
    """The form with every proposal; what is on record already is not ticked."""
    rows = [
        {"field": one.field, "label": one.label, "value": one.value, "is_taken": not is_known}
        for one, is_known in zip(found, known, strict=True)
    ]
    return ProposalsForm(formdata=None, data={"rows": rows[:MOST_ROWS]})
