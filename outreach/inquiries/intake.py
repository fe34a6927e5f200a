"""A journalist's inquiry comes in: stored once, told to the duty officer, confirmed to the journalist.

The same form sent twice makes one inquiry (F-25). What looks like a program waits under Screened, and is never
refused: a press centre shares one address, and a person may type fast (F-02).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from outreach import language, rates
from outreach.contacts import interactions, matching, wishes
from outreach.house import House
from outreach.inquiries import deadlines, emails, hygiene, moves, references, terms
from outreach.inquiries.deadlines import Deadline, Typed
from outreach.inquiries.files import keeping, waiting
from outreach.inquiries.models import IN, RECEIVED, SCREENED, Inquiry, InquiryMessage, Question
from outreach.language import Variant
from outreach.prepared import Prepared
from outreach.serbian import fold

NEW, SAME, EDITED, ADDED = "new", "same", "edited", "added"

PER_NETWORK, PER_ADDRESS, IN_ALL = 10, 10, 200  # an hour, a day, an hour
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Submission:
    """What the form carries, already clean and checked."""

    needs: tuple[str, ...]
    subject: str
    questions: str
    typed: Typed
    deadline: Deadline
    name: str
    outlet: str
    email: str
    variant: Variant
    phone: str = ""
    channels: tuple[str, ...] = ()
    other_handle: str = ""
    reply_in: str = "en"
    publishes_anyway: bool = False
    terms: str = "on_record"
    story: str = ""
    publication_on: date | None = None
    details: dict[str, dict[str, str]] = field(default_factory=dict)
    byline: str = ""
    about: str | None = None
    without: tuple[str, ...] = ()  # keys of files that the inquiry shall have no more
    wants_notices: bool = False

    def fingerprint(self) -> str:
        """Equal for equal words; the instant of a relative deadline, the page's language and what is wished besides
        do not count."""
        said = {name: getattr(self, name) for name in _SAID} | {"typed": vars(self.typed)}
        return hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()


_SAID = [field.name for field in fields(Submission) if field.name not in ("deadline", "variant", "wants_notices")]


@dataclass(frozen=True)
class Receipt:
    """The inquiry, and what the form did to it: new, same, edited or added. A new one is not in the session."""

    inquiry: Inquiry
    outcome: str


def receive(
    session: Session, house: House, now: datetime, said: Submission, nonce: str, suspicion: str | None, network: str
) -> Receipt:
    """Store an inquiry, or recognise the form that made one before. ``network``: for keyed counts only, never kept.

    The files that wait below the form's nonce become the inquiry's.
    """
    form = nonce
    inquiry = _written(house, now, said)  # before the first statement, from which on all other writers wait for us
    while earlier := _earlier(session, nonce):
        if said.fingerprint() == earlier.fingerprint or moves.is_legal(earlier, moves.FOLLOW_UP):
            return Receipt(earlier, change(session, house, now, earlier, said, form))
        nonce += "+"  # that one was withdrawn: other words are a new inquiry
    reason = suspicion or _over_rate(session, house, now, said.email, network)
    _name(session, house, now, inquiry, nonce, reason)
    if not reason:
        welcome(session, house, now, inquiry)
    _store(session, now, inquiry, said)
    keeping.keep(session, house, now, inquiry, form)
    return Receipt(inquiry, NEW)


def enter(
    session: Session, house: House, now: datetime, said: Submission, nonce: str, reason: str | None = None
) -> Inquiry:
    """A new inquiry of which nobody is told; ``reason``: why it waits under Screened."""
    inquiry = _written(house, now, said)
    _name(session, house, now, inquiry, nonce, reason)
    _store(session, now, inquiry, said)
    return session.get_one(Inquiry, inquiry.id)


def _written(house: House, now: datetime, said: Submission) -> Inquiry:
    """A new inquiry with all that needs no look at the database."""
    inquiry = Inquiry(key_id=house.tokens.key_id, received_at=now, changed_at=now, last_in_at=now)
    inquiry.wants_notices = said.wants_notices
    _write(inquiry, said)
    return inquiry


def _name(session: Session, house: House, now: datetime, inquiry: Inquiry, nonce: str, reason: str | None) -> None:
    """Give a new inquiry its reference and its state."""
    inquiry.reference, inquiry.nonce = _free_reference(session, house, now), nonce
    inquiry.state, inquiry.screened_reason = SCREENED if reason else RECEIVED, reason
    _make_findable(inquiry)


def _store(session: Session, now: datetime, inquiry: Inquiry, said: Submission) -> None:
    """One statement for each table, without the session's unit of work, which would take longer than all the rest."""
    inquiry.id = _INQUIRY.scalar(session, **vars(inquiry))
    lines = hygiene.questions(said.questions)
    questions = [{"inquiry_id": inquiry.id, "number": number, "text": line} for number, line in enumerate(lines, 1)]
    if questions:
        _QUESTIONS.add(session, *questions)
    moves.begin(session, inquiry, now)


_INQUIRY = Prepared(insert(Inquiry).returning(Inquiry.id))
_QUESTIONS = Prepared(insert(Question))


