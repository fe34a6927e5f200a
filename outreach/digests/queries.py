"""Reads about digests: who has what to get, which issues there were, how they fared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from outreach.digests import slots
from outreach.digests.models import DigestIssue, DigestItem, DigestRecipient
from outreach.digests.slots import CADENCES, Cadence, Slot
from outreach.mail.models import OutboxEmail
from outreach.newsroom.models import NOTED, Document, Publication
from outreach.office import Office
from outreach.subscriptions.models import EVERYTHING, Subscriber, Subscription


@dataclass(frozen=True)
class Round:
    """Everybody of one cadence (and, for a dated one, one hour) whose slot is the same."""

    slot: Slot
    hour: str | None


def workdays(office: Office) -> slots.Workdays:
    return slots.workdays(office.country, frozenset(office.working_days), frozenset(office.holidays))


def rounds(session: Session, office: Office, now: datetime, is_next: bool = False) -> list[Round]:
    """The rounds that are due by `now`, or those to come; the cadence that goes first stands first."""
    find = slots.upcoming if is_next else slots.latest
    found = []
    for cadence, hour in _rhythms(session):
        slot = find(cadence, office.zone, time.fromisoformat(hour or "00:00"), workdays(office), now)
        if slot is not None:
            found.append(Round(slot, hour))
    return found


def _rhythms(session: Session) -> list[tuple[Cadence, str | None]]:
    used = select(Subscription.cadence, Subscriber.hour).join(Subscriber, Subscriber.id == Subscription.subscriber_id)
    pairs = session.execute(used.where(*_is_live()).distinct()).all()
    different = {(cast(Cadence, cadence), None if cadence == "immediately" else hour) for cadence, hour in pairs}
    return sorted(different, key=lambda pair: (CADENCES.index(pair[0]), pair[1] or ""))


def _is_live() -> tuple[ColumnElement[bool], ...]:
    return (
        Subscription.ended_at.is_(None),
        Subscription.confirmed_at.is_not(None),
        Subscriber.ended_at.is_(None),
        Subscriber.confirmed_at.is_not(None),
    )


def is_public(now: datetime) -> ColumnElement[bool]:
    """Whether readers find the document now; a withdrawn one is in no digest."""
    return and_(Document.state == "published", or_(Document.public_from.is_(None), Document.public_from <= now))


def waiting(session: Session, turn: Round, now: datetime, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """By subscriber, of these: the publications that this slot carries to them, oldest first."""
    pairs = _pairs(session, turn, now, Subscriber.id.label("subscriber"), Publication.id, Publication.public_at)
    pairs = pairs.where(Subscriber.id.in_(ids)).order_by(Subscriber.id, Publication.public_at, Publication.id)
    found: dict[int, list[int]] = {}
    for subscriber_id, publication_id, _ in session.execute(pairs):
        found.setdefault(subscriber_id, []).append(publication_id)
    return {subscriber_id: tuple(publications) for subscriber_id, publications in found.items()}


def due(session: Session, turn: Round, now: datetime, after: int, limit: int) -> list[int]:
    """Subscribers with an id above `after` to whom this slot carries something, by id."""
    people = _pairs(session, turn, now, Subscriber.id)
    return list(session.scalars(people.where(Subscriber.id > after).order_by(Subscriber.id).limit(limit)))


def carried(session: Session, turn: Round, now: datetime) -> list[int]:
    """The publications that this slot carries to anybody."""
    return list(session.scalars(_pairs(session, turn, now, Publication.id)))


def _pairs(session: Session, turn: Round, now: datetime, *columns: Any) -> Select[Any]:
    """Subscriber × publication: wanted when it became public, still public, and not in the ledger for this person.

    No window and no cursor: what has no row yet is carried by the next slot, however late it came to be known (D-12).
    """
    slot = turn.slot
    had = exists().where(DigestItem.subscriber_id == Subscriber.id, DigestItem.publication_id == Publication.id)
    served = exists().where(
        DigestRecipient.subscriber_id == Subscriber.id,
        DigestRecipient.cadence == slot.cadence,
        DigestRecipient.slot >= slot.key,  # a later one too: the clock may have gone back (D-11)
    )
    wanted = (
        select(*columns)
        .select_from(Subscriber)
        .join(Subscription, Subscription.subscriber_id == Subscriber.id)
        .join(Publication, Publication.public_at > Subscription.confirmed_at)
        .join(Document, Document.id == Publication.document_id)
        .where(*_is_live(), or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= now))
        .where(Subscription.cadence == slot.cadence, _matches(session, slot))
        .where(Publication.state == NOTED, Publication.public_at <= slot.closes_at, is_public(now))
        .where(~served, ~had)
        .distinct()
    )
    return wanted if turn.hour is None else wanted.where(Subscriber.hour == turn.hour)


def _matches(session: Session, slot: Slot) -> ColumnElement[bool]:
    """Whether the subscription's topic is one of the document's; these are data in a list, so they are read first."""
    rows = select(Publication.id, Document.topics).join(Document, Document.id == Publication.document_id)
    by_topic: dict[str, list[int]] = {}
    for publication_id, topics in session.execute(
        rows.where(Publication.state == NOTED, Publication.public_at <= slot.closes_at)
    ):
        for topic in topics:
            by_topic.setdefault(topic, []).append(publication_id)
    narrow = [and_(Subscription.topic == topic, Publication.id.in_(ids)) for topic, ids in by_topic.items()]
    return or_(Subscription.topic == EVERYTHING, *narrow) if narrow else Subscription.topic == EVERYTHING


def issue(session: Session, cadence: str, slot: str) -> DigestIssue | None:
    return session.scalar(select(DigestIssue).where(DigestIssue.cadence == cadence, DigestIssue.slot == slot))


def number(session: Session, slot: Slot) -> int:
    """The running number that the issue of this slot has or would have among those of its cadence."""
    before = select(func.count()).select_from(DigestIssue)
    return 1 + session.scalars(before.where(DigestIssue.cadence == slot.cadence, DigestIssue.slot < slot.key)).one()


def issues(session: Session, limit: int, cadence: str | None = None) -> list[DigestIssue]:
    """The latest issues first."""
    rows = select(DigestIssue).order_by(DigestIssue.at.desc(), DigestIssue.id.desc()).limit(limit)
    return list(session.scalars(rows if cadence is None else rows.where(DigestIssue.cadence == cadence)))


def published_in(session: Session, issue: DigestIssue) -> list[int]:
    """The publications of an issue's own period, newest first: since the issue before it closed."""
    earlier = select(func.max(DigestIssue.closes_at)).where(
        DigestIssue.cadence == issue.cadence, DigestIssue.slot < issue.slot
    )
    opened = session.scalars(earlier).one()
    rows = select(Publication.id).where(Publication.state == NOTED, Publication.public_at <= issue.closes_at)
    if opened is not None:
        rows = rows.where(Publication.public_at > opened)
    return list(session.scalars(rows.order_by(Publication.public_at.desc(), Publication.id.desc())))


def fared(session: Session, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By issue: how many copies are in each state of the outbox, and how many were skipped."""
    state = func.coalesce(OutboxEmail.state, DigestRecipient.reason, DigestRecipient.state)
    rows = (
        select(DigestRecipient.issue_id, state, func.count())
        .outerjoin(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        .where(DigestRecipient.issue_id.in_(ids))
        .group_by(DigestRecipient.issue_id, state)
    )
    found: dict[int, dict[str, int]] = {}
    for issue_id, name, copies in session.execute(rows):
        found.setdefault(issue_id, {})[name] = copies
    return found


def variants(session: Session, ids: Collection[int]) -> dict[str, int]:
    """How many of these subscribers read each variant."""
    rows = select(Subscriber.variant, func.count()).where(Subscriber.id.in_(ids)).group_by(Subscriber.variant)
    return {variant: people for variant, people in session.execute(rows)}
