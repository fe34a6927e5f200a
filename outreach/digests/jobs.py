"""Plan what is due, batch by batch. The timetable calls it every few seconds; most of the time nothing is due."""

from __future__ import annotations

import time
from collections.abc import Collection
from datetime import datetime, timedelta

from outreach import clock
from outreach.digests import issues, pulse, queries, recall, rounds, waiting
from outreach.digests import watch as watching
from outreach.digests.editions import Editions, Key
from outreach.digests.ledger import Outdated, Plan
from outreach.digests.personal import Made
from outreach.digests.rounds import Rhythm, Round
from outreach.digests.settled import Settled
from outreach.house import House
from outreach.mail import outbox

# A batch is as large as fits into so many seconds of a transaction; none may last 0.25.
SECONDS = 0.1
FIRST_BATCH, SMALLEST, LARGEST = 200, 100, 2000
FORMS_AT_ONCE = 50
EVERY = timedelta(minutes=1)  # between two looks at what changes slowly
# More sets of items than this in one slot are personal: their mails name their pieces, and share few forms.
MOST_FORMS = 1_000
# More than this are forgotten, and made again when they come again.
MOST_EDITIONS = 20_000

# What this process knows by heart, by database; all of it is only a saving of work.
_settled: dict[str, Settled] = {}
_quiet: dict[tuple[str, str, str, str], str] = {}
_looked: dict[str, tuple[datetime, datetime]] = {}  # when, and how old the oldest mail was that might yet end
_rhythms: dict[str, tuple[datetime, set[Rhythm]]] = {}


def plan_due(house: House) -> None:
    """Plan every slot that is due by now."""
    plan(house)


def plan(house: House) -> int:
    """Freeze what closes, plan every slot that is due by now, missed ones as one; how many subscribers were served."""
    now, served = clock.now(), 0
    if not _is_awake(house, now):
        return 0
    _take_back(house, now)
    rhythms = _rhythms_of(house, now)
    for turn in rounds.rounds(house.office, rhythms, now, is_next=True):
        if turn.slot.closes_at <= now:
            _once(house, "freeze", turn, now)
    for turn in rounds.rounds(house.office, rhythms, now):
        served += _once(house, "plan", turn, now)
    return served


def watch(house: House) -> None:
    """Look for what must never be, and keep what was found for the desk (D-23)."""
    now = clock.now()
    unplanned = _unplanned(house, now)
    with house.db.read() as session:
        alarms = watching.found(session, now, unplanned)
    with house.db.transaction() as session:
        watching.keep(session, now, alarms)


def forget(house: House) -> None:
    """Know nothing by heart, as a process that has just begun."""
    name = str(house.db.url)
    _settled.pop(name, None)
    _rhythms.pop(name, None)
    for place in [place for place in _quiet if place[0] == name]:
        del _quiet[place]


def _is_awake(house: House, now: datetime) -> bool:
    """Note the heartbeat; False after a jump of the clock, until somebody says that it is right (D-11)."""
    with house.db.read() as session:
        last, is_silent = pulse.last(session), pulse.is_silent(session, now)
    if not is_silent and (last is None or now - last > pulse.BEAT):
        with house.db.transaction() as session:
            pulse.beat(session, now)
    return not is_silent


def _rhythms_of(house: House, now: datetime) -> set[Rhythm]:
    """The rhythms that anybody has; a new one is noticed within a minute."""
    known = _rhythms.get(str(house.db.url))
    if known is None or not timedelta() <= now - known[0] < EVERY:
        with house.db.read() as session:
            known = _rhythms[str(house.db.url)] = (now, rounds.rhythms(session))
    return known[1]


def _take_back(house: House, now: datetime) -> None:
    """Undo what was planned and must not, or did not, reach anybody; its slots are looked at again."""
    _recall(house, now)
    name = str(house.db.url)
    looked = _looked.get(name)
    if looked is not None and timedelta() <= now - looked[0] < EVERY:
        return
    since = looked[1] if looked is not None else None
    with house.db.read() as session:
        oldest = recall.oldest_open(session) or now
        is_needed = recall.is_undelivered(session, since)
    while is_needed:
        with house.db.transaction() as session:
            is_needed = recall.release(session, since) > 0
        forget(house)
    _looked[name] = (now, min(oldest, now - recall.LIFETIME))


def _recall(house: House, now: datetime) -> None:
    """Take back what tells of something withdrawn, and let digests leave again when nothing does any more."""
    with house.db.read() as session:
        halts = outbox.halts(session)
        is_needed = recall.is_outdated(session, now)
    while is_needed:
        with house.db.transaction() as session:
            is_needed = recall.recall(session, now) > 0
        forget(house)
    if halts:
        with house.db.transaction() as session:
            if not recall.is_outdated(session, now):
                outbox.resume(session, halts)


