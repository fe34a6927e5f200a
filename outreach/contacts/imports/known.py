"""What is on record about the people that a batch of rows may be, looked up for all of its rows at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from outreach import bulk
from outreach.contacts.imports.entries import Entry

_BY_ADDRESS = """
SELECT a.address_hash, a.kind, p.id, p.folded FROM contact_address a JOIN person p ON p.id = a.person_id
WHERE a.address_hash IN ? AND p.ended_at IS NULL AND (p.import_id IS NULL OR p.import_id <> ?) ORDER BY p.id
"""
_BY_NAME = """
SELECT p.folded, p.id, o.folded FROM person p
LEFT JOIN affiliation a ON a.person_id = p.id AND a.ended_at IS NULL
LEFT JOIN organisation o ON o.id = a.organisation_id
WHERE p.folded IN ? AND p.ended_at IS NULL AND (p.import_id IS NULL OR p.import_id <> ?) ORDER BY p.id
"""
_SUPPRESSED = "SELECT address_hash FROM suppression WHERE address_hash IN ?"
# "+": the primary key would lead through all rows before, where the index by key leads to the few that are meant.
_EARLIER = """
SELECT key, number, cells, person_id FROM import_row
WHERE key IN ? AND +import_id = ? AND +number < ? AND key IS NOT NULL ORDER BY number DESC
"""
COLUMNS = (
    "name", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant", "region", "note",
    "do_not_contact", "do_not_contact_reason", "languages", "version", "import_id",
)  # fmt: skip
_PEOPLE = f"SELECT id, {', '.join(COLUMNS)} FROM person WHERE id IN ? AND ended_at IS NULL"  # noqa: S608
_ADDRESSES = "SELECT person_id, kind, address_hash, position FROM contact_address WHERE person_id IN ?"
_BEATS = "SELECT person_id, beat FROM person_beat WHERE person_id IN ?"
_WORKS = """
SELECT a.person_id, a.id, o.folded, a.title, a.ended_at IS NOT NULL FROM affiliation a
JOIN organisation o ON o.id = a.organisation_id WHERE a.person_id IN ? ORDER BY a.id
"""


@dataclass(slots=True)
class Place:
    """An affiliation on record; `folded`: the organisation's name as it is compared."""

    id: int
    folded: str
    title: str
    is_over: bool


@dataclass(slots=True)
class Record:
    """A person on record, as far as an import can change them."""

    id: int
    columns: dict[str, Any]
    addresses: set[tuple[str, str]] = field(default_factory=set)
    beats: set[str] = field(default_factory=set)
    places: list[Place] = field(default_factory=list)
    last_position: int = -1


@dataclass(slots=True)
class Candidate:
    """Somebody with the same folded name, and the folded names of where they work now."""

    id: int
    places: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Known:
    """All of it for one batch. `earlier`: by key, number, cells and person of the row before in the same file."""

    by_address: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    by_name: dict[str, list[Candidate]] = field(default_factory=dict)
    suppressed: set[str] = field(default_factory=set)
    earlier: dict[int, tuple[int, str, int | None]] = field(default_factory=dict)
    records: dict[int, Record] = field(default_factory=dict)


def look_up(connection: Connection, import_id: int, entries: Sequence[Entry]) -> Known:
    """What these rows, which follow each other in one import, need; people whom the import itself made are left out."""
    known = Known()
    hashes = {address[3] for entry in entries for address in entry.addresses}
    for hashed, kind, person_id, folded in bulk.among(connection, _BY_ADDRESS, hashes, import_id):
        known.by_address.setdefault(hashed, []).append((kind, person_id, folded))
    names = {entry.folded for entry in entries if entry.folded}
    for folded, person_id, place in bulk.among(connection, _BY_NAME, names, import_id):
        people = known.by_name.setdefault(folded, [])
        if not people or people[-1].id != person_id:
            people.append(Candidate(person_id))
        if place is not None:
            people[-1].places.add(place)
    known.suppressed = {row[0] for row in bulk.among(connection, _SUPPRESSED, hashes)}
    keys = {entry.key for entry in entries if entry.name}
    for key, *row in bulk.among(connection, _EARLIER, keys, import_id, entries[0].number):
        known.earlier[key] = (row[0], row[1], row[2])
    return known


def load(connection: Connection, person_ids: Collection[int]) -> dict[int, Record]:
    """The living among these people, by id."""
    records = {row[0]: Record(row[0], _columns(row[1:])) for row in bulk.among(connection, _PEOPLE, person_ids)}
    for person_id, kind, hashed, position in bulk.among(connection, _ADDRESSES, records):
        record = records[person_id]
        record.addresses.add((kind, hashed))
        record.last_position = max(record.last_position, position)
    for person_id, beat in bulk.among(connection, _BEATS, records):
        records[person_id].beats.add(beat)
    for person_id, affiliation_id, folded, title, is_over in bulk.among(connection, _WORKS, records):
        records[person_id].places.append(Place(affiliation_id, folded, title, bool(is_over)))
    return records


def _columns(values: Sequence[Any]) -> dict[str, Any]:
    columns = dict(zip(COLUMNS, values, strict=True))
    if isinstance(columns["languages"], str):  # as SQLite keeps it
        columns["languages"] = json.loads(columns["languages"])
    columns["do_not_contact"] = bool(columns["do_not_contact"])
    return columns
