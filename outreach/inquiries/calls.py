"""Somebody calls: an officer writes the inquiry down, and the answer too if it was given on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.contacts import matching
from outreach.house import House
from outreach.inquiries import casework, emails, hygiene, intake, moves
from outreach.inquiries.intake import Submission
from outreach.inquiries.models import ANSWERED, CALL, OUT, Inquiry, InquiryMessage, Question
from outreach.inquiries.released import keeping


def log(session: Session, house: House, now: datetime, said: Submission, nonce: str, actor_id: int) -> Inquiry:
    """Write a call down as the actor's own inquiry; the same form twice is one. With an address the receipt leaves."""
    earlier = session.scalar(select(Inquiry).where(Inquiry.nonce == nonce).with_for_update())
    if earlier is not None:
        return earlier
    inquiry = intake.enter(session, house, now, said, nonce)
    inquiry.source, inquiry.logged_by_id = CALL, actor_id
    moves.move(session, inquiry, now, moves.ACCEPT, actor_id)
    casework.take(inquiry, now, actor_id)
    inquiry.person_id = matching.find_person(session, house, email=said.email or None, phone=said.phone or None)
    intake.note_interaction(session, now, inquiry)
    emails.send_receipt(session, house, now, inquiry)
    return inquiry


def answer(
    session: Session, house: House, now: datetime, inquiry: Inquiry, text: str, terms: str, attribution: str,
    actor_id: int,
) -> InquiryMessage | None:  # fmt: skip
    """Put down the answer that was given on the phone; ``None`` when it is down already. Nothing is mailed.

    As many lines as questions: one answer each; otherwise the whole text answers all of them.
    """
    if inquiry.state == ANSWERED:
        return None
    moves.move(session, inquiry, now, moves.ANSWER, actor_id)
    answered = _put_down(inquiry.questions, text, terms, now)
    inquiry.answered_at = now
    message = InquiryMessage(
        direction=OUT, at=now, author_id=actor_id, channel=CALL, body="", terms=terms, attribution=attribution,
        answers=[[question.text, question.answer, terms] for question in answered],
    )  # fmt: skip
    inquiry.messages.append(message)
    session.flush()
    keeping.release(session, now, inquiry, message, answered, actor_id)
    intake.note_interaction(session, now, inquiry, "answer")
    return message


def _put_down(questions: Sequence[Question], text: str, terms: str, now: datetime) -> Sequence[Question]:
    lines = hygiene.lines(text)
    each = lines if len(lines) == len(questions) else [text] * len(questions)
    for question, words in zip(questions, each, strict=True):
        question.answer, question.terms, question.answered_at = words, terms, now
    return questions
