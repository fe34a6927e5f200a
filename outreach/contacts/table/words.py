"""What filters, their choices and the columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from outreach.accounts.forms import VARIANTS
from outreach.contacts.table.asked import COLUMNS, Asked
from outreach.contacts.table.filters import LATE, NOBODY, ON_TIME
from outreach.language import mark

KINDS = {
    "outlet": mark("Outlet"), "agency": mark("Agency"), "ngo": mark("Non-governmental organisation"),
    "institution": mark("Institution"), "ministry": mark("Ministry"), "embassy": mark("Embassy"),
    "academia": mark("Academia"), "international": mark("International organisation"), "other": mark("Other"),
}  # fmt: skip
BASES = {
    "legitimate_interest": mark("legitimate interest: answering the press"), "consent": mark("consent"),
    "public_task": mark("public task"),
}  # fmt: skip
LABELS = {
    "q": mark("Words"), "inside": mark("Also inside of words"), "kind": mark("Kind of organisation"),
    "outlet": mark("Outlet or organisation"), "beat": mark("Covers"),
    "language": mark("Language they work in"), "writes": mark("Writes in"),
    "region": mark("Region"), "owner": mark("Owner"), "basis": mark("Basis"), "list": mark("Press list"),
    "silent": mark("No contact for so many days"), "since": mark("Last contact since"),
    "until": mark("Last contact until"), "answered": mark("Answered by us"), "dnc": mark("Do not contact"),
    "notice": mark("Told that we hold this"), "bounced": mark("Mail came back"), "import": mark("Import"),
}  # fmt: skip
CHOICES = {
    "kind": KINDS,
    "writes": VARIANTS,
    "basis": BASES,
    "answered": {ON_TIME: mark("before the deadline"), LATE: mark("after the deadline")},
    "dnc": {"yes": mark("yes"), "no": mark("no")},
    "notice": {"due": mark("not yet")},
    "bounced": {"yes": mark("yes")},
}
COLUMN_WORDS = dict(
    zip(
        COLUMNS,
        (
            mark("Outlet or organisation"), mark("Position"), mark("Address"), mark("Phone"), mark("Writes in"),
            mark("Covers"), mark("Region"), mark("Owner"), mark("Last contact"), mark("Basis"), mark("Source"),
            mark("Note"),
        ),
        strict=True,
    )
)  # fmt: skip
SORT_WORDS = {
    "name": mark("by name"), "new": mark("newest first"), "contact": mark("last contact first"),
    "silent": mark("longest silent first"),
}  # fmt: skip


class Shown(NamedTuple):
    """A filter as people read it: its label and its value, to be translated both; a typed value is nobody's message."""

    label: str
    value: str


def said(asked: Asked, owners: Mapping[int, str], lists: Mapping[int, str]) -> list[Shown]:
    """The filters in words; an unknown choice is shown as it stands in the address."""
    named: dict[str, Mapping[str, str]] = {
        **CHOICES,
        "owner": {NOBODY: mark("nobody"), **{str(id_): name for id_, name in owners.items()}},
        "list": {str(id_): name for id_, name in lists.items()},
        "inside": {"1": mark("yes")},
    }
    return [Shown(LABELS[name], named.get(name, {}).get(value, value)) for name, value in asked.filters]
