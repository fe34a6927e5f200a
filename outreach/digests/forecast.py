"""What would go out next if nothing else happened: for the desk, computed from the same question that planning asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.digests import compose, queries
from outreach.digests.slots import Slot
from outreach.house import House
from outreach.language import Variant
from outreach.newsroom import library
from outreach.newsroom.library import PublicationView
from outreach.subscriptions import queries as subscribers

MOST = 1_000_000


@dataclass(frozen=True)
class Coming:
    """The next slot of one cadence and hour: its items in order, and how many readers of each variant get any."""

    slot: Slot
    hour: str | None
    views: tuple[PublicationView, ...]
    readers: dict[str, int]

    @property
    def people(self) -> int:
        return sum(self.readers.values())


def coming(session: Session, house: House, now: datetime, variant: Variant) -> list[Coming]:
    """By time: every slot that somebody waits for, also those to which nothing new has come yet."""
    shelf = library.opened(session, house)
    found = []
    for turn in queries.rounds(session, house.office, now, is_next=True):
        ids = queries.due(session, turn, now, after=0, limit=MOST)
        numbers = queries.carried(session, turn, now)
        views = [shelf.publication_view(session, number, variant) for number in numbers]
        told = compose.in_order([view for view in views if view is not None])
        found.append(Coming(turn.slot, turn.hour, tuple(told), queries.variants(session, ids)))
    return sorted(found, key=lambda one: one.slot.at)


def people(session: Session) -> dict[str, dict[str, int]]:
    """Confirmed subscribers by cadence and variant."""
    table: dict[str, dict[str, int]] = {}
    for cadence, variant, number in subscribers.counts(session):
        table.setdefault(cadence, {})[variant] = number
    return table
