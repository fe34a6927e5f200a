"""What a journalist may do on the status page: add words, withdraw, say that this is all; and get a lost link again."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import rates
from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries import casework, emails, moves, references
from outreach.inquiries.files import keeping, waiting
from outreach.inquiries.models import IN, SCREENED, Inquiry, InquiryMessage
from outreach.language import Variant
from outreach.mail import outbox

MOST_A_DAY = 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def add(session: Session, house: House, now: datetime, inquiry: Inquiry, body: str, form: str) -> bool:
    """Add words and files to the thread; an answered inquiry is open again. ``False`` when the day's number is used up.

    ``form``: its nonce, below which its files wait. The same form twice is one message; sent once more with other words
    or another file it is a further one.
    """
    brings_more = keeping.brings_more(session, house, inquiry, form)
    nonce = form
    for number in count(1):
        earlier = casework.sent_before(inquiry, nonce)
        if not brings_more and (not body or (earlier and earlier.body == body)):
            waiting.clear(house, form)  # what the inquiry has already, if any
            return True
        if earlier is None:
            break
        nonce = f"{form}+{number}"
    if not has_room(session, house, now, inquiry):
        return False
    message = InquiryMessage(direction=IN, at=now, body=body, nonce=nonce)
    enter(session, house, now, inquiry, message)
    keeping.keep(session, house, now, inquiry, form, message=message)
    return True


def has_room(session: Session, house: House, now: datetime, inquiry: Inquiry) -> bool:
    """Count one more follow-up, by page or by mail; ``False`` when the day's number is used up."""
    return rates.allow(session, house, "follow-up", inquiry.reference, MOST_A_DAY, DAY, now)


def enter(session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage) -> None:
    """Put the journalist's words into the thread, whatever way they came, and tell the desk."""
    moves.move(session, inquiry, now, moves.FOLLOW_UP)
    inquiry.messages.append(message)
    inquiry.last_in_at = now
    session.flush()
    _tell(session, house, now, inquiry, emails.NEW_WORDS)


def withdraw(session: Session, house: House, now: datetime, inquiry: Inquiry) -> bool:
    """Take the inquiry back: mails that still wait are cancelled, the desk is told. ``False`` when done before."""
    if inquiry.state == "withdrawn":
        return False
    was_screened = inquiry.state == SCREENED
    moves.move(session, inquiry, now, moves.WITHDRAW)
    outbox.cancel(session, inquiry.ref, "withdrawn", now)
    if not was_screened:
        _tell(session, house, now, inquiry, emails.WITHDRAWN)
    return True


def send_lost_link(
    session: Session, house: House, now: datetime, typed: str, email: str, network: str, variant: Variant
) -> None:
    """Mail the status link to the inquiry's own address if reference and address belong together; never says so."""
    reference = references.read(typed)
    within = [
        rates.allow(session, house, "lost link from network", network, 20, HOUR, now),
        rates.allow(session, house, "lost link", reference or "none", 3, HOUR, now),
    ]
    if reference is None or not all(within):
        return
    inquiry = session.scalar(select(Inquiry).where(Inquiry.reference == reference))
    if inquiry is None or inquiry.state == SCREENED or inquiry.email.casefold() != email.casefold():
        return
    emails.send_link(session, house, now, inquiry, variant)


def _tell(session: Session, house: House, now: datetime, inquiry: Inquiry, what: str) -> None:
    owner = session.get(Account, inquiry.owner_id) if inquiry.owner_id else None
    emails.send_alert(session, house, now, inquiry, what, owner.email if owner and owner.active else None)
