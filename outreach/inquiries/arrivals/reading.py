"""A mail that came in, with what was written in it, for whatever becomes of it here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.inquiries import hygiene
from outreach.inquiries.arrivals import folding
from outreach.mail.inbound import written
from outreach.mail.inbound.written import Written
from outreach.mail.models import MailInbound

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrived:
    """`number`: that of the secret address it came to. `written`: None when nobody can read it."""

    id: int
    kind: str
    number: str | None
    fingerprint: str
    received_at: datetime
    written: Written | None

    @property
    def nonce(self) -> str:
        """What makes it one message of an inquiry, and the name under which its files wait."""
        return nonce(self.fingerprint)

    def words(self) -> tuple[str, str]:
        """The new words and the cited ones."""
        return folding.split(hygiene.clean(self.written.text if self.written else ""))


def nonce(fingerprint: str) -> str:
    return f"mail:{fingerprint}"


def arrived(session: Session, row_id: int) -> Arrived | None:
    """The mail of this number as long as it waits; it is read here, so let no transaction wait for it."""
    row = session.get(MailInbound, row_id)
    if row is None or row.raw is None:
        return None
    return Arrived(row.id, row.kind, row.token, row.fingerprint, row.received_at, written_in(row.raw))


def written_in(raw: bytes) -> Written | None:
    """What was written in it; None when nobody can read it."""
    try:
        return written.read(raw)
    except Exception as wrong:  # strangers write these mails: what breaks a parser costs that mail alone
        log.warning("a mail that came in cannot be read: %s", type(wrong).__name__)
        return None
