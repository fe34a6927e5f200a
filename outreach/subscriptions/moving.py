"""A subscriber moves to another address. What was chosen, and what was sent already, stays with the subscriber (D-15).

It takes two links: the page where the new address is typed was mailed to the present one, and the button that makes
it count is behind a link that was mailed to the new one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import Variant
from outreach.mail import outbox
from outreach.subscriptions import confirmations, consents, limits, optin, queries
from outreach.subscriptions.confirmations import Asked
from outreach.subscriptions.models import AddressChange, Subscriber

Standing = Literal["open", "moved", "taken", "ended"]

METHOD = "change of address, confirmed by mail"
# Why mail that waits for the old address is not sent: the planner then puts its items into the next digest.
TAKEN_BACK = "stopped"


def ask(session: Session, house: House, now: datetime, subscriber: Subscriber, address: str) -> Asked:
    """Note the new address (checked) and send its owner one mail, within the limits of F-04."""
    mailbox = limits.counted_as(house, address)
    if not limits.may_ask(session, house, mailbox, now):
        return "too often"
    change = AddressChange(subscriber_id=subscriber.id, address=address, asked_at=now)
    session.add(change)
    session.flush()
    return confirmations.post(session, house, now, mailbox, change=change)


def standing(session: Session, house: House, change: AddressChange) -> Standing:
    """What pressing the button would do: move, nothing more (moved), or nothing at all (taken, ended)."""
    if change.confirmed_at is not None:
        return "moved"
    subscriber = session.get_one(Subscriber, change.subscriber_id)
    if not subscriber.is_live:
        return "ended"
    owner = queries.by_address(session, house, change.address)
    if owner is None or owner.id == subscriber.id:
        return "open"
    return "taken" if owner.is_live else "open"


def move(session: Session, house: House, now: datetime, change_id: int, shown: Variant, source: str) -> Standing:
    """Whoever reads mail at the new address pressed the button. Pressing it again changes nothing and is no error."""
    change = session.get(AddressChange, change_id)
    if change is None:
        raise NotFound("change of address")
    subscriber = session.get_one(Subscriber, change.subscriber_id, with_for_update=True)
    state = standing(session, house, change)
    if state != "open":
        return state
    _vacate(session, house, now, change.address, subscriber)
    outbox.cancel(session, subscriber.ref, TAKEN_BACK, now)
    subscriber.address, subscriber.address_hash = change.address, house.address_hash(change.address)
    subscriber.changed_at = change.confirmed_at = now
    session.flush()
    optin.welcome_back(session, subscriber)
    choice = queries.choice(session, subscriber)
    consents.keep(session, now, subscriber, choice, shown=shown, source=source, method=METHOD, confirmed_at=now)
    audit.record(session, now, "subscription.moved", subscriber.ref)
    return "moved"


def _vacate(session: Session, house: House, now: datetime, address: str, subscriber: Subscriber) -> None:
    """A row that has the new address and is not live (stopped, or never confirmed) gives it up."""
    other = queries.by_address(session, house, address)
    if other is None or other.id == subscriber.id:
        return
    for row in queries.live(session, other.id).values():
        row.end(now, "replaced")
    other.address = other.address_hash = None
    other.ended_at = other.ended_at or now
    other.ended_reason = other.ended_reason or "replaced"
    session.flush()
