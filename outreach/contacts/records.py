"""Change a person's record; nothing is overwritten that somebody else changed meanwhile (reliability.md S-22)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing
from outreach.contacts.models import Person
from outreach.errors import Conflict, NotFound
from outreach.language import mark
from outreach.serbian import fold

STALE = mark("Somebody else changed this record meanwhile. Your words are kept here; compare, then save again.")


def get(session: Session, person_id: int) -> Person:
    """The person of this id; NotFound for none and for an ended one."""
    person = session.get(Person, person_id)
    if person is None or person.ended_at is not None:
        raise NotFound
    return person


def change(
    session: Session,
    now: datetime,
    person_id: int,
    *,
    version: int,
    name: str,
    preferred_variant: str,
    do_not_contact: bool,
    do_not_contact_reason: str,
    note: str,
    actor_id: int | None,
) -> Person:
    """Write the record; Conflict("version") when `version` is not the one on record any more."""
    person = session.get(Person, person_id, with_for_update=True)
    if person is None or person.ended_at is not None:
        raise NotFound
    if person.version != version:
        raise Conflict("version", STALE)
    if do_not_contact != person.do_not_contact:
        person.do_not_contact = do_not_contact
        person.do_not_contact_at = now if do_not_contact else None
    person.do_not_contact_reason = do_not_contact_reason if do_not_contact else ""
    person.name, person.folded = name, fold(name)
    person.preferred_variant, person.note = preferred_variant, note
    person.version, person.changed_at = person.version + 1, now
    filing.refile(session, [person.id])
    audit.record(session, now, "person.changed", f"person:{person.id}", actor_id, do_not_contact=person.do_not_contact)
    return person
