"""Reads of the desk: the queue by deadline, its counts, the lists of Today, and the search over inquiries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, raiseload

from outreach.accounts import queries as accounts
from outreach.errors import NotFound
from outreach.inquiries.models import (
    ANSWERED,
    CLOSED,
    DUE_SOON,
    OPEN_STATES,
    RECEIVED,
    SCREENED,
    Inquiry,
)  # fmt: skip
from outreach.inquiries.reports import filters
from outreach.mail.models import FAILED, OutboxEmail
from outreach.serbian import fold

NEW, MINE, TEAM, ANSWERED_VIEW, SCREENED_VIEW, ALL = "new", "mine", "team", "answered", "screened", "all"
VIEWS = (NEW, MINE, TEAM, ANSWERED_VIEW, SCREENED_VIEW, ALL)
PER_PAGE = 50


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
) -> tuple[list[Row], int]:
    """A page of a view, next due first, no deadline last; and how many there are in all. ``words``: the filter line."""
    conditions = [_in_view(view, account_id), *_filters(words, account_id, now, zone)]
    wanted = select(Inquiry).where(*conditions)
    total = session.scalar(select(func.count()).select_from(Inquiry).where(*conditions)) or 0
    ordered = wanted.order_by(*_order(view)).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return _rows(session, ordered, now), total


def counts(session: Session, account_id: int | None, now: datetime) -> dict[str, int]:
    """How many stand in each view, and ``overdue`` and ``due_soon`` among the open ones."""
    named = {view: _in_view(view, account_id) for view in VIEWS}
    named["overdue"] = and_(_in_view(TEAM, None), Inquiry.deadline_at < now)
    named["due_soon"] = and_(_in_view(TEAM, None), Inquiry.deadline_at.between(now, now + DUE_SOON))
    columns = [func.count().filter(condition).label(name) for name, condition in named.items()]
    counted = session.execute(select(*columns).select_from(Inquiry)).one()
    return {name: int(value) for name, value in zip(named, counted, strict=True)}


def next_due(session: Session, now: datetime) -> Row | None:
    """The open inquiry whose deadline comes first, late ones before all; ``None`` when no deadline is open."""
    first = select(Inquiry).where(_in_view(TEAM, None), Inquiry.deadline_at.is_not(None)).order_by(*_order(TEAM))
    return next(iter(_rows(session, first.limit(1), now)), None)


def nobodys(session: Session, now: datetime, limit: int = 8) -> list[Row]:
    """Received and nobody's, the oldest first."""
    waiting = select(Inquiry).where(_in_view(NEW, None)).order_by(Inquiry.received_at, Inquiry.id)
    return _rows(session, waiting.limit(limit), now)


def mine(session: Session, now: datetime, account_id: int, limit: int = 8) -> list[Row]:
    """What this account owns and is open, next due first."""
    return _rows(session, select(Inquiry).where(_in_view(MINE, account_id)).order_by(*_order(MINE)).limit(limit), now)


def new_words(session: Session, now: datetime, limit: int = 8) -> list[Row]:
    """Open inquiries whose journalist wrote after the desk last did something, newest words first."""
    written = select(Inquiry).where(_in_view(TEAM, None), _has_new_words()).order_by(Inquiry.last_in_at.desc())
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
    same = func.lower(Inquiry.email) == inquiry.email.lower()
    others = select(Inquiry).where(same, Inquiry.id != inquiry.id, Inquiry.state != SCREENED)
    return list(session.scalars(others.order_by(Inquiry.received_at.desc()).limit(5)))


def failed_mails(session: Session, inquiry: Inquiry) -> list[OutboxEmail]:
    """The mails to its journalist that did not get through, oldest first."""
    own = select(OutboxEmail).where(
        OutboxEmail.ref == inquiry.ref, OutboxEmail.state == FAILED, OutboxEmail.kind != "inquiry_alert"
    )
    return list(session.scalars(own.order_by(OutboxEmail.id)))


def is_receipt_lost(session: Session, inquiry: Inquiry) -> bool:
    """Whether the journalist has to do without the receipt: none was sent, or the last one failed."""
    sent = select(OutboxEmail.state).where(OutboxEmail.ref == inquiry.ref, OutboxEmail.kind == "inquiry_receipt")
    last = session.scalar(sent.order_by(OutboxEmail.id.desc()).limit(1))
    return last in (None, FAILED)


def _in_view(view: str, account_id: int | None) -> ColumnElement[bool]:
    is_open = Inquiry.state.in_(OPEN_STATES)
    return {
        NEW: and_(Inquiry.state == RECEIVED, Inquiry.owner_id.is_(None)),
        MINE: and_(is_open, Inquiry.owner_id == account_id),
        TEAM: is_open,
        ANSWERED_VIEW: Inquiry.state.in_((ANSWERED, CLOSED)),
        SCREENED_VIEW: Inquiry.state == SCREENED,
        ALL: Inquiry.state != SCREENED,
    }[view]


def _order(view: str) -> tuple[Any, ...]:
    if view == ANSWERED_VIEW:
        return (Inquiry.answered_at.desc(), Inquiry.id.desc())
    if view in (ALL, SCREENED_VIEW):
        return (Inquiry.received_at.desc(), Inquiry.id.desc())
    return (Inquiry.deadline_at.is_(None), Inquiry.deadline_at, Inquiry.received_at, Inquiry.id)


def _filters(words: str, account_id: int | None, now: datetime, zone: ZoneInfo) -> Iterable[ColumnElement[bool]]:
    own, words = filters.taken(words, now, zone)
    yield from own
    midnight = (now.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    known: dict[str, ColumnElement[bool]] = {
        "owner:me": Inquiry.owner_id == account_id,
        "owner:nobody": Inquiry.owner_id.is_(None),
        "due:today": and_(Inquiry.deadline_at.is_not(None), Inquiry.deadline_at < midnight),
        "is:late": and_(Inquiry.state.in_(OPEN_STATES), Inquiry.deadline_at < now),
        "is:soon": and_(Inquiry.state.in_(OPEN_STATES), Inquiry.deadline_at.between(now, now + DUE_SOON)),
        "is:new": _has_new_words(),
    }
    for word in words.split()[:20]:
        if word.lower() in known:
            yield known[word.lower()]
            continue
        for part in fold(word.removeprefix("outlet:")).split():
            yield Inquiry.folded.contains(part, autoescape=True)


def _has_new_words() -> ColumnElement[bool]:
    unread = or_(Inquiry.desk_at.is_(None), Inquiry.last_in_at > Inquiry.desk_at)
    return and_(Inquiry.last_in_at > Inquiry.received_at, unread)


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
