"""What the desk does with an inquiry in hand: put it off for a while, ask the journalist back, hand it over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import casework, emails, emails_desk, moves
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.language import mark
from outreach.office import Office

TOO_LATE = mark("It cannot be put off beyond our own date for it: the deadline keeps running")
NO_QUESTION = mark("Write the question before sending it")
NO_COLLEAGUE = mark("Choose a colleague who answers inquiries")
WORKS = ("officer", "admin")
SHORTEST = timedelta(minutes=10)


def proposed(office: Office, now: datetime, inquiry: Inquiry) -> datetime | None:
    """Until when it can sensibly be put off: the next morning, or half-way to our own date when that comes first."""
    tomorrow = now.astimezone(office.zone) + timedelta(days=1)
    morning = tomorrow.replace(hour=9, minute=0, second=0, microsecond=0)
    if inquiry.suspense_at is None or morning <= inquiry.suspense_at:
        return morning
    middle = now + (inquiry.suspense_at - now) / 2
    return middle if middle - now > SHORTEST else None


def put_off(session: Session, now: datetime, inquiry: Inquiry, until: datetime, actor_id: int) -> bool:
    """Out of sight until then, unless the journalist writes. Raises ``Conflict`` when our own date comes sooner."""
    if inquiry.snoozed_until == until and inquiry.is_snoozed(now):
        return False
    if inquiry.suspense_at is not None and until > inquiry.suspense_at:
        raise Conflict("snooze_until", TOO_LATE)
    moves.move(session, inquiry, now, moves.SNOOZE, actor_id)
    inquiry.snoozed_until = until
    return True


def ask_back(
    session: Session, house: House, now: datetime, inquiry: Inquiry, question: str, nonce: str, actor_id: int
) -> InquiryMessage:
    """Ask the journalist something and wait; the deadline does not move. The same form twice is one question."""
    earlier = casework.sent_before(inquiry, nonce)
    if earlier is not None:
        return earlier
    if not question:
        raise Conflict("ask_words", NO_QUESTION)
    moves.move(session, inquiry, now, moves.ASK_BACK, actor_id)
    casework.take(inquiry, now, actor_id)
    message = emails_desk.say(session, house, now, inquiry, emails_desk.ASKED, question, actor_id, body=question)
    message.nonce = nonce
    return message


def hand_over(
    session: Session, house: House, now: datetime, inquiry: Inquiry, to: Account | None, actor_id: int
) -> bool:
    """Give it to a colleague, who is told by mail; ``False`` when it is theirs already."""
    if to is None or not to.active or not any(to.may_be(role) for role in WORKS):
        raise Conflict("hand_to", NO_COLLEAGUE)
    if inquiry.owner_id == to.id:
        return False
    moves.move(session, inquiry, now, moves.HAND_OVER, actor_id, to.name)
    inquiry.owner_id = to.id
    if to.id != actor_id:
        emails.send_alert(session, house, now, inquiry, emails.HANDED_OVER, to.email)
    return True
