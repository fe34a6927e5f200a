"""Rounds: all who have the same cadence and hour, and so the same slot. And what a round may carry."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.hours import working_days
from outreach.office import Office
from outreach.subscriptions import slots
from outreach.subscriptions.models import Subscriber, Subscription
from outreach.subscriptions.slots import AT_ONCE, CADENCES, Cadence, Slot

Rhythm = tuple[Cadence, str | None]


@dataclass(frozen=True)
class Round:
    """Everybody of one cadence (and, for a dated one, one hour, "HH:MM") whose slot is the same."""

    slot: Slot
    hour: str | None

    @property
    def name(self) -> str:
        """How an issue calls this one of its rounds."""
        return self.hour or ""

    def carries(self, one: Candidate) -> bool:
        """Whether its issue is for such a publication at all, whoever waits for it."""
        return one.is_urgent or self.slot.cadence != "urgent"


class Candidate(NamedTuple):
    """A publication that a digest may carry."""

    id: int
    public_at: datetime
    topics: tuple[str, ...]
    is_urgent: bool


def rhythms(session: Session) -> set[Rhythm]:
    """The rhythms that anybody has; what leaves at once has no hour."""
    used = select(Subscription.cadence, Subscriber.hour).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    is_live = (Subscriber.ended_at.is_(None), Subscriber.confirmed_at.is_not(None))
    running = used.where(Subscription.ended_at.is_(None), Subscription.confirmed_at.is_not(None), *is_live)
    pairs = session.execute(running.distinct())
    found: set[Rhythm] = {(cast(Cadence, cadence), None if cadence in AT_ONCE else hour) for cadence, hour in pairs}
    allows = select(Subscriber.id).where(Subscriber.takes_urgent, *is_live)
    return found | {("urgent", None)} if session.execute(allows.limit(1)).first() else found


def rounds(office: Office, used: Collection[Rhythm], now: datetime, is_next: bool = False) -> list[Round]:
    """The latest round of each rhythm, or the next ones; the cadence that goes first stands first."""
    found = []
    for cadence, hour in sorted(used, key=lambda pair: (CADENCES.index(pair[0]), pair[1] or "")):
        slot = slot_of(office, cadence, hour, now, is_next)
        if slot is not None:
            found.append(Round(slot, hour))
    return found


def slot_of(office: Office, cadence: Cadence, hour: str | None, now: datetime, is_next: bool) -> Slot | None:
    """The latest slot of a rhythm, or the next one."""
    find = slots.upcoming if is_next else slots.latest
    return find(cadence, office.zone, time.fromisoformat(hour or "00:00"), working_days(office), now)
