"""Who waits for what: the questions that freezing, planning and the watch ask, many readers at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from outreach.digests.models import DigestIssue, DigestIssueItem, DigestItem
from outreach.digests.rounds import Candidate, Round
from outreach.digests.rules import dropped, is_in, is_missed, is_of, is_public, is_served, is_urgent, wanted_since
from outreach.newsroom.models import NOTED, Document, Publication
from outreach.subscriptions.models import Subscriber, Subscription

DENSE = 3  # numbers of subscribers for each reader of a batch


class Reader(NamedTuple):
    """A subscriber of a round. `topics` are those of this round, joined by commas; `is_new`: one of them is
    wanted only since after the oldest candidate became public."""

    id: int
    variant: str
    key_id: str
    address: str | None
    topics: str
    is_new: bool


def publications(session: Session, now: datetime, settled: Collection[int] = ()) -> list[Candidate]:
    """Everything that any digest may carry, oldest first, but for what nobody waits for any more."""
    rows = (
        select(Publication.id, Publication.public_at, Document.topics, is_urgent())
        .join(Document, Document.id == Publication.document_id)
        .where(Publication.state == NOTED, is_public(now))
        .order_by(Publication.public_at, Publication.id)
    )
    return [one for one in _candidates(session, rows) if one.id not in settled]


def wanted(session: Session, turn: Round, among: Sequence[Candidate]) -> list[int]:
    """Those of these publications that somebody of the round waits for, in the given order."""
    left_out = dropped(session, turn.slot.cadence)
    reader = select(Subscription.id).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    reader = reader.where(*is_in(turn), *is_of(turn))
    reader = reader.where(not_(is_served(session, turn.slot)))
    if turn.slot.cadence == "urgent":  # said once more, so that the few are looked up and not everybody
        allowing = select(Subscriber.id).where(*is_in(turn))
        reader = reader.where(Subscription.subscriber_id.in_(allowing))
    return [
        one.id
        for one in among
        if turn.carries(one)
        and one.public_at <= turn.slot.closes_at
        and one.id not in left_out
        and session.execute(reader.where(is_missed(one, turn)).limit(1)).first() is not None
    ]


def is_settled(session: Session, one: Candidate, since: datetime) -> bool:
    """Whether nobody, of whatever cadence and however long paused, waits for this publication.

    Who stopped after `since` counts as well, because a stop may be taken back.
    """
    rows = select(Subscription.id).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    rows = rows.where(or_(Subscription.ended_at.is_(None), Subscription.ended_at > since), is_missed(one, None))
    return session.execute(rows.limit(1)).first() is None


def carried(session: Session, turn: Round, now: datetime) -> list[Candidate]:
    """What this round's issue carries now: frozen into it, not dropped, still public, and early enough."""
    slot = turn.slot
    rows = (
        select(Publication.id, Publication.public_at, Document.topics, is_urgent())
        .join(Document, Document.id == Publication.document_id)
        .join(DigestIssueItem, DigestIssueItem.publication_id == Publication.id)
        .join(DigestIssue, DigestIssue.id == DigestIssueItem.issue_id)
        .where(DigestIssue.cadence == slot.cadence, DigestIssue.slot == slot.key, DigestIssueItem.dropped_at.is_(None))
        .where(Publication.state == NOTED, Publication.public_at <= slot.closes_at, is_public(now))
        .order_by(Publication.public_at, Publication.id)
    )
    left_out = dropped(session, slot.cadence)
    return [one for one in _candidates(session, rows) if turn.carries(one) and one.id not in left_out]


def _candidates(session: Session, rows: Select[int, datetime, list[str], bool]) -> list[Candidate]:
    return [Candidate(n, at, tuple(topics), urgent) for n, at, topics, urgent in session.execute(rows)]


def are_public(session: Session, now: datetime, among: Sequence[Candidate]) -> bool:
    """Whether all of these still are; then nobody withdraws one of them before the transaction has ended."""
    rows = select(Publication.id).join(Document, Document.id == Publication.document_id)
    rows = rows.where(Publication.id.in_([one.id for one in among]), is_public(now))
    return len(session.scalars(rows.with_for_update(read=True, of=Document)).all()) == len(among)


def held(session: Session, turn: Round, after: int, limit: int) -> list[int]:
    """The ids above `after` of readers of the round who have no copy yet; their rows are held for the transaction."""
    subscribed = exists().where(Subscription.subscriber_id == Subscriber.id, *is_of(turn))
    rows = select(Subscriber.id).where(Subscriber.id > after, *is_in(turn), subscribed)
    rows = rows.where(not_(is_served(session, turn.slot))).order_by(Subscriber.id).limit(limit)
    return list(session.scalars(rows.with_for_update()))


def readers(session: Session, turn: Round, ids: Sequence[int], oldest: datetime) -> list[Reader]:
    """These readers as they are now; who was served, stopped or paused since is not among them."""
    is_new = func.max(case((wanted_since(turn) >= oldest, 1), else_=0))
    rows = (
        select(
            Subscriber.id,
            Subscriber.variant,
            Subscriber.key_id,
            Subscriber.address,
            func.aggregate_strings(Subscription.topic, ","),
            is_new,
        )
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .where(Subscription.subscriber_id.between(ids[0], ids[-1]), *is_in(turn))
        # In an expression, so that the readers of a batch are looked up and not everybody of the cadence.
        .where(*is_of(turn, func.coalesce(Subscription.cadence, "")))
        .where(not_(is_served(session, turn.slot)))
        .group_by(Subscriber.id)
        .order_by(Subscriber.id)
    )
    mine = set(ids)  # a reader who came meanwhile is not held, and waits for the next batch
    return [Reader(*row) for row in session.execute(rows) if row[0] in mine]


def since(session: Session, turn: Round, ids: Sequence[int]) -> dict[int, list[tuple[str, datetime]]]:
    """By subscriber: each topic of this round with the instant from which it is wanted."""
    rows = select(Subscription.subscriber_id, Subscription.topic, wanted_since(turn))
    rows = rows.join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    rows = rows.where(Subscription.subscriber_id.in_(ids), *is_of(turn))
    found: dict[int, list[tuple[str, datetime]]] = {}
    for subscriber_id, topic, at in session.execute(rows):
        if at is not None:
            found.setdefault(subscriber_id, []).append((topic, at))
    return found


def had(session: Session, ids: Sequence[int], among: Sequence[Candidate]) -> dict[int, set[int]]:
    """By subscriber: those of these publications that the ledger has for them already."""
    is_dense = ids[-1] - ids[0] < DENSE * len(ids)  # then the others among them cost less than naming each
    mine = DigestItem.subscriber_id.between(ids[0], ids[-1]) if is_dense else DigestItem.subscriber_id.in_(ids)
    rows = select(DigestItem.subscriber_id, DigestItem.publication_id)
    rows = rows.where(DigestItem.publication_id.in_([one.id for one in among]), mine)
    found: dict[int, set[int]] = {}
    for subscriber_id, publication_id in session.execute(rows):
        found.setdefault(subscriber_id, set()).add(publication_id)
    return found
