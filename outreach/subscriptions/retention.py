"""What is forgotten by itself: addresses that were never confirmed or that stopped long ago (P-03), and old counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.subscriptions import erasure, queries
from outreach.subscriptions.limits import PER_MAILBOX
from outreach.subscriptions.links import CONFIRM_FOR, PRIVATE_FOR
from outreach.subscriptions.models import (
    AddressChange,
    ConfirmationMail,
    Consent,
    ListImport,
    Subscriber,
    Subscription,
)

AT_ONCE = 200
STOPPED_FOR = timedelta(days=28)
UPLOADS_FOR = timedelta(days=1)
# A mail is tried for two days at most, and five when it is weekly or monthly.
LEAVING_FOR = timedelta(days=6)


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


def forget_stopped(session: Session, now: datetime) -> int:
    """Take the address from subscribers who stopped 28 days ago and did not ask again; how many. A few at a time.

    What they had chosen and agreed to stays as proof, under a number that leads to nobody.
    """
    asked = exists().where(Consent.subscriber_id == Subscriber.id, Consent.requested_at > now - CONFIRM_FOR)
    long_ago = (Subscriber.ended_at < now - STOPPED_FOR, Subscriber.address.is_not(None))
    rows = select(Subscriber).where(*long_ago, ~asked).order_by(Subscriber.id).limit(AT_ONCE)
    subscribers = list(session.scalars(rows.with_for_update(skip_locked=True)))
    for subscriber in subscribers:
        for row in queries.live(session, subscriber.id).values():
            row.end(now, "never confirmed")
    if subscribers:
        erasure.forget(session, subscribers)
        audit.record(session, now, "subscriptions.forgotten", "subscriptions", addresses=len(subscribers))
    return len(subscribers)


def forget_left_over(session: Session, now: datetime) -> None:
    """Mails that were leaving when their owner was deleted, links that have run out, lists that nobody took in."""
    lately = select(Subscriber).where(Subscriber.address.is_(None), Subscriber.ended_at > now - LEAVING_FOR)
    erasure.sweep(session, [subscriber.ref for subscriber in session.scalars(lately)])
    session.execute(delete(AddressChange).where(AddressChange.asked_at < now - PRIVATE_FOR))
    old = update(ListImport).where(ListImport.approved_at.is_(None), ListImport.uploaded_at < now - UPLOADS_FOR)
    session.execute(old.where(ListImport.ended_at.is_(None)).values(content=None, ended_at=now))


def forget_counts(session: Session, now: datetime) -> None:
    """Drop the counts of confirmation mails that no limit can ask for any more."""
    session.execute(delete(ConfirmationMail).where(ConfirmationMail.asked_at < now - PER_MAILBOX[-1][0]))
