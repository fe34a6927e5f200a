"""How an inquiry ends other than by an answer, and how an end is taken back.

Nothing is removed: an end is a state with its reason, and every one can be reopened. What was mailed stays mailed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import language
from outreach.errors import Conflict, IllegalMove
from outreach.house import House
from outreach.inquiries import casework, emails, emails_desk, moves, references
from outreach.inquiries.models import CLOSED, DECLINED, DUPLICATE, REFERRED, SCREENED, WITHDRAWN, Inquiry
from outreach.inquiries.terms import REASONS
from outreach.language import mark
from outreach.mail import outbox
from outreach.mail.models import OutboxEmail

NO_REASON = mark("Choose why we cannot answer")
NO_OFFER = mark("Say what we can give instead, even if it is only whom to ask")
NO_ONE = mark("Say who answers this, and how to reach them")
NO_FIRST = mark("There is no inquiry with this reference")
ITSELF = mark("An inquiry cannot be merged into itself")
NOT_OVER = mark("Only what is answered, declined or passed on can be closed.")

KIND_OF = {
    moves.ACCEPT: "inquiry_accepted", moves.DECLINE: emails_desk.DECLINED, moves.REFER: emails_desk.REFERRED,
}  # fmt: skip
STOPPED, GONE, NO_MAIL = "its mail was stopped", "its mail had left", "no mail"


def decline(
    session: Session, house: House, now: datetime, inquiry: Inquiry, reason: str, words: str, actor_id: int
) -> bool:
    """Say that we cannot answer, why, and what we can give; ``False`` when done before."""
    if inquiry.state == DECLINED:
        return False
    if reason not in REASONS:
        raise Conflict("decline_reason", NO_REASON)
    if not words:
        raise Conflict("decline_words", NO_OFFER)
    moves.move(session, inquiry, now, moves.DECLINE, actor_id, reason)
    casework.take(inquiry, now, actor_id)
    inquiry.ended_reason, inquiry.ended_words = reason, words
    body = f"{language.text(emails.reply_variant(inquiry), REASONS[reason])}\n\n{words}"
    emails_desk.say(
        session, house, now, inquiry, emails_desk.DECLINED, body, actor_id, reason=REASONS[reason], body=words
    )
    return True


def refer(
    session: Session, house: House, now: datetime, inquiry: Inquiry, who: str, contact: str, words: str, actor_id: int
) -> bool:
    """Pass it on: the journalist is told who answers and how to reach them; nobody is told about the journalist."""
    if inquiry.state == REFERRED:
        return False
    if not who or not contact:
        raise Conflict("refer_to" if not who else "refer_contact", NO_ONE)
    moves.move(session, inquiry, now, moves.REFER, actor_id, who)
    casework.take(inquiry, now, actor_id)
    inquiry.ended_reason, inquiry.ended_words = "referred", f"{who}: {contact}"
    body = f"{inquiry.ended_words}\n\n{words}".strip()
    emails_desk.say(
        session, house, now, inquiry, emails_desk.REFERRED, body, actor_id, who=who, contact=contact, body=words
    )
    return True


def merge(session: Session, now: datetime, inquiry: Inquiry, typed: str, actor_id: int) -> bool:
    """Put it down as a duplicate of the inquiry with the reference ``typed``; its messages stay with it.

    A duplicate of a duplicate belongs to the first of them. Raises ``Conflict`` beside the reference.
    """
    reference = references.read(typed)
    first = session.scalar(select(Inquiry).where(Inquiry.reference == reference)) if reference else None
    while first is not None and first.duplicate_of_id is not None:
        first = session.get_one(Inquiry, first.duplicate_of_id)
    if first is None or first.state == SCREENED:
        raise Conflict("merge_into", NO_FIRST)
    if first.id == inquiry.id:
        raise Conflict("merge_into", ITSELF)
    if inquiry.state == DUPLICATE and inquiry.duplicate_of_id == first.id:
        return False
    moves.move(session, inquiry, now, moves.MERGE, actor_id, first.reference)
    inquiry.duplicate_of_id = first.id
    return True


def withdraw_by_phone(session: Session, now: datetime, inquiry: Inquiry, words: str, actor_id: int) -> bool:
    """The journalist said on the phone that it is not needed any more: waiting mail is cancelled, none is sent."""
    if inquiry.state == WITHDRAWN:
        return False
    moves.move(session, inquiry, now, moves.WITHDRAW, actor_id, words)
    outbox.cancel(session, inquiry.ref, "withdrawn", now)
    return True


def close(session: Session, now: datetime, inquiry: Inquiry, actor_id: int | None = None) -> bool:
    """It is over; ``False`` when done before. Raises ``IllegalMove`` while nothing was said to the journalist."""
    if inquiry.state == CLOSED:
        return False
    if not moves.is_legal(inquiry, moves.CLOSE):
        raise IllegalMove(NOT_OVER)
    moves.move(session, inquiry, now, moves.CLOSE, actor_id)
    return True


def unanswered(inquiry: Inquiry) -> list[int]:
    """The numbers of the questions that no answer was sent to."""
    return [question.number for question in inquiry.questions if question.answered_at is None]


def reopen(session: Session, now: datetime, inquiry: Inquiry, actor_id: int) -> bool:
    """Work on it again; ``False`` when it is open."""
    if inquiry.is_open():
        return False
    moves.move(session, inquiry, now, moves.REOPEN, actor_id)
    casework.take(inquiry, now, actor_id)
    _forget_end(inquiry)
    return True


def screen(session: Session, now: datetime, inquiry: Inquiry, actor_id: int) -> bool:
    """Put aside what is not for this desk: the journalist's page stays as it is, and one click lets it in again."""
    if inquiry.state == SCREENED:
        return False
    moves.move(session, inquiry, now, moves.SCREEN, actor_id)
    inquiry.screened_reason = casework.BY_DESK
    return True


def undo(session: Session, now: datetime, inquiry: Inquiry, event_id: int, actor_id: int) -> str | None:
    """Take back the step of this event; what became of its mail, or ``None`` when it was undone before."""
    step = moves.can_undo(inquiry)
    if step is None or step.id != event_id:
        if any(event.id > event_id and event.verb == moves.UNDO for event in inquiry.events):
            return None
        raise IllegalMove(moves.NOT_UNDONE)
    fate = _stop_mail(session, now, inquiry, KIND_OF.get(step.verb), step.at)
    moves.step_back(session, inquiry, now, actor_id, fate)
    if step.verb == moves.ACCEPT:
        inquiry.owner_id = inquiry.accepted_at = None
        inquiry.acknowledged_at = None if fate != GONE else inquiry.acknowledged_at
    if step.verb in (moves.MERGE, moves.DECLINE, moves.REFER):
        _forget_end(inquiry)
    return fate


def _stop_mail(session: Session, now: datetime, inquiry: Inquiry, kind: str | None, since: datetime) -> str:
    """Cancel the mail of a step if it still waits; what became of it."""
    mail = select(OutboxEmail.id).where(
        OutboxEmail.ref == inquiry.ref, OutboxEmail.kind == kind, OutboxEmail.created_at >= since
    )
    mail_id = session.scalar(mail.order_by(OutboxEmail.id.desc()).limit(1)) if kind else None
    if mail_id is None:
        return NO_MAIL
    if not outbox.take_back(session, mail_id, "undone"):
        return GONE
    for message in inquiry.messages:
        if message.outbox_id == mail_id:
            message.undone_at = now
    return STOPPED


def _forget_end(inquiry: Inquiry) -> None:
    inquiry.ended_reason, inquiry.ended_words, inquiry.duplicate_of_id = None, "", None
