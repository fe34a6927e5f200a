"""What was planned and must be planned anew: withdrawn before it left (D-13), or stopped or expired and never arrived.

Nothing is taken back that may have arrived: a mail with an attempt of unknown outcome keeps its items.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, delete, exists, not_, or_, select, update
from sqlalchemy.orm import Session

from outreach.digests import queries
from outreach.digests.models import PREPARED, SKIPPED, DigestItem, DigestRecipient
from outreach.mail.models import CANCELLED, FAILED, PENDING, OutboxEmail
from outreach.newsroom.models import Document, Publication

AT_ONCE = 100


def is_needed(session: Session, now: datetime) -> bool:
    """Whether there is anything to do; reads only."""
    found = session.execute(_outdated(now).limit(1)).first() or session.execute(_undelivered().limit(1)).first()
    return found is not None


def recall(session: Session, now: datetime) -> int:
    """Cancel waiting mails that tell of something no longer public, as if never planned; how many.

    The slot, or the next one, is then planned again with what is left; when nothing is, there is no mail at all.
    """
    held = select(OutboxEmail).where(OutboxEmail.id.in_(_outdated(now).limit(AT_ONCE)), OutboxEmail.state == PENDING)
    mails = list(session.scalars(held.with_for_update(skip_locked=True)))
    for mail in mails:
        mail.settle(CANCELLED, "withdrawn")
    recipients = select(DigestRecipient.id).where(DigestRecipient.outbox_id.in_([mail.id for mail in mails]))
    ids = list(session.scalars(recipients))
    _forget_items(session, ids)
    session.execute(delete(DigestRecipient).where(DigestRecipient.id.in_(ids)))
    return len(ids)


def release(session: Session) -> int:
    """Give the items of mails that certainly never arrived back to the next slot; how many copies."""
    rows = session.execute(_undelivered().limit(AT_ONCE)).all()
    for recipient_id, reason in rows:
        outcome = update(DigestRecipient).where(DigestRecipient.id == recipient_id)
        session.execute(outcome.values(state=SKIPPED, reason=(reason or "").partition(";")[0]))
    _forget_items(session, [recipient_id for recipient_id, _ in rows])
    return len(rows)


def _outdated(now: datetime) -> Select[int]:
    gone = exists().where(
        DigestItem.recipient_id == DigestRecipient.id,
        DigestItem.publication_id == Publication.id,
        Publication.document_id == Document.id,
        not_(queries.is_public(now)),
    )
    return (
        select(OutboxEmail.id)
        .join(DigestRecipient, DigestRecipient.outbox_id == OutboxEmail.id)
        .where(OutboxEmail.state == PENDING, OutboxEmail.is_bulk, gone)
    )


def _undelivered() -> Select[int, str | None]:
    never_left = or_(
        and_(OutboxEmail.state == CANCELLED, OutboxEmail.reason == "stopped"),
        and_(OutboxEmail.state == FAILED, OutboxEmail.reason.startswith("expired")),
    )
    return (
        select(DigestRecipient.id, OutboxEmail.reason)
        .join(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        .where(never_left, OutboxEmail.uncertains == 0, DigestRecipient.state == PREPARED)
    )


def _forget_items(session: Session, recipient_ids: Sequence[int]) -> None:
    session.execute(delete(DigestItem).where(DigestItem.recipient_id.in_(recipient_ids)))
