"""Reads over contacts, ready for a template."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session, selectinload

from outreach.accounts.models import Account
from outreach.contacts import finding
from outreach.contacts.models import Affiliation, Import, Person
from outreach.errors import NotFound

MOST_COLLEAGUES = 200


def found(session: Session, words: str, limit: int) -> list[Person]:
    """The first people with all these words, whatever script and diacritics, with what a list of them shows."""
    ids = finding.find(session, words, limit)
    wanted = select(Person).where(Person.id.in_(ids)).options(
        selectinload(Person.affiliations).selectinload(Affiliation.organisation), selectinload(Person.addresses)
    )  # fmt: skip
    known = {person.id: person for person in session.scalars(wanted)}
    return [known[id_] for id_ in ids]


def record(session: Session, person_id: int) -> Person:
    """One person with affiliations, addresses and interactions loaded; NotFound for none and for an ended one."""
    person = session.scalar(
        select(Person)
        .where(Person.id == person_id, Person.ended_at.is_(None))
        .options(
            selectinload(Person.affiliations).selectinload(Affiliation.organisation),
            selectinload(Person.addresses),
            selectinload(Person.interactions),
        )
    )
    if person is None:
        raise NotFound
    return person


def taken_in_by(session: Session, person: Person) -> Account | None:
    """Who answers for the record being held (P-02): who wrote it down, or let the list in that it came with."""
    brought = session.get(Import, person.import_id) if person.import_id else None
    number = brought.actor_id if brought is not None else person.created_by
    return session.get(Account, number) if number else None


def colleagues(session: Session, person: Person) -> list[Person]:
    """Twenty others who now work where this person works, by name; of a large outlet, twenty of the first that came."""
    here = {held.organisation_id for held in person.current_affiliations()}
    if not here:
        return []
    there = union_all(*(select(_workers(organisation_id).subquery().c.person_id) for organisation_id in here))
    others = select(Person).where(Person.id.in_(there), Person.id != person.id, Person.ended_at.is_(None))
    return list(session.scalars(others.order_by(Person.folded, Person.id).limit(20)))


def _workers(organisation_id: int) -> Select[Any]:
    """The first who work there now, in the order of the index: whatever the database knows or does not know of its
    tables, it reads so many and no more."""
    now = select(Affiliation.person_id).where(
        Affiliation.organisation_id == organisation_id, Affiliation.ended_at.is_(None)
    )
    return now.order_by(Affiliation.ended_at, Affiliation.person_id).limit(MOST_COLLEAGUES)


def any_people(session: Session) -> bool:
    return session.scalar(select(Person.id).where(Person.ended_at.is_(None)).limit(1)) is not None
