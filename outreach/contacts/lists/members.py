"""Who is in a press list or a segment now, streamed, so that a set of any size fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.contacts.lists import keeping
from outreach.contacts.lists.models import Segment
from outreach.contacts.models import Person
from outreach.contacts.table import filters, pages
from outreach.contacts.table.asked import Asked

if TYPE_CHECKING:
    from outreach.house import House

BATCH = 500


def members(session: Session, house: House, kind: str, id_: int, now: datetime) -> Iterator[list[int]]:
    """The ids of the people in it, in batches of at most 500 in the order of ids; ended records never, people who are
    not to be contacted as well, since a list may be used for more than mailing.

    kind: "list" or "segment". Raises NotFound for none and for an ended one.
    """
    return fitting(session, house, asked(session, kind, id_), now)


def fitting(session: Session, house: House, said: Asked, now: datetime) -> Iterator[list[int]]:
    """The same for whoever fits what is asked of the table; all batches together are one walk through it."""
    rows, last = [part.row for part in filters.parts(session, house, said, now)], 0
    wanted = select(Person.id).where(Person.ended_at.is_(None), *rows).order_by(Person.id).limit(BATCH)
    while batch := list(session.scalars(wanted.where(Person.id > last))):
        yield batch
        last = batch[-1]


def count(session: Session, house: House, kind: str, id_: int, now: datetime) -> int:
    """How many there are. Raises NotFound for none and for an ended one."""
    return pages.count(session, house, asked(session, kind, id_), now)


def sample(session: Session, house: House, kind: str, id_: int, now: datetime) -> list[Person]:
    """The first ten of them, for a look before it is used. Raises NotFound."""
    return pages.people(session, house, asked(session, kind, id_), now).people[:10]


def asked(session: Session, kind: str, id_: int) -> Asked:
    """It as the table would be asked for the same people. Raises NotFound."""
    kept = keeping.get(session, kind, id_)
    return Asked.from_query(kept.query) if isinstance(kept, Segment) else Asked.of({"list": str(id_)})
