"""How many confirmation mails one mailbox, and all of them together, may be sent (F-04).

What counts is what was asked for in the last minutes, days and weeks, not a period that begins anew at midnight.
Plus-tags and dots lead to one mailbox, so they count as one here, and nowhere else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import audit, rates
from outreach.audit import AuditEntry
from outreach.house import House
from outreach.mail.models import Suppression
from outreach.subscriptions.models import ConfirmationMail

PER_MAILBOX = ((timedelta(minutes=15), 1), (timedelta(days=1), 3), (timedelta(days=30), 5))
EVERYBODY = 60
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Past this many posts a day the question is not even asked again.
POSTS_A_DAY = 200
# Of one subscriber who holds a link of ours: mails to the own address, and new addresses typed.
PRIVATE_LINKS_A_DAY = 3
NEW_ADDRESSES_A_DAY = 5
# The reason of a suppression that the owner of the address asked for by being deleted, and ends by subscribing again.
ERASED = "erased"


def counted_as(house: House, address: str) -> str:
    """The mailbox that an address leads to, as a keyed hash."""
    local, _, domain = address.partition("@")
    return house.address_hash(f"{local.partition('+')[0].replace('.', '')}@{domain}")


def may_ask(session: Session, house: House, mailbox: str, now: datetime) -> bool:
    """Whether this mailbox may be sent one more. The count made first makes a second post at the same time wait."""
    if not rates.allow(session, house, "subscribe.mailbox", mailbox, POSTS_A_DAY, DAY, now):
        return False
    asked = select(ConfirmationMail.asked_at).where(
        ConfirmationMail.counted_as == mailbox, ConfirmationMail.asked_at > now - PER_MAILBOX[-1][0]
    )
    moments = list(session.scalars(asked))
    return all(sum(at > now - span for at in moments) < limit for span, limit in PER_MAILBOX)


def is_refused(session: Session, house: House, address: str) -> bool:
    """Whether the address is suppressed for any reason but that its owner was deleted at their request (M-14)."""
    row = session.scalar(select(Suppression).where(Suppression.address_hash == house.address_hash(address)))
    return row is not None and row.reason != ERASED


def may_have_link(session: Session, house: House, ref: str, now: datetime) -> bool:
    """Whether this subscriber may be mailed one more private link today."""
    return rates.allow(session, house, "subscribe.private", ref, PRIVATE_LINKS_A_DAY, DAY, now)


def may_move(session: Session, house: House, ref: str, now: datetime) -> bool:
    """Whether this subscriber may type one more new address today."""
    return rates.allow(session, house, "subscribe.address", ref, NEW_ADDRESSES_A_DAY, DAY, now)


def room(session: Session, house: House, now: datetime) -> int:
    """How many confirmations may still leave within this hour; concurrent askers wait for one another."""
    rates.allow(session, house, "subscribe.everybody", "everybody", EVERYBODY, HOUR, now)
    sent = select(func.count()).select_from(ConfirmationMail).where(ConfirmationMail.sent_at > now - HOUR)
    return EVERYBODY - session.scalars(sent).one()


def alert(session: Session, now: datetime) -> None:
    """Say once an hour that mails are being kept back."""
    last = session.scalar(
        select(func.max(AuditEntry.at)).where(AuditEntry.action == "subscriptions.breaker", AuditEntry.at > now - HOUR)
    )
    if last is None:
        audit.record(session, now, "subscriptions.breaker", "subscriptions", limit_per_hour=EVERYBODY)
