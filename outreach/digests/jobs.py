"""Plan what is due, batch by batch. The timetable calls it every few seconds; most of the time nothing is due."""

from __future__ import annotations

from outreach import clock
from outreach.digests import ledger, queries, recall
from outreach.digests.queries import Round
from outreach.house import House

BATCH = 40

# Slots this process has planned to the end, by database, cadence and hour: what becomes known later is for the next
# one. Only a saving of work; a fresh process looks again and finds nothing.
_finished: dict[tuple[str, str, str | None], str] = {}


def plan_due(house: House) -> None:
    """Plan every slot that is due by now."""
    plan(house)


def plan(house: House) -> int:
    """Plan every slot that is due by now, missed ones as one; returns how many subscribers were served."""
    now, served = clock.now(), 0
    _take_back(house)
    with house.db.read() as session:
        turns = queries.rounds(session, house.office, now)
    for turn in turns:
        place = (str(house.db.url), turn.slot.cadence, turn.hour)
        if _finished.get(place) == turn.slot.key:
            continue
        served += _plan(house, turn)
        with house.db.read() as session:
            is_done = not queries.due(session, turn, now, after=0, limit=1)
        if is_done:
            _finished[place] = turn.slot.key
    return served


def _take_back(house: House) -> None:
    """Undo what was planned and must not, or did not, reach anybody; its slots are looked at again."""
    now = clock.now()
    with house.db.read() as session:
        is_needed = recall.is_needed(session, now)
    while is_needed:
        with house.db.transaction() as session:
            is_needed = recall.recall(session, now) + recall.release(session) > 0
        _finished.clear()


def _plan(house: House, turn: Round) -> int:
    """One pass over everybody to whom this slot carries something, in order of id."""
    after, served = 0, 0
    while True:
        now = clock.now()
        with house.db.read() as session:
            ids = queries.due(session, turn, now, after, BATCH)
            drafts = ledger.draft(session, house, turn, now, ids)
        if not ids:
            return served
        with house.db.transaction() as session:
            served += ledger.plan(session, house, turn, now, drafts)
        after = ids[-1]
