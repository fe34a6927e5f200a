"""Reminders go out by themselves, each in a transaction of its own."""

from __future__ import annotations

from outreach import clock
from outreach.house import House
from outreach.inquiries.duty import reminders


def remind(house: House) -> None:
    """Give every reminder that is due."""
    now = clock.now()
    with house.db.read() as session:
        waiting = reminders.due(session, house, now)
    for subject, number in waiting:
        with house.db.transaction() as session:
            reminders.give(session, house, now, subject, number)
