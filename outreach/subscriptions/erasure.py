"""What is forgotten of a subscriber, as far as this room and the mail room hold it: at their request, or by itself.

The row with its number stays, since the ledger of digests counts by it; nothing on it leads to a person any more.
What a refusal leaves behind is the keyed hash in the suppression list, so that no imported list brings the address
back (P-07).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.card import asking
from outreach.house import House
from outreach.mail import forgetting, outbox, suppressions
from outreach.mail.inbound import taking
from outreach.subscriptions import limits
from outreach.subscriptions.models import (
    AddressChange,
    ConfirmationMail,
    Consent,
    ListImport,
    Subscriber,
    Subscription,
)

REASON = limits.ERASED


def erase(session: Session, house: House, now: datetime, subscriber_id: int) -> None:
    """Delete a subscriber at their request, and never take the address from a list again. Twice is no error.

    When the address is in the register too, staff are asked there: a press contact is more than a subscriber.
    """
    subscriber = session.get_one(Subscriber, subscriber_id, with_for_update=True)
    if subscriber.address is None:
        return
    outbox.cancel(session, subscriber.ref, "stopped", now)
    suppressions.suppress(session, house, subscriber.address, suppressions.DIGESTS, REASON, now)
    taking.forget_address(session, house, now, subscriber.address)
    drop_uploads(session, now, subscriber.address)
    _forget_choices(session, subscriber.id)
    asking.ask_erasure_of(session, now, house.address_hash(subscriber.address))
    subscriber.ended_at, subscriber.ended_reason = now, REASON
    subscriber.paused_until = None
    forget(session, [subscriber])
    audit.record(session, now, "subscription.erased", subscriber.ref)


def forget(session: Session, subscribers: Collection[Subscriber]) -> None:
    """Take the address from these subscribers and from the mails that went to them.

    A mail that is leaving at this very moment keeps its address until it has left; `sweep` sees to it.
    """
    for subscriber in subscribers:
        subscriber.address = subscriber.address_hash = None
    ids = [subscriber.id for subscriber in subscribers]
    session.execute(delete(AddressChange).where(AddressChange.subscriber_id.in_(ids)))
    forgetting.blank(session, [subscriber.ref for subscriber in subscribers])
    session.flush()


def sweep(session: Session, refs: Collection[str]) -> None:
    """The same for mails that were leaving when their owner was deleted."""
    forgetting.blank(session, refs)


def _forget_choices(session: Session, subscriber_id: int) -> None:
    """Choices and consents go; how many confirmations a mailbox was sent stays counted for its thirty days (F-04)."""
    consents = select(Consent.id).where(Consent.subscriber_id == subscriber_id)
    unlinked = update(ConfirmationMail).where(ConfirmationMail.consent_id.in_(consents))
    session.execute(unlinked.values(consent_id=None))
    for table in (Consent, Subscription):
        session.execute(delete(table).where(table.subscriber_id == subscriber_id))


def drop_uploads(session: Session, now: datetime, address: str) -> None:
    """A list that waits to be looked at is discarded when the address is in it."""
    waiting = session.scalars(
        select(ListImport).where(ListImport.ended_at.is_(None), ListImport.content.icontains(address, autoescape=True))
    )
    for upload in waiting:
        upload.content, upload.ended_at, upload.approved_at = None, now, None
