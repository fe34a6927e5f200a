"""Reads about digests: which issues there were, what they carried, how their copies fared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, case, exists, func, select, text, union_all
from sqlalchemy.orm import Session

from outreach.digests.compose import Line
from outreach.digests.models import DigestIssue, DigestIssueItem, DigestRecipient
from outreach.mail.models import ACCEPTED, HAS_ENDED, IS_OPEN, OutboxEmail
from outreach.newsroom.models import Publication
from outreach.subscriptions.slots import AT_ONCE, Slot

_HAS_LEFT = exists().where(DigestIssueItem.issue_id == DigestIssue.id, DigestIssueItem.carried_at.is_not(None))


def issue(session: Session, cadence: str, slot: str) -> DigestIssue | None:
    return session.scalar(select(DigestIssue).where(DigestIssue.cadence == cadence, DigestIssue.slot == slot))


def number(session: Session, slot: Slot) -> int:
    """The running number that the issue of this slot has or would have among those of its cadence that left."""
    before = select(func.count()).select_from(DigestIssue).where(_HAS_LEFT)
    return 1 + session.scalars(before.where(DigestIssue.cadence == slot.cadence, DigestIssue.slot < slot.key)).one()


def line(session: Session, issue_id: int) -> Line:
    """The sentence that an officer added to the issue, if any."""
    rows = select(DigestIssue.line_en, DigestIssue.line_sr).where(DigestIssue.id == issue_id)
    return Line(*session.execute(rows).one())


def has_left(session: Session, found: DigestIssue) -> bool:
    """Whether any copy of the issue was planned."""
    return session.execute(select(DigestIssue.id).where(DigestIssue.id == found.id, _HAS_LEFT)).first() is not None


def is_held(session: Session, slot: Slot) -> bool:
    """Whether an officer holds what would leave for this slot."""
    return session.execute(holding(slot).limit(1)).first() is not None


def holding(slot: Slot) -> Select[DigestIssue]:
    """The held issues that keep back this slot: its own; of what leaves at once every one, an earlier tick or, after
    the clock went back, a later one."""
    held = select(DigestIssue).where(DigestIssue.cadence == slot.cadence, DigestIssue.held_at.is_not(None))
    return held if slot.cadence in AT_ONCE else held.where(DigestIssue.slot == slot.key)


def issues(session: Session, limit: int, cadence: str | None = None) -> list[DigestIssue]:
    """The latest issues that left, the last one first."""
    rows = select(DigestIssue).where(_HAS_LEFT).order_by(DigestIssue.at.desc(), DigestIssue.id.desc()).limit(limit)
    return list(session.scalars(rows if cadence is None else rows.where(DigestIssue.cadence == cadence)))


def items(session: Session, issue_ids: Collection[int]) -> dict[int, list[tuple[DigestIssueItem, Publication]]]:
    """By issue: all that it carries or that was dropped from it, newest first."""
    rows = (
        select(DigestIssueItem, Publication)
        .join(Publication, Publication.id == DigestIssueItem.publication_id)
        .where(DigestIssueItem.issue_id.in_(issue_ids))
        .order_by(Publication.public_at.desc(), Publication.id.desc())
    )
    found: dict[int, list[tuple[DigestIssueItem, Publication]]] = {}
    for item, publication in session.execute(rows):
        found.setdefault(item.issue_id, []).append((item, publication))
    return found


def dropped(session: Session, cadence: str, since: datetime) -> list[int]:
    """What became public after `since` and is left out of the digests of this cadence."""
    rows = (
        select(DigestIssueItem.publication_id)
        .join(DigestIssue, DigestIssue.id == DigestIssueItem.issue_id)
        .join(Publication, Publication.id == DigestIssueItem.publication_id)
        .where(DigestIssue.cadence == cadence, DigestIssueItem.dropped_at.is_not(None), Publication.public_at > since)
    )
    return list(session.scalars(rows.distinct()))


def closed_before(session: Session, found: DigestIssue) -> Sequence[DigestIssue]:
    """The issue of the same cadence that left before this one, if any: the news since then are this one's own."""
    rows = select(DigestIssue).where(DigestIssue.cadence == found.cadence, DigestIssue.slot < found.slot, _HAS_LEFT)
    return session.scalars(rows.order_by(DigestIssue.slot.desc()).limit(1)).all()


def fared(session: Session, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By issue: how many copies are in each state of the outbox, and how many were skipped, by the reason.

    What has arrived is what is left of all that were planned: the rest is few, and is found by the indexes over it.
    """
    has_mail = DigestRecipient.outbox_id.is_not(None)
    why = case((has_mail, ACCEPTED), else_=func.coalesce(DigestRecipient.reason, DigestRecipient.state))
    planned = select(DigestRecipient.issue_id, why, func.count()).where(DigestRecipient.issue_id.in_(ids))
    mails = select(OutboxEmail.id, OutboxEmail.state)
    rest = union_all(mails.where(text(IS_OPEN)), mails.where(text(HAS_ENDED))).cte("rest")
    others = select(DigestRecipient.issue_id, rest.c.state, func.count()).select_from(rest)
    others = others.join(DigestRecipient, DigestRecipient.outbox_id == rest.c.id)
    found: dict[int, dict[str, int]] = {}
    for issue_id, name, copies in session.execute(planned.group_by(DigestRecipient.issue_id, why)):
        found.setdefault(issue_id, {})[name] = copies
    others = others.where(DigestRecipient.issue_id.in_(ids)).group_by(DigestRecipient.issue_id, rest.c.state)
    for issue_id, name, copies in session.execute(others):
        found[issue_id][name] = copies
        found[issue_id][ACCEPTED] -= copies
    return {issue_id: {name: copies for name, copies in by.items() if copies} for issue_id, by in found.items()}
