"""The short code of an answer, such as ``482715-3``: six random digits and a check digit over them (Damm)."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries import references, terms
from outreach.inquiries.models import Inquiry, InquiryMessage
from outreach.inquiries.released.models import ReleasedAnswer

NUMBERS = 1_000_000


def make(number: int) -> str:
    """The code of a number below a million."""
    digits = f"{number:06d}"
    return f"{digits}-{references.check_digit(digits)}"


def read(text: str) -> str | None:
    """The code somebody typed, in its one written form; ``None`` when it cannot be one."""
    digits = references.digits(text[:40])
    if len(digits) != 7 or not (digits.isascii() and digits.isdigit()) or references.check_digit(digits) != "0":
        return None
    return f"{digits[:6]}-{digits[6]}"


def free(session: Session) -> str:
    """A code that no answer has."""
    while True:
        code = make(secrets.randbelow(NUMBERS))
        if session.scalar(select(ReleasedAnswer.id).where(ReleasedAnswer.code == code)) is None:
            return code


def of_inquiry(session: Session, inquiry: Inquiry) -> list[ReleasedAnswer]:
    """Every answer that an inquiry got, the first one first."""
    mine = select(ReleasedAnswer).where(ReleasedAnswer.inquiry_id == inquiry.id).order_by(ReleasedAnswer.id)
    return list(session.scalars(mine))


def said(inquiry: Inquiry, message: InquiryMessage) -> list[tuple[str, str, str]]:
    """Question, words and terms of each answer in a message; one that answers in its body alone answers the subject."""
    if not message.terms:
        return []
    return message.said or [(inquiry.subject, message.body, message.terms)]


def of_message(session: Session, inquiry: Inquiry, message: InquiryMessage) -> list[ReleasedAnswer | None]:
    """The row behind each answer of a message, in their order; None where there is none on those terms."""
    rows = {(row.question, row.text, row.terms): row for row in of_inquiry(session, inquiry)}
    return [rows.get(one) for one in said(inquiry, message)]


def in_a_mail(session: Session, inquiry: Inquiry, message: InquiryMessage) -> list[str]:
    """The code of each answer of a message, in their order; "" for what is not on the record."""
    rows = of_message(session, inquiry, message)
    return [row.code if row and row.terms == terms.ON_RECORD else "" for row in rows]
