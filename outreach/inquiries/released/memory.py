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
    asked = likeness.Asked([question.text for question in questions])
    latest = (
        select(ReleasedAnswer.id, ReleasedAnswer.folded, ReleasedAnswer.inquiry_id, ReleasedAnswer.superseded_by_id)
        .where(ReleasedAnswer.released_at <= now)
        .order_by(ReleasedAnswer.released_at.desc(), ReleasedAnswer.id.desc())
        .limit(REMEMBERED)
    )
    near: list[list[tuple[int, int]]] = [[] for _ in questions]
    for id_, folded, inquiry_id, superseded_by in session.execute(latest):
        if inquiry_id == inquiry.id or superseded_by is not None:  # asked here: in SQL it would cost the order by time
            continue
        for place, count in asked.near(folded.partition("\n")[2]):  # the question stands in the second line
            near[place].append((count, id_))
    # Stable: among equals the newest stays first.
    nearest = [[id_ for _, id_ in sorted(found, key=lambda one: -one[0])[:most]] for found in near]
    ids = {id_ for found in nearest for id_ in found}
    wanted = select(ReleasedAnswer).where(ReleasedAnswer.id.in_(ids))
    rows = {row.id: row for row in session.scalars(wanted.options(joinedload(ReleasedAnswer.inquiry).raiseload("*")))}
    return {q.number: [rows[id_] for id_ in found] for q, found in zip(questions, nearest, strict=True)}


def get(session: Session, code: str) -> ReleasedAnswer:
    """The answer of this code. Raises ``NotFound``."""
    row = session.scalar(select(ReleasedAnswer).where(ReleasedAnswer.code == code))
    if row is None:
        raise NotFound(code)
    return row


def _holds(session: Session, word: str) -> ColumnElement[bool]:
    """A plain search in the text, which neither database does as quickly by LIKE."""
    find = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    return find(ReleasedAnswer.folded, word) > 0
