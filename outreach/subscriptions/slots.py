"""When a digest is due: a pure function of cadence, zone, hour, working days, last slot key and now.

A slot is named by a local calendar key, so that a repeated or a missing hour, a restart or a second planner all
arrive at the same name. Keys of one cadence sort as text in the order of time. Slots that were missed collapse into
the latest one: after an outage of any length there is one catch-up, never a burst (reliability.md D-09 to D-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from outreach.hours import Workdays

# "urgent" is no rhythm that anybody chooses: it carries urgent updates to those who allow it, whatever they chose.
Cadence = Literal["urgent", "immediately", "daily", "weekly", "monthly"]
# In the order in which an update may leave: when several match, the earliest cadence wins.
CADENCES: tuple[Cadence, ...] = get_args(Cadence)
# These leave at the next tick, and so know no hour.
AT_ONCE: tuple[Cadence, ...] = ("urgent", "immediately")

TICK = timedelta(minutes=5)
# What leaves at once leaves five minutes after publishing, so that there is a moment to take a mistake back.
UNDO = timedelta(minutes=5)
# A dated issue is closed half an hour before it leaves; what becomes public after that is in the next one.
FREEZE = timedelta(minutes=30)

_SECOND = timedelta(seconds=1)
_FRIDAY = 4
# Longer than any row of days off; a calendar without a single working day in it never has anything due.
_LONGEST = 400


@dataclass(frozen=True)
class Slot:
    """One moment at which digests leave; what became public after `closes_at` is for a later one. Both are UTC."""

    cadence: Cadence
    key: str
    at: datetime
    closes_at: datetime


def due(cadence: Cadence, zone: ZoneInfo, hour: time, days: Workdays, last: str | None, now: datetime) -> Slot | None:
    """The latest slot that has come by `now`, or None when `last` (the key used last) is that one or a later one.

    A clock that went back therefore finds only keys that are used already.
    """
    slot = latest(cadence, zone, hour, days, now)
    return slot if slot is not None and (last is None or slot.key > last) else None


def latest(cadence: Cadence, zone: ZoneInfo, hour: time, days: Workdays, now: datetime) -> Slot | None:
    """The latest slot with `at <= now`, whoever has used it already."""
    if cadence in AT_ONCE:
        return _tick(cadence, now)
    here = now.astimezone(zone).date()
    # One period ahead first: before a row of days off, a weekly slot may leave in the week before its own.
    for step in range(1, -_LONGEST, -1):
        slot = _slot(cadence, _shift(cadence, _period(cadence, here), step), zone, hour, days)
        if slot is not None and slot.at <= now:
            return slot
    return None


def upcoming(cadence: Cadence, zone: ZoneInfo, hour: time, days: Workdays, now: datetime) -> Slot | None:
    """The first slot with `at > now`: what a page promises as "your next one"."""
    if cadence in AT_ONCE:
        return _tick(cadence, now.astimezone(UTC) + TICK)
    here = now.astimezone(zone).date()
    for step in range(-1, _LONGEST):
        slot = _slot(cadence, _shift(cadence, _period(cadence, here), step), zone, hour, days)
        if slot is not None and slot.at > now:
            return slot
    return None


def first_instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a local time: the first of a repeated hour, the first after the gap for a missing one."""
    local = datetime.combine(day, hour.replace(tzinfo=None, fold=0), tzinfo=zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    before, after = local.replace(fold=1).astimezone(UTC), at
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _tick(cadence: Cadence, now: datetime) -> Slot:
    moment = now.astimezone(UTC)
    at = moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)
    return Slot(cadence, f"{at:%Y-%m-%dT%H%MZ}", at, at - UNDO)


def _slot(cadence: Cadence, period: date, zone: ZoneInfo, hour: time, days: Workdays) -> Slot | None:
    day = _leaves_on(cadence, period, days)
    if day is None:
        return None
    at = first_instant(day, hour, zone)
    return Slot(cadence, _key(cadence, period), at, at - FREEZE)


def _period(cadence: Cadence, day: date) -> date:
    """The first day of the period that `day` lies in: itself, its Monday, the first of its month."""
    if cadence == "weekly":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if cadence == "monthly" else day


def _shift(cadence: Cadence, period: date, steps: int) -> date:
    if cadence == "monthly":
        months = period.year * 12 + period.month - 1 + steps
        return date(months // 12, months % 12 + 1, 1)
    return period + timedelta(days=steps * (7 if cadence == "weekly" else 1))


def _leaves_on(cadence: Cadence, period: date, days: Workdays) -> date | None:
    if cadence == "daily":
        return period if period in days else None
    start, step = (period + timedelta(days=_FRIDAY), -1) if cadence == "weekly" else (period, 1)
    walk = (start + timedelta(days=step * n) for n in range(_LONGEST))
    return next((day for day in walk if day in days), None)


def _key(cadence: Cadence, period: date) -> str:
    if cadence == "weekly":
        year, week, _ = period.isocalendar()
        return f"{year}-W{week:02}"
    return f"{period:%Y-%m}" if cadence == "monthly" else period.isoformat()
