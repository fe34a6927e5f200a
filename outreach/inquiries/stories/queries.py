"""Reads over stories: the list, and open inquiries of several outlets that seem to ask about one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from outreach.inquiries import likeness
from outreach.inquiries.models import OPEN_STATES, Inquiry
from outreach.inquiries.stories.models import Story
from outreach.serbian import fold

LOOKED_THROUGH = 200
SHARED = 3
"""So many words, in whatever form, must be in both inquiries, and be half of the shorter one's."""


@dataclass(frozen=True)
class Row:
    """A story and the number of its inquiries, of those the open ones."""

    story: Story
    inquiries: int
    still_open: int


@dataclass(frozen=True)
class _Asked:
    inquiry: Inquiry
    words: list[frozenset[str]]
    told: frozenset[str]


def rows(session: Session, limit: int = 100) -> list[Row]:
    """The stories that are not closed, the newest first."""
    is_open = Inquiry.state.in_(OPEN_STATES)
    counted = (
        select(Story, func.count(Inquiry.id), func.count(Inquiry.id).filter(is_open))
        .outerjoin(Inquiry, Inquiry.story_id == Story.id)
        .where(Story.ended_at.is_(None))
        .group_by(Story.id)
        .order_by(Story.id.desc())
        .limit(limit)
    )
    return [Row(story, inquiries, still_open) for story, inquiries, still_open in session.execute(counted)]


def suggestions(session: Session) -> list[list[Inquiry]]:
    """Groups of open inquiries in no story, of more than one outlet, that share their words; the largest first."""
    wanted = (
        select(Inquiry)
        .where(Inquiry.state.in_(OPEN_STATES), Inquiry.story_id.is_(None))
        .options(selectinload(Inquiry.questions))
        .order_by(Inquiry.received_at.desc(), Inquiry.id.desc())
        .limit(LOOKED_THROUGH)
    )
    groups: list[list[_Asked]] = []
    for asked in map(_asked, session.scalars(wanted)):
        near = [group for group in groups if any(_are_alike(asked, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([asked, *(other for group in near for other in group)])
    found = [[asked.inquiry for asked in group] for group in groups if len(group) > 1]
    return sorted((group for group in found if _outlets(group) > 1), key=len, reverse=True)[:5]


def by_references(session: Session, references: Iterable[str]) -> list[Inquiry]:
    """The inquiries of these references, unknown ones left out."""
    return list(session.scalars(select(Inquiry).where(Inquiry.reference.in_(list(references)))))


def _asked(inquiry: Inquiry) -> _Asked:
    words = likeness.words(" ".join([inquiry.subject, *(question.text for question in inquiry.questions)]))
    return _Asked(inquiry, words, likeness.every_stem(words))


def _are_alike(one: _Asked, other: _Asked) -> bool:
    count = likeness.shared(one.words, other.told)
    return count >= SHARED and 2 * count >= min(len(one.words), len(other.words))


def _outlets(group: Iterable[Inquiry]) -> int:
    return len({fold(inquiry.outlet) for inquiry in group})
