"""An address asks and its owner confirms. Whatever is known about the address, the asker sees the same page (F-05)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import Variant
from outreach.mail.models import Suppression
from outreach.subscriptions import confirmations, consents, limits, queries
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.confirmations import Asked
from outreach.subscriptions.models import Consent, Subscriber, Subscription

Confirmed = Literal["confirmed", "already", "ended"]


def request(
    session: Session, house: House, now: datetime, *, address: str, choice: Choice, shown: Variant, source: str,
    wording: str | None = None,
) -> Asked:  # fmt: skip
    """Note the wish of whoever typed `address` (checked) and send its owner one mail, within the limits.

    `shown` is the variant of the page and `source` its path or its name; both are kept with the consent, as is
    `wording`, what stood there where it was not the sentence of the subscription form.
    """
    mailbox = limits.counted_as(house, address)
    if not limits.may_ask(session, house, mailbox, now):
        return "too often"
    subscriber = _noted(session, house, now, address, choice)
    method = "form, confirmed by mail"
    consent = consents.keep(
        session, now, subscriber, choice, shown=shown, source=source, method=method, wording=wording
    )
    if not subscriber.is_live:
        _note_wishes(session, now, subscriber, choice)
    return confirmations.post(session, house, now, mailbox, consent=consent)


def confirm(session: Session, now: datetime, consent_id: int) -> Confirmed:
    """The owner of the address pressed the button. Pressing it again changes nothing and is no error (F-06)."""
    consent = session.get(Consent, consent_id)
    if consent is None:
        raise NotFound("consent")
    subscriber = session.get_one(Subscriber, consent.subscriber_id, with_for_update=True)
    state = standing(subscriber, consent)
    if state == "confirmed":
        _begin(session, now, subscriber, consent)
    return state


def standing(subscriber: Subscriber, consent: Consent) -> Confirmed:
    """What pressing the button would do: confirm, nothing more (already), or nothing at all (ended since)."""
    if subscriber.is_live:
        return "already"
    if subscriber.ended_at is not None and consent.requested_at <= subscriber.ended_at:
        return "ended"
    return "confirmed"


def welcome_back(session: Session, subscriber: Subscriber) -> None:
    """Whoever was deleted at their request and now confirms the address wants mail again; any other refusal stands."""
    own = (Suppression.address_hash == subscriber.address_hash, Suppression.reason == limits.ERASED)
    session.execute(delete(Suppression).where(*own))


def _noted(session: Session, house: House, now: datetime, address: str, choice: Choice) -> Subscriber:
    """The row of this address, held for this transaction."""
    held = select(Subscriber).where(Subscriber.address_hash == house.address_hash(address)).with_for_update()
    subscriber = session.scalar(held)
    if subscriber is None:
        subscriber = Subscriber(
            address=address,
            address_hash=house.address_hash(address),
            variant=choice.variant.segment,
            hour=choice.hour,
            key_id=house.tokens.key_id,
            created_at=now,
        )
        session.add(subscriber)
        session.flush()
    return subscriber


def _note_wishes(session: Session, now: datetime, subscriber: Subscriber, choice: Choice) -> None:
    """Requested rows for what is wished now; a wish that was never confirmed gives way to it."""
    rows = queries.live(session, subscriber.id)
    for topic, row in rows.items():
        if topic not in choice.topics:
            row.end(now, "replaced")
    for topic in choice.topics:
        if topic in rows:
            rows[topic].cadence = choice.cadence
        else:
            session.add(
                Subscription(subscriber_id=subscriber.id, topic=topic, cadence=choice.cadence, requested_at=now)
            )
    session.flush()


def _begin(session: Session, now: datetime, subscriber: Subscriber, consent: Consent) -> None:
    choice = Choice(tuple(consent.topics), consent.cadence, consent.hour, Variant.of(consent.wants_variant))
    _note_wishes(session, now, subscriber, choice)
    for row in queries.live(session, subscriber.id).values():
        row.confirmed_at = now
    subscriber.variant, subscriber.hour = consent.wants_variant, consent.hour
    subscriber.takes_urgent = consent.takes_urgent
    subscriber.confirmed_at = consent.confirmed_at = now
    subscriber.ended_at = subscriber.ended_reason = subscriber.paused_until = None
    welcome_back(session, subscriber)
    audit.record(session, now, "subscription.confirmed", subscriber.ref, cadence=consent.cadence)
