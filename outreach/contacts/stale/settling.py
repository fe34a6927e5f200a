"""The steps that settle a row of the work queue, besides logging a contact and ending a record; safe to repeat."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing
from outreach.contacts.models import ContactAddress, Person
from outreach.errors import NotFound


def confirm(session: Session, now: datetime, person_id: int, actor_id: int | None) -> None:
    """Somebody has looked: the record is right today."""
    person = _living(session, person_id)
    if person.confirmed_at != now:
        person.confirmed_at = now
        audit.record(session, now, "person.confirmed", f"person:{person_id}", actor_id)


def drop_address(session: Session, now: datetime, person_id: int, address_id: int, actor_id: int | None) -> None:
    """Mail does not get through to it: the address goes from the record, and its suppression stays."""
    person = _living(session, person_id)
    address = session.get(ContactAddress, address_id)
    if address is None or address.person_id != person_id:
        return
    person.addresses.remove(address)
    person.version, person.changed_at = person.version + 1, now
    filing.refile(session, [person_id])
    audit.record(session, now, "person.address_dropped", f"person:{person_id}", actor_id)


def _living(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.ended_at is not None:
        raise NotFound
    return person
