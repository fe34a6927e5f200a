"""What waits for a person, as the desk shows it: words only, never a mail's own HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.language import mark
from outreach.mail.inbound import parts, returns, taking
from outreach.mail.models import (
    AUTO_REPLY,
    BOUNCE,
    COMPLAINT,
    OTHER,
    UNSUBSCRIBE,
    MailboxRead,
    MailInbound,
)

SHOWN = 50
LONGEST = 800  # characters of a mail's text

KIND_WORDS = {
    BOUNCE: mark("A mail server says that a mail did not arrive"),
    COMPLAINT: mark("Somebody complained about a mail"),
    UNSUBSCRIBE: mark("Somebody wants no more digests"),
    AUTO_REPLY: mark("An automatic reply"),
    OTHER: mark("Somebody has written"),
}
REASONS = {
    returns.NOT_OURS: mark("It does not say which of our mails it is about."),
    returns.NO_VERDICT: mark("It does not say what became of the mail."),
    returns.NEVER_SENT: mark("It is about a mail that has not left yet."),
    taking.NO_TOKEN: mark("It does not say which subscription is meant."),
    taking.UNREADABLE: mark("It cannot be read."),
    taking.WRONG_TOKEN: mark("The link it names is not one of ours."),
}


@dataclass(frozen=True)
class Waiting:
    """One mail; empty strings for what it does not have."""

    id: int
    kind: str
    reason: str | None
    received_at: datetime
    sender: str
    subject: str
    words: str


def waiting(session: Session) -> Sequence[Waiting]:
    """What waits for a person, the oldest first."""
    rows = select(MailInbound).where(taking.for_people()).order_by(MailInbound.id).limit(SHOWN)
    return [_shown(row) for row in session.scalars(rows)]


def waiting_count(session: Session) -> int:
    """How many mails wait for a person."""
    return session.scalar(select(func.count()).where(taking.for_people())) or 0


def last_read(session: Session) -> MailboxRead | None:
    """How it stands with the mailbox; None when it was never read."""
    return session.get(MailboxRead, 1)


def _shown(row: MailInbound) -> Waiting:
    try:
        message = parts.parsed(row.raw or b"")
        said = [_plain(parts.header(message, name)) for name in ("From", "Subject")]
        words = _plain(parts.text_of(message))[:LONGEST]
    except Exception:  # it may be here because nobody can read it
        said, words = ["", ""], ""
    return Waiting(row.id, row.kind, row.reason, row.received_at, said[0], said[1], words)


def _plain(words: str) -> str:
    """Without control characters and marks that turn the direction of writing."""
    kept = "".join(one if one.isprintable() or one == "\n" else " " for one in words)
    return "\n".join(line.rstrip() for line in kept.strip().split("\n"))
