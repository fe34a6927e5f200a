"""When a digest is due. The calendar lives one floor down, since the subscriber's pages promise the next date."""

from __future__ import annotations

from outreach.subscriptions.slots import (
    AT_ONCE,
    CADENCES,
    FREEZE,
    TICK,
    UNDO,
    Cadence,
    Slot,
    Workdays,
    due,
    first_instant,
    latest,
    upcoming,
    workdays,
)

__all__ = [
    "AT_ONCE",
    "CADENCES",
    "FREEZE",
    "TICK",
    "UNDO",
    "Cadence",
    "Slot",
    "Workdays",
    "due",
    "first_instant",
    "latest",
    "upcoming",
    "workdays",
]
