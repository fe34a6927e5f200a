"""The timeline of a person by month, what officers write into it by hand, and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.models import Interaction, Person
from outreach.errors import NotAllowed, NotFound

BY_HAND = ("call", "meeting", "mail", "message", "event", "note", "coverage")
NO_CONTACT = ("note", "coverage", "mailing")  # nobody spoke with anybody
PER_PAGE = 100
_REF = "hand:"


@dataclass(frozen=True)
class Entry:
    """What an officer logs. `summary` is one line, `text` what was said; `kind` is out of BY_HAND."""

    kind: str
    at: datetime
    summary: str
    text: str = ""


@dataclass(frozen=True)
class Timeline:
    """One page of it: months with their entries, the latest first; `older` is the number of the next page, if any."""

    months: Sequence[tuple[date, Sequence[Interaction]]]
    older: int | None
    newer: int | None


def page(session: Session, person_id: int, zone: tzinfo, number: int = 1) -> Timeline:
    """A page of a person's timeline; months are those of the clock of `zone`."""
    passed = (
        select(Interaction)
        .where(Interaction.person_id == person_id)
        .order_by(Interaction.at.desc(), Interaction.id.desc())
        .limit(PER_PAGE + 1)
        .offset((number - 1) * PER_PAGE)
    )
    rows = list(session.scalars(passed))
    months = groupby(rows[:PER_PAGE], lambda row: row.at.astimezone(zone).date().replace(day=1))
    older = number + 1 if len(rows) > PER_PAGE else None
    return Timeline([(month, list(of)) for month, of in months], older, number - 1 or None)


def log(session: Session, now: datetime, person_id: int, nonce: str, entry: Entry, actor_id: int) -> Interaction:
    """Write an entry down; the same `nonce`, which the form carries, is the same click."""
    person = _living(session, person_id)
    ref = f"{_REF}{nonce}"
    logged = session.scalar(select(Interaction).where(Interaction.person_id == person_id, Interaction.ref == ref))
    if logged is None:
        logged = Interaction(person_id=person_id, ref=ref, path="", actor_id=actor_id)
        _fill(logged, entry)
        session.add(logged)
        session.flush()
        _see_last_contact(session, person)
        audit.record(session, now, "person.logged", f"person:{person_id}", actor_id, kind=entry.kind)
    return logged


def mine(session: Session, person_id: int, interaction_id: int, actor_id: int) -> Interaction:
    """An entry that this officer made by hand; NotFound for none, NotAllowed for anybody else's."""
    found = session.get(Interaction, interaction_id)
    if found is None or found.person_id != person_id:
        raise NotFound
    if found.actor_id != actor_id or not found.ref.startswith(_REF):
        raise NotAllowed
    return found


def correct(
    session: Session, now: datetime, person_id: int, interaction_id: int, entry: Entry, actor_id: int
) -> Interaction:
    """Other words for an entry of one's own."""
    person, logged = _living(session, person_id), mine(session, person_id, interaction_id, actor_id)
    _fill(logged, entry)
    session.flush()
    _see_last_contact(session, person)
    audit.record(session, now, "person.log_corrected", f"person:{person_id}", actor_id)
    return logged


def remove(session: Session, now: datetime, person_id: int, interaction_id: int, actor_id: int) -> None:
    """Take an entry of one's own out. Twice is no error."""
    person = _living(session, person_id)
    if session.get(Interaction, interaction_id) is None:
        return
    session.delete(mine(session, person_id, interaction_id, actor_id))
    session.flush()
    _see_last_contact(session, person)
    audit.record(session, now, "person.log_removed", f"person:{person_id}", actor_id)


def set_step(
    session: Session, now: datetime, person_id: int, words: str, on: date | None, actor_id: int | None
) -> None:
    """What is to be done next for this person, and when; without words there is nothing."""
    person = _living(session, person_id)
    wanted = (words, on if words else None)
    if (person.next_step, person.next_step_on) != wanted:
        person.next_step, person.next_step_on = wanted
        audit.record(session, now, "person.next_step", f"person:{person_id}", actor_id, is_set=bool(words))


def steps_of(session: Session, owner_id: int, until: date, most: int) -> list[Person]:
    """People whose next step is due by this day and who are this officer's, or nobody's; the oldest first."""
    due = (
        select(Person)
        .where(Person.next_step_on <= until, Person.ended_at.is_(None))
        .where(func.coalesce(Person.owner_id, owner_id) == owner_id)
        .order_by(Person.next_step_on, Person.id)
    )
    return list(session.scalars(due.limit(most)))


def _living(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.ended_at is not None:
        raise NotFound
    return person


def _fill(logged: Interaction, entry: Entry) -> None:
    logged.kind, logged.at, logged.summary, logged.text = entry.kind, entry.at, entry.summary, entry.text


def _see_last_contact(session: Session, person: Person) -> None:
    spoken = select(func.max(Interaction.at)).where(
        Interaction.person_id == person.id, Interaction.kind.not_in(NO_CONTACT)
    )
    person.last_contact_at = session.scalar(spoken)
