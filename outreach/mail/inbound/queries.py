"""How much waits for a person, how it stands with the mailbox, and what kinds and reasons are called."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.language import mark
from outreach.mail.inbound import returns, taking
from outreach.mail.models import (
    AUTO_REPLY,
    BOUNCE,
    COMPLAINT,
    OTHER,
    REPLY,
    UNSUBSCRIBE,
    MailboxRead,
)

KIND_WORDS = {
    BOUNCE: mark("A mail server says that a mail did not arrive"),
    COMPLAINT: mark("Somebody complained about a mail"),
    UNSUBSCRIBE: mark("Somebody wants no more digests"),
    AUTO_REPLY: mark("An automatic reply"),
    REPLY: mark("Somebody has answered a mail of an inquiry"),
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


def waiting_count(session: Session) -> int:
    """How many mails wait for a person."""
    return session.scalar(select(func.count()).where(taking.for_people())) or 0


def last_read(session: Session) -> MailboxRead | None:
    """How it stands with the mailbox; None when it was never read."""
    return session.get(MailboxRead, 1)
