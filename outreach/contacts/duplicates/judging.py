"""Somebody says whether two records are one person; the answer is remembered and not asked for again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.duplicates import finding, known, likeness
from outreach.contacts.duplicates.models import DIFFERENT, JUDGEMENTS, POSSIBLE, CandidatePair
from outreach.errors import IllegalMove, NotFound
from outreach.language import mark

NO_JUDGEMENT = mark("Say whether these two are one person.")


def judge(
    session: Session, now: datetime, low_id: int, high_id: int, judgement: str, actor_id: int | None
) -> CandidatePair:
    """Note "same", "different" or "unsure" on the two records as they are; the last one said holds."""
    if judgement not in JUDGEMENTS:
        raise IllegalMove(NO_JUDGEMENT)
    both = known.load(session, (low_id, high_id))
    if len(both) < 2:
        raise NotFound
    pair = of(session, low_id, high_id)
    if pair is None:
        like = likeness.compare(both[low_id], both[high_id], finding.crowded(session, low_id))
        pair = CandidatePair(
            low_id=low_id, high_id=high_id, score=like.score if like else 0, band=like.band if like else POSSIBLE,
            reasons=like.reasons if like else [], found_at=now,
        )  # fmt: skip
        session.add(pair)
    pair.judgement, pair.judged_by, pair.judged_at, pair.judged_on = judgement, actor_id, now, pair.reasons
    session.flush()
    audit.record(
        session, now, "person.pair_judged", f"person:{low_id}", actor_id, other=high_id, judgement=judgement
    )  # fmt: skip
    return pair


def keep_apart(session: Session, now: datetime, person_id: int, others: Iterable[int], actor_id: int | None) -> None:
    """Whoever wrote this record down knew of these and kept both; what was judged before stays, who has ended is not
    judged."""
    for other in others:
        low_id, high_id = sorted((person_id, other))
        pair = of(session, low_id, high_id)
        if len(known.load_names(session, {person_id, other})) == 2 and not (pair and pair.judgement):
            judge(session, now, low_id, high_id, DIFFERENT, actor_id)


def of(session: Session, low_id: int, high_id: int) -> CandidatePair | None:
    """The candidate pair of these two, if it was found or judged."""
    return session.scalar(select(CandidatePair).where(CandidatePair.low_id == low_id, CandidatePair.high_id == high_id))
