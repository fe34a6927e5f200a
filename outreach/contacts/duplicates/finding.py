"""Find candidate pairs among all people, and among those who changed with all others; note what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from outreach.contacts.duplicates import known, likeness
from outreach.contacts.duplicates.blocks import Pair, grouped, largest, pairs_of
from outreach.contacts.duplicates.keys import ADDRESS, BATCH, NAME, batches, kind_of, refile
from outreach.contacts.duplicates.likeness import FEW, Likeness
from outreach.contacts.duplicates.models import CandidatePair, PersonKey, Uncompared
from outreach.contacts.models import Person
from outreach.prepared import Prepared

Found = dict[Pair, Likeness]
SLICE = 50_000
"""So many pairs are compared at a time, which bounds what lies in memory."""


@dataclass(frozen=True)
class Neighbours:
    """Who shares keys with somebody, and how many. `own`: who shares an address that is nobody else's; `crowded`: keys
    of addresses that are a desk's."""

    shared: dict[int, int]
    own: set[int]
    crowded: set[int]


def unfiled(session: Session, after: int, most: int) -> list[int]:
    """Living people without a key, from the one after this id on."""
    no_key = ~select(PersonKey.key).where(PersonKey.person_id == Person.id).exists()
    ids = select(Person.id).where(Person.id > after, Person.ended_at.is_(None), no_key).order_by(Person.id)
    return list(session.scalars(ids.limit(most)))


def waiting(session: Session, most: int) -> list[int]:
    """People who changed since they were last compared, held for this transaction."""
    ids = select(Uncompared.person_id).order_by(Uncompared.person_id).limit(most)
    return list(session.scalars(ids.with_for_update(skip_locked=True)))


def compare_people(session: Session, now: datetime, person_ids: Collection[int]) -> int:
    """Compare these people with all others; pairs that nobody judged and that are alike no more go. How many are."""
    with_no_key = set(person_ids) - set(
        session.scalars(select(PersonKey.person_id).where(PersonKey.person_id.in_(person_ids)).distinct())
    )
    refile(session, with_no_key)
    near = {each: neighbours(session, _keys_of_person(session, each), each) for each in person_ids}
    crowded = {key for each in near.values() for key in each.crowded}
    pairs = {(min(one, other), max(one, other)) for one, each in near.items() for other in each.shared}
    found = _compared(session, pairs, crowded)
    _forget_others(session, person_ids, found)
    note(session, now, found)
    session.execute(delete(Uncompared).where(Uncompared.person_id.in_(person_ids)))
    return len(found)


def compare_everybody(session: Session) -> Iterator[Found]:
    """What is alike among all people who are filed, a slice of comparisons at a time."""
    crowded = _crowded(session)
    keyed = session.connection().execution_options(yield_per=10_000).execute(_ALL_KEYS)
    blocks = grouped((key, person_id) for key, person_id in keyed)
    while pairs := _next_pairs(blocks, lambda people: _keys_of_people(session, people)):
        yield _compared(session, pairs, crowded)


def neighbours(session: Session, keys: Iterable[int], person_id: int = 0) -> Neighbours:
    """Everybody else who shares one of these keys, or two of those that too many share."""
    shared: dict[int, int] = {}
    own: set[int] = set()
    crowded: set[int] = set()
    too_many: list[int] = []
    for key in keys:
        most = largest(key) + 1
        people = _WITH_KEY.column(session, key=key, most=most)
        if kind_of(key) == ADDRESS:
            crowded.update([key] if len(people) > FEW else ())
            own.update(people if len(people) <= FEW else ())
        if len(people) < most:
            shared.update({each: shared.get(each, 0) + 1 for each in people})
        elif kind_of(key) != NAME:
            too_many.append(key)
    if len(too_many) > 1:
        in_two = select(PersonKey.person_id).where(PersonKey.key.in_(too_many)).group_by(PersonKey.person_id)
        for each in session.scalars(in_two.having(func.count() > 1).limit(largest(too_many[0]))):
            shared[each] = shared.get(each, 0) + 2
    shared.pop(person_id, None)
    return Neighbours(shared, own, crowded)


def crowded(session: Session, person_id: int) -> set[int]:
    """The keys of somebody's addresses that are a desk's."""
    return neighbours(session, _keys_of_person(session, person_id), person_id).crowded


