"""Reads over press lists and segments."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.contacts.lists.models import PressList, PressListMember, Segment
from outreach.contacts.models import Person

PER_PAGE = 50


@dataclass(frozen=True)
class Member:
    """A person on a list, and the row that says since when and by whom."""

    person: Person
    row: PressListMember


def names(session: Session) -> dict[int, str]:
    """Every living list's name by id, in the order of names."""
    kept = select(PressList.id, PressList.name).where(PressList.ended_at.is_(None))
    return {id_: name for id_, name in session.execute(kept.order_by(PressList.name))}


def segments(session: Session) -> list[Segment]:
    """The living ones, by name."""
    return list(session.scalars(select(Segment).where(Segment.ended_at.is_(None)).order_by(Segment.name)))


def lists(session: Session) -> list[tuple[PressList, int]]:
    """The living ones by name, and how many people are on each."""
    on_it = func.count(PressListMember.id).filter(PressListMember.ended_at.is_(None), Person.ended_at.is_(None))
    kept = select(PressList, on_it).outerjoin(PressListMember).outerjoin(Person, Person.id == PressListMember.person_id)
    living = kept.where(PressList.ended_at.is_(None)).group_by(PressList.id).order_by(PressList.name)
    return [(one, count) for one, count in session.execute(living)]


def lists_of(session: Session, person_id: int) -> list[tuple[PressList, PressListMember]]:
    """The living lists that a person is on, by name."""
    on_it = select(PressList, PressListMember).join(PressListMember).where(PressListMember.person_id == person_id)
    living = on_it.where(PressListMember.ended_at.is_(None), PressList.ended_at.is_(None)).order_by(PressList.name)
    return [(one, row) for one, row in session.execute(living)]


def members(session: Session, list_id: int, before: int | None = None) -> tuple[list[Member], int | None]:
    """A page of those on a list, last added first, and the row before which the next page begins."""
    rows = select(PressListMember, Person).join(Person, Person.id == PressListMember.person_id)
    rows = rows.where(PressListMember.list_id == list_id, PressListMember.ended_at.is_(None), Person.ended_at.is_(None))
    if before is not None:
        rows = rows.where(PressListMember.id < before)
    found = [
        Member(person, row)
        for row, person in session.execute(rows.order_by(PressListMember.id.desc()).limit(PER_PAGE + 1))
    ]
    return found[:PER_PAGE], found[PER_PAGE - 1].row.id if len(found) > PER_PAGE else None
