"""The desk answers by mail, or writes something that does not answer yet; no word leaves uncleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import casework, drafts, moves, sending
from outreach.inquiries.clearance import deciding, state
from outreach.inquiries.clearance.models import REFUSED
from outreach.inquiries.drafts import Draft
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import Inquiry, InquiryMessage, Question
from outreach.language import mark

NOTHING = mark("Write an answer or a reply before sending")
UNANSWERED = mark("A question has no answer yet. Write one, or tick “Send without an answer to every question”")
NOT_CLEARED = mark(
    "An answer is with an approver, or was refused. Wait, change it, or send without it: tick “Send without an answer "
    "to every question”"
)
WHOLE_NOT_CLEARED = mark(
    "The whole reply is with an approver, or was refused. Wait, change it, or withdraw the request"
)
OTHER_TERMS = mark(
    "An answer comes from a line that was agreed on other terms. Change the terms, or tick “Send on these terms all "
    "the same”"
)


def reply(
    session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int
) -> InquiryMessage:
    """Send words that do not answer yet (a question back, a later time); the inquiry stays open. Once per form."""
    earlier = sending.sent_before(inquiry, draft.nonce)
    if earlier is not None:
        return earlier
    drafts.check_version(inquiry, draft)
    if not draft.body:
        raise Conflict("body", NOTHING)
    moves.move(session, inquiry, now, moves.REPLY, actor_id)
    casework.take(inquiry, now, actor_id)
    drafts.write(house, inquiry, draft, actor_id)
    message = InquiryMessage(body=draft.body, answers=[])
    return sending.send(session, house, now, inquiry, message, draft, actor_id)


def answer(
    session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int
) -> InquiryMessage:
    """Answer by mail; one form is one mail. Raises ``Conflict`` on a stale version, ``IllegalMove`` when it is over.

    What nobody was asked about, the sender clears by sending, unless the two-person rule says otherwise.
    """
    earlier = sending.sent_before(inquiry, draft.nonce)
    if earlier is not None:
        return earlier
    drafts.check_version(inquiry, draft)
    _check_complete(inquiry, draft)
    moves.move(session, inquiry, now, moves.ANSWER, actor_id)
    casework.take(inquiry, now, actor_id)
    drafts.write(house, inquiry, draft, actor_id)
    session.flush()
    sent = _clear(session, house, now, inquiry, draft, actor_id)
    _check_terms(session, inquiry, draft, sent)
    for question in sent:
        question.answered_at = now
    inquiry.answered_at = now
    message = InquiryMessage(
        body=draft.body, terms=draft.terms, attribution=draft.attribution,
        answers=[[one.text, one.answer, one.terms or draft.terms] for one in sent],
    )  # fmt: skip
    return sending.send(session, house, now, inquiry, message, draft, actor_id, sent)


def _check_complete(inquiry: Inquiry, draft: Draft) -> None:
    texts = [draft.texts[place] if place < len(draft.texts) else "" for place in range(len(inquiry.questions))]
    if not draft.body and not any(texts):
        raise Conflict("body", NOTHING)
    if not all(texts) and not draft.partly:
        raise Conflict("partly", UNANSWERED)


def _clear(
    session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int
) -> list[Question]:
    """The answers that go, each cleared; those that an approver still has, or refused, stay when that was confirmed."""
    present = state.of(session, inquiry)
    if present.whole.state in (state.REQUESTED, REFUSED):
        raise Conflict("body", WHOLE_NOT_CLEARED)
    answered = [question for question in inquiry.questions if question.answer]
    sent = [one for one in answered if present.questions[one.id].state not in (state.REQUESTED, REFUSED)]
    if len(sent) < len(answered) and not draft.partly:
        raise Conflict("partly", NOT_CLEARED)
    if not sent and not draft.body:
        raise Conflict("body", NOTHING)
    for question in sent:
        standing = present.questions[question.id]
        deciding.clear_by_sending(session, house, now, standing, actor_id, is_confirmed=draft.release)
    return sent


def _check_terms(session: Session, inquiry: Inquiry, draft: Draft, sent: Sequence[Question]) -> None:
    """A line keeps the terms it was agreed on; to send it on others is asked once."""
    for question in sent:
        line = session.get(Line, question.line_id) if question.line_id else None
        if line is not None and line.terms != (question.terms or draft.terms) and not draft.mixed:
            raise Conflict("mixed", OTHER_TERMS)
