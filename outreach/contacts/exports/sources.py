"""Whom a file holds: a press list, a segment, or everybody who fits a filter of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from outreach.contacts.lists import members
from outreach.contacts.lists.models import KINDS, LIST, PressList, Segment
from outreach.contacts.models import Person
from outreach.contacts.table import filters
from outreach.contacts.table.asked import Asked
from outreach.errors import NotFound

FILTER = "filter"


@dataclass(frozen=True)
class Source:
    """`kind`: "list" or "segment" with its id, or "filter" with what was asked."""

    kind: str
    id: int = 0
    asked: Asked = Asked()

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Source:
        """From the arguments of an address: "of=list&id=3", "of=segment&id=4", or the filters of the table."""
        kind, number = given.get("of", FILTER), given.get("id", "")
        if kind in KINDS:
            if not (number.isascii() and number.isdigit() and len(number) < 16):
                raise NotFound(kind)
            return cls(kind, int(number))
        return cls(FILTER, asked=Asked.of(given))

    @property
    def ref(self) -> str:
        """As the log names it."""
        return "contacts" if self.kind == FILTER else f"{self.kind}:{self.id}"


def name(session: Session, source: Source) -> str:
    """What staff call it; nothing for a filter. Raises NotFound for none and for an ended one."""
    if source.kind == FILTER:
        return ""
    kept = session.get(PressList, source.id) if source.kind == LIST else session.get(Segment, source.id)
    if kept is None or kept.ended_at is not None:
        raise NotFound(source.ref)
    return kept.name


def count(session: Session, source: Source, now: datetime) -> int:
    """How many people it has now."""
    if source.kind != FILTER:
        return members.count(session, source.kind, source.id, now)
    parts = filters.parts(session, source.asked, now)
    fit = [part.row if part.ids is None else Person.id.in_(part.ids) for part in parts]
    return session.scalar(select(func.count(Person.id)).where(Person.ended_at.is_(None), *fit)) or 0


def people(session: Session, source: Source, now: datetime) -> Iterator[list[int]]:
    """Their ids in rising order, some hundred at a time."""
    if source.kind != FILTER:
        yield from members.members(session, source.kind, source.id, now)
        return
    fit, last = _fitting(session, source.asked, now), 0
    while batch := list(session.scalars(fit.where(Person.id > last).order_by(Person.id).limit(members.BATCH))):
        yield batch
        last = batch[-1]


def _fitting(session: Session, asked: Asked, now: datetime) -> Select[int]:
    """Each filter is asked of the person at hand, so that all batches together are one walk through the table."""
    rows = [part.row for part in filters.parts(session, asked, now)]
    return select(Person.id).where(Person.ended_at.is_(None), *rows)
