"""When the next digest may reach a subscriber: what a page promises. What it will say is the planner's business."""

from __future__ import annotations

from datetime import datetime, time
from typing import cast

from outreach import hours
from outreach.office import Office
from outreach.subscriptions import slots
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import Subscriber
from outreach.subscriptions.slots import Cadence


def next_at(office: Office, subscriber: Subscriber, choice: Choice, now: datetime) -> datetime | None:
    """The first moment, UTC, at which a dated digest may leave for the subscriber, after any pause.

    None for who gets each item at once. An issue that was closed before the address was confirmed, or before the end
    of the pause, is not theirs.
    """
    if choice.cadence == "immediately":
        return None
    begins = max(now, subscriber.paused_until) if subscriber.paused_until else now
    cadence, hour, days = cast(Cadence, choice.cadence), time.fromisoformat(choice.hour), hours.working_days(office)
    slot = slots.upcoming(cadence, office.zone, hour, days, begins)
    if slot is not None and _is_too_early(slot.closes_at, subscriber):
        slot = slots.upcoming(cadence, office.zone, hour, days, slot.at)
    return slot.at if slot is not None else None


def _is_too_early(closes_at: datetime, subscriber: Subscriber) -> bool:
    """Whether an issue that closes then is none of theirs, although it leaves later."""
    is_unconfirmed = subscriber.confirmed_at is not None and closes_at <= subscriber.confirmed_at
    return is_unconfirmed or subscriber.is_paused(closes_at)
