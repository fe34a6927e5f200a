"""What waits for a person, as the desk shows it: words only, never a mail's own HTML, and what it may be about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import LargeBinary, func, select
from sqlalchemy.orm import Session, defer

from outreach.inquiries import hygiene
from outreach.inquiries.arrivals import matching, reading, sorting
from outreach.inquiries.arrivals.matching import Guess
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.mail.inbound import queries as inbound
from outreach.mail.inbound import taking
from outreach.mail.models import AUTO_REPLY, BOUNCE, OTHER, REPLY, MailInbound

SHOWN = 50
LOOKED_AT = 2**20  # bytes of a mail
LONGEST = 800  # characters of its text
FILES = 10

# Kinds that a person may have written; the others have nothing to do with an inquiry.
OF_PEOPLE = (OTHER, REPLY, AUTO_REPLY, BOUNCE)
REASONS = {**inbound.REASONS, **sorting.REASONS}


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
    files: Sequence[str]
    guess: Guess | None

    @property
    def may_be_of_an_inquiry(self) -> bool:
        return self.kind in OF_PEOPLE


def waiting(session: Session) -> Sequence[Waiting]:
    """What waits for a person, the oldest first."""
    wanted = select(MailInbound, func.substr(MailInbound.raw, 1, LOOKED_AT, type_=LargeBinary))
    rows = wanted.options(defer(MailInbound.raw, raiseload=True)).where(taking.for_people())
    return [
        _shown(session, row, raw or b"") for row, raw in session.execute(rows.order_by(MailInbound.id).limit(SHOWN))
    ]


def led_to(session: Session, row_id: int) -> str | None:
    """The reference of the inquiry that a mail is part of; None for none."""
    row = session.get(MailInbound, row_id, options=[defer(MailInbound.raw)])
    nonce = reading.nonce(row.fingerprint) if row else None
    return session.scalar(select(Inquiry.reference).join(InquiryMessage).where(InquiryMessage.nonce == nonce))


def _shown(session: Session, row: MailInbound, raw: bytes) -> Waiting:
    about = (row.id, row.kind, row.reason, row.received_at)
    written = reading.written_in(raw)
    if written is None:  # it may be here because nobody can read it
        return Waiting(*about, "", "", "", (), None)
    sender = " ".join(part for part in (written.name, written.sender and f"<{written.sender}>") if part)
    said = hygiene.one_line(sender), hygiene.one_line(written.subject), hygiene.clean(written.text)[:LONGEST]
    files = [hygiene.one_line(file.name) for file in written.files[:FILES]]
    return Waiting(*about, *said, files, matching.guess(session, row.token, written))
