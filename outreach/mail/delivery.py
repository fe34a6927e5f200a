"""The steps of one delivery, each within a transaction of its caller: reap, claim, mark, record.

Between claim and mark the mail is known not to have left. The mark is committed before the final dot is sent; from
then on, until a reply is recorded, its fate is unknown, and an attempt that is lost there is `uncertain`. Every write
after the claim carries the claim's fence, so that a worker that stood still too long changes nothing.
Uncertain mails are repeated with identical bytes until they are accepted or expire (`at_least`, decisions).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.mail import addresses, blocks, models, outbox, suppressions, transports
from outreach.mail.message import Letter
from outreach.mail.models import ACCEPTED, CANCELLED, FAILED, PENDING, SENDING, UNCERTAIN, MailAttempt, OutboxEmail
from outreach.mail.transports import Answer

CLAIM_LEASE = timedelta(minutes=5)
DOT_LEASE = timedelta(seconds=660)  # the longest wait for a reply to the dot, and a minute
AFTER_NO_SERVER = timedelta(seconds=10)
PATIENCE_WITH_DEATHS = 3  # deaths of a worker over one mail before it has to wait its turn

NOT_ALLOWED = "not allowed outside production"


@dataclass(frozen=True)
class Claim:
    """A mail that is ours to send, for as long as its fence stands; everything the sending needs, read once."""

    id: int
    n: int
    fence: str
    letter: Letter
    bytes_hash: str | None


@dataclass(frozen=True)
class Settled:
    """A row that was due and needed no sending: it ended as this state."""

    id: int
    state: str


def is_waiting(session: Session, now: datetime, seat: int | None) -> bool:
    """Whether there is anything to reap or to claim; reads only."""
    waiting = select(OutboxEmail.id).where(or_(_is_due(now), _is_left_behind(now, seat))).limit(1)
    return session.scalar(waiting) is not None


def reap(session: Session, now: datetime, seat: int | None) -> int:
    """Take back what was left half-way: by a lease that ran out, or by the former owner of this seat. How many."""
    left = select(OutboxEmail).where(_is_left_behind(now, seat)).with_for_update(skip_locked=True)
    rows = session.scalars(left).all()
    for row in rows:
        attempt = _attempt(session, row)
        if attempt.phase == "claimed":
            attempt.phase, attempt.at = "lost_safe", now
            row.wait(now + (timedelta() if row.attempts < PATIENCE_WITH_DEATHS else models.delay(row.attempts)))
        else:
            attempt.phase, attempt.at = "uncertain", now
            _doubt(session, row, now, "the worker stopped after the final dot")
    session.flush()
    return len(rows)


def claim(
    session: Session, house: House, now: datetime, seat: int | None, is_bound: bool, only: int | None = None
) -> Claim | Settled | None:
    """Take the next mail that is due, single mails ahead of digests, or `only` that one; None when there is none.

    `is_bound`: the transport reaches real mailboxes, so outside production MAIL_ALLOW decides (D-25).
    """
    wanted = _is_due(now) if only is None else and_(_is_due(now), OutboxEmail.id == only)
    due = select(OutboxEmail).where(wanted).order_by(OutboxEmail.is_bulk, OutboxEmail.next_at, OutboxEmail.id)
    row = session.scalar(due.limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    if row.expires_at <= now:
        _expire(session, row, now)
        return Settled(row.id, row.state)
    obstacle = _obstacle(session, house, row, is_bound)
    if obstacle:
        row.settle(CANCELLED, obstacle)
        return Settled(row.id, row.state)
    try:
        text, html = blocks.bodies(session, row.encoding, row.text, row.html)
    except KeyError:
        row.settle(FAILED, "a block of its text is missing")
        audit.record(session, now, "mail.failed", f"outbox:{row.id}")
        return Settled(row.id, row.state)
    row.state, row.fence, row.seat, row.lease_until = SENDING, secrets.token_hex(16), seat, now + CLAIM_LEASE
    row.attempts += 1
    session.add(MailAttempt(outbox_id=row.id, n=row.attempts, phase="claimed", at=now))
    session.flush()
    return Claim(row.id, row.attempts, row.fence, outbox.letter(row, text, html), row.bytes_hash)


def mark(session: Session, claimed: Claim, raw: bytes, now: datetime) -> bool:
    """The point of no return, noted before it is passed. False when the mail is no longer ours, or was withdrawn."""
    row = _ours(session, claimed)
    if row is None or row.withdrawn:
        return False
    row.lease_until = now + DOT_LEASE
    row.bytes_hash = fingerprint(raw)
    attempt = _attempt(session, row)
    attempt.phase, attempt.at = "dot", now
    return True


def record(session: Session, claimed: Claim, answer: Answer, now: datetime) -> bool:
    """Write down what became of the attempt; False when somebody else holds the mail by now."""
    row = _ours(session, claimed)
    if row is None:
        return False
    attempt = _attempt(session, row)
    phase = "deferred" if answer.outcome == transports.UNREACHED else answer.outcome
    attempt.phase, attempt.code, attempt.reply, attempt.at = phase, answer.code, answer.reply, now
    said = f"{answer.code or ''} {answer.reply}".strip()
    if answer.outcome == transports.ACCEPTED:
        row.settle(ACCEPTED)
        row.accepted_at = now
    elif answer.outcome == transports.REJECTED:
        row.settle(FAILED, said)
        audit.record(session, now, "mail.failed", f"outbox:{row.id}", code=answer.code)
    elif answer.outcome == transports.DEFERRED:
        row.deferrals += 1
        row.wait(now + models.delay(row.deferrals), said)
    elif answer.outcome == transports.UNREACHED:
        row.wait(now + AFTER_NO_SERVER, said)
    else:
        _doubt(session, row, now, said)
    return True


def release(session: Session, claimed: Claim, now: datetime) -> bool:
    """Give back a mail whose dot was certainly not sent."""
    row = _ours(session, claimed)
    if row is None:
        return False
    attempt = _attempt(session, row)
    attempt.phase, attempt.at = "lost_safe", now
    row.wait(now)
    return True


def fingerprint(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(OutboxEmail.state.in_((PENDING, UNCERTAIN)), OutboxEmail.next_at <= now)


def _is_left_behind(now: datetime, seat: int | None) -> ColumnElement[bool]:
    over = OutboxEmail.lease_until < now
    return and_(OutboxEmail.state == SENDING, over if seat is None else or_(over, OutboxEmail.seat == seat))


def _obstacle(session: Session, house: House, row: OutboxEmail, is_bound: bool) -> str | None:
    if suppressions.is_suppressed(session, house, row.to_address, row.scope):
        return "suppressed"
    settings = house.settings
    if is_bound and not settings.production and not addresses.matches(row.to_address, settings.mail_allow):
        return NOT_ALLOWED
    return None


def _expire(session: Session, row: OutboxEmail, now: datetime) -> None:
    """Its time is over: failed when it certainly never arrived, else left as uncertain for people to see."""
    if row.uncertains:
        row.settle(UNCERTAIN, "expired; nobody can say whether it arrived")
    else:
        row.settle(FAILED, f"expired; last: {row.reason or 'never tried'}")
    audit.record(session, now, "mail.expired", f"outbox:{row.id}", state=row.state)


def _doubt(session: Session, row: OutboxEmail, now: datetime, reason: str) -> None:
    """It may have arrived. Repeat it, at once after the first time; from the second repeat on somebody should know."""
    row.uncertains += 1
    if row.uncertains >= 2:
        audit.record(session, now, "mail.uncertain_again", f"outbox:{row.id}", times=row.uncertains)
    row.wait(now + (timedelta() if row.uncertains == 1 else models.delay(row.uncertains - 1)), reason)


def _ours(session: Session, claimed: Claim) -> OutboxEmail | None:
    held = select(OutboxEmail).where(
        OutboxEmail.id == claimed.id, OutboxEmail.fence == claimed.fence, OutboxEmail.state == SENDING
    )
    return session.scalar(held.with_for_update())


def _attempt(session: Session, row: OutboxEmail) -> MailAttempt:
    return session.scalars(
        select(MailAttempt).where(MailAttempt.outbox_id == row.id, MailAttempt.n == row.attempts)
    ).one()
