"""What became of a message: still here, taken back, accepted by the mail server in its own words, or lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries.models import OUT, InquiryMessage
from outreach.mail import models as mail
from outreach.mail.models import MailAttempt, OutboxEmail

LEAVING, STOPPED, UNDER_WAY = "leaving", "stopped", "under way"


@dataclass(frozen=True)
class Proof:
    """``state``: leaving (it can be stopped), stopped, under way, accepted, failed, uncertain or cancelled.

    ``at`` is when it leaves, or when that was so; ``reply`` the server's own words, or the reason.
    """

    state: str
    at: datetime | None
    reply: str = ""


def of(session: Session, messages: Iterable[InquiryMessage], now: datetime) -> dict[int, Proof]:
    """The proof of each outgoing message by its id; none for one that did not go by mail."""
    out = [message for message in messages if message.direction == OUT]
    rows = {row.id: row for row in _rows(session, [m.outbox_id for m in out if m.outbox_id])}
    last = _last_tries(session, list(rows))
    found = {message.id: _one(message, rows, last, now) for message in out}
    return {number: proof for number, proof in found.items() if proof is not None}


def _rows(session: Session, ids: list[int]) -> Iterable[OutboxEmail]:
    return session.scalars(select(OutboxEmail).where(OutboxEmail.id.in_(ids)))


def _last_tries(session: Session, ids: list[int]) -> dict[int, MailAttempt]:
    tries = select(MailAttempt).where(MailAttempt.outbox_id.in_(ids)).order_by(MailAttempt.outbox_id, MailAttempt.n)
    return {one.outbox_id: one for one in session.scalars(tries)}


def _one(
    message: InquiryMessage, rows: dict[int, OutboxEmail], last: dict[int, MailAttempt], now: datetime
) -> Proof | None:
    if message.undone_at is not None:
        return Proof(STOPPED, message.undone_at)
    if message.leaves_at is not None and now < message.leaves_at:
        return Proof(LEAVING, message.leaves_at)
    row = rows.get(message.outbox_id or 0)
    return _of_mail(row, last.get(row.id)) if row else None


def _of_mail(row: OutboxEmail, tried: MailAttempt | None) -> Proof:
    said = " ".join(str(part) for part in (tried.code, tried.reply) if part) if tried else ""
    if row.state == mail.ACCEPTED:
        return Proof(mail.ACCEPTED, row.accepted_at, said)
    if row.state in (mail.FAILED, mail.UNCERTAIN, mail.CANCELLED):
        return Proof(row.state, tried.at if tried else None, said or row.reason or "")
    return Proof(UNDER_WAY, tried.at if tried else None, said)
