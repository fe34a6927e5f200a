"""What sign-in leaves behind is tidied away by itself."""

from __future__ import annotations

from outreach import clock, rates
from outreach.accounts import sessions
from outreach.house import House


def tidy(house: House) -> None:
    """Drop sessions that have ended and rate counts whose period is over."""
    now = clock.now()
    with house.db.transaction() as session:
        sessions.forget(session, now)
        rates.forget(session, now)
