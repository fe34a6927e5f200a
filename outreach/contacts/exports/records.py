"""What a file says of each person, read from the database some hundred at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.contacts.models import Affiliation, ContactAddress, Organisation, Person, PersonBeat

PERSON = select(
    Person.id, Person.name, Person.name_latin, Person.name_cyrillic, Person.honorific, Person.vocative,
    Person.preferred_variant, Person.languages, Person.region, Person.do_not_contact, Person.do_not_contact_reason,
    Person.source, Person.lawful_basis, Person.note,
)  # fmt: skip


@dataclass
class Record:
    """One person: `person` is a row of `PERSON`; addresses are (kind, value), the preferred first; posts are
    (organisation, its kind, title)."""

    person: Any
    addresses: list[tuple[str, str]] = field(default_factory=list)
    beats: list[str] = field(default_factory=list)
    posts: list[tuple[str, str, str]] = field(default_factory=list)

    def of_kind(self, *kinds: str) -> list[str]:
        return [value for kind, value in self.addresses if kind in kinds]


def records(session: Session, batches: Iterable[Sequence[int]]) -> Iterator[Record]:
    """The records of these people, batch by batch in the order of their ids; nothing of a batch is kept after it."""
    for ids in batches:
        yield from _batch(session, ids)


def _batch(session: Session, ids: Sequence[int]) -> Iterator[Record]:
    people = session.execute(PERSON.where(Person.id.in_(ids)).order_by(Person.id))
    addresses, beats, posts = _addresses(session, ids), _beats(session, ids), _posts(session, ids)
    for person in people:
        yield Record(person, addresses[person.id], beats[person.id], posts[person.id])


def _addresses(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    wanted = select(ContactAddress.person_id, ContactAddress.kind, ContactAddress.value)
    theirs = wanted.where(ContactAddress.person_id.in_(ids)).order_by(ContactAddress.position, ContactAddress.id)
    for person_id, kind, value in session.execute(theirs):
        found[person_id or 0].append((kind, value))
    return found


def _beats(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    theirs = select(PersonBeat.person_id, PersonBeat.beat).where(PersonBeat.person_id.in_(ids))
    for person_id, beat in session.execute(theirs.order_by(PersonBeat.beat)):
        found[person_id].append(beat)
    return found


def _posts(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Where they work now; what is over is no part of a file."""
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    wanted = select(Affiliation.person_id, Organisation.name, Organisation.kind, Affiliation.title)
    theirs = wanted.join(Organisation, Organisation.id == Affiliation.organisation_id)
    living = theirs.where(Affiliation.person_id.in_(ids), Affiliation.ended_at.is_(None))
    for person_id, *post in session.execute(living.order_by(Affiliation.id)):
        found[person_id].append((post[0], post[1], post[2]))
    return found
