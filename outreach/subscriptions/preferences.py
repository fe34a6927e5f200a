"""A subscriber changes what is sent. Nothing that became public while it was subscribed to is lost by it (D-15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import IllegalMove
from outreach.language import Variant, mark
from outreach.office import Office
from outreach.subscriptions import choices, consents, queries
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import EVERYTHING, Subscriber, Subscription

ENDED = mark("This subscription has ended. Subscribe again to change it.")


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
    subscriber = _held(session, subscriber_id)
    _apply(session, now, subscriber, choice)
    # The end of a pause is kept: what became public before it comes in one mail, however early it was ended.
    over = min(subscriber.paused_until, now) if subscriber.paused_until is not None else None
    subscriber.paused_until = paused_until or over
    consents.keep(
        session, now, subscriber, choice, shown=shown, source=source, method="preferences page", confirmed_at=now
    )
    return subscriber


def lessen(session: Session, office: Office, now: datetime, subscriber_id: int, topic: str | None = None) -> bool:
    """One button for less: without `topic`, or, when none is named, at the next slower rhythm.

    False when there is nothing less than what is sent. Wanting less is no new consent, so none is written down.
    """
    subscriber = _held(session, subscriber_id)
    less = lesser(office, queries.choice(session, subscriber), topic)
    if less is None:
        return False
    _apply(session, now, subscriber, less)
    return True


def lesser(office: Office, choice: Choice, topic: str | None = None) -> Choice | None:
    """What `lessen` would make of a choice, or None."""
    if topic is not None:
        return choices.without(office, choice, topic)
    cadence = choices.slower(choice.cadence)
    return replace(choice, cadence=cadence) if cadence is not None else None


def _held(session: Session, subscriber_id: int) -> Subscriber:
    subscriber = session.get_one(Subscriber, subscriber_id, with_for_update=True)
    if not subscriber.is_live:
        raise IllegalMove(ENDED)
    return subscriber


def _apply(session: Session, now: datetime, subscriber: Subscriber, choice: Choice) -> None:
    _change_topics(session, now, subscriber, choice)
    subscriber.variant, subscriber.hour, subscriber.changed_at = choice.variant.segment, choice.hour, now
    subscriber.takes_urgent = choice.takes_urgent
    audit.record(session, now, "subscription.changed", subscriber.ref, cadence=choice.cadence)


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
