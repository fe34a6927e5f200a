"""Which inquiry a mail belongs to: by its secret address, else by the mail of ours that it answers when it comes from
the inquiry's own address. A subject proves nothing; it makes a guess that a person confirms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.inquiries import references
from outreach.inquiries.models import DUPLICATE, OPEN_STATES, Inquiry
from outreach.language import mark
from outreach.mail.inbound.written import Written
from outreach.mail.models import OutboxEmail

BY_ADDRESS, BY_THREAD = "by address", "by thread"
OWN_SUBJECT, FOREIGN_SUBJECT, SAME_SENDER = "own subject", "foreign subject", "same sender"
REASONS = {
    BY_ADDRESS: mark("It came to the address that only this inquiry has."),
    BY_THREAD: mark("It answers a mail of ours about this inquiry, but comes from another address."),
    OWN_SUBJECT: mark("Its subject names this reference, and it comes from the address of this inquiry."),
    FOREIGN_SUBJECT: mark("Its subject names this reference, but it comes from another address."),
    SAME_SENDER: mark("It is the last inquiry from this address."),
}

_REFERENCE = re.compile(r"(?<!\d)\d{2}[-–— ]?\d{5}[-–— ]?\d(?!\d)")
_OURS = "inquiry:"


@dataclass(frozen=True)
class Guess:
    """The likeliest inquiry, and why; one of REASONS."""

    reference: str
    subject: str
    reason: str


def addressed(session: Session, number: str | None) -> Inquiry | None:
    """The inquiry whose eight digits a secret address has; of one that was merged, the one it was merged into."""
    reference = references.read((number or "").zfill(8))
    found = session.scalar(select(Inquiry).where(Inquiry.reference == reference)) if reference else None
    return _kept(session, found)


def answered(session: Session, written: Written) -> Inquiry | None:
    """The inquiry whose mail this one answers, when From is the inquiry's own address."""
    found = _in_thread(session, written)
    is_own = found is not None and is_from(written, found)
    return _kept(session, found) if is_own else None


def is_from(written: Written, inquiry: Inquiry) -> bool:
    """Whether the mail names the inquiry's own address as its sender."""
    return bool(written.sender) and written.sender.casefold() == inquiry.email.casefold()


def is_our_own(session: Session, written: Written) -> bool:
    """Whether it is a mail of ours that came back to us."""
    mine = select(OutboxEmail.id).where(OutboxEmail.message_id == written.message_id)
    return written.message_id is not None and session.scalar(mine) is not None


def guess(session: Session, number: str | None, written: Written) -> Guess | None:
    """What a person would look at first."""
    found, reason = addressed(session, number), BY_ADDRESS
    if found is None:
        found, reason = _kept(session, _in_thread(session, written)), BY_THREAD
    if found is None:
        found = _named(session, written.subject)
        reason = OWN_SUBJECT if found and is_from(written, found) else FOREIGN_SUBJECT
    if found is None:
        found, reason = _last_from(session, written.sender), SAME_SENDER
    return Guess(found.reference, found.subject, reason) if found else None


def _kept(session: Session, inquiry: Inquiry | None) -> Inquiry | None:
    """The inquiry itself, or the one into which it was merged."""
    seen: set[int] = set()
    while inquiry is not None and inquiry.state == DUPLICATE and inquiry.duplicate_of_id and inquiry.id not in seen:
        seen.add(inquiry.id)
        inquiry = session.get(Inquiry, inquiry.duplicate_of_id)
    return inquiry


def _in_thread(session: Session, written: Written) -> Inquiry | None:
    """The inquiry of the first of our mails that it names."""
    mails = select(OutboxEmail.message_id, OutboxEmail.ref).where(OutboxEmail.message_id.in_(written.answers))
    refs = {message_id: ref for message_id, ref in session.execute(mails) if ref.startswith(_OURS)}
    ref = next((refs[message_id] for message_id in written.answers if message_id in refs), "")
    return session.scalar(select(Inquiry).where(Inquiry.reference == ref.removeprefix(_OURS))) if ref else None


def _named(session: Session, subject: str) -> Inquiry | None:
    read = (references.read(found) for found in _REFERENCE.findall(subject))
    named = [reference for reference in read if reference]
    return session.scalar(select(Inquiry).where(Inquiry.reference == named[0])) if named else None


def _last_from(session: Session, sender: str) -> Inquiry | None:
    """The last inquiry of this address, an open one before all."""
    if not sender:
        return None
    mine = select(Inquiry).where(func.lower(Inquiry.email) == sender.lower())
    return session.scalar(mine.order_by(Inquiry.state.in_(OPEN_STATES).desc(), Inquiry.received_at.desc()).limit(1))