def _once(house: House, step: str, turn: Round, now: datetime) -> int:
    """Freeze or plan a round, unless this process has done so; how many subscribers were served."""
    place = (str(house.db.url), step, turn.slot.cadence, turn.name)
    if _quiet.get(place) == turn.slot.key:
        return 0
    with house.db.read() as session:
        found, is_held = queries.issue(session, turn.slot.cadence, turn.slot.key), queries.is_held(session, turn.slot)
    served = 0
    if step == "freeze":
        freeze(house, turn, now)
    elif is_held:
        return 0
    elif found is None or turn.name not in found.done:
        try:
            served = _plan_round(house, turn, now)
        except Outdated:
            return 0  # the next pass begins anew with what is left
    _quiet[place] = turn.slot.key
    return served


def _unplanned(house: House, now: datetime) -> list[datetime]:
    """When the rounds were due that nobody has planned although somebody waits."""
    name, late = str(house.db.url), []
    with house.db.read() as session:
        if pulse.is_silent(session, now):
            return []
        news = waiting.publications(session, now, _settled.get(name, ()))
        for turn in rounds.rounds(house.office, rounds.rhythms(session), now - watching.LATE):
            is_planned = _quiet.get((name, "plan", turn.slot.cadence, turn.name), "") >= turn.slot.key
            if not is_planned and not queries.is_held(session, turn.slot) and waiting.wanted(session, turn, news):
                late.append(turn.slot.at)
    return late


def freeze(house: House, turn: Round, now: datetime) -> int | None:
    """Put into the round's issue what somebody waits for; its id, None when there is nothing to carry."""
    known = _settled.setdefault(str(house.db.url), Settled())
    with house.db.read() as session:
        known.look(session, now)
        news = waiting.publications(session, now, known)
        wanted = waiting.wanted(session, turn, news)
    if not wanted:
        return None
    with house.db.transaction() as session:
        return issues.freeze(session, turn, now, wanted).id


def _plan_round(house: House, turn: Round, now: datetime) -> int:
    """Serve everybody of the round to whom its issue carries something; how many."""
    issue_id = freeze(house, turn, now)
    plan = opened(house, turn, issue_id, now) if issue_id is not None else None
    if plan is None:
        return 0
    after, served, size = 0, 0, FIRST_BATCH
    while True:
        with house.db.transaction() as session:
            session.connection()  # waits for its turn to write, which is nobody's fault
            begun = time.monotonic()
            batch = plan.enter(session, clock.now(), after, size)
        size = _next_size(size, time.monotonic() - begun)
        plan.noted |= batch.carried
        served += batch.served
        if batch.missing:
            make(house, plan, batch.missing)
        elif batch.last is None:
            break
        else:
            after = batch.last
    with house.db.transaction() as session:
        issues.finish(session, turn, now)
    return served


def opened(house: House, turn: Round, issue_id: int, now: datetime) -> Plan | None:
    """All that a pass over the round needs to know, read once; None when nothing of it can be told."""
    with house.db.read() as session:
        carried = waiting.carried(session, turn, now)
        number, line = queries.number(session, turn.slot), queries.line(session, issue_id)
        editions = Editions(session, house, turn.slot, number, line, [one.id for one in carried])
    if editions.broken:
        with house.db.transaction() as session:
            issues.tell_of_broken(session, now, turn.slot, editions.broken)
    return Plan(house, turn, issue_id, carried, editions) if editions.told else None


def make(house: House, plan: Plan, keys: Collection[Key]) -> None:
    """Compose these editions and keep them in the mail room, before any copy of them is entered."""
    if len(plan.made) > MOST_EDITIONS:
        plan.made.clear()
    missing, is_shared = sorted(keys), len(plan.made) < MOST_FORMS
    size = FORMS_AT_ONCE if is_shared else LARGEST
    for at in range(0, len(missing), size):
        some = missing[at : at + size]
        words = [(key, plan.editions.words(key)) for key in some] if is_shared else []
        parts = [] if is_shared else [(key, plan.editions.parts(key)) for key in some]
        with house.db.transaction() as session:
            now = clock.now()
            kept = plan.personal.made(session, now, parts)
            kept |= {key: Made(form) for key, form in plan.editions.keep(session, now, words).items()}
        plan.made.update(kept)


def _next_size(size: int, seconds: float) -> int:
    """As many readers as would have taken SECONDS, but not many more than the last time."""
    fitting = int(size * SECONDS / max(seconds, 0.001))
    return min(max(fitting, SMALLEST), size * 2, LARGEST)
