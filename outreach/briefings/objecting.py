"""Whoever wants no mailings says so by the link in each: they are not contacted again, and what waits is cancelled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.contacts import records
from outreach.contacts.models import Person
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import mark

PURPOSE = "mailings"
REASON = mark("Objected by the link in a mailing.")


def token(house: House, person_id: int) -> str:
    """What stands in the link of every mailing to this person: long-lived, and good for objecting alone."""
    return house.tokens.make(PURPOSE, str(person_id))


def find(session: Session, house: House, written: str, now: datetime) -> Person:
    """Whose link it is: the record, or the one it was merged into. Raises NotFound for anything else."""
    subject = house.tokens.read(PURPOSE, written, now)
    person = session.get(Person, int(subject)) if subject is not None else None
    while person is not None and person.survivor_id is not None:
        person = session.get(Person, person.survivor_id)
    if person is None or person.ended_at is not None:
        raise NotFound(PURPOSE)
    return person


def object_(session: Session, house: House, now: datetime, written: str) -> Person:
    """No mailings to this person any more. Twice is once."""
    person = find(session, house, written, now)
    if not person.do_not_contact:
        records.stop(session, now, person.id, REASON)
    return person
