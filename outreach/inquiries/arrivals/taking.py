"""A mail becomes words in an inquiry's thread: once, by the job or by a person, whatever it comes twice by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.inquiries import casework, follow_up
from outreach.inquiries.arrivals import attached, matching
from outreach.inquiries.arrivals.reading import Arrived
from outreach.inquiries.models import IN, MAIL, NOTE, Inquiry, InquiryMessage
from outreach.mail.inbound.written import Written
from outreach.mail.models import MailInbound

TAKEN_IN, ATTACHED = "taken in", "attached"


def waiting(session: Session, row_id: int) -> MailInbound | None:
    """The row, held for this transaction; None when it was seen to meanwhile."""
    row = session.get(MailInbound, row_id, with_for_update=True)
    return row if row is not None and row.settled_at is None else None


def take_in(
    session: Session, house: House, now: datetime, inquiry: Inquiry, mail: Arrived, faults: list[str]
) -> None:  # fmt: skip
    """Add its words and its files to the thread and tell the desk; an answered inquiry is open again.

    Raises ``IllegalMove`` when the inquiry takes no more words.
    """
    if casework.sent_before(inquiry, mail.nonce) is None:
        message = message_of(inquiry, mail)
        follow_up.enter(session, house, now, inquiry, message)
        attached.keep(session, house, now, inquiry, message, mail, faults)


def note(session: Session, inquiry: Inquiry, mail: Arrived) -> None:
    """Keep an automatic reply as a note: it is nobody's word, changes no state and calls nobody."""
    if casework.sent_before(inquiry, mail.nonce) is None:
        message = message_of(inquiry, mail)
        message.direction = NOTE
        inquiry.messages.append(message)
        session.flush()


def attach(
    session: Session, house: House, now: datetime, inquiry: Inquiry, mail: Arrived, faults: list[str], actor_id: int
) -> None:
    """Somebody says that the mail belongs to this inquiry. Twice is once. Raises ``IllegalMove``."""
    row = waiting(session, mail.id)
    if row is None:
        return
    take_in(session, house, now, inquiry, mail, faults)
    row.settle(now, ATTACHED)
    audit.record(session, now, "inquiry.mail_attached", inquiry.ref, actor_id, inbound=row.id)


def message_of(inquiry: Inquiry, mail: Arrived) -> InquiryMessage:
    """The mail as a message, with its sender where that is not the inquiry's own address."""
    new, quoted = mail.words()
    is_own = mail.written is not None and matching.is_from(mail.written, inquiry)
    return InquiryMessage(
        direction=IN, at=mail.received_at, channel=MAIL, body=new, quoted=quoted, nonce=mail.nonce,
        sender="" if is_own else _sender(mail.written),
    )  # fmt: skip


def _sender(written: Written | None) -> str:
    return (written.sender if written else "") or "?"
