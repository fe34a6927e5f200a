"""A mail that was read is taken in: once, whatever way it comes; then it is settled, or waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import NotFound
from outreach.house import House
from outreach.mail import verp
from outreach.mail.inbound import returns
from outreach.mail.inbound.reading import KEPT, Reading
from outreach.mail.models import (
    AUTO_REPLY,
    BOUNCE,
    COMPLAINT,
    IS_UNSETTLED,
    NEW,
    OTHER,
    REPLY,
    UNMATCHED,
    UNSUBSCRIBE,
    MailboxRead,
    MailInbound,
)

WAITS_FOR = timedelta(days=30)  # a mail that nobody looked at
KEPT_FOR = timedelta(days=365)  # what became of one, without address

AUTOMATIC, NO_TOKEN, WRONG_TOKEN, UNREADABLE = "automatic", "no token", "wrong token", "unreadable"
STOPPED = "stopped"
BY_HAND, DISCARDED, NOT_LOOKED_AT = "by hand", "discarded", "not looked at"


def take(session: Session, house: House, now: datetime, reading: Reading) -> MailInbound | None:
    """Take a mail in; None when it was there already."""
    number = _replied_to(house, reading)
    row = _entered(session, now, reading, number)
    if row is None:
        return None
    if not reading.is_readable:
        row.wait(UNREADABLE)
    elif row.kind in (BOUNCE, COMPLAINT):
        returns.settle(session, house, now, row, reading)
    elif row.kind == AUTO_REPLY:
        row.settle(now, AUTOMATIC)
    elif row.kind == UNSUBSCRIBE and row.token is None:
        row.wait(NO_TOKEN)
    session.flush()
    return row


def is_waiting(session: Session, kind: str) -> bool:
    """Whether a mail of a kind waits for the room whose business it is; reads only."""
    return session.scalar(_new(kind).limit(1)) is not None


def pull(session: Session, kind: str, most: int) -> Sequence[MailInbound]:
    """The oldest mails of a kind that wait for the room whose business they are, held for this transaction."""
    return session.scalars(_new(kind).order_by(MailInbound.id).limit(most).with_for_update(skip_locked=True)).all()


def for_people() -> ColumnElement[bool]:
    """What waits for a person: what could not be matched, and what a person wrote."""
    written = and_(MailInbound.state == NEW, MailInbound.kind == OTHER)
    return and_(text(IS_UNSETTLED), or_(MailInbound.state == UNMATCHED, written))


def close(session: Session, now: datetime, row_id: int, reason: str, actor_id: int | None) -> None:
    """Somebody has seen to it, or throws it away. Twice is no error."""
    row = session.get(MailInbound, row_id, with_for_update=True)
    if row is None:
        raise NotFound("mail that came in")
    if row.settled_at is None:
        row.settle(now, reason)
        audit.record(session, now, "mail.inbound_closed", f"inbound:{row_id}", actor_id, reason=reason)


def forget(session: Session, now: datetime) -> None:
    """Drop mails that nobody looked at for a month, hashes that count no more, and rows after a year."""
    waiting = select(MailInbound).where(text(IS_UNSETTLED), MailInbound.received_at < now - WAITS_FOR)
    for row in session.scalars(waiting.limit(500).with_for_update(skip_locked=True)):
        row.settle(now, NOT_LOOKED_AT)
    counted = update(MailInbound).where(MailInbound.address_hash.is_not(None))
    session.execute(counted.where(MailInbound.received_at < now - returns.SOFT_WITHIN).values(address_hash=None))
    session.execute(delete(MailInbound).where(MailInbound.received_at < now - KEPT_FOR))


def forget_address(session: Session, house: House, now: datetime, address: str) -> None:
    """Drop everything about somebody who wants to be deleted: the counts, and mails that name the address."""
    hashed = MailInbound.address_hash == house.address_hash(address)
    session.execute(update(MailInbound).where(hashed).values(address_hash=None))
    named = address.casefold().encode()
    for row in session.scalars(select(MailInbound).where(text(IS_UNSETTLED))):
        if row.raw is not None and named in row.raw.lower():
            row.settle(now, DISCARDED)


def note_read(session: Session, now: datetime, fault: str | None = None) -> None:
    """The mailbox was read to its end, or could not be."""
    row = session.get(MailboxRead, 1, with_for_update=True)
    if row is None:
        row = MailboxRead(id=1)
        session.add(row)
    if fault is None:
        row.read_at, row.fault = now, None
    else:
        row.failed_at, row.fault = now, fault[:200]


def _new(kind: str) -> Select[MailInbound]:
    return select(MailInbound).where(text(IS_UNSETTLED), MailInbound.kind == kind, MailInbound.state == NEW)


def _replied_to(house: House, reading: Reading) -> int | None:
    """The number that a mail of words, written by whomever, was sent to."""
    if reading.kind not in (OTHER, AUTO_REPLY):
        return None
    numbers = (verp.replied_to(house, address) for address in reading.came_to)
    return next((number for number in numbers if number is not None), None)


def _entered(session: Session, now: datetime, reading: Reading, number: int | None) -> MailInbound | None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    added = insert(MailInbound).values(
        received_at=now, fingerprint=reading.fingerprint, state=NEW,
        kind=reading.kind if number is None else REPLY, token=reading.token if number is None else str(number),
        raw=reading.raw[:KEPT] if number is None else reading.raw,
    )  # fmt: skip
    row_id = session.scalar(added.on_conflict_do_nothing().returning(MailInbound.id))
    return session.get_one(MailInbound, row_id) if row_id is not None else None
