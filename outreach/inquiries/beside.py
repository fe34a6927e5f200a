"""What stands beside the questions of a workspace to help answering them: lines to take, and what we said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries import emails
from outreach.inquiries.lines import finding
from outreach.inquiries.lines.finding import Offer
from outreach.inquiries.models import Inquiry
from outreach.inquiries.released import memory
from outreach.inquiries.released.models import ReleasedAnswer


@dataclass(frozen=True)
class Beside:
    """For one question: the lines that may answer it, and the answers given to questions like it."""

    lines: list[Offer]
    said: list[ReleasedAnswer]


def questions(session: Session, house: House, inquiry: Inquiry, now: datetime) -> dict[int, Beside]:
    """By the number of each question; nothing for an inquiry that is over."""
    if not inquiry.is_open():
        return {}
    variant, texts = emails.reply_variant(inquiry), [question.text for question in inquiry.questions]
    offers = finding.like_these(session, now, house.office.zone, texts, variant)
    said = memory.like_these(session, inquiry, inquiry.questions, now)
    return {
        question.number: Beside(offered, said[question.number])
        for question, offered in zip(inquiry.questions, offers, strict=True)
    }
