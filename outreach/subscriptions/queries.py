"""Reads about subscribers: who it is, what they chose, how many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.mail.models import OutboxEmail, Suppression
from outreach.subscriptions.choices import RHYTHMS, Choice
from outreach.subscriptions.models import EVERYTHING, Consent, Subscriber, Subscription

STATES = ("confirmed", "paused", "requested", "stopped", "forgotten")
# The methods of consents that change a choice and begin nothing.
CHANGES = ("preferences page", "change of address, confirmed by mail")


def by_address(session: Session, house: House, address: str) -> Subscriber | None:
    """The subscriber with this address, ended or not."""
    return session.scalar(select(Subscriber).where(Subscriber.address_hash == house.address_hash(address)))


def live(session: Session, subscriber_id: int) -> dict[str, Subscription]:
    """What runs or waits for its confirmation, by topic."""
    rows = select(Subscription).where(Subscription.subscriber_id == subscriber_id, Subscription.ended_at.is_(None))
    return {row.topic: row for row in session.scalars(rows.order_by(Subscription.id))}


def choice(session: Session, subscriber: Subscriber) -> Choice:
    """What the subscriber has chosen now. The earliest rhythm speaks for all, should topics differ."""
    return choices(session, [subscriber])[subscriber.id]


def choices(session: Session, subscribers: Collection[Subscriber]) -> dict[int, Choice]:
    """The same for many, by the id of the subscriber."""
    ids = [subscriber.id for subscriber in subscribers]
    rows = select(Subscription).where(Subscription.subscriber_id.in_(ids), Subscription.ended_at.is_(None))
    by_id: dict[int, list[Subscription]] = {}
    for row in session.scalars(rows.order_by(Subscription.id)):
        by_id.setdefault(row.subscriber_id, []).append(row)
    return {subscriber.id: _choice(subscriber, by_id.get(subscriber.id, [])) for subscriber in subscribers}


def _choice(subscriber: Subscriber, rows: Sequence[Subscription]) -> Choice:
    topics = tuple(row.topic for row in rows)
    cadence = min((row.cadence for row in rows), key=list(RHYTHMS).index, default="daily")
    chosen = (EVERYTHING,) if EVERYTHING in topics else topics
    return Choice(chosen, cadence, subscriber.hour, subscriber.reads, subscriber.takes_urgent)


def latest_consent(session: Session, subscriber_id: int) -> Consent | None:
    """The last thing the subscriber confirmed."""
    given = select(Consent).where(Consent.subscriber_id == subscriber_id, Consent.confirmed_at.is_not(None))
    return session.scalar(given.order_by(Consent.confirmed_at.desc(), Consent.id.desc()).limit(1))


def sign_up(session: Session, subscriber_id: int) -> Consent | None:
    """Why the subscriber gets mail at all: the last consent that began it, on the form or in a list taken over.

    Later changes of the choice do not count, as long as there is one.
    """
    given = select(Consent).where(Consent.subscriber_id == subscriber_id, Consent.confirmed_at.is_not(None))
    began = given.where(Consent.method.not_in(CHANGES))
    newest = (Consent.confirmed_at.desc(), Consent.id.desc())
    return session.scalar(began.order_by(*newest).limit(1)) or latest_consent(session, subscriber_id)


def consents(session: Session, subscriber_id: int) -> Sequence[Consent]:
    """Everything that was agreed to or asked for, oldest first."""
    return session.scalars(select(Consent).where(Consent.subscriber_id == subscriber_id).order_by(Consent.id)).all()


def subscriptions(session: Session, subscriber_id: int) -> Sequence[Subscription]:
    """Every topic that was ever chosen, ended ones too, oldest first."""
    rows = select(Subscription).where(Subscription.subscriber_id == subscriber_id)
    return session.scalars(rows.order_by(Subscription.id)).all()


def mails(session: Session, subscriber: Subscriber, limit: int | None = None) -> Sequence[OutboxEmail]:
    """What the mail room has of this subscriber, newest first."""
    rows = select(OutboxEmail).where(OutboxEmail.ref == subscriber.ref).order_by(OutboxEmail.id.desc()).limit(limit)
    return session.scalars(rows).all()


def suppression(session: Session, house: House, address: str) -> Suppression | None:
    """Why an address is not mailed, or None."""
    return session.scalar(select(Suppression).where(Suppression.address_hash == house.address_hash(address)))


def states(session: Session, now: datetime) -> dict[str, int]:
    """How many subscribers there are in each state; a forgotten one has no address any more."""
    state = case(
        (Subscriber.address.is_(None), "forgotten"),
        (Subscriber.ended_at.is_not(None), "stopped"),
        (Subscriber.confirmed_at.is_(None), "requested"),
        (Subscriber.paused_until > now, "paused"),
        else_="confirmed",
    )
    found = {name: number for name, number in session.execute(select(state, func.count()).group_by(state))}
    return {name: found.get(name, 0) for name in STATES}


def counts(session: Session) -> Sequence[tuple[str, str, int]]:
    """(cadence, variant, people) of everybody who is confirmed and has not stopped."""
    people = func.count(Subscriber.id.distinct())
    rows = (
        select(Subscription.cadence, Subscriber.variant, people)
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(Subscription.ended_at.is_(None), Subscription.confirmed_at.is_not(None))
        .where(Subscriber.ended_at.is_(None), Subscriber.confirmed_at.is_not(None))
        .group_by(Subscription.cadence, Subscriber.variant)
        .order_by(Subscription.cadence, Subscriber.variant)
    )
    return [(cadence, variant, number) for cadence, variant, number in session.execute(rows)]
