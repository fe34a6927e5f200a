"""A person's record: added by hand, changed, ended; nothing is overwritten that somebody changed meanwhile (S-22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from outreach import audit
from outreach.contacts import affiliations, filing, reach
from outreach.contacts.affiliations import Post
from outreach.contacts.models import Affiliation, Person, PersonBeat
from outreach.contacts.organisations import BY_HAND, STALE
from outreach.contacts.reach import Reach
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.language import mark
from outreach.mail import outbox
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

ADMIN_LIFTS = mark("Only an administrator lifts this. Ask one, and say why.")
AS_TYPED = (
    "name", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant", "region", "time_zone",
    "owner_id", "source", "lawful_basis", "note",
)  # fmt: skip
SAME_CLICK = timedelta(minutes=2)
STOPPED = "do not contact"  # why mails are cancelled


@dataclass(frozen=True)
class Facts:
    """What a form says of a person. `addresses`: the preferred one first; `is_noticed`: they know that we hold this."""

    name: str
    name_latin: str
    name_cyrillic: str
    honorific: str
    vocative: str
    preferred_variant: str
    languages: Sequence[str]
    beats: Sequence[str]
    region: str
    time_zone: str
    channels: Sequence[str]
    owner_id: int | None
    source: str
    lawful_basis: str
    is_noticed: bool
    note: str
    do_not_contact: bool
    do_not_contact_reason: str
    addresses: Sequence[Reach]
    affiliations: Sequence[Post]


def get(session: Session, person_id: int) -> Person:
    """The person of this id; NotFound for none and for an ended one."""
    person = session.get(Person, person_id)
    if person is None or person.ended_at is not None:
        raise NotFound
    return person


def opened(session: Session, person_id: int) -> Person:
    """The same with affiliations, addresses and beats loaded."""
    known = selectinload(Person.affiliations).selectinload(Affiliation.organisation)
    loaded = (known, selectinload(Person.addresses), selectinload(Person.beats))
    person = session.scalar(select(Person).where(Person.id == person_id, Person.ended_at.is_(None)).options(*loaded))
    if person is None:
        raise NotFound
    return person


def survivor(session: Session, person_id: int) -> int | None:
    """Whom an absorbed record was merged into, however many merges later; None for a record that was not."""
    found, step = None, session.get(Person, person_id)
    while step is not None and step.survivor_id is not None and step.survivor_id != found:
        found = step.survivor_id
        step = session.get(Person, found)
    return found


def clicked(session: Session, now: datetime, name: str, actor_id: int | None) -> int | None:
    """Whom this officer added under this name within the last two minutes; None: nobody."""
    same = select(Person.id).where(Person.folded == fold(name), Person.created_at > now - SAME_CLICK)
    return session.scalar(same.where(Person.created_by == actor_id, Person.ended_at.is_(None)).limit(1))


def add(session: Session, house: House, now: datetime, facts: Facts, actor_id: int | None) -> Person:
    """A new person by hand; the same name by the same officer within two minutes is the same click."""
    if (earlier := clicked(session, now, facts.name, actor_id)) is not None:
        return get(session, earlier)
    person = Person(
        name=facts.name, folded=fold(facts.name), source=facts.source, lawful_basis=facts.lawful_basis, version=1,
        created_at=now, created_by=actor_id, changed_at=now, confirmed_at=now, do_not_contact=False,
    )  # fmt: skip
    session.add(person)
    session.flush()
    _write(session, house, now, person, facts, may_lift=True)
    audit.record(session, now, "person.added", f"person:{person.id}", actor_id, source=BY_HAND)
    return person


def change(
    session: Session, house: House, now: datetime, person_id: int, *, version: int, facts: Facts, actor_id: int | None,
    may_lift: bool = False,
) -> Person:  # fmt: skip
    """Write the record, which confirms it; Conflict("version") when `version` is not the one on record any more.

    Conflict("do_not_contact") when it is lifted by somebody who may not (`may_lift`).
    """
    person = _held(session, person_id)
    if person.version != version:
        raise Conflict("version", STALE)
    _write(session, house, now, person, facts, may_lift)
    person.version, person.changed_at, person.confirmed_at = person.version + 1, now, now
    audit.record(session, now, "person.changed", f"person:{person.id}", actor_id, do_not_contact=person.do_not_contact)
    return person


def stop(session: Session, now: datetime, person_id: int, reason: str, actor_id: int | None = None) -> None:
    """Do not contact this person any more; who is stopped already keeps the first day and gets the new reason."""
    person = _held(session, person_id)
    _set_stopped(session, now, person, True, reason)
    person.version, person.changed_at = person.version + 1, now
    audit.record(session, now, "person.stopped", f"person:{person_id}", actor_id)


def lift(session: Session, now: datetime, person_id: int, actor_id: int | None) -> None:
    """This person may be contacted again; for an administrator. Twice is no error."""
    person = _held(session, person_id)
    if person.do_not_contact:
        _set_stopped(session, now, person, False, "")
        person.version, person.changed_at = person.version + 1, now
        audit.record(session, now, "person.lifted", f"person:{person_id}", actor_id)


def end(session: Session, now: datetime, person_id: int, reason: str, actor_id: int | None) -> None:
    """The record is of no use any more; it is kept and found by nobody. Twice is no error."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    if person.ended_at is None:
        person.ended_at = person.changed_at = now
        filing.refile(session, [person_id])
        audit.record(session, now, "person.ended", f"person:{person_id}", actor_id, reason=reason)


def bring_back(session: Session, now: datetime, person_id: int, actor_id: int | None) -> None:
    """Undo `end`; IllegalMove for a record that was merged or erased. Twice is no error."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    if person.survivor_id is not None or not person.name:
        raise IllegalMove(mark("This record was merged or erased; it does not come back."))
    if person.ended_at is not None:
        person.ended_at, person.changed_at = None, now
        filing.refile(session, [person_id])
        audit.record(session, now, "person.brought_back", f"person:{person_id}", actor_id)


def _held(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.ended_at is not None:
        raise NotFound
    return person


def _write(session: Session, house: House, now: datetime, person: Person, facts: Facts, may_lift: bool) -> None:
    if person.do_not_contact and not facts.do_not_contact and not may_lift:
        raise Conflict("do_not_contact", ADMIN_LIFTS)
    for name in AS_TYPED:
        setattr(person, name, getattr(facts, name))
    person.folded = fold(facts.name)
    person.languages, person.channels = list(facts.languages), list(facts.channels)
    _set_stopped(session, now, person, facts.do_not_contact, facts.do_not_contact_reason)
    if facts.is_noticed != (person.noticed_at is not None):
        person.noticed_at = now if facts.is_noticed else None
    _set_beats(person, facts.beats)
    reach.keep(session, house, now, person, facts.addresses)
    affiliations.keep(session, now, person, facts.affiliations)
    filing.refile(session, [person.id])


def _set_stopped(session: Session, now: datetime, person: Person, is_stopped: bool, reason: str) -> None:
    if is_stopped and not person.do_not_contact:
        outbox.cancel(session, person.mailings_ref, STOPPED, now)
    if is_stopped != person.do_not_contact:
        person.do_not_contact = is_stopped
        person.do_not_contact_at = now if is_stopped else None
    person.do_not_contact_reason = reason if is_stopped else ""


def _set_beats(person: Person, wanted: Sequence[str]) -> None:
    known = {held.beat: held for held in person.beats}
    person.beats[:] = [known.get(beat) or PersonBeat(beat=beat) for beat in dict.fromkeys(wanted)]
