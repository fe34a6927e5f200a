"""What becomes of a mail by itself: into the thread of its inquiry, or before a person. Nothing is answered here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outreach import rates
from outreach.house import House
from outreach.inquiries import follow_up, moves
from outreach.inquiries.arrivals import matching, taking
from outreach.inquiries.arrivals.reading import Arrived
from outreach.inquiries.models import Inquiry
from outreach.language import mark
from outreach.mail.inbound import taking as inbound
from outreach.mail.inbound.written import Written
from outreach.mail.models import IS_UNSETTLED, NEW, OTHER, REPLY, MailInbound

AT_ONCE = 100
MOST_AN_HOUR = 20  # mails of one sender
HOUR = timedelta(hours=1)

NO_INQUIRY, A_LIST, OURSELVES, TOO_MANY, OVER = "no inquiry", "a list", "ourselves", "too many", "over"
OUR_OWN = "our own"  # a mail of ours that came back whole
REASONS = {
    NO_INQUIRY: mark("Nothing in it proves which inquiry it is about."),
    A_LIST: mark("It came through a list of addresses, so a program may have sent it."),
    OURSELVES: mark("Its sender is an address of our own."),
    TOO_MANY: mark("Too many mails came from this sender or for this inquiry."),
    OVER: mark("Its inquiry takes no more words."),
}


def new(session: Session) -> Sequence[int]:
    """The numbers of mails that nobody and nothing has looked at, the oldest first; reads only."""
    written = select(MailInbound.id).where(text(IS_UNSETTLED), MailInbound.state == NEW)
    return session.scalars(
        written.where(MailInbound.kind.in_((REPLY, OTHER))).order_by(MailInbound.id).limit(AT_ONCE)
    ).all()


def match(session: Session, mail: Arrived) -> Inquiry | None:
    """Its inquiry, by what only its journalist could know. The secret address is asked first, and alone decides."""
    if mail.kind == REPLY:
        return matching.addressed(session, mail.number)
    return matching.answered(session, mail.written) if mail.written else None


def sort(session: Session, house: House, now: datetime, mail: Arrived, faults: list[str]) -> None:
    """Do with it what is to be done; `faults`: lines about its files that were not taken. Twice is once."""
    row = taking.waiting(session, mail.id)
    if row is None or row.state != NEW:
        return
    if mail.written is None:
        return row.wait(inbound.UNREADABLE)
    if matching.is_our_own(session, mail.written) or mail.written.is_receipt:
        return row.settle(now, OUR_OWN if not mail.written.is_receipt else inbound.AUTOMATIC)
    inquiry = match(session, mail)
    if inquiry is None:
        return row.wait(NO_INQUIRY)
    inquiry = session.get_one(Inquiry, inquiry.id, with_for_update=True)
    if mail.written.is_automatic:
        return _keep_automatic(session, house, now, row, inquiry, mail)
    reason = _against(session, house, now, inquiry, mail.written)
    if reason is not None:
        return row.wait(reason)
    taking.take_in(session, house, now, inquiry, mail, faults)
    row.settle(now, taking.TAKEN_IN)


def _keep_automatic(
    session: Session, house: House, now: datetime, row: MailInbound, inquiry: Inquiry, mail: Arrived
) -> None:
    """An out-of-office mail opens nothing again; when two programs talk, the rest of it is dropped."""
    assert mail.written is not None
    if _is_within_rates(session, house, now, inquiry, mail.written):
        taking.note(session, inquiry, mail)
    row.settle(now, inbound.AUTOMATIC)


def _against(session: Session, house: House, now: datetime, inquiry: Inquiry, written: Written) -> str | None:
    """Why a person must look before it becomes the journalist's words."""
    if written.is_of_a_list:
        return A_LIST
    if is_ours(house, written.sender):
        return OURSELVES
    if not moves.is_legal(inquiry, moves.FOLLOW_UP):
        return OVER
    return None if _is_within_rates(session, house, now, inquiry, written) else TOO_MANY


def is_ours(house: House, sender: str) -> bool:
    """Whether the sender is one of the office's own addresses."""
    s = house.settings
    return sender.casefold() in {
        address.casefold() for address in (s.mail_from, s.bounce_address, s.reply_address, s.duty_address) if address
    }


def _is_within_rates(session: Session, house: House, now: datetime, inquiry: Inquiry, written: Written) -> bool:
    sender = house.address_hash(written.sender or "nobody@invalid")
    within = [
        rates.allow(session, house, "mail from sender", sender, MOST_AN_HOUR, HOUR, now),
        follow_up.has_room(session, house, now, inquiry),
    ]
    return all(within)
