"""What leaves the house is kept: one row for each answer, as it left, with the code by which it can be checked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries import emails
from outreach.inquiries.models import Inquiry, InquiryMessage, Question
from outreach.inquiries.released import codes
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.serbian import fold


def release(
    session: Session, now: datetime, inquiry: Inquiry, message: InquiryMessage, answered: Sequence[Question],
    actor_id: int | None, *, story_id: int | None = None,
) -> list[ReleasedAnswer]:  # fmt: skip
    """Keep the answers of an OUT message; ``answered`` are their questions, in the order of ``message.answers``.

    A message that answers in its body alone is one answer to the whole inquiry; one without terms is none. What was
    said before to a question is superseded by other words, and not kept twice in the same ones.
    """
    said = codes.said(inquiry, message)
    before = codes.of_inquiry(session, inquiry)
    rows = []
    for one, asked in zip_longest(said, answered[: len(said)]):
        row = _row(inquiry, message, one, asked)
        if any(_says_the_same(row, old) for old in before):
            continue
        row.code, row.released_at, row.released_by_id = codes.free(session), message.leaves_at or now, actor_id
        row.story_id = story_id
        session.add(row)
        session.flush()
        _supersede(row, [old for old in before if asked and old.question_id == asked.id])
        rows.append(row)
    return rows


def _row(
    inquiry: Inquiry, message: InquiryMessage, said: tuple[str, str, str], asked: Question | None
) -> ReleasedAnswer:
    question, text, terms = said
    return ReleasedAnswer(
        inquiry_id=inquiry.id, message_id=message.id, question_id=asked.id if asked else None,
        line_id=asked.line_id if asked else None, question=question, text=text, text_hash=text_hash(text),
        terms=terms, attribution=message.attribution, variant=emails.reply_variant(inquiry).segment,
        folded=f"{fold(text)}\n{fold(question)}",
    )  # fmt: skip


def forget(session: Session, message: InquiryMessage) -> None:
    """The message was taken back before it left: its answers were never given, and what they superseded holds again."""
    rows = list(session.scalars(select(ReleasedAnswer).where(ReleasedAnswer.message_id == message.id)))
    for old in session.scalars(select(ReleasedAnswer).where(ReleasedAnswer.superseded_by_id.in_([r.id for r in rows]))):
        old.superseded_by_id = old.superseded_at = None
    session.flush()
    for row in rows:
        session.delete(row)
    session.flush()


def _says_the_same(row: ReleasedAnswer, old: ReleasedAnswer) -> bool:
    same = (row.question, row.text, row.terms, row.attribution) == (old.question, old.text, old.terms, old.attribution)
    return same and old.superseded_by_id is None


def _supersede(row: ReleasedAnswer, earlier: Sequence[ReleasedAnswer]) -> None:
    for old in earlier:
        if old.superseded_by_id is None:
            old.superseded_by_id, old.superseded_at = row.id, row.released_at


def text_hash(text: str) -> str:
    """The fingerprint of a wording, the same in either script and however it is broken into lines."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def by_code(session: Session, code: str) -> ReleasedAnswer | None:
    """The answer of this code, on whatever terms."""
    return session.scalar(select(ReleasedAnswer).where(ReleasedAnswer.code == code))
