"""One page of the table, whose cost does not grow with the register.

A filter that few fit is taken first, and the few are sorted. What many fit is soon found from the front of the order
that was asked for. When neither holds (many fit each filter, few fit all), it is looked up whom they have in common.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, intersect, literal, select, true, tuple_
from sqlalchemy.orm import Session, selectinload

from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Affiliation, Person
from outreach.contacts.table import filters
from outreach.contacts.table.asked import CONTACT, NAME, NEW, SILENT, Asked
from outreach.contacts.table.filters import Part
from outreach.contacts.table.unindexed import unindexed

if TYPE_CHECKING:
    from outreach.house import House

PER_PAGE = 50
FEW = 5_000
FRONT = 10_000
"""How many are looked at from the front of the order before another way is taken."""
ENDS = true()
MANY = 1 << 53


@dataclass(frozen=True)
class Found:
    """People in order; `total`: how many fit, exactly or, with `is_more`, at least; `next`: after whom the next page
    begins."""

    people: list[Person]
    total: int
    is_more: bool
    next: int | None


@dataclass(frozen=True)
class Stretch:
    """A part of an order in which a column is not empty, or is all empty: then the ids alone give the order."""

    within: ColumnElement[bool]
    key: Any
    is_down: bool
    id: Any


IS_KNOWN = Person.last_contact_at.is_not(None)
ORDERS: dict[str, tuple[Stretch, ...]] = {
    NAME: (Stretch(true(), Person.folded, False, Person.id),),
    NEW: (Stretch(true(), PersonIndex.rank, False, PersonIndex.person_id),),
    CONTACT: (
        Stretch(IS_KNOWN, Person.last_contact_at, True, Person.id),
        Stretch(~IS_KNOWN, Person.id, True, Person.id),
    ),
    SILENT: (
        Stretch(~IS_KNOWN, Person.id, False, Person.id),
        Stretch(IS_KNOWN, Person.last_contact_at, False, Person.id),
    ),
}


def people(session: Session, house: House, asked: Asked, now: datetime, after: int | None = None) -> Found:
    """The page that begins after this person; the first one for None, and for one whom the order does not have."""
    parts = filters.parts(session, house, asked, now)
    counts = [_count(session, part) for part in parts]
    few = _few(session, parts, counts)
    if few is not None:
        ids = _sorted(session, parts, *few, asked.sort)
        start = ids.index(after) + 1 if after in ids else 0
        return _found(session, ids[start : start + PER_PAGE + 1], len(ids), is_more=False)
    ids = _by_stretches(session, parts, counts, asked.sort, after)
    if len(counts) == 1 and parts[0].ids is not None:
        return _found(session, ids, min(counts[0] - 1, FEW), is_more=True)
    return _found(session, ids, min(len(ids), PER_PAGE), is_more=len(ids) > PER_PAGE or after is not None)


def count(session: Session, house: House, asked: Asked, now: datetime) -> int:
    """How many fit, exactly, however many; for a look before a segment is used, not for every page."""
    parts = filters.parts(session, house, asked, now)
    counts = [_count(session, part) for part in parts]
    sets = _sets(parts, counts)
    fitting = _fitting(parts, sets, _in_common(sets) if sets else None, ORDERS[NAME][0])
    return session.scalar(select(func.count()).select_from(fitting.subquery())) or 0


def _found(session: Session, ids: Sequence[int], total: int, is_more: bool) -> Found:
    shown = ids[:PER_PAGE]
    return Found(_loaded(session, shown), total, is_more, shown[-1] if len(ids) > PER_PAGE else None)


def _loaded(session: Session, ids: Sequence[int]) -> list[Person]:
    wanted = select(Person).where(Person.id.in_(ids)).options(
        selectinload(Person.affiliations).selectinload(Affiliation.organisation),
        selectinload(Person.addresses),
        selectinload(Person.beats),
    )  # fmt: skip
    known = {person.id: person for person in session.scalars(wanted)}
    return [known[id_] for id_ in ids]


def _count(session: Session, part: Part) -> int:
    """How many fit the part by itself; `MANY` when that is not worth counting out."""
    if part.ids is None:
        return MANY
    number = session.scalar(select(func.count()).select_from(part.ids.limit(part.most + 1).subquery())) or 0
    return number if number <= part.most else MANY


def _sets(parts: Sequence[Part], counts: Sequence[int]) -> list[Part]:
    return [part for part, number in zip(parts, counts, strict=True) if number < MANY]


def _few(session: Session, parts: Sequence[Part], counts: Sequence[int]) -> tuple[list[Part], Any] | None:
    """Parts that few people fit, alone or together, and the ids of those few; None when there are no such parts."""
    if counts and min(counts) <= FEW:
        part = parts[counts.index(min(counts))]
        return [part], part.ids
    sets = _sets(parts, counts)
    if len(sets) > 1 and _share(session, counts) * FRONT <= PER_PAGE:
        common = list(session.scalars(_in_common(sets).limit(FEW + 1)))
        return (sets, common) if len(common) <= FEW else None
    return None


def _in_common(sets: Sequence[Part]) -> Any:
    return intersect(*(part.ids for part in sets if part.ids is not None))


def _by_stretches(
    session: Session, parts: Sequence[Part], counts: Sequence[int], sort: str, after: int | None
) -> list[int]:
    """One more than a page, if there are so many."""
    found: list[int] = []
    for stretch, beyond in _stretches(session, sort, after):
        left = PER_PAGE + 1 - len(found)
        some = _from_the_front(session, parts, stretch, beyond, left)
        found += _through_the_sets(session, parts, counts, stretch, beyond, left) if some is None else some
        if len(found) > PER_PAGE:
            break
    return found


def _share(session: Session, counts: Sequence[int]) -> float:
    """Which part of all fits everything, if no filter has to do with another."""
    everybody = session.scalar(select(func.max(Person.id))) or 1
    return math.prod(min(number / everybody, 1) for number in counts if number < MANY)


def _from_the_front(
    session: Session, parts: Sequence[Part], stretch: Stretch, beyond: ColumnElement[bool], limit: int
) -> list[int] | None:
    """The first who fit; None when there are not enough of them so far to the front."""
    bound = _bound(session, stretch, beyond) if parts else ENDS
    front = _in_order(select(Person.id), stretch).where(beyond, bound, *(part.row for part in parts)).limit(limit)
    found = list(session.scalars(front))
    return found if len(found) == limit or bound is ENDS else None


def _through_the_sets(
    session: Session, parts: Sequence[Part], counts: Sequence[int], stretch: Stretch, beyond: ColumnElement[bool],
    limit: int,
) -> list[int]:  # fmt: skip
    sets = _sets(parts, counts)
    every = _fitting(parts, sets, _in_common(sets) if sets else None, stretch).where(stretch.within, beyond)
    return list(session.scalars(every.order_by(*_both(unindexed(stretch.key), stretch)).limit(limit)))


def _bound(session: Session, stretch: Stretch, beyond: ColumnElement[bool]) -> ColumnElement[bool]:
    """Not to look farther than this in a stretch; `ENDS` when that is all of it."""
    order = select(stretch.key, stretch.id).where(stretch.within, beyond).order_by(*_both(stretch.key, stretch))
    farthest = order.limit(1).offset(FRONT)  # so that the index of the order is all that is read
    row = session.execute(farthest).first()
    return ENDS if row is None else ~_beyond(stretch, *row)


def _in_order(wanted: Select[Any], stretch: Stretch) -> Select[Any]:
    living = _with_ranks(wanted, stretch).where(Person.ended_at.is_(None), stretch.within)
    return living.order_by(*_both(stretch.key, stretch))


def _sorted(session: Session, parts: Sequence[Part], few: Sequence[Part], ids: Any, sort: str) -> list[int]:
    """All who fit, taken from these few."""
    first, *others = ORDERS[sort]
    keys = [stretch.key for stretch in (first, *others) if stretch.key is not Person.id]
    order = [first.within.desc()] if others else []
    order += [_down(unindexed(key), first.is_down) for key in keys] + [_down(Person.id, first.is_down)]
    return list(session.scalars(_fitting(parts, few, ids, first).order_by(*order)))


def _fitting(parts: Sequence[Part], sets: Sequence[Part], ids: Any, stretch: Stretch) -> Select[Any]:
    """Whoever fits all parts: some `sets` by the `ids` of those who fit them, the others by the row."""
    rows = [part.row for part in parts if part not in sets]
    living = _with_ranks(select(Person.id), stretch).where(Person.ended_at.is_(None), *rows)
    return living if ids is None else living.where(Person.id.in_(ids))


def _with_ranks(wanted: Select[Any], stretch: Stretch) -> Select[Any]:
    is_by_rank = stretch.id is PersonIndex.person_id
    return wanted.join(PersonIndex, PersonIndex.person_id == Person.id) if is_by_rank else wanted


def _stretches(session: Session, sort: str, after: int | None) -> Iterator[tuple[Stretch, ColumnElement[bool]]]:
    """What is left of the order after this person: each stretch, and the condition to be beyond them in it."""
    order = ORDERS[sort]
    for place, stretch in enumerate(order if after is not None else ()):
        at = _with_ranks(select(stretch.key, Person.id), stretch).where(stretch.within, Person.id == after)
        row = session.execute(at).first()
        if row is not None:
            yield stretch, _beyond(stretch, *row)
            order = order[place + 1 :]
            break
    yield from ((stretch, true()) for stretch in order)


def _beyond(stretch: Stretch, key: Any, id_: int) -> ColumnElement[bool]:
    here = tuple_(literal(key, stretch.key.type), literal(id_))
    there = tuple_(stretch.key, stretch.id)
    return there < here if stretch.is_down else there > here


def _both(key: Any, stretch: Stretch) -> tuple[Any, Any]:
    return _down(key, stretch.is_down), _down(stretch.id, stretch.is_down)


def _down(key: Any, is_down: bool) -> Any:
    return key.desc() if is_down else key
