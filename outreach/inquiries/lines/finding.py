"""Reads over lines: the cards of the desk's page, and the lines that may answer a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.inquiries import likeness
from outreach.inquiries.lines import wording
from outreach.inquiries.lines.models import Line
from outreach.inquiries.lines.wording import Wording
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.language import Variant
from outreach.serbian import fold

LIVE, EXPIRING, EXPIRED, ENDED = "live", "expiring", "expired", "ended"
VIEWS = (LIVE, EXPIRING, EXPIRED, ENDED)
SOON = timedelta(days=14)
PER_PAGE = 50


@dataclass(frozen=True)
class Card:
    """One line with the names behind it and the number of inquiries in which it was said."""

    line: Line
    owner: str | None
    checked_by: str | None
    used: int
    is_expired: bool
    is_expiring: bool


@dataclass(frozen=True)
class Offer:
    """A line beside a question: what would be put in, in the journalist's language and script."""

    line: Line
    wording: Wording
    is_expired: bool


@dataclass(frozen=True)
class Wanted:
    """What the page of lines is filtered by; empty is everything."""

    view: str = LIVE
    words: str = ""
    topic: str = ""
    owner_id: int | None = None
    page: int = 1


def cards(session: Session, now: datetime, zone: ZoneInfo, wanted: Wanted) -> tuple[list[Card], int]:
    """A page of lines, the next to expire first; and how many there are in all."""
    today = now.astimezone(zone).date()
    conditions = [_in_view(wanted.view, today), *(_holds(word) for word in fold(wanted.words).split()[:20])]
    if wanted.topic:
        conditions.append(Line.topic == wanted.topic)
    if wanted.owner_id is not None:
        conditions.append(Line.owner_id == wanted.owner_id)
    total = session.scalar(select(func.count()).select_from(Line).where(*conditions)) or 0
    chosen = select(Line).where(*conditions).order_by(Line.expires_on.is_(None), Line.expires_on, Line.id)
    return _cards(session, today, chosen.limit(PER_PAGE).offset((wanted.page - 1) * PER_PAGE)), total


def card(session: Session, now: datetime, zone: ZoneInfo, line: Line) -> Card:
    """The card of one line."""
    return _cards(session, now.astimezone(zone).date(), select(Line).where(Line.id == line.id))[0]


def counts(session: Session, now: datetime, zone: ZoneInfo) -> dict[str, int]:
    """How many lines stand in each view."""
    today = now.astimezone(zone).date()
    columns = [func.count().filter(_in_view(view, today)).label(view) for view in VIEWS]
    return dict(zip(VIEWS, map(int, session.execute(select(*columns).select_from(Line)).one()), strict=True))


def like_these(
    session: Session, now: datetime, zone: ZoneInfo, texts: Sequence[str], variant: Variant, most: int = 5
) -> list[list[Offer]]:
    """For each text the lines that share its words, the nearest first."""
    today = now.astimezone(zone).date()
    asked, near = likeness.Asked(texts), [list[tuple[int, Line]]() for _ in texts]
    for line in session.scalars(select(Line).where(Line.ended_at.is_(None)).order_by(Line.id)):
        for place, count in asked.near(line.folded):
            near[place].append((count, line))
    nearest = [[line for _, line in sorted(found, key=lambda one: -one[0])[:most]] for found in near]
    return [[_offer(line, variant, today) for line in found] for found in nearest]


def holding(
    session: Session, now: datetime, zone: ZoneInfo, words: str, variant: Variant, most: int = 8
) -> list[Offer]:
    """The live lines that hold every word as it begins; all of them without words."""
    today = now.astimezone(zone).date()
    wanted = select(Line).where(Line.ended_at.is_(None), *(_holds(word) for word in fold(words).split()[:20]))
    return [_offer(line, variant, today) for line in session.scalars(wanted.order_by(Line.id.desc()).limit(most))]


def _offer(line: Line, variant: Variant, today: date) -> Offer:
    return Offer(line, wording.of_line(line, variant), line.is_expired(today))


def _cards(session: Session, today: date, wanted: Select[Line]) -> list[Card]:
    names = accounts.names(session)
    lines = list(session.scalars(wanted))
    used = (
        select(ReleasedAnswer.line_id, func.count(ReleasedAnswer.inquiry_id.distinct()))
        .where(ReleasedAnswer.line_id.in_([line.id for line in lines]))
        .group_by(ReleasedAnswer.line_id)
    )
    times = {line_id: count for line_id, count in session.execute(used)}
    return [
        Card(
            line=line,
            owner=names.get(line.owner_id or 0),
            checked_by=names.get(line.checked_by_id or 0),
            used=times.get(line.id, 0),
            is_expired=line.is_expired(today),
            is_expiring=line.is_expired(today + SOON) and not line.is_expired(today),
        )
        for line in lines
    ]


def _holds(word: str) -> ColumnElement[bool]:
    return Line.folded.contains(word, autoescape=True)


def _in_view(view: str, today: date) -> ColumnElement[bool]:
    is_live = Line.ended_at.is_(None)
    return {
        LIVE: is_live,
        EXPIRING: and_(is_live, Line.expires_on >= today, Line.expires_on < today + SOON),
        EXPIRED: and_(is_live, Line.expires_on < today),
        ENDED: Line.ended_at.is_not(None),
    }[view]
