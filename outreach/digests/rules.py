"""The rules of who waits for what, each once, as conditions on subscribers and subscriptions.

Somebody waits for a publication when it became public while they were subscribed to one of its topics, it still is
public, and the ledger has no row for the pair. No age, window or cursor decides (D-12): what has no row is carried by
the next slot, however late it came to be known.

A pause ends in one mail. The first round of the reader's own rhythm that closes after it carries everything, so what
was urgent waits for that round as well: only what became public after the pause may come before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, exists, not_, or_, select, true
from sqlalchemy.orm import Session

from outreach.digests.models import DigestIssue, DigestIssueItem, DigestItem, DigestRecipient
from outreach.digests.rounds import Candidate, Round
from outreach.newsroom.models import CORRECTION, FIRST, Document, Publication
from outreach.subscriptions.models import EVERYTHING, Subscriber, Subscription
from outreach.subscriptions.slots import Slot


def is_public(now: datetime) -> ColumnElement[bool]:
    """Whether readers find the document now; a withdrawn one is in no digest."""
    return and_(Document.state == "published", or_(Document.public_from.is_(None), Document.public_from <= now))


def is_running() -> tuple[ColumnElement[bool], ...]:
    return Subscription.ended_at.is_(None), Subscription.confirmed_at.is_not(None)


def is_urgent() -> ColumnElement[bool]:
    """Whether a publication may override the cadence: the first one of an urgent update, and its corrections."""
    return and_(Document.is_urgent, Publication.kind.in_((FIRST, CORRECTION)))


def is_of(turn: Round, cadence: ColumnElement[str] | None = None) -> tuple[ColumnElement[bool], ...]:
    """The subscription runs, and at the cadence of this round; for urgent updates, at any.

    `cadence` is the column, or an expression of it that no index is for.
    """
    if turn.slot.cadence == "urgent":
        return is_running()
    return (Subscription.cadence if cadence is None else cadence) == turn.slot.cadence, *is_running()


def is_in(turn: Round) -> list[ColumnElement[bool]]:
    """The subscriber asked for this round, and no pause lasted until after it closed."""
    return [*has_asked(turn), or_(Subscriber.paused_until.is_(None), not_(is_away(turn)))]


def is_away(turn: Round) -> ColumnElement[bool]:
    """The subscriber pauses until after this round closes; unknown for one who never paused."""
    return Subscriber.paused_until > turn.slot.closes_at


def has_asked(turn: Round) -> list[ColumnElement[bool]]:
    """The subscriber is confirmed, has not stopped, and wants the hour of this round or allows what is urgent."""
    rules: list[ColumnElement[bool]] = [Subscriber.ended_at.is_(None), Subscriber.confirmed_at.is_not(None)]
    if turn.slot.cadence == "urgent":
        rules.append(Subscriber.takes_urgent == true())
    return rules if turn.hour is None else [*rules, Subscriber.hour == turn.hour]


def is_served(session: Session, slot: Slot) -> ColumnElement[bool]:
    """The subscriber has a copy for this slot, or a later one: the clock may have gone back (D-11)."""
    issues = select(DigestIssue.id).where(DigestIssue.cadence == slot.cadence, DigestIssue.slot >= slot.key)
    ids = list(session.scalars(issues))
    return exists().where(DigestRecipient.issue_id.in_(ids), DigestRecipient.subscriber_id == Subscriber.id)


def wanted_since(turn: Round | None) -> SQLColumnExpression[datetime | None]:
    """From when on a subscription wants what becomes public: of an urgent round, what does so after any pause."""
    if turn is None or turn.slot.cadence != "urgent":
        return Subscription.confirmed_at
    has_paused = Subscriber.paused_until > Subscription.confirmed_at
    return case((has_paused, Subscriber.paused_until), else_=Subscription.confirmed_at)


def is_missed(one: Candidate, turn: Round | None) -> ColumnElement[bool]:
    """The subscription asked for this publication, and the ledger has no row for the pair.

    Of this round, or, for None, of any that may come.
    """
    return and_(
        wanted_since(turn) < one.public_at,
        Subscription.topic.in_((EVERYTHING, *one.topics)),
        not_(
            exists().where(DigestItem.publication_id == one.id, DigestItem.subscriber_id == Subscription.subscriber_id)
        ),
    )


def dropped(session: Session, cadence: str) -> set[int]:
    """Publications that an officer dropped from the digests of this cadence."""
    rows: Select[Any] = select(DigestIssueItem.publication_id).join(DigestIssue)
    return set(session.scalars(rows.where(DigestIssue.cadence == cadence, DigestIssueItem.dropped_at.is_not(None))))
