"""One subscriber as the desk sees them: what was agreed to, chosen, done and mailed, each with its instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.audit import AuditEntry
from outreach.errors import NotFound
from outreach.language import mark
from outreach.mail.models import OutboxEmail
from outreach.subscriptions import queries
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import Consent, Subscriber, Subscription

MAILS = 30

DONE = {
    "subscription.changed": mark("Subscription changed"),
    "subscription.confirmed": mark("Subscription confirmed"),
    "subscription.erased": mark("Deleted at their request"),
    "subscription.link_sent": mark("Private link sent"),
    "subscription.moved": mark("Address changed"),
    "subscription.stop_undone": mark("Stop undone"),
    "subscription.stopped": mark("Subscription stopped"),
    "subscriber.read": mark("Record read"),
}


@dataclass(frozen=True)
class History:
    """`state` is one of queries.STATES; entries and mails come newest first, the rest oldest first."""

    subscriber: Subscriber
    state: str
    choice: Choice
    consents: Sequence[Consent]
    subscriptions: Sequence[Subscription]
    entries: Sequence[AuditEntry]
    mails: Sequence[OutboxEmail]


def of(session: Session, now: datetime, subscriber_id: int) -> History:
    """Everything about one subscriber; NotFound for none."""
    subscriber = session.get(Subscriber, subscriber_id)
    if subscriber is None:
        raise NotFound("subscriber")
    entries = select(AuditEntry).where(AuditEntry.obj == subscriber.ref).order_by(AuditEntry.id.desc())
    return History(
        subscriber=subscriber,
        state=state(subscriber, now),
        choice=queries.choice(session, subscriber),
        consents=queries.consents(session, subscriber.id),
        subscriptions=queries.subscriptions(session, subscriber.id),
        entries=session.scalars(entries).all(),
        mails=queries.mails(session, subscriber, MAILS),
    )


def state(subscriber: Subscriber, now: datetime) -> str:
    """The same question as queries.states, for one row."""
    if subscriber.address is None:
        return "forgotten"
    if subscriber.ended_at is not None:
        return "stopped"
    if subscriber.confirmed_at is None:
        return "requested"
    return "paused" if subscriber.is_paused(now) else "confirmed"
