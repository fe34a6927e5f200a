"""The mails that typing an address sets off: within the limits of one mailbox, and of all of them together (F-04).

What the breaker keeps back leaves later, as far as an hour has room. Whoever typed the address is told nothing of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.language import Variant
from outreach.mail import outbox
from outreach.mail.compose import Words
from outreach.subscriptions import emails, limits, queries
from outreach.subscriptions.models import AddressChange, ConfirmationMail, Consent, Subscriber

Asked = Literal["sent", "kept back", "too often", "suppressed"]

# A mail that waited longer than its link would live is of no use to anybody.
KEPT_FOR = {"consent": timedelta(days=6), "address": timedelta(hours=20)}


def post(
    session: Session, house: House, now: datetime, mailbox: str, *, consent: Consent | None = None,
    change: AddressChange | None = None,
) -> Asked:  # fmt: skip
    """Send the mail that asks to confirm this consent, or this change of address, now or when there is room.

    `limits.may_ask` has let the mailbox pass before.
    """
    mail = ConfirmationMail(
        counted_as=mailbox,
        consent_id=consent.id if consent is not None else None,
        address_change_id=change.id if change is not None else None,
        asked_at=now,
    )
    session.add(mail)
    if limits.room(session, house, now) <= 0:
        limits.alert(session, now)
        return "kept back"
    return _send(session, house, now, mail)


def is_kept_back(session: Session, now: datetime) -> bool:
    """Whether any mail waits for room."""
    return session.scalar(_kept_back(now).limit(1)) is not None


def send_kept_back(session: Session, house: House, now: datetime) -> int:
    """Send mails that the breaker kept back, oldest first, as far as this hour has room; how many left."""
    mails = list(session.scalars(_kept_back(now).limit(limits.EVERYBODY).with_for_update(skip_locked=True)))
    if mails:
        mails = mails[: max(0, limits.room(session, house, now))]
    for mail in mails:
        _send(session, house, now, mail)
    return len(mails)


def _kept_back(now: datetime) -> Select[ConfirmationMail]:
    consent, change = ConfirmationMail.consent_id.is_not(None), ConfirmationMail.address_change_id.is_not(None)
    is_fresh = or_(
        consent & (ConfirmationMail.asked_at > now - KEPT_FOR["consent"]),
        change & (ConfirmationMail.asked_at > now - KEPT_FOR["address"]),
    )
    return select(ConfirmationMail).where(ConfirmationMail.sent_at.is_(None), is_fresh).order_by(ConfirmationMail.id)


def _send(session: Session, house: House, now: datetime, mail: ConfirmationMail) -> Asked:
    mail.sent_at = now
    if mail.address_change_id is not None:
        change = session.get_one(AddressChange, mail.address_change_id)
        return _send_change(session, house, now, change, session.get_one(Subscriber, change.subscriber_id))
    consent = session.get_one(Consent, mail.consent_id)
    subscriber = session.get_one(Subscriber, consent.subscriber_id)
    if subscriber.is_live:
        return _send_already(session, house, now, subscriber)
    words, reader = emails.confirmation(house, subscriber, consent), Variant.of(consent.wants_variant)
    return _enqueue(session, house, now, "subscription_confirm", subscriber, subscriber.address, reader, words)


def _send_change(session: Session, house: House, now: datetime, change: AddressChange, subscriber: Subscriber) -> Asked:
    """Asks whoever reads mail at the new address; tells a subscriber who is there already that there is one."""
    owner = queries.by_address(session, house, change.address)
    if owner is not None and owner.is_live:
        return _send_already(session, house, now, owner)
    words = emails.new_address(house, subscriber, change)
    kind = "subscription_address"
    return _enqueue(session, house, now, kind, subscriber, change.address, subscriber.reads, words)


def _send_already(session: Session, house: House, now: datetime, owner: Subscriber) -> Asked:
    words = emails.already(house, owner)
    return _enqueue(session, house, now, "subscription_already", owner, owner.address, owner.reads, words)


def _enqueue(
    session: Session, house: House, now: datetime, kind: str, subscriber: Subscriber, address: str | None,
    reader: Variant, words: Words,
) -> Asked:  # fmt: skip
    if address is None or limits.is_refused(session, house, address):
        return "suppressed"
    row = outbox.enqueue(
        session, house, now, kind=kind, ref=subscriber.ref, to_address=address, variant=reader, words=words
    )
    return "sent" if row is not None else "suppressed"
