"""Make the people of new rows: persons, addresses, beats, organisations and affiliations, many at one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts import finding
from outreach.contacts.duplicates import keys
from outreach.contacts.imports.entries import Entry, Work
from outreach.contacts.models import OUTLET, Import, Organisation
from outreach.db import insert_for
from outreach.serbian import fold

PERSON = (
    "id", "version", "name", "folded", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant",
    "languages", "region", "time_zone", "channels", "note", "do_not_contact", "do_not_contact_at",
    "do_not_contact_reason", "source", "lawful_basis", "next_step", "import_id", "created_at", "created_by",
    "changed_at",
)  # fmt: skip
ADDRESS = (
    "person_id", "kind", "value", "folded", "address_hash", "position", "label", "created_at", "import_id",
)  # fmt: skip
AFFILIATION = ("person_id", "organisation_id", "title", "created_at", "import_id")
BEAT = ("person_id", "beat", "import_id")


@dataclass(frozen=True)
class Stamp:
    """What every row of one batch carries: the import, and the instant as the database keeps it."""

    run: Import
    now: datetime
    at: str


def make(session: Session, stamp: Stamp, entries: Sequence[Entry]) -> list[int]:
    """The new people's ids, in the order of their rows."""
    if not entries:
        return []
    connection = session.connection()
    ids = bulk.fresh_ids(connection, "person", len(entries))
    pairs = list(zip(ids, entries, strict=True))
    places = organisations(session, stamp, (work for entry in entries for work in entry.works))
    bulk.insert(connection, "person", PERSON, [_person(stamp, person_id, entry) for person_id, entry in pairs])
    run_id, at = stamp.run.id, stamp.at
    bulk.insert(connection, "contact_address", ADDRESS, [
        (person_id, *address, place, "", at, run_id)
        for person_id, entry in pairs for place, address in enumerate(entry.addresses)
    ])  # fmt: skip
    bulk.insert(connection, "affiliation", AFFILIATION, [
        (person_id, *work, at, run_id)
        for person_id, entry in pairs for work in _places(places, entry.works)
    ])  # fmt: skip
    bulk.insert(connection, "person_beat", BEAT, [
        (person_id, beat, run_id) for person_id, entry in pairs for beat in entry.beats
    ])  # fmt: skip
    _file(session, pairs)
    return ids


def organisations(session: Session, stamp: Stamp, works: Iterable[Work]) -> dict[tuple[str, str], int]:
    """The organisation of each folded name and kind, made where there is none. A name without a kind is any of them."""
    wanted: dict[tuple[str, str], str] = {}
    for name, folded, kind, _ in works:
        wanted.setdefault((folded, kind), name)
    if not wanted:
        return {}
    found = _on_record(session, wanted)
    missing = {(folded, kind or OUTLET): name for (folded, kind), name in wanted.items() if (folded, kind) not in found}
    if missing:
        dialect = session.get_bind().dialect.name
        fresh = [
            {"name": name, "folded": folded, "kind": kind, "source": stamp.run.source, "created_at": stamp.now,
             "import_id": stamp.run.id}
            for (folded, kind), name in missing.items()
        ]  # fmt: skip
        session.execute(insert_for(dialect, Organisation).on_conflict_do_nothing(), fresh)
        found = _on_record(session, missing) | found
    return found


def _on_record(session: Session, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The oldest of each name is the one without a kind."""
    found: dict[tuple[str, str], int] = {}
    words = "SELECT id, folded, kind FROM organisation WHERE folded IN ? ORDER BY id"
    for organisation_id, folded, kind in bulk.among(session.connection(), words, {folded for folded, _ in wanted}):
        found.setdefault((folded, kind), organisation_id)
        found.setdefault((folded, ""), organisation_id)
    return found


def _places(places: dict[tuple[str, str], int], works: Sequence[Work]) -> Iterable[tuple[int, str]]:
    """Organisation and title of each work, each once."""
    return dict.fromkeys((places[folded, kind], title) for _, folded, kind, title in works)


def _person(stamp: Stamp, person_id: int, entry: Entry) -> bulk.Row:
    run, get, is_not = stamp.run, entry.columns.get, entry.is_not_to_contact
    return (
        person_id, 1, entry.name, entry.folded, get("name_latin", ""), get("name_cyrillic", ""), get("honorific", ""),
        get("vocative", ""), get("preferred_variant", "en"), bulk.dump(entry.languages) if entry.languages else "[]",
        get("region", ""), "", "[]", get("note", ""), is_not, stamp.at if is_not else None,
        get("do_not_contact_reason", "") if is_not else "", get("source", run.source),
        get("lawful_basis", run.lawful_basis), "", run.id, stamp.at, run.actor_id, stamp.at,
    )  # fmt: skip


def _file(session: Session, made: Sequence[tuple[int, Entry]]) -> None:
    """New people are filed to be found and compared, as `filing.refile` does it, without asking the database again.

    The later in the list, the further back they are found.
    """
    connection = session.connection()
    spellings = {person_id: _spellings(entry) for person_id, entry in made}
    finding.insert_rows(connection, (
        (person_id, finding.words_of(
            *spellings[person_id], *(work[1] for work in entry.works), *(address[2] for address in entry.addresses)
        ))
        for person_id, entry in reversed(made)
    ))  # fmt: skip
    keys.insert_rows(connection, (
        (person_id, keys.keys_of(
            spellings[person_id], [(address[0], address[2]) for address in entry.addresses],
            [work[1] for work in entry.works], person_id,
        ))
        for person_id, entry in made
    ))  # fmt: skip


def _spellings(entry: Entry) -> list[str]:
    """The name in each way it is written, folded, each once."""
    written = (entry.columns.get("name_latin"), entry.columns.get("name_cyrillic"))
    return list(dict.fromkeys([entry.folded, *(fold(each) for each in written if each)]))
