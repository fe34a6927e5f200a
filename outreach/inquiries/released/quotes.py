"""Whether a quote is ours: by its code, or by a sentence of it, among what is on the record and what is published.

Answers on background or off the record are as if they were not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries import terms
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.language import Variant
from outreach.newsroom import library
from outreach.newsroom.pages import Item
from outreach.serbian import fold

SHORTEST = 25


@dataclass(frozen=True)
class Quote:
    """An answer on the record, and the present one where it is superseded and that one is on the record as well."""

    answer: ReleasedAnswer
    is_current: bool
    present: ReleasedAnswer | None


@dataclass(frozen=True)
class Verdict:
    """What we know of a quote: answers that say it, the latest first, and published documents. Nothing is not ours."""

    quotes: list[Quote]
    documents: list[Item]


def by_code(session: Session, code: str, now: datetime) -> Verdict:
    """What we know of the answer with this code."""
    row = session.scalar(select(ReleasedAnswer).where(ReleasedAnswer.code == code, *_public(now)))
    return Verdict([_quote(session, row, now)] if row else [], [])


def by_sentence(session: Session, house: House, sentence: str, variant: Variant, now: datetime) -> Verdict:
    """Who said this, as far as we know: script, case, marks and line breaks do not count."""
    words = fold(sentence)
    if len(words) < SHORTEST:
        return Verdict([], [])
    find = func.instr if session.get_bind().dialect.name == "sqlite" else func.strpos
    holding = select(ReleasedAnswer).where(find(ReleasedAnswer.folded, words) > 0, *_public(now))
    rows = session.scalars(holding.order_by(ReleasedAnswer.released_at.desc(), ReleasedAnswer.id.desc()).limit(100))
    ours: dict[str, ReleasedAnswer] = {}
    for row in rows:
        if words in row.folded.split("\n")[0]:  # the second line is the journalist's question
            ours.setdefault(row.text_hash, row)
    documents = library.opened(session, house).saying(words, variant, now)
    return Verdict([_quote(session, row, now) for row in list(ours.values())[:3]], documents[:5])


def _quote(session: Session, row: ReleasedAnswer, now: datetime) -> Quote:
    present = row
    while not present.is_current(now):
        after = session.get(ReleasedAnswer, present.superseded_by_id)
        assert after is not None
        present = after
    is_shown = present is not row and present.terms == terms.ON_RECORD
    return Quote(row, present is row, present if is_shown else None)


def _public(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return ReleasedAnswer.terms == terms.ON_RECORD, ReleasedAnswer.released_at <= now
