"""Who is in a press list or a segment now, streamed, so that a set of any size fits into memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from outreach.contacts.lists.models import LIST, PressList, PressListMember, Segment
from outreach.contacts.models import Person
from outreach.errors import NotFound

BATCH = 500


def members(session: Session, kind: str, id_: int, now: datetime) -> Iterator[list[int]]:
    """The ids of the people in it, in batches of at most 500 in the order of ids; ended records never, people who are
    not to be contacted as well, since a list may be used for more than mailing.

    kind: "list" or "segment". Raises NotFound for none and for an ended one.
    """
    wanted, last = people_in(session, kind, id_, now), 0
    while batch := list(session.scalars(wanted.where(Person.id > last).order_by(Person.id).limit(BATCH))):
        yield batch
        last = batch[-1]


def count(session: Session, kind: str, id_: int, now: datetime) -> int:
    """How many there are. Raises NotFound for none and for an ended one."""
    return session.scalar(select(func.count()).select_from(people_in(session, kind, id_, now).subquery())) or 0


def people_in(session: Session, kind: str, id_: int, now: datetime) -> Select[int]:
    """The ids as a query, without order. Raises NotFound."""
    living = select(Person.id).where(Person.ended_at.is_(None))
    kept = session.get(PressList, id_) if kind == LIST else session.get(Segment, id_)
    if kept is None or kept.ended_at is not None:
        raise NotFound(f"{kind} {id_}")
    on_it = select(PressListMember.person_id).where(PressListMember.list_id == id_, PressListMember.ended_at.is_(None))
    return living.where(Person.id.in_(on_it))