def change(session: Session, house: House, now: datetime, inquiry: Inquiry, said: Submission, form: str) -> str:
    """Other words or more files for an inquiry: edited within 15 minutes while nobody has it, else added to its thread.

    ``form``: the nonce below which its files wait. The same words and files change nothing. A changed address gets the
    receipt. Raises ``IllegalMove`` for a withdrawn one.
    """
    is_same = said.fingerprint() == inquiry.fingerprint
    if said.wants_notices and not inquiry.wants_notices:
        inquiry.wants_notices = True
        _note_wish(session, now, inquiry)
    if is_same and not keeping.brings_more(session, house, inquiry, form):
        waiting.clear(house, form)  # the same bytes once more, if any
        return SAME
    if not inquiry.can_be_edited(now):
        _add(session, house, now, inquiry, "" if is_same else f"{said.subject}\n\n{said.questions}", form)
        return ADDED
    moved = said.email.casefold() != inquiry.email.casefold()
    _write(inquiry, said)
    _make_findable(inquiry)
    _write_questions(inquiry, hygiene.questions(said.questions))
    keeping.drop(session, house, inquiry, said.without)
    keeping.keep(session, house, now, inquiry, form)
    moves.move(session, inquiry, now, moves.EDIT)
    if moved and inquiry.state == RECEIVED:
        emails.send_receipt(session, house, now, inquiry)
        _note_wish(session, now, inquiry)
    return EDITED


def welcome(session: Session, house: House, now: datetime, inquiry: Inquiry) -> None:
    """What follows once an inquiry counts as real: the known person, the receipt, the alert to the officer on duty, and
    the wish to be sent media notices goes where it is taken up."""
    inquiry.person_id = matching.find_person(session, house, email=inquiry.email)
    note_interaction(session, now, inquiry)
    emails.send_receipt(session, house, now, inquiry)
    emails.send_alert(session, house, now, inquiry, emails.NEW_INQUIRY)
    _note_wish(session, now, inquiry)


def note_interaction(session: Session, now: datetime, inquiry: Inquiry, kind: str = "inquiry") -> None:
    """Write the inquiry, or our answer, down in the timeline of its person, if contacts knows one."""
    if inquiry.person_id is None:
        return
    path = f"/desk/inquiries/{inquiry.reference}"
    is_on_time = inquiry.was_answered_on_time() if kind == "answer" else None
    interactions.note(session, now, inquiry.person_id, kind, inquiry.ref, path, inquiry.subject, is_on_time)


def _note_wish(session: Session, now: datetime, inquiry: Inquiry) -> None:
    """Whoever was screened is asked nothing: that would be a mail of ours to any address somebody types (F-02)."""
    if not inquiry.wants_notices or inquiry.state == SCREENED:
        return
    variant = emails.page_variant(inquiry)
    wording = f"{language.text(variant, terms.NOTICES)}: {language.text(variant, terms.NOTICES_MEAN)}"
    wishes.note(session, now, inquiry.ref, inquiry.email, variant, "inquiry form", wording)


def _add(session: Session, house: House, now: datetime, inquiry: Inquiry, body: str, form: str) -> None:
    is_known = body in (message.body for message in inquiry.messages)
    if is_known and not keeping.brings_more(session, house, inquiry, form):
        return
    moves.move(session, inquiry, now, moves.FOLLOW_UP)
    message = InquiryMessage(direction=IN, at=now, body=body)
    inquiry.messages.append(message)
    session.flush()
    keeping.keep(session, house, now, inquiry, form, message=message)
    inquiry.last_in_at = now
    emails.send_alert(session, house, now, inquiry, emails.NEW_WORDS)


def _write(inquiry: Inquiry, said: Submission) -> None:
    inquiry.deadline_at, inquiry.deadline_zone = said.deadline.at, said.deadline.zone
    inquiry.deadline_repeats = said.deadline.repeated
    inquiry.deadline_choice = said.deadline.choice
    inquiry.deadline_day, inquiry.deadline_hour = said.typed.day[:60], said.typed.hour[:60]
    inquiry.suspense_at = deadlines.suspense(inquiry.received_at, inquiry.deadline_at)
    inquiry.commit_by_at = deadlines.commit_by(inquiry.received_at, inquiry.suspense_at)
    inquiry.needs, inquiry.channels = list(said.needs), list(said.channels)
    inquiry.variant = said.variant.segment
    for name in (
        "subject", "story", "publishes_anyway", "publication_on", "name", "outlet", "email", "phone", "other_handle",
        "reply_in", "details", "byline", "about",
    ):  # fmt: skip
        setattr(inquiry, name, getattr(said, name))
    inquiry.terms_wanted = said.terms
    inquiry.fingerprint = said.fingerprint()


def _make_findable(inquiry: Inquiry) -> None:
    inquiry.folded = fold(" ".join((inquiry.subject, inquiry.name, inquiry.outlet, inquiry.reference)))


def _write_questions(inquiry: Inquiry, lines: list[str]) -> None:
    for question, line in zip(inquiry.questions, lines, strict=False):
        question.text = line
    del inquiry.questions[len(lines) :]
    for number in range(len(inquiry.questions), len(lines)):
        inquiry.questions.append(Question(number=number + 1, text=lines[number], answer=""))


def _over_rate(session: Session, house: House, now: datetime, email: str, network: str) -> str | None:
    limits = [
        rates.Limit("inquiry from network", network, PER_NETWORK, HOUR),
        rates.Limit("inquiry from address", house.address_hash(email), PER_ADDRESS, DAY),
        rates.Limit("inquiry", "all", IN_ALL, HOUR),
    ]
    return None if rates.allow_all(session, house, limits, now) else "rate"


def _free_reference(session: Session, house: House, now: datetime) -> str:
    year = now.astimezone(house.office.zone).year
    while True:
        made = references.make(year)
        if _WITH_REFERENCE.scalar(session, reference=made) is None:
            return made


_WITH_REFERENCE = Prepared(select(Inquiry.id).where(Inquiry.reference == bindparam("reference")))
_WITH_NONCE = Prepared(select(Inquiry.id).where(Inquiry.nonce == bindparam("nonce")))


def _earlier(session: Session, nonce: str) -> Inquiry | None:
    """The inquiry that this form made before, held until the transaction ends."""
    known = _WITH_NONCE.scalar(session, nonce=nonce)
    return session.get(Inquiry, known, with_for_update=True) if known else None
