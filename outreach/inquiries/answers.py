"""The desk writes: answers kept as a draft that all see, a reply, and the answer by mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import casework, emails, intake, moves
from outreach.inquiries.models import OUT, Inquiry, InquiryMessage, Question
from outreach.inquiries.released import keeping
from outreach.language import mark

NOTHING = mark("Write an answer or a reply before sending")
UNANSWERED = mark("A question has no answer yet. Write one, or tick “Send without an answer to every question”")
CHANGED = mark("Somebody changed this inquiry while you were writing. Nothing is lost: compare, then send again.")


@dataclass(frozen=True)
class Draft:
    """What the officer typed: an answer per question, in their order, words around them, terms and attribution.

    ``version`` is the inquiry's as the officer saw it; ``nonce`` names the form, so that sending it twice is once.
    """

    texts: Sequence[str]
    body: str
    terms: str
    attribution: str
    version: int
    nonce: str
    partly: bool = False


def keep(session: Session, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int) -> bool:
    """Keep the answers without sending; ``False`` when nothing differs. Raises ``Conflict`` on a stale version."""
    if not differs(inquiry, draft):
        return False
    _check_version(inquiry, draft)
    moves.move(session, inquiry, now, moves.KEEP, actor_id)
    _write(inquiry, draft)
    inquiry.draft = _around(draft)
    return True


def reply(
    session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int
) -> InquiryMessage:
    """Send words that do not answer yet (a question back, a later time); the inquiry stays open. Once per form."""
    earlier = casework.sent_before(inquiry, draft.nonce)
    if earlier is not None:
        return earlier
    _check_version(inquiry, draft)
    if not draft.body:
        raise Conflict("body", NOTHING)
    moves.move(session, inquiry, now, moves.REPLY, actor_id)
    casework.take(inquiry, now, actor_id)
    _write(inquiry, draft)
    message = InquiryMessage(direction=OUT, at=now, author_id=actor_id, body=draft.body, nonce=draft.nonce, answers=[])
    return _send(session, house, now, inquiry, message, actor_id)


def answer(
    session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int
) -> InquiryMessage:
    """Answer by mail; one form is one mail. Raises ``Conflict`` on a stale version, ``IllegalMove`` when it is over."""
    earlier = casework.sent_before(inquiry, draft.nonce)
    if earlier is not None:
        return earlier
    _check_version(inquiry, draft)
    _check_complete(inquiry, draft)
    moves.move(session, inquiry, now, moves.ANSWER, actor_id)
    casework.take(inquiry, now, actor_id)
    _write(inquiry, draft)
    answered = [question for question in inquiry.questions if question.answer]
    for question in answered:
        question.answered_at = now
    inquiry.answered_at = now
    message = InquiryMessage(
        direction=OUT, at=now, author_id=actor_id, body=draft.body, nonce=draft.nonce, terms=draft.terms,
        attribution=draft.attribution, answers=[[question.text, question.answer] for question in answered],
    )  # fmt: skip
    return _send(session, house, now, inquiry, message, actor_id, answered)


def differs(inquiry: Inquiry, draft: Draft) -> bool:
    """Whether the draft says anything else than what is kept."""
    kept = [question.answer for question in inquiry.questions]
    return kept != _filled(inquiry, draft) or (inquiry.draft or {}).get("body", "") != draft.body


def _filled(inquiry: Inquiry, draft: Draft) -> list[str]:
    return [draft.texts[place] if place < len(draft.texts) else "" for place in range(len(inquiry.questions))]


def _around(draft: Draft) -> dict[str, str]:
    return {"body": draft.body, "terms": draft.terms, "attribution": draft.attribution}


def _write(inquiry: Inquiry, draft: Draft) -> None:
    for question, text in zip(inquiry.questions, _filled(inquiry, draft), strict=True):
        question.answer = text


def _check_complete(inquiry: Inquiry, draft: Draft) -> None:
    texts = _filled(inquiry, draft)
    if not draft.body and not any(texts):
        raise Conflict("body", NOTHING)
    if not all(texts) and not draft.partly:
        raise Conflict("partly", UNANSWERED)


def _check_version(inquiry: Inquiry, draft: Draft) -> None:
    if draft.version != inquiry.version:
        raise Conflict("version", CHANGED)


def _send(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, actor_id: int,
    answered: Sequence[Question] = (),
) -> InquiryMessage:  # fmt: skip
    inquiry.messages.append(message)
    inquiry.draft = {}
    session.flush()
    keeping.release(session, now, inquiry, message, answered, actor_id)
    emails.send_reply(session, house, now, inquiry, message, accounts.names(session)[actor_id])
    intake.note_interaction(session, now, inquiry, "answer")
    return message
