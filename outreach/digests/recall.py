"""What was planned and must be planned anew: withdrawn before it left (D-13), or stopped or expired and never arrived.

Nothing is taken back that may have arrived: a mail with an attempt of unknown outcome keeps its items.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, and_, delete, func, not_, or_, select, text, update
from sqlalchemy.orm import Session

from outreach.digests import issues, rules
from outreach.digests.models import PREPARED, SKIPPED, DigestIssueItem, DigestItem, DigestRecipient
from outreach.mail.models import CANCELLED, FAILED, IS_OPEN, PENDING, WAITING, OutboxEmail
from outreach.newsroom.models import Document, Publication

AT_ONCE = 100
# An issue gains copies until the next slot of its cadence, and none of them waits longer than five days.
LONGEST = timedelta(days=40)
# So far the clock may go back without a mail being overlooked; those that ended before the last look are not asked
# about again.
LIFETIME = timedelta(days=6)


class _Copy(NamedTuple):
    issue_id: int
    subscriber_id: int
    outbox_id: int
    reason: str | None


def is_outdated(session: Session, now: datetime) -> bool:
    """Whether any waiting mail tells of something no longer public; reads only."""
    gone = _gone(session, now)
    return bool(gone and session.execute(_outdated(gone).limit(1)).first())


def is_undelivered(session: Session, since: datetime | None) -> bool:
    """Whether any mail not made before `since` ended without arriving and still keeps its items; reads only."""
    return session.execute(_undelivered(since).limit(1)).first() is not None


def oldest_open(session: Session) -> datetime | None:
    """When the oldest digest was made that may yet arrive, or end without arriving, however late its worker comes."""
    return session.scalar(select(func.min(OutboxEmail.created_at)).where(text(IS_OPEN), OutboxEmail.is_bulk))


def recall(session: Session, now: datetime) -> int:
    """Cancel waiting mails that tell of something no longer public, as if never planned; how many.

    The slot, or the next one, is then planned again with what is left; when nothing is, there is no mail at all.
    """
    gone = _gone(session, now)
    copies = [_Copy(*row) for row in session.execute(_outdated(gone).limit(AT_ONCE))] if gone else []
    held = select(OutboxEmail).where(
        OutboxEmail.id.in_([copy.outbox_id for copy in copies]), OutboxEmail.state == PENDING
    )
    mails = {mail.id: mail for mail in session.scalars(held.with_for_update(skip_locked=True))}
    taken = [copy for copy in copies if copy.outbox_id in mails]
    for mail in mails.values():
        mail.settle(CANCELLED, "withdrawn")
    _forget_items(session, taken)
    for copy in taken:
        session.execute(
            delete(DigestRecipient).where(
                DigestRecipient.issue_id == copy.issue_id, DigestRecipient.subscriber_id == copy.subscriber_id
            )
        )
    issues.reopen(session, sorted({copy.issue_id for copy in taken}))
    return len(taken)


def release(session: Session, since: datetime | None) -> int:
    """Give the items of mails that certainly never arrived back to the next slot; how many copies."""
    copies = [_Copy(*row) for row in session.execute(_undelivered(since).limit(AT_ONCE))]
    for copy in copies:
        outcome = update(DigestRecipient).where(
            DigestRecipient.issue_id == copy.issue_id, DigestRecipient.subscriber_id == copy.subscriber_id
        )
        session.execute(outcome.values(state=SKIPPED, reason=(copy.reason or "").partition(";")[0]))
    _forget_items(session, copies)
    return len(copies)


def _gone(session: Session, now: datetime) -> list[int]:
    """Publications that copies carry and that readers no longer find; nobody asks further unless mail is waiting."""
    is_waiting = select(OutboxEmail.id).where(text(WAITING), OutboxEmail.is_bulk, OutboxEmail.state == PENDING)
    if session.execute(is_waiting.limit(1)).first() is None:
        return []
    rows = (
        select(Publication.id)
        .join(Document, Document.id == Publication.document_id)
        .join(DigestIssueItem, DigestIssueItem.publication_id == Publication.id)
        .where(DigestIssueItem.carried_at > now - LONGEST, not_(rules.is_public(now)))
    )
    return list(session.scalars(rows.distinct()))


def _outdated(gone: Sequence[int]) -> Select[int, int, int, str | None]:
    return (
        select(DigestRecipient.issue_id, DigestRecipient.subscriber_id, OutboxEmail.id, OutboxEmail.reason)
        .join(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        .join(
            DigestItem,
            and_(
                DigestItem.subscriber_id == DigestRecipient.subscriber_id,
                DigestItem.issue_id == DigestRecipient.issue_id,
            ),
        )
        .where(text(IS_OPEN), OutboxEmail.state == PENDING, OutboxEmail.is_bulk, DigestItem.publication_id.in_(gone))
        .distinct()
    )


def _undelivered(since: datetime | None) -> Select[int, int, int, str | None]:
    never_left = or_(
        and_(OutboxEmail.state == CANCELLED, OutboxEmail.reason == "stopped"),
        and_(OutboxEmail.state == FAILED, OutboxEmail.reason.startswith("expired")),
    )
    rows = (
        select(DigestRecipient.issue_id, DigestRecipient.subscriber_id, OutboxEmail.id, OutboxEmail.reason)
        .join(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        .where(never_left, OutboxEmail.uncertains == 0, DigestRecipient.state == PREPARED)
    )
    return rows if since is None else rows.where(OutboxEmail.created_at >= since)


def _forget_items(session: Session, copies: Sequence[_Copy]) -> None:
    """Delete the items of these copies, through the publications of their issues: the table is in that order."""
    for copy in copies:
        carried = select(DigestIssueItem.publication_id).where(DigestIssueItem.issue_id == copy.issue_id)
        session.execute(
            delete(DigestItem).where(
                DigestItem.publication_id.in_(carried),
                DigestItem.subscriber_id == copy.subscriber_id,
                DigestItem.issue_id == copy.issue_id,
            )
        )
