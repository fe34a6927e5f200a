"""What happens by itself: kept-back confirmations leave when there is room, unconfirmed addresses are forgotten."""

from __future__ import annotations

from outreach import clock
from outreach.house import House
from outreach.subscriptions import optin, retention


def send_kept_back(house: House) -> None:
    """Send confirmations that the breaker kept back, as far as this hour has room for them."""
    with house.db.read() as session:
        if not optin.is_kept_back(session, clock.now()):
            return
    with house.db.transaction() as session:
        optin.send_kept_back(session, house, clock.now())


def forget_unconfirmed(house: House) -> None:
    """Delete addresses that were typed in more than seven days ago and never confirmed."""
    now, gone = clock.now(), 1
    while gone:
        with house.db.transaction() as session:
            gone = retention.forget_unconfirmed(session, now)
            retention.forget_counts(session, now)
