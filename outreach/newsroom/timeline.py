"""The timeline: milestones in order of their events, in decades. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from outreach.newsroom.localtime import PartialDate
from outreach.newsroom.pages import Item
from outreach.newsroom.project_table import iso

NEWEST, OLDEST = ORDERS = ("newest", "oldest")
MILESTONE = "milestone"
_BREADTH = {"year": 0, "month": 1, "day": 2}


@dataclass(frozen=True)
class Event:
    """One milestone; `machine` is its date as a machine reads it: 2006, 2006-02 or 2006-02-14."""

    item: Item
    on: PartialDate
    machine: str


@dataclass(frozen=True)
class Decade:
    first: int
    events: tuple[Event, ...]

    @property
    def last(self) -> int:
        return self.first + 9


def order_of(wish: str) -> str:
    """The wish when it is one of ORDERS; the oldest first otherwise."""
    return wish if wish in ORDERS else OLDEST


def decades(updates: Iterable[Item], order: str) -> list[Decade]:
    """The milestones among these updates. Of one year, what is known only as the year comes before its months."""
    events = [
        Event(item, item.event_on, str(iso(item.event_on)))
        for item in updates
        if item.type == MILESTONE and item.event_on is not None
    ]
    events.sort(key=_place_in_time, reverse=order == NEWEST)
    return [Decade(first, tuple(group)) for first, group in groupby(events, key=lambda e: e.on.on.year // 10 * 10)]


def _place_in_time(event: Event) -> Any:
    return event.on.on, _BREADTH[event.on.precision], event.item.path
