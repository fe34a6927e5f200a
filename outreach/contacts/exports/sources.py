"""Whom a file holds: a press list, a segment, or everybody who fits a filter of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from outreach.contacts.lists import keeping, members
from outreach.contacts.lists.models import KINDS
from outreach.contacts.models import Person
from outreach.contacts.table import pages
from outreach.contacts.table.asked import Asked
from outreach.errors import NotFound

if TYPE_CHECKING:
    from outreach.house import House

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
    return "" if source.kind == FILTER else keeping.get(session, source.kind, source.id).name


def count(session: Session, house: House, source: Source, now: datetime) -> int:
    """How many people it has now. Raises NotFound."""
    if source.kind == FILTER:
        return pages.count(session, house, source.asked, now)
    return members.count(session, house, source.kind, source.id, now)


def sample(session: Session, house: House, source: Source, now: datetime) -> list[Person]:
    """The first of them, for a look before they are taken out. Raises NotFound."""
    if source.kind == FILTER:
        return pages.people(session, house, source.asked, now).people[:10]
    return members.sample(session, house, source.kind, source.id, now)


def people(session: Session, house: House, source: Source, now: datetime) -> Iterator[list[int]]:
    """Their ids in rising order, some hundred at a time. Raises NotFound."""
    if source.kind == FILTER:
        return members.fitting(session, house, source.asked, now)
    return members.members(session, house, source.kind, source.id, now)
