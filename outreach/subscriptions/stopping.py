"""A subscriber stops, and may take it back for a day. Stopping suppresses nothing: asking again works at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.mail import outbox
from outreach.mail.inbound import taking
from outreach.mail.models import UNSUBSCRIBE
from outreach.subscriptions import links, queries
from outreach.subscriptions.models import Subscriber, Subscription

UNDO_FOR = timedelta(days=1)


def stop(session: Session, now: datetime, subscriber_id: int, reason: str, actor_id: int | None = None) -> None:
    """End everything this subscriber gets and cancel what waits to leave, in this transaction (M-09, D-16).

    A second stop finds nothing left to do. `actor_id`: the officer who does it for them.
    """
    subscriber = session.get_one(Subscriber, subscriber_id, with_for_update=True)
    for row in queries.live(session, subscriber.id).values():
        row.end(now, reason)
    outbox.cancel(session, subscriber.ref, "stopped", now)
    if subscriber.ended_at is None:
        subscriber.ended_at, subscriber.ended_reason = now, reason
        audit.record(session, now, "subscription.stopped", subscriber.ref, actor_id, reason=reason)


def stop_by_mail(session: Session, house: House, now: datetime, most: int) -> int:
    """Stop the subscribers whose unsubscribe tokens came in by mail, at most so many mails; how many there were.

    A token that is none of ours changes nothing: the mail waits for a person.
    """
    rows = taking.pull(session, UNSUBSCRIBE, most)
    for row in rows:
        subscriber_id = links.read(house, "unsubscribe", row.token or "", now)
        if subscriber_id is None:
            row.wait(taking.WRONG_TOKEN)
            continue
        if session.get(Subscriber, subscriber_id) is not None:
            stop(session, now, subscriber_id, "by mail")
        row.settle(now, taking.STOPPED)
    session.flush()
    return len(rows)


def can_undo(subscriber: Subscriber, now: datetime) -> bool:
    """Whether a stop is recent enough to be taken back with the link of an old mail."""
    if subscriber.confirmed_at is None or subscriber.ended_at is None or subscriber.address is None:
        return False
    return now - subscriber.ended_at <= UNDO_FOR


def undo(session: Session, now: datetime, subscriber_id: int) -> bool:
    """Let what the last stop ended run on as if it had never been ended; False when there is nothing to undo."""
    subscriber = session.get_one(Subscriber, subscriber_id, with_for_update=True)
    if not can_undo(subscriber, now):
        return False
    for row in queries.live(session, subscriber.id).values():
        row.end(now, "replaced")  # asked for again since, not yet confirmed
    session.flush()
    stopped = select(Subscription).where(
        Subscription.subscriber_id == subscriber.id,
        Subscription.ended_at == subscriber.ended_at,
        Subscription.confirmed_at.is_not(None),
    )
    for row in session.scalars(stopped):
        row.ended_at = row.ended_reason = None
    subscriber.ended_at = subscriber.ended_reason = None
    audit.record(session, now, "subscription.stop_undone", subscriber.ref)
    return True
