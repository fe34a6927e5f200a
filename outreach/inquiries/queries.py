"""Reads of the desk: the queue by deadline, its counts, the lists of Today, and the search over inquiries.

No read of the queue counts or sorts what is over: open rows are few, and the rest grows for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, case, func, literal, not_, select
from sqlalchemy.orm import Session, raiseload

from outreach.accounts import queries as accounts
from outreach.errors import NotFound
from outreach.inquiries import filters
from outreach.inquiries.filters import (
    ALL,
    ANSWERED_VIEW,
    MINE,
    NEW,
    OPEN_VIEWS,
    SCREENED_VIEW,
    TEAM,
    VIEWS,
    Asked,
    Condition,
)  # fmt: skip
from outreach.inquiries.models import DUE_SOON, IS_OPEN, SCREENED, Inquiry
from outreach.mail.models import FAILED, OutboxEmail
from outreach.serbian import fold

__all__ = ["ALL", "ANSWERED_VIEW", "MINE", "NEW", "SCREENED_VIEW", "TEAM", "VIEWS", "Row"]

PER_PAGE = 50
MOST_COUNTED = 1000  # what is over is counted so far and no farther


@dataclass(frozen=True)
class Row:
    """One line of the queue. ``last_word``: True when the desk spoke last, and when."""

    inquiry: Inquiry
    owner: str | None
    desk_spoke_last: bool
    last_at: datetime
    is_overdue: bool
    is_due_soon: bool
    has_new_words: bool


def queue(
    session: Session, view: str, words: str, account_id: int | None, now: datetime, zone: ZoneInfo, page: int = 1
) -> tuple[list[Row], bool]:
    """A page of a view, next due first, no deadline last; and whether more follow. ``words``: the filter line."""
    asked = Asked(view, words, account_id, now, zone)
    wanted = select(Inquiry).where(*asked.conditions()).order_by(*filters.order(view))
    rows = _rows(session, wanted.limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE), now)
    return rows[:PER_PAGE], len(rows) > PER_PAGE


def counts(session: Session, account_id: int | None, now: datetime) -> dict[str, int]:
    """How many stand in each view, and ``overdue``, ``due_soon`` and ``snoozed`` among the open ones.

    One look at the open rows; answered, screened and all are counted up to ``MOST_COUNTED``.
    """
    is_snoozed = filters.is_snoozed(now)
    named = {
        view: and_(not_(is_snoozed), *(part for part in filters.in_view(view, account_id) if part is not IS_OPEN))
        for view in OPEN_VIEWS
    }
    named["overdue"] = Inquiry.deadline_at < now
    named["due_soon"] = Inquiry.deadline_at.between(now, now + DUE_SOON)
    named["snoozed"] = is_snoozed
    columns = [func.count(case((condition, 1))).label(name) for name, condition in named.items()]
    for view in (ANSWERED_VIEW, SCREENED_VIEW, ALL):
        columns.append(_capped(filters.in_view(view, None), MOST_COUNTED).label(view))
        named[view] = literal(True)
    counted = session.execute(select(*columns).select_from(Inquiry).where(IS_OPEN)).one()
    return {name: int(value) for name, value in zip(named, counted, strict=True)}


def how_many(session: Session, asked: Asked, most: int) -> int:
    """How many rows a view and its filter line hold, counted to ``most`` and no farther."""
    return int(session.scalar(select(_capped(asked.conditions(), most))) or 0)


def _capped(conditions: list[Condition], most: int) -> Any:
    some = select(literal(1)).select_from(Inquiry).where(*conditions).limit(most).correlate(None).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def next_due(session: Session, now: datetime) -> Row | None:
    """The open inquiry whose deadline comes first, late ones before all; ``None`` when no deadline is open."""
    first = (
        select(Inquiry)
        .where(*filters.in_view(TEAM, None), Inquiry.deadline_at.is_not(None))
        .order_by(*filters.order(TEAM))
    )
    return next(iter(_rows(session, first.limit(1), now)), None)


def nobodys(session: Session, now: datetime, limit: int = 8) -> list[Row]:
    """Received and nobody's, the oldest first; not what was put off."""
    waiting = (
        select(Inquiry)
        .where(*filters.in_view(NEW, None), not_(filters.is_snoozed(now)))
        .order_by(Inquiry.received_at, Inquiry.id)
    )
    return _rows(session, waiting.limit(limit), now)


