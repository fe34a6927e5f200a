"""A mail that belongs to no inquiry begins one, because a person says so: no deadline, and the mail in its thread."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import rates
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import deadlines, hygiene, intake
from outreach.inquiries.arrivals import attached, taking
from outreach.inquiries.arrivals.reading import Arrived
from outreach.inquiries.deadlines import Typed
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import MAIL, Inquiry
from outreach.language import Variant, mark, text
from outreach.mail.inbound.written import Written
from outreach.mail.models import MailInbound

BEGUN = "begun"
NO_SENDER = mark("The mail names no address to answer to. Log it as a call instead.")
BY_MAIL = mark("Inquiry by mail")
DAY = timedelta(days=1)
LONGEST = 2000  # characters of a question; the whole mail stands in the thread

_CYRILLIC = re.compile("[Ѐ-ӿ]")
_LATIN = re.compile("[A-Za-z]")
_SERBIAN = re.compile("[čćžšđČĆŽŠĐ]|\\b(?:postovani|molim|pozdrav|hvala|zanima)\\b", re.IGNORECASE)


def begin(
    session: Session, house: House, now: datetime, mail: Arrived, faults: list[str], actor_id: int
) -> Inquiry:  # fmt: skip
    """The inquiry of this mail; twice is one. Screened when a program sent it or its sender sends too much.

    Raises ``Conflict`` for a mail without a sender, or one that was seen to otherwise.
    """
    row = session.get(MailInbound, mail.id, with_for_update=True)
    earlier = session.scalar(select(Inquiry).where(Inquiry.nonce == mail.nonce))
    if earlier is not None:
        return earlier
    if row is None or row.settled_at is not None or mail.written is None or not mail.written.sender:
        raise Conflict("sender", NO_SENDER)
    reason = _suspicion(session, house, now, mail.written)
    inquiry = intake.enter(session, house, now, _said(house, now, mail, mail.written), mail.nonce, reason)
    inquiry.source, inquiry.logged_by_id = MAIL, actor_id
    inquiry.mail_thread = _thread(mail.written)
    message = taking.message_of(inquiry, mail)
    inquiry.messages.append(message)
    session.flush()
    attached.keep(session, house, now, inquiry, message, mail, faults)
    if not reason:
        intake.welcome(session, house, now, inquiry)
    row.settle(now, BEGUN)
    return inquiry


def _said(house: House, now: datetime, mail: Arrived, written: Written) -> Submission:
    zone = house.office.zone.key
    typed = Typed("none", "", "", zone)
    new, _ = mail.words()
    variant = _variant(f"{written.subject}\n{new}")
    subject = hygiene.one_line(written.subject)[:120] or text(variant, BY_MAIL)
    return Submission(
        needs=("other",), subject=subject, questions=_questions(new) or subject, typed=typed,
        deadline=deadlines.read(typed, now), name=_name(written), outlet="", email=written.sender, variant=variant,
        reply_in=variant.segment,
    )  # fmt: skip


def _questions(said: str) -> str:
    """Its paragraphs that ask something, each on one line; where none does, all of it on one."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n[ \t]*\n|\n(?=[ \t]*(?:\d{1,2}[.)]|[-–•*]) )", said)]
    asking = [part[:LONGEST] for part in paragraphs if "?" in part]
    return "\n".join(asking) or " ".join(said.split())[:LONGEST]


def _name(written: Written) -> str:
    return (hygiene.one_line(written.name) or written.sender.partition("@")[0])[:100]


def _variant(said: str) -> Variant:
    """The language and script that most of the words are in."""
    if len(_CYRILLIC.findall(said)) > len(_LATIN.findall(said)):
        return Variant.CIR
    return Variant.LAT if _SERBIAN.search(said) else Variant.EN


def _thread(written: Written) -> str | None:
    """Its Message-ID, if our answers may name it."""
    message_id = written.message_id or ""
    return message_id if re.fullmatch(r"[!-;=?-~]{1,190}", message_id) and "=?" not in message_id else None


def _suspicion(session: Session, house: House, now: datetime, written: Written) -> str | None:
    if written.is_automatic:
        return "automatic"
    key = house.address_hash(written.sender)
    is_fine = rates.allow(session, house, "inquiry from address", key, intake.PER_ADDRESS, DAY, now)
    return None if is_fine else "rate"
