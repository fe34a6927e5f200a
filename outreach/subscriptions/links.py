"""The three private links of a subscriber. Each is good for one purpose; none tells who else has one (F-07)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from outreach.house import House
from outreach.subscriptions.models import Consent, Subscriber

CONFIRM_FOR = timedelta(days=7)

Purpose = Literal["confirm", "preferences", "unsubscribe"]


def confirm(house: House, subscriber: Subscriber, consent: Consent) -> str:
    """Good for seven days from the request, and again after it was used."""
    subject, until = str(consent.id), consent.requested_at + CONFIRM_FOR
    return _link(house, subscriber, "confirm", house.tokens.make("confirm", subject, until, subscriber.key_id))


def preferences(house: House, subscriber: Subscriber) -> str:
    """Long-lived, because it stands in every mail; it can change what is sent, not where to."""
    return _link(house, subscriber, "preferences", _lasting(house, subscriber, "preferences"))


def unsubscribe(house: House, subscriber: Subscriber) -> str:
    """Long-lived; a GET shows a page, a POST stops everything (RFC 8058)."""
    return _link(house, subscriber, "unsubscribe", _lasting(house, subscriber, "unsubscribe"))


def read(house: House, purpose: Purpose, token: str, now: datetime) -> int | None:
    """The id that the token stands for (a consent's for "confirm"), or None for anything that is not such a token."""
    subject = house.tokens.read(purpose, token, now)
    return int(subject) if subject is not None else None


def token(house: House, subscriber: Subscriber, purpose: Purpose) -> str:
    """The bare lasting token, for a page that leads to another of the subscriber's pages."""
    return _lasting(house, subscriber, purpose)


def _lasting(house: House, subscriber: Subscriber, purpose: Purpose) -> str:
    # The key's id stands on the row, so that a mail that is repeated after a change of keys has the same bytes.
    return house.tokens.make(purpose, str(subscriber.id), None, subscriber.key_id)


def _link(house: House, subscriber: Subscriber, page: str, written: str) -> str:
    return house.url(f"/{subscriber.variant}/{page}/{written}")
