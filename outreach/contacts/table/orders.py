"""The orders of the table, each as stretches that an index serves from anywhere in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, true, tuple_
from sqlalchemy.orm import Session

from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Person
from outreach.contacts.table.asked import CONTACT, NAME, NEW, SILENT
from outreach.contacts.table.filters import Part

ENDS = true()


@dataclass(frozen=True)
class Stretch:
    """A part of an order in which a column is not empty, or is all empty: then the ids alone give the order."""

    within: ColumnElement[bool]
    key: Any
    is_down: bool
    id: Any


IS_KNOWN = Person.last_contact_at.is_not(None)
IS_UNKNOWN = Person.last_contact_at.is_(None)
ORDERS: dict[str, tuple[Stretch, ...]] = {
    NAME: (Stretch(true(), Person.folded, False, Person.id),),
    NEW: (Stretch(true(), PersonIndex.rank, False, PersonIndex.person_id),),
    CONTACT: (
        Stretch(IS_KNOWN, Person.last_contact_at, True, Person.id),
        Stretch(IS_UNKNOWN, Person.id, True, Person.id),
    ),
    SILENT: (
        Stretch(IS_UNKNOWN, Person.id, False, Person.id),
        Stretch(IS_KNOWN, Person.last_contact_at, False, Person.id),
    ),
}


def stretches(
    session: Session, parts: Sequence[Part], sort: str, after: int | None
) -> Iterator[tuple[Stretch, ColumnElement[bool]]]:
    """What is left of the order after this person: each stretch, and the condition to be beyond them in it, or where
    it may begin when its column is what a part asks about."""
    order = ORDERS[sort]
    for place, stretch in enumerate(order if after is not None else ()):
        at = with_ranks(select(stretch.key, Person.id), stretch).where(stretch.within, Person.id == after)
        row = session.execute(at).first()
        if row is not None:
            yield stretch, _beyond(stretch, *row)
            order = order[place + 1 :]
            break
    for stretch in order:
        if stretch.within is IS_KNOWN:
            yield stretch, and_(true(), *(part.known for part in parts if part.known is not None))
        elif stretch.within is not IS_UNKNOWN or all(part.unknown for part in parts):
            yield stretch, true()


def bound(
    session: Session, stretch: Stretch, beyond: ColumnElement[bool], farthest: int
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Not to look farther than so many in a stretch, and to look behind that; `ENDS` when it has no more."""
    order = select(stretch.key).where(stretch.within, beyond).order_by(down(stretch.key, stretch.is_down))
    key = session.scalar(order.limit(1).offset(farthest))  # the index of the order is all that is read
    if key is None:
        return ENDS, ENDS
    at = literal(key, stretch.key.type)
    return (stretch.key >= at, stretch.key < at) if stretch.is_down else (stretch.key <= at, stretch.key > at)


def with_ranks(wanted: Select[Any], stretch: Stretch) -> Select[Any]:
    """People, and their ranks where the order goes by them."""
    is_by_rank = stretch.id is PersonIndex.person_id
    return wanted.join(PersonIndex, PersonIndex.person_id == Person.id) if is_by_rank else wanted


def _beyond(stretch: Stretch, key: Any, id_: int) -> ColumnElement[bool]:
    here = tuple_(literal(key, stretch.key.type), literal(id_))
    there = tuple_(stretch.key, stretch.id)
    return there < here if stretch.is_down else there > here


def both(key: Any, stretch: Stretch) -> tuple[Any, Any]:
    """By this key, and by the ids of those who have the same."""
    return down(key, stretch.is_down), down(stretch.id, stretch.is_down)


def down(key: Any, is_down: bool) -> Any:
    return key.desc() if is_down else key
