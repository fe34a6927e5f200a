"""A person as a row of a table. Our own import reads these heads, so a file that was taken out changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.contacts.exports.records import Record
from outreach.contacts.models import EMAIL, PHONE

HEADS = (
    "Name", "Name in Latin", "Name in Cyrillic", "Honorific", "Vocative", "Writes in", "Languages", "Beats", "Region",
    "Organisation", "Kind of organisation", "Title", "E-mail", "E-mail 2", "E-mail 3", "Phone", "Phone 2", "Phone 3",
    "Other channels", "Do not contact", "Reason", "Source", "Basis", "Note",
)  # fmt: skip
BETWEEN = "; "
COLUMNS_OF_A_KIND = 3
YES = "yes"


def row(record: Record) -> list[str]:
    """The cells under `HEADS`, all of them text; several values of one cell stand one after the other."""
    person, posts = record.person, record.posts
    return [
        person.name, person.name_latin, person.name_cyrillic, person.honorific, person.vocative,
        person.preferred_variant, joined(person.languages), joined(record.beats), person.region,
        *(joined([post[place] for post in posts], is_aligned=True) for place in range(3)),
        *_spread(record.of_kind(EMAIL)), *_spread(record.of_kind(PHONE)), joined(channels(record)),
        YES if person.do_not_contact else "", person.do_not_contact_reason, person.source, person.lawful_basis,
        person.note,
    ]  # fmt: skip


def channels(record: Record) -> list[str]:
    """Every other way to reach the person, each with its kind: "signal: …"."""
    return [f"{kind}: {value}" for kind, value in record.addresses if kind not in (EMAIL, PHONE)]


def joined(values: Sequence[str], is_aligned: bool = False) -> str:
    """Several values in one cell. Aligned with another column, an empty one keeps its place, unless all are empty."""
    kept = [value.replace(BETWEEN, ", ") for value in values if value or is_aligned]
    return BETWEEN.join(kept) if any(kept) else ""


def _spread(values: Sequence[str]) -> list[str]:
    """The first two in columns of their own, all others in the last one."""
    last = COLUMNS_OF_A_KIND - 1
    first = list(values[:last])
    return [*first, *[""] * (last - len(first)), joined(values[last:])]
