"""The journalist asks more, or means something else: the desk adds a question or puts its wording right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.errors import Conflict, NotFound
from outreach.inquiries import hygiene, moves
from outreach.inquiries.clearance import asking
from outreach.inquiries.models import Inquiry, Question
from outreach.language import mark

NO_QUESTION = mark("Enter the question")
TOO_MANY = mark("One inquiry takes at most 40 questions")


def add(session: Session, now: datetime, inquiry: Inquiry, text: str, actor_id: int) -> bool:
    """Add a question at the end; ``False`` when the last one reads so already."""
    if not text:
        raise Conflict("new_question", NO_QUESTION)
    if inquiry.questions and inquiry.questions[-1].text == text:
        return False
    if len(inquiry.questions) >= hygiene.MOST:
        raise Conflict("new_question", TOO_MANY)
    moves.move(session, inquiry, now, moves.ADD_QUESTION, actor_id)
    inquiry.questions.append(Question(number=len(inquiry.questions) + 1, text=text))
    session.flush()
    return True


def reword(session: Session, now: datetime, inquiry: Inquiry, number: int, text: str, actor_id: int) -> bool:
    """Put the wording of a question right; ``False`` when it reads so already. What was cleared for it is void."""
    question = next((one for one in inquiry.questions if one.number == number), None)
    if question is None:
        raise NotFound(str(number))
    if not text:
        raise Conflict("wordings", NO_QUESTION)
    if question.text == text:
        return False
    moves.move(session, inquiry, now, moves.REWORD, actor_id)
    question.text = text
    asking.settle(session, now, inquiry, actor_id)
    return True
