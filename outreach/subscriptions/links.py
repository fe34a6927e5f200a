"""The private links of a subscriber. Each is good for one purpose; none tells who else has one (F-07).

The two that stand in every mail live long and are limited: they change or stop what is sent. What moves, shows or
deletes an address needs a fresh link that was mailed to that very address and lives a day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from outreach.errors import NotFound
from outreach.house import House
from outreach.subscriptions.models import AddressChange, Consent, Subscriber

CONFIRM_FOR = timedelta(days=7)
PRIVATE_FOR = timedelta(hours=24)

Purpose = Literal["confirm", "preferences", "unsubscribe", "mine", "address"]
PURPOSES: tuple[Purpose, ...] = ("confirm", "preferences", "unsubscribe", "mine", "address")

_MARK = 16

Row = TypeVar("Row", Subscriber, Consent, AddressChange)


class LinkIsOver(NotFound):
    """The link never was, has run out, was tampered with, or leads to what is no longer there: nobody learns which."""


def confirm(house: House, subscriber: Subscriber, consent: Consent) -> str:
    """Good for seven days from the request, and again after it was used."""
    subject, until = str(consent.id), consent.requested_at + CONFIRM_FOR
    return _link(house, subscriber, "confirm", house.tokens.make("confirm", subject, until, subscriber.key_id))


def preferences(house: House, subscriber: Subscriber) -> str:
    """Long-lived, because it stands in every mail; it can change what is sent, not where to."""
    return _link(house, subscriber, "preferences", _lasting(house, subscriber, "preferences"))


def fewer(house: House, subscriber: Subscriber, topic: str | None = None) -> str:
    """To the page with one button for less: a slower rhythm, or without this topic. As long-lived as the other."""
    link = _link(house, subscriber, "fewer", _lasting(house, subscriber, "preferences"))
    return link + (f"?topic={topic}" if topic else "")


def unsubscribe(house: House, subscriber: Subscriber) -> str:
    """Long-lived; a GET shows a page, a POST stops everything (RFC 8058)."""
    return _link(house, subscriber, "unsubscribe", _lasting(house, subscriber, "unsubscribe"))


def mine(house: House, subscriber: Subscriber, now: datetime) -> str:
    """Good for a day and for the present address alone: whoever reads an old mailbox can do nothing with it."""
    subject = f"{subscriber.id} {(subscriber.address_hash or '')[:_MARK]}"
    return _link(house, subscriber, "mine", house.tokens.make("mine", subject, now + PRIVATE_FOR))


def address(house: House, subscriber: Subscriber, change: AddressChange) -> str:
    """Goes to the new address; good for a day from the request, and again after it was used."""
    made = house.tokens.make("address", str(change.id), change.asked_at + PRIVATE_FOR, subscriber.key_id)
    return _link(house, subscriber, "address", made)


def read(house: House, purpose: Purpose, token: str, now: datetime) -> int | None:
    """The id that the token stands for, or None for anything that is not such a token.

    It is a consent's for "confirm", a change of address's for "address", else the subscriber's.
    """
    subject = house.tokens.read(purpose, token, now)
    return int(subject.partition(" ")[0]) if subject is not None else None


def find(session: Session, house: House, kind: type[Row], purpose: Purpose, token: str, now: datetime) -> Row:
    """The row that the token stands for; LinkIsOver when there is none."""
    number = read(house, purpose, token, now)
    found = session.get(kind, number) if number is not None else None
    if found is None:
        raise LinkIsOver(purpose)
    return found


def is_for_address(house: House, token: str, now: datetime, subscriber: Subscriber) -> bool:
    """Whether a "mine" link was mailed to the address that the subscriber has now."""
    subject = house.tokens.read("mine", token, now) or ""
    return bool(subscriber.address_hash) and subject.partition(" ")[2] == (subscriber.address_hash or "")[:_MARK]


def runs_out(token: str) -> datetime:
    """When a token that was read successfully stops working."""
    return datetime.fromtimestamp(int(token.split(".")[2], 16), UTC)


def token(house: House, subscriber: Subscriber, purpose: Purpose) -> str:
    """The bare lasting token, for a page that leads to another of the subscriber's pages."""
    return _lasting(house, subscriber, purpose)


def _lasting(house: House, subscriber: Subscriber, purpose: Purpose) -> str:
    # The key's id stands on the row, so that a mail that is repeated after a change of keys has the same bytes.
    return house.tokens.make(purpose, str(subscriber.id), None, subscriber.key_id)


def _link(house: House, subscriber: Subscriber, page: str, written: str) -> str:
    return house.url(f"/{subscriber.variant}/{page}/{written}")
