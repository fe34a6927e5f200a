"""The office's calendar: on which days it works, when it is open, and how office time runs on and back.

Public holidays come from the package `holidays` by the office's country (for Serbia with Orthodox Easter), further
days off from content/office.toml. An office that states no hours promises nothing, and its time is the clock's.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import cast

import holidays

from outreach.office import Office

LOOK_AHEAD = 400  # days; a closure longer than that is not a matter of hours


@dataclass(frozen=True)
class Workdays:
    """Which local days the office works: weekdays as 0 (Monday) to 6, less the holidays."""

    weekdays: frozenset[int]
    holidays: Container[date] = ()

    def __contains__(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.holidays


@dataclass(frozen=True)
class _Closed:
    """Days off: the public holidays of a country, which the package works out year by year, and the office's own."""

    public: Container[date]
    own: frozenset[date]

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.public


@lru_cache(maxsize=8)
def workdays(country: str, weekdays: frozenset[int], closed: frozenset[date] = frozenset()) -> Workdays:
    """The working days of an office in `country` (ISO 3166, "RS"): no public holiday, and no day it is `closed`."""
    return Workdays(weekdays, _Closed(cast(Container[date], holidays.country_holidays(country)), closed))


def working_days(office: Office) -> Workdays:
    """The office's own working days."""
    return workdays(office.country, frozenset(office.working_days), frozenset(office.holidays))


def opens_at(office: Office, at: datetime) -> datetime | None:
    """When a closed office opens next, UTC; None when it is open at `at` or its hours are unknown."""
    opens, _closes = next(_spans(office, at), (None, None))
    return opens if opens is not None and at < opens else None


def is_open(office: Office, at: datetime) -> bool:
    """Whether somebody is there; an office without hours on record counts as open."""
    return opens_at(office, at) is None


def later(office: Office, at: datetime, by: timedelta) -> datetime:
    """The instant, UTC, at which so much office time has passed since `at`."""
    end = at
    for opens, closes in _spans(office, at):
        begins = max(at, opens)
        if closes - begins >= by:
            return (begins + by).astimezone(UTC)
        by -= closes - begins
        end = closes
    return end.astimezone(UTC) + by


def earlier(office: Office, at: datetime, by: timedelta) -> datetime:
    """The instant, UTC, from which so much office time passes until `at`."""
    end = at
    for opens, closes in _spans_back(office, at):
        ends = min(at, closes)
        if ends - opens >= by:
            return (ends - by).astimezone(UTC)
        by -= ends - opens
        end = opens
    return end.astimezone(UTC) - by


def working_days_before(office: Office, at: datetime, days: int) -> datetime:
    """The same local hour so many working days back, UTC: a day off counts for nothing."""
    on, working = at.astimezone(office.zone), working_days(office)
    for _ in range(LOOK_AHEAD):
        if not days:
            break
        days -= on.date() in working
        on -= timedelta(days=1)
    return on.astimezone(UTC)


def _spans(office: Office, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours that end after `at`, the next first; none when the office states no hours."""
    first = at.astimezone(office.zone).date()
    for ahead in range(LOOK_AHEAD if office.hours else 0):
        span = _span(office, first + timedelta(days=ahead))
        if span and at < span[1]:
            yield span


def _spans_back(office: Office, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The opening hours that begin before `at`, the last first."""
    last = at.astimezone(office.zone).date()
    for back in range(LOOK_AHEAD if office.hours else 0):
        span = _span(office, last - timedelta(days=back))
        if span and span[0] < at:
            yield span


def _span(office: Office, on: date) -> tuple[datetime, datetime] | None:
    hours = (office.hours or {}).get(on.weekday())
    if hours is None or on in working_days(office).holidays:
        return None
    opens, closes = (datetime.combine(on, hour, office.zone).astimezone(UTC) for hour in hours)
    return opens, closes
