"""The memory of the desk: what we said before, found by words in either script and without marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from outreach.errors import NotFound
from outreach.inquiries import likeness
from outreach.inquiries.models import Inquiry, Question
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.serbian import fold

PER_PAGE = 20
REMEMBERED = 3_000
"""How many of the latest answers are looked through for questions like one that is asked now."""


@dataclass(frozen=True)
class Found:
    """A page of answers, the newest first, and whether there are newer and older ones."""

    answers: list[ReleasedAnswer]
    page: int
    has_older: bool


def search(session: Session, words: str, now: datetime, page: int = 1, limit: int = PER_PAGE) -> Found:
    """Answers that have left the house and hold every one of the words, in question or answer; all, without words."""
    holding = [_holds(session, word) for word in fold(words).split()[:20]]
    wanted = (
        select(ReleasedAnswer)
        .where(ReleasedAnswer.released_at <= now, *holding)
        .options(joinedload(ReleasedAnswer.inquiry).raiseload("*"))
        .order_by(ReleasedAnswer.released_at.desc(), ReleasedAnswer.id.desc())
        .limit(limit + 1)
        .offset((page - 1) * limit)
    )
    rows = list(session.scalars(wanted))
    return Found(rows[:limit], page, len(rows) > limit)


def like_these(
    session: Session, inquiry: Inquiry, questions: Sequence[Question], now: datetime, most: int = 3
) -> dict[int, list[ReleasedAnswer]]:
    """What we said before on the like of each question, by its number: nearest first, then newest, none superseded."""
    asked = {question.number: likeness.words(question.text) for question in questions}
    latest = (
        select(ReleasedAnswer.id, ReleasedAnswer.folded)
        .where(ReleasedAnswer.released_at <= now, ReleasedAnswer.superseded_by_id.is_(None))
        .where(ReleasedAnswer.inquiry_id != inquiry.id)
        .order_by(ReleasedAnswer.released_at.desc(), ReleasedAnswer.id.desc())
        .limit(REMEMBERED)
    )
    before = [(id_, _told(folded)) for id_, folded in session.execute(latest)]
    nearest = {number: _nearest(words, before, most) for number, words in asked.items()}
    ids = {id_ for found in nearest.values() for id_ in found}
    wanted = select(ReleasedAnswer).where(ReleasedAnswer.id.in_(ids))
    rows = {row.id: row for row in session.scalars(wanted.options(joinedload(ReleasedAnswer.inquiry).raiseload("*")))}
    return {number: [rows[id_] for id_ in found] for number, found in nearest.items()}


def get(session: Session, code: str) -> ReleasedAnswer:
    """The answer of this code. Raises ``NotFound``."""
    row = session.scalar(select(ReleasedAnswer).where(ReleasedAnswer.code == code))
    if row is None:
        raise NotFound(code)
    return row


def _told(folded: str) -> frozenset[str]:
    """The stems of the question, which stands in the second line."""
    return likeness.every_stem(likeness.keys(folded.partition("\n")[2]))


def _nearest(words: Sequence[frozenset[str]], before: Sequence[tuple[int, frozenset[str]]], most: int) -> list[int]:
    counted = ((likeness.shared(words, told), id_) for id_, told in before)
    near = [(count, id_) for count, id_ in counted if likeness.is_near(count, len(words))]
    near.sort(key=lambda one: -one[0])  # stable: among equals the newest stays first
    return [id_ for _, id_ in near[:most]]


def _holds(session: Session, word: str) -> ColumnElement[bool]:
    """A plain search in the text, which neither database does as quickly by LIKE."""
    find = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    return find(ReleasedAnswer.folded, word) > 0
