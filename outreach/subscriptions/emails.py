"""The mails that typing an address, or asking for a private link, sets off. None holds a word that was typed (M-18)."""

from __future__ import annotations

from datetime import datetime

from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.compose import Words
from outreach.subscriptions import links
from outreach.subscriptions.choices import RHYTHMS
from outreach.subscriptions.models import EVERYTHING, AddressChange, Consent, Subscriber


def confirmation(house: House, subscriber: Subscriber, consent: Consent) -> Words:
    """Asks the owner of the address to press a button; in the language that was chosen."""
    reader = Variant.of(consent.wants_variant)
    topics = [] if EVERYTHING in consent.topics else [house.office.topic_name(t, reader) for t in consent.topics]
    return compose.render(
        house,
        "subscription_confirm",
        reader,
        link=links.confirm(house, subscriber, consent),
        rhythm=RHYTHMS[consent.cadence],
        hour=consent.hour if consent.cadence != "immediately" else None,
        topics=topics,
        takes_urgent=consent.takes_urgent,
    )


def already(house: House, subscriber: Subscriber) -> Words:
    """Tells a subscriber that the address is on the list, which the page does not tell anybody (F-05)."""
    return compose.render(
        house,
        "subscription_already",
        subscriber.reads,
        preferences=links.preferences(house, subscriber),
        unsubscribe=links.unsubscribe(house, subscriber),
    )


def new_address(house: House, subscriber: Subscriber, change: AddressChange) -> Words:
    """Asks whoever reads mail at the new address to press a button; the old address is not in it."""
    link = links.address(house, subscriber, change)
    return compose.render(house, "subscription_address", subscriber.reads, link=link)


def private_link(house: House, subscriber: Subscriber, now: datetime) -> Words:
    """The way to change the address, to get a copy of everything, or to be deleted; for a day."""
    return compose.render(house, "subscription_link", subscriber.reads, link=links.mine(house, subscriber, now))
