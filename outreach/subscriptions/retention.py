"""What is forgotten by itself: addresses that were typed in and never confirmed (P-03), and counts that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from outreach.subscriptions.limits import PER_MAILBOX
from outreach.subscriptions.links import CONFIRM_FOR
from outreach.subscriptions.models import ConfirmationMail, Consent, Subscriber, Subscription

AT_ONCE = 200


def forget_unconfirmed(session: Session, now: datetime) -> int:
    """Delete subscribers that never confirmed and whose last link has run out; how many. A few at a time."""
    newest = exists().where(Consent.subscriber_id == Subscriber.id, Consent.requested_at > now - CONFIRM_FOR)
    stale = select(Subscriber.id).where(Subscriber.confirmed_at.is_(None), ~newest).limit(AT_ONCE)
    ids = list(session.scalars(stale.with_for_update(skip_locked=True)))
    if ids:
        consents = select(Consent.id).where(Consent.subscriber_id.in_(ids))
        # The count stays for its thirty days; it holds a keyed hash and no longer leads to a consent.
        forgotten = update(ConfirmationMail).where(ConfirmationMail.consent_id.in_(consents)).values(consent_id=None)
        session.execute(forgotten)
        for table, column in ((Consent, Consent.subscriber_id), (Subscription, Subscription.subscriber_id)):
            session.execute(delete(table).where(column.in_(ids)))
        session.execute(delete(Subscriber).where(Subscriber.id.in_(ids)))
    return len(ids)


def forget_counts(session: Session, now: datetime) -> None:
    """Drop the counts of confirmation mails that no limit can ask for any more."""
    session.execute(delete(ConfirmationMail).where(ConfirmationMail.asked_at < now - PER_MAILBOX[-1][0]))