def note(session: Session, now: datetime, found: Found) -> None:
    """Write pairs down. A judgement stays unless there is a reason now that it was not passed on."""
    for batch in batches(found):
        lows = {low for low, _ in batch}
        held = {
            (pair.low_id, pair.high_id): pair
            for pair in session.execute(_HELD.where(CandidatePair.low_id.in_(lows)))
        }  # fmt: skip
        new = [_row(pair, found[pair], now) for pair in batch if pair not in held]
        if new:
            session.execute(insert(CandidatePair), new)
        for pair in batch:
            if pair in held and held[pair].reasons != found[pair].reasons:
                _say_anew(session, now, held[pair], found[pair])


def _row(pair: Pair, like: Likeness, now: datetime) -> dict[str, object]:
    low, high = pair
    return {"low_id": low, "high_id": high, "found_at": now, **_told(like)}


def _told(like: Likeness) -> dict[str, object]:
    return {"score": like.score, "band": like.band, "reasons": like.reasons}


def _say_anew(session: Session, now: datetime, held: Any, like: Likeness) -> None:
    values = _told(like)
    if held.judgement and any(reason not in held.judged_on for reason in like.reasons):
        values |= {"judgement": "", "judged_by": None, "judged_at": None, "judged_on": [], "found_at": now}
    session.execute(update(CandidatePair).where(CandidatePair.id == held.id).values(**values))


def forget_the_rest(session: Session, before: datetime, found: Collection[Pair], after: int = 0) -> int:
    """Drop some pairs that were noted earlier, that nobody judged, and that a comparison of all did not find again.

    Begins after the pair of this id; where to go on, 0: done.
    """
    old = _HELD.where(CandidatePair.id > after, CandidatePair.judgement == "", CandidatePair.found_at < before)
    held = session.execute(old.order_by(CandidatePair.id).limit(BATCH)).all()
    gone = [pair.id for pair in held if (pair.low_id, pair.high_id) not in found]
    session.execute(delete(CandidatePair).where(CandidatePair.id.in_(gone)))
    return held[-1].id if len(held) == BATCH else 0


def _forget_others(session: Session, person_ids: Collection[int], found: Found) -> None:
    theirs = or_(CandidatePair.low_id.in_(person_ids), CandidatePair.high_id.in_(person_ids))
    gone = [
        pair.id
        for pair in session.execute(_HELD.where(theirs, CandidatePair.judgement == ""))
        if (pair.low_id, pair.high_id) not in found
    ]
    session.execute(delete(CandidatePair).where(CandidatePair.id.in_(gone)))


def _compared(session: Session, pairs: Collection[Pair], crowded: set[int]) -> Found:
    people: dict[int, known.Known] = {}
    for ids in batches({each for pair in pairs for each in pair}):
        people |= known.load(session, ids)
    found: Found = {}
    for low, high in pairs:
        if low in people and high in people:
            like = likeness.compare(people[low], people[high], crowded)
            if like:
                found[low, high] = like
    return found


def _next_pairs(
    blocks: Iterator[tuple[int, list[int]]], keys_of_people: Callable[[Sequence[int]], Iterable[Pair]]
) -> set[Pair]:
    """The pairs of as many blocks as make a slice."""
    pairs: set[Pair] = set()
    for block in blocks:
        pairs |= pairs_of([block], keys_of_people)
        if len(pairs) >= SLICE:
            break
    return pairs


def _crowded(session: Session) -> set[int]:
    of_addresses = select(PersonKey.key).where(PersonKey.key < NAME << 32).group_by(PersonKey.key)
    return set(session.scalars(of_addresses.having(func.count() > FEW)))


def _keys_of_person(session: Session, person_id: int) -> list[int]:
    return list(session.scalars(select(PersonKey.key).where(PersonKey.person_id == person_id)))


def _keys_of_people(session: Session, people: Sequence[int]) -> Iterator[Pair]:
    for ids in batches(people):
        theirs = select(PersonKey.key, PersonKey.person_id).where(PersonKey.person_id.in_(ids))
        yield from ((key, person_id) for key, person_id in session.execute(theirs))


_ALL_KEYS = select(PersonKey.key, PersonKey.person_id).order_by(PersonKey.key, PersonKey.person_id)
_WITH_KEY = Prepared(
    select(PersonKey.person_id).where(PersonKey.key == bindparam("key")).limit(bindparam("most", type_=Integer))
)
_HELD = select(
    CandidatePair.id, CandidatePair.low_id, CandidatePair.high_id, CandidatePair.reasons, CandidatePair.judgement,
    CandidatePair.judged_on,
)  # fmt: skip
