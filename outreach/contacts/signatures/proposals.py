"""What was read becomes proposals, each with a tick; what was ticked goes into the values of a person's form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from outreach.contacts.models import ADDRESS_KINDS
from outreach.contacts.signatures.reading import Reading
from outreach.serbian import fold

PLAIN = ("name", "honorific", "title", "organisation", "preferred_variant")
FIELDS = (*PLAIN, *ADDRESS_KINDS)


@dataclass(frozen=True)
class Proposal:
    """One field of the record and what it would say; `field` is out of FIELDS."""

    field: str
    value: str
    label: str = ""


def of_reading(found: Reading) -> list[Proposal]:
    """Every field that was read."""
    said = {
        "name": found.name, "honorific": found.honorific, "title": found.title, "organisation": found.organisation,
        "preferred_variant": found.variant if found.name else "",
    }  # fmt: skip
    plain = [Proposal(name, said[name]) for name in PLAIN if said[name]]
    return [*plain, *(Proposal(one.kind, one.value, one.label) for one in found.reaches)]


def is_known(proposal: Proposal, values: dict[str, Any]) -> bool:
    """Whether the values of a record's form say so already."""
    if proposal.field in ("title", "organisation"):
        return any(fold(row[proposal.field]) == fold(proposal.value) for row in values.get("affiliations", ()))
    if proposal.field in PLAIN:
        return bool(values.get(proposal.field) == proposal.value)
    rows = values.get("addresses", ())
    return any(row["kind"] == proposal.field and fold(row["value"]) == fold(proposal.value) for row in rows)


def into(values: dict[str, Any], taken: Sequence[Proposal]) -> dict[str, Any]:
    """The values of a form with what was ticked: words replace, addresses and a place of work are added."""
    fresh = [one for one in taken if not is_known(one, values)]
    said = {one.field: one.value for one in fresh if one.field in ("name", "honorific", "preferred_variant")}
    reached = [
        {"kind": one.field, "value": one.value, "label": one.label, "place": None}
        for one in fresh
        if one.field in ADDRESS_KINDS
    ]
    return {
        **values, **said,
        "addresses": [*values.get("addresses", ()), *reached],
        "affiliations": _with_place(list(values.get("affiliations", ())), taken),
    }  # fmt: skip


def _with_place(rows: list[dict[str, Any]], taken: Sequence[Proposal]) -> list[dict[str, Any]]:
    """A new place of work; a role alone goes to the place that is there."""
    said = {one.field: one.value for one in taken}
    place, title = said.get("organisation", ""), said.get("title", "")
    for row in rows:
        if not row["is_over"] and (not place or fold(row["organisation"]) == fold(place)):
            row["title"] = title or row["title"]
            return rows
    if place or title:
        rows.append({"organisation": place, "title": title, "kind": "outlet", "is_over": False})
    return rows
