"""Reads over contacts, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from outreach.contacts.models import Affiliation, ContactAddress, Organisation, Person
from outreach.errors import NotFound
from outreach.serbian import fold

PER_PAGE = 50
MOST_COLLEAGUES = 200


@dataclass(frozen=True)
class PeoplePage:
    """One page of the table; `total` counts all that fit the search."""

    people: list[Person]
    total: int
    page: int

    @property
    def newer(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def older(self) -> int | None:
        return self.page + 1 if self.page * PER_PAGE < self.total else None


def people(session: Session, words: str = "", page: int = 1) -> PeoplePage:
    """People by name whose name, outlet or address holds every one of the words, whatever script and diacritics."""
    wanted = _matching(words)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.scalars(
        wanted.options(
            selectinload(Person.affiliations).selectinload(Affiliation.organisation), selectinload(Person.addresses)
        )
        .order_by(Person.folded, Person.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return PeoplePage(list(rows), total, page)


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


def colleagues(session: Session, person: Person) -> list[Person]:
    """Twenty others who now work where this person works, by name; of a large outlet, twenty of the first that came."""
    here = [held.organisation_id for held in person.current_affiliations()]
    there = (
        select(Affiliation.person_id)
        .where(Affiliation.organisation_id.in_(here), Affiliation.ended_at.is_(None))
        .order_by(Affiliation.id)
        .limit(MOST_COLLEAGUES)
    )
    others = select(Person).where(Person.id.in_(there), Person.id != person.id, Person.ended_at.is_(None))
    return list(session.scalars(others.order_by(Person.folded, Person.id).limit(20)))


def any_people(session: Session) -> bool:
    return session.scalar(select(Person.id).where(Person.ended_at.is_(None)).limit(1)) is not None


def _matching(words: str) -> Select[Person]:
    wanted = select(Person).where(Person.ended_at.is_(None))
    for word in fold(words).split():
        wanted = wanted.where(
            or_(
                Person.folded.contains(word, autoescape=True),
                Person.id.in_(
                    select(Affiliation.person_id)
                    .join(Organisation)
                    .where(Affiliation.ended_at.is_(None), Organisation.folded.contains(word, autoescape=True))
                ),
                Person.id.in_(
                    select(ContactAddress.person_id).where(
                        ContactAddress.folded.contains(_as_dialled(word), autoescape=True)
                    )
                ),
            )
        )
    return wanted


def _as_dialled(word: str) -> str:
    """Numbers are kept as +381…, and typed as 0…"""
    return (word.lstrip("0") or word) if word.isdigit() else word
