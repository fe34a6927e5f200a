"""A subscriber changes what is sent. Nothing that became public while it was subscribed to is lost by it (D-15)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import IllegalMove
from outreach.language import Variant, mark
from outreach.subscriptions import consents, queries
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import EVERYTHING, Subscriber, Subscription


def change(
    session: Session,
    now: datetime,
    subscriber_id: int,
    *,
    choice: Choice,
    paused_until: datetime | None,
    shown: Variant,
    source: str,
) -> Subscriber:
    """Apply one Save of the preferences page; IllegalMove when the subscriber has stopped."""
    subscriber = session.get_one(Subscriber, subscriber_id, with_for_update=True)
    if not subscriber.is_live:
        raise IllegalMove(mark("This subscription has ended. Subscribe again to change it."))
    _change_topics(session, now, subscriber, choice)
    subscriber.variant, subscriber.hour = choice.variant.segment, choice.hour
    subscriber.paused_until, subscriber.changed_at = paused_until, now
    consents.keep(
        session, now, subscriber, choice, shown=shown, source=source, method="preferences page", confirmed_at=now
    )
    audit.record(session, now, "subscription.changed", subscriber.ref, cadence=choice.cadence)
    return subscriber


def _change_topics(session: Session, now: datetime, subscriber: Subscriber, choice: Choice) -> None:
    rows = queries.live(session, subscriber.id)
    whole = rows.get(EVERYTHING)
    # From all topics to some: each of them has been wanted for as long as all of them were.
    since = whole.confirmed_at if whole is not None and whole.confirmed_at is not None else now
    for topic, row in rows.items():
        # From some topics to all: the narrow rows stay, since they were wanted longer than the rest.
        if topic not in choice.topics and not choice.is_everything:
            row.end(now, "changed")
        row.cadence = choice.cadence
    for topic in choice.topics:
        if topic not in rows:
            session.add(
                Subscription(
                    subscriber_id=subscriber.id,
                    topic=topic,
                    cadence=choice.cadence,
                    requested_at=now,
                    confirmed_at=since if topic != EVERYTHING else now,
                )
            )
    session.flush()
