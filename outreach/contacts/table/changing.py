"""Changes from the table: one row as it stands there, or one thing about all who are ticked. Each is safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing, records
from outreach.contacts.models import Person, PersonBeat
from outreach.contacts.organisations import STALE
from outreach.errors import Conflict
from outreach.serbian import fold

MOST_BEATS, LONGEST_BEAT = 20, 60


def beats(typed: str) -> list[str]:
    """What somebody covers, as typed between commas: lower-case words, each once."""
    words = (" ".join(part.split()).casefold()[:LONGEST_BEAT] for part in typed.split(","))
    return list(dict.fromkeys(word for word in words if word))[:MOST_BEATS]


def change_row(
    session: Session, now: datetime, person_id: int, *, version: int, name: str, preferred_variant: str, region: str,
    owner_id: int | None, covers: Iterable[str], actor_id: int | None,
) -> Person:  # fmt: skip
    """Write what the row shows; Conflict("version") when somebody else changed the record meanwhile."""
    person = records.get(session, person_id)
    session.refresh(person, with_for_update=True)
    if person.version != version:
        raise Conflict("version", STALE)
    person.name, person.folded, person.preferred_variant = name, fold(name), preferred_variant
    person.region, person.owner_id = region, owner_id
    wanted = set(covers)
    person.beats[:] = [held for held in person.beats if held.beat in wanted]
    _cover(person, wanted)
    _changed(session, now, person, actor_id)
    return person


def cover(session: Session, now: datetime, ids: Collection[int], beat: str, actor_id: int | None) -> int:
    """They cover this as well; how many did not before."""
    return _each(session, now, ids, actor_id, lambda person: _cover(person, beats(beat)))


def hand_to(session: Session, now: datetime, ids: Collection[int], owner_id: int | None, actor_id: int | None) -> int:
    """This colleague looks after them, or nobody; how many had another owner."""

    def hand(person: Person) -> bool:
        is_other = person.owner_id != owner_id
        person.owner_id = owner_id
        return is_other

    return _each(session, now, ids, actor_id, hand)


def bar(session: Session, now: datetime, ids: Collection[int], reason: str, actor_id: int | None) -> int:
    """They are not to be contacted; whoever was not before keeps the first reason. How many are new to it."""

    def put(person: Person) -> bool:
        if person.do_not_contact:
            return False
        person.do_not_contact, person.do_not_contact_at, person.do_not_contact_reason = True, now, reason
        return True

    return _each(session, now, ids, actor_id, put)


def _each(
    session: Session, now: datetime, ids: Collection[int], actor_id: int | None, step: Callable[[Person], bool]
) -> int:
    living = select(Person).where(Person.id.in_(ids), Person.ended_at.is_(None)).order_by(Person.id)
    changed = [person for person in session.scalars(living.with_for_update()) if step(person)]
    for person in changed:
        _changed(session, now, person, actor_id)
    return len(changed)


def _cover(person: Person, wanted: Iterable[str]) -> bool:
    fresh = sorted(set(wanted) - {held.beat for held in person.beats})
    person.beats += [PersonBeat(beat=beat) for beat in fresh]
    return bool(fresh)


def _changed(session: Session, now: datetime, person: Person, actor_id: int | None) -> None:
    person.version, person.changed_at = person.version + 1, now
    filing.refile(session, [person.id])
    audit.record(session, now, "person.changed", f"person:{person.id}", actor_id, do_not_contact=person.do_not_contact)
