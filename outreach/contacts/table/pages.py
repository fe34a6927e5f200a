"""One page of the table, whose cost does not grow with the register.

A filter that few fit is taken first, and the few are sorted. What many fit is soon found from the front of the order
that was asked for; a first look there tells. When neither holds (many fit each filter, few fit all), those
who fit the rarest are asked about the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Select, func, literal, select
from sqlalchemy.orm import Session, lazyload, selectinload

from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Affiliation, Person
from outreach.contacts.table import filters
from outreach.contacts.table.asked import NAME, Asked
from outreach.contacts.table.filters import Part
from outreach.contacts.table.orders import ENDS, ORDERS, Stretch, both, bound, down, stretches, with_ranks
from outreach.contacts.table.unindexed import unindexed

if TYPE_CHECKING:
    from outreach.house import House

PER_PAGE = 50
FEW = 5_000
FARTHER = 20
SEVERAL = 2_000
"""From here on PostgreSQL goes sooner through all names with a set at hand than it reads who is in the set."""
LOOK, FRONT = 2_000, 20_000
"""How many are looked at from the front of the order at first, and before another way is taken."""
MANY = 1 << 53


@dataclass(frozen=True)
class Found:
    """People in order; `total`: how many fit, exactly or, with `is_more`, at least; `next`: after whom the next page
    begins."""

    people: list[Person]
    total: int
    is_more: bool
    next: int | None


Which = tuple[list[int], int, bool]
"""The ids of a page in order, and of one more if there is one; `total` and `is_more` of `Found`."""


def people(session: Session, house: House, asked: Asked, now: datetime, after: int | None = None) -> Found:
    """The page that begins after this person; the first one for None, and for one whom the order does not have."""
    ids, total, is_more = _which(session, filters.parts(session, house, asked, now), asked.sort, after)
    shown = ids[:PER_PAGE]
    found = _loaded(session, shown, has_beats="beats" in asked.columns)
    return Found(found, total, is_more, shown[-1] if len(ids) > PER_PAGE else None)


def count(session: Session, house: House, asked: Asked, now: datetime) -> int:
    """How many fit, exactly, however many; for a look before a segment is used, not for every page."""
    parts = filters.parts(session, house, asked, now)
    fitting = _fitting(parts, _rarest(session, parts), ORDERS[NAME][0])
    return session.scalar(select(func.count()).select_from(fitting.subquery())) or 0


def _which(session: Session, parts: Sequence[Part], sort: str, after: int | None) -> Which:
    if sort == NAME and len(parts) == 1 and (at_hand := _at_hand(session, parts[0])):
        return _by_name(session, at_hand, after)
    counts = [_count(session, part, FEW) for part in parts]
    if counts and min(counts) <= FEW:
        return _out_of(_sorted(session, parts, _taken(session, parts, counts), sort), after)
    ids = _from_the_front(session, parts, sort, after)
    if ids is None:
        return _by_the_rarest(session, parts, sort, after)
    if len(parts) == 1 and parts[0].ids is not None:
        return ids, FEW, True
    return ids, min(len(ids), PER_PAGE), len(ids) > PER_PAGE or after is not None


def _at_hand(session: Session, part: Part) -> list[int]:
    """The ids of a set that PostgreSQL sooner holds beside all names than it reads who is in it; else none.

    Words are left out: whoever has them may stand at the very end of the names.
    """
    if part.ids is None or part.of is None or part.filed is not None or session.get_bind().dialect.name == "sqlite":
        return []
    if not SEVERAL < _count(session, part, FEW * 2) < MANY:
        return []
    ids = list(session.scalars(part.ids.distinct()))
    return ids if len(ids) > SEVERAL else []


def _by_name(session: Session, ids: list[int], after: int | None) -> Which:
    """All names are read in order, from their index alone, and asked whether they are in the set."""
    each = select(func.unnest(literal(ids, ARRAY(BigInteger))))
    ended = select(func.count()).where(Person.ended_at.is_not(None), Person.id.in_(each))
    ((stretch, beyond),) = stretches(session, (), NAME, after)
    named = _in_order((), stretch).where(beyond, filters.in_set(Person.id, each))
    return list(session.scalars(named.limit(PER_PAGE + 1))), len(ids) - (session.scalar(ended) or 0), False


def _out_of(ids: list[int], after: int | None) -> Which:
    """A page out of all who fit."""
    start = ids.index(after) + 1 if after in ids else 0
    return ids[start : start + PER_PAGE + 1], len(ids), False


def _loaded(session: Session, ids: Sequence[int], has_beats: bool) -> list[Person]:
    wanted = select(Person).where(Person.id.in_(ids)).options(
        selectinload(Person.affiliations).joinedload(Affiliation.organisation),
        selectinload(Person.addresses),
        (selectinload if has_beats else lazyload)(Person.beats),
    )  # fmt: skip
    known = {person.id: person for person in session.scalars(wanted)}
    return [known[id_] for id_ in ids]


def _count(session: Session, part: Part, most: int) -> int:
    """How many fit the part by itself; `MANY` when they are more than this or not worth counting out."""
    if part.ids is None:
        return MANY
    most = min(most, part.most)
    if part.at_least is not None and _number(session, part.at_least, most) > most:
        return MANY
    for ids in (part.at_most, part.ids):
        if ids is not None and (number := _number(session, ids, most)) <= most:
            return number
    return MANY


def _number(session: Session, ids: Select[Any], most: int) -> int:
    return session.scalar(select(func.count()).select_from(ids.limit(most + 1).subquery())) or 0


def _rarest(session: Session, parts: Sequence[Part]) -> list[Part]:
    """The parts to begin with (see `_taken`), counted no farther than it takes; none when too many fit each."""
    most = FEW
    while most < max((part.most for part in parts), default=0):
        before, most = most, most * FARTHER
        counts = [_count(session, part, most) if part.most > before else MANY for part in parts]
        if min(counts) < MANY:
            return _taken(session, parts, counts)
    return []


def _taken(session: Session, parts: Sequence[Part], counts: Sequence[int]) -> list[Part]:
    """Those that are read by their indexes, the rarest first: others are asked about who is left. PostgreSQL lays sets
    that it finds without the rows of people over each other sooner than it asks about each; SQLite takes one."""
    counted = sorted((count, place) for place, count in enumerate(counts) if count < MANY)
    taken = [parts[place] for _count, place in counted]
    is_one = len(taken) == 1 or session.get_bind().dialect.name == "sqlite"
    return taken[:1] if is_one else [part for part in taken if part.of is not None] or taken[:1]


def _from_the_front(session: Session, parts: Sequence[Part], sort: str, after: int | None) -> list[int] | None:
    """The first who fit, one more than a page if there are so many; None when that many are not near the front."""
    found: list[int] = []
    for stretch, beyond in stretches(session, parts, sort, after):
        farthest, last = LOOK, FRONT
        while True:
            left = PER_PAGE + 1 - len(found)
            near, behind = bound(session, stretch, beyond, farthest) if parts else (ENDS, ENDS)
            some = list(session.scalars(_in_order(parts, stretch).where(beyond, near).limit(left)))
            found += some
            if len(some) == left:
                return found
            if near is ENDS:
                break
            expected = (left - len(some)) * LOOK // max(len(some), 1)
            if expected > last:
                return None
            beyond, farthest, last = behind, min(2 * expected, FRONT), 0
    return found


def _by_the_rarest(session: Session, parts: Sequence[Part], sort: str, after: int | None) -> Which:
    """Whoever fits the rarest part is asked about the others."""
    few = _rarest(session, parts)
    if few:
        every = _sorted(session, parts, few, sort, FEW + 1)
        if len(every) <= FEW:
            return _out_of(every, after)
    found: list[int] = []
    for stretch, beyond in stretches(session, parts, sort, after):
        wanted = _sets_in_order(parts, few, stretch) if few else _in_order(parts, stretch)
        found += session.scalars(wanted.where(beyond).limit(PER_PAGE + 1 - len(found)))
        if len(found) > PER_PAGE:
            break
    return found, FEW if few else min(len(found), PER_PAGE), len(found) > PER_PAGE or after is not None


def _in_order(parts: Sequence[Part], stretch: Stretch) -> Select[Any]:
    living = with_ranks(select(Person.id), stretch).where(Person.ended_at.is_(None), stretch.within)
    is_by_rank = stretch.id is PersonIndex.person_id
    fits = (part.filed if is_by_rank and part.filed is not None else part.row for part in parts)
    return living.where(*fits).order_by(*both(stretch.key, stretch))


def _sets_in_order(parts: Sequence[Part], few: Sequence[Part], stretch: Stretch) -> Select[Any]:
    fitting = _fitting(parts, few, stretch).where(stretch.within)
    return fitting.order_by(*both(unindexed(stretch.key), stretch))


def _sorted(
    session: Session, parts: Sequence[Part], few: Sequence[Part], sort: str, limit: int | None = None
) -> list[int]:
    """All who fit, taken from those who fit the few parts."""
    begins, *others = ORDERS[sort]
    keys = [stretch.key for stretch in (begins, *others) if stretch.key is not Person.id]
    order = [begins.within.desc()] if others else []
    order += [down(unindexed(key), begins.is_down) for key in keys] + [down(Person.id, begins.is_down)]
    return list(session.scalars(_fitting(parts, few, begins).order_by(*order).limit(limit)))


def _fitting(parts: Sequence[Part], few: Sequence[Part], stretch: Stretch) -> Select[Any]:
    """Whoever fits all parts: out of those who fit the few; what can be asked without their rows is asked before."""
    living = with_ranks(select(Person.id), stretch).where(Person.ended_at.is_(None))
    sets = [part.ids for part in few if part.ids is not None]
    if not sets:
        return living.where(*(part.row for part in parts))
    ids = _in_all(sets)
    (id_,) = ids.selected_columns
    others = [part for part in parts if part not in few]
    ids = ids.where(*(part.of(id_) for part in others if part.of is not None)).correlate(None)
    return living.where(Person.id.in_(ids), *(part.row for part in others if part.of is None))


def _in_all(sets: Sequence[Select[Any]]) -> Select[Any]:
    """The ids that are in each set. The offset keeps PostgreSQL from asking more about them before it has them."""
    first, *others = sets
    if not others:
        return first
    (id_,) = first.selected_columns
    return select(first.where(*(id_.in_(ids) for ids in others)).offset(0).subquery().c[0])