def mine(session: Session, now: datetime, account_id: int, limit: int = 8) -> list[Row]:
    """What this account owns and is open, next due first."""
    return _rows(
        session,
        select(Inquiry).where(*filters.in_view(MINE, account_id)).order_by(*filters.order(MINE)).limit(limit),
        now,
    )


def new_words(session: Session, now: datetime, limit: int = 8) -> list[Row]:
    """Open inquiries whose journalist wrote after the desk last did something, newest words first."""
    written = (
        select(Inquiry).where(*filters.in_view(TEAM, None), filters.has_new_words()).order_by(Inquiry.last_in_at.desc())
    )
    return _rows(session, written.limit(limit), now)


def search(session: Session, words: str, now: datetime, limit: int = 20) -> list[Row]:
    """Inquiries whose subject, person, outlet or reference hold all the words, newest first."""
    conditions = [Inquiry.folded.contains(word, autoescape=True) for word in fold(words).split()]
    if not conditions:
        return []
    return _rows(session, select(Inquiry).where(*conditions).order_by(Inquiry.received_at.desc()).limit(limit), now)


def by_reference(session: Session, reference: str) -> Inquiry:
    """The inquiry of this reference. Raises ``NotFound``."""
    inquiry = session.scalar(select(Inquiry).where(Inquiry.reference == reference))
    if inquiry is None:
        raise NotFound(reference)
    return inquiry


def earlier_from(session: Session, inquiry: Inquiry) -> list[Inquiry]:
    """Other inquiries from the same address, newest first, at most five."""
    if not inquiry.email:
        return []
    same = func.lower(Inquiry.email) == inquiry.email.lower()
    others = select(Inquiry).where(same, Inquiry.id != inquiry.id, Inquiry.state != SCREENED)
    return list(session.scalars(others.order_by(Inquiry.received_at.desc()).limit(5)))


def around(session: Session, inquiry: Inquiry) -> tuple[Inquiry | None, list[Inquiry]]:
    """What it was merged into, or else what it may be a duplicate of: open and from the same address, on
    the same subject rather than another; and what was merged into it."""
    merged = list(session.scalars(select(Inquiry).where(Inquiry.duplicate_of_id == inquiry.id).order_by(Inquiry.id)))
    if inquiry.duplicate_of_id is not None:
        return session.get(Inquiry, inquiry.duplicate_of_id), merged
    is_same_subject = func.lower(Inquiry.subject) == inquiry.subject.lower()
    is_same_hand = and_(Inquiry.email != "", func.lower(Inquiry.email) == inquiry.email.lower())
    before = select(Inquiry).where(IS_OPEN, is_same_hand, Inquiry.id < inquiry.id)
    return session.scalar(before.order_by(case((is_same_subject, 0), else_=1), Inquiry.id.desc()).limit(1)), merged


def failed_mails(session: Session, inquiry: Inquiry) -> list[OutboxEmail]:
    """The mails to its journalist that did not get through, oldest first."""
    own = select(OutboxEmail).where(
        OutboxEmail.ref == inquiry.ref,
        OutboxEmail.state == FAILED,
        OutboxEmail.kind != "inquiry_alert",
        OutboxEmail.copy_of.is_(None),
    )
    return list(session.scalars(own.order_by(OutboxEmail.id)))


def is_receipt_lost(session: Session, inquiry: Inquiry) -> bool:
    """Whether the journalist has to do without the receipt: none was sent, or the last one failed."""
    sent = select(OutboxEmail.state).where(OutboxEmail.ref == inquiry.ref, OutboxEmail.kind == "inquiry_receipt")
    last = session.scalar(sent.order_by(OutboxEmail.id.desc()).limit(1))
    return last in (None, FAILED)


def _rows(session: Session, wanted: Select[Inquiry], now: datetime) -> list[Row]:
    names = accounts.names(session)
    found = session.execute(wanted.options(raiseload(Inquiry.questions))).scalars()
    return [_row(inquiry, names, now) for inquiry in found]


def _row(inquiry: Inquiry, names: dict[int, str], now: datetime) -> Row:
    ours = inquiry.desk_at is not None and inquiry.desk_at >= inquiry.last_in_at
    return Row(
        inquiry=inquiry,
        owner=names.get(inquiry.owner_id) if inquiry.owner_id else None,
        desk_spoke_last=ours,
        last_at=inquiry.desk_at if ours and inquiry.desk_at else inquiry.last_in_at,
        is_overdue=inquiry.is_overdue(now),
        is_due_soon=inquiry.is_due_soon(now),
        has_new_words=inquiry.has_new_words(),
    )
