"""A month in figures, worked out by the database: the inquiries that came in during it, as they stand now.

Percentiles are by nearest rank: the median is the least duration that at least half of the inquiries did not exceed.
What the office ended otherwise (declined, passed on, merged) or the journalist took back is received, but neither in
time nor late.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from outreach.inquiries import terms
from outreach.inquiries.models import OPEN_STATES, SCREENED, Inquiry
from outreach.inquiries.reports import filters

MOST = 30  # rows of one table; the rest is in the list


@dataclass(frozen=True)
class Clock:
    """One of the three clocks: how often it was stopped, how long it ran, and how it stood to the deadline."""

    name: str
    stopped: int
    median: timedelta | None
    ninth: timedelta | None
    intime: int
    late: int
    never: int


@dataclass(frozen=True)
class Group:
    """The inquiries of one outlet, topic, need or language."""

    value: str
    received: int
    intime: int
    late: int


@dataclass(frozen=True)
class Report:
    """The figures of a month; `late` are inquiries that were answered late or wait beyond their deadline."""

    month: date
    received: int
    open: int
    ended_otherwise: int
    corrected: int
    clocks: list[Clock]
    groups: dict[str, list[Group]]
    late: list[Inquiry]
    late_count: int

    @property
    def share_in_time(self) -> int | None:
        """Per cent answered before the deadline, of those that had one and were not ended otherwise."""
        answered = next(clock for clock in self.clocks if clock.name == "answered")
        counted = answered.intime + answered.late + answered.never
        return round(100 * answered.intime / counted) if counted else None


def month(session: Session, zone: ZoneInfo, month: date, now: datetime) -> Report:
    """The figures of a month that begins on this day."""
    inside = (filters.received(month, zone), Inquiry.state != SCREENED)
    missed = filters.missed(now)
    totals = session.execute(
        select(
            func.count(), func.count().filter(Inquiry.state.in_(OPEN_STATES)),
            func.count().filter(Inquiry.state.in_(filters.ENDED_OTHERWISE)), func.count().filter(missed),
        ).select_from(Inquiry).where(*inside)
    ).one()  # fmt: skip
    corrected = select(func.count()).select_from(Inquiry).where(filters.corrected(month, zone))
    by = {"outlet": Inquiry.outlet, "about": Inquiry.about, "lang": filters.LANGUAGE}
    groups = {name: _groups(session, column, inside) for name, column in by.items()}
    groups["need"] = _needs(session, inside)
    return Report(
        month=month, received=totals[0], open=totals[1], ended_otherwise=totals[2], late_count=totals[3],
        corrected=session.scalar(corrected) or 0, clocks=[_clock(session, name, inside) for name in filters.CLOCKS],
        groups=groups,
        late=list(session.scalars(select(Inquiry).where(*inside, missed).order_by(Inquiry.deadline_at).limit(MOST))),
    )  # fmt: skip


def _counts() -> tuple[ColumnElement[int], ...]:
    """Received, answered in time, answered late."""
    answered = [func.count().filter(filters.against_deadline("answered", how)) for how in ("intime", "late")]
    return func.count(), *answered


def _clock(session: Session, name: str, inside: tuple[ColumnElement[bool], ...]) -> Clock:
    """A clock is measured from receipt; the percentiles are looked up in the ordered list, not estimated."""
    at = filters.CLOCKS[name]
    stopped = (*inside, at.is_not(None))
    counted = [func.count().filter(filters.against_deadline(name, how)) for how in ("intime", "late", "never")]
    row = session.execute(select(func.count(at), *counted).select_from(Inquiry).where(*inside)).one()
    lasted = _seconds(session, at)

    def percentile(share: float) -> timedelta | None:
        if not row[0]:
            return None
        place = math.ceil(share * row[0]) - 1
        found = session.scalar(select(lasted).where(*stopped).order_by(lasted).limit(1).offset(place))
        return timedelta(seconds=round(float(found or 0)))

    return Clock(name, row[0], percentile(0.5), percentile(0.9), row[1], row[2], row[3])


def _seconds(session: Session, at: Any) -> Any:
    """Seconds from receipt, in the database's own words."""
    if session.get_bind().dialect.name == "sqlite":
        return (func.julianday(at) - func.julianday(Inquiry.received_at)) * 86400
    return func.extract("epoch", at - Inquiry.received_at)


def _groups(session: Session, column: Any, inside: tuple[ColumnElement[bool], ...]) -> list[Group]:
    named = (*inside, column.is_not(None), column != "")
    counted = select(column, *_counts()).where(*named).group_by(column).order_by(func.count().desc(), column)
    return [Group(*row) for row in session.execute(counted.limit(MOST))]


def _needs(session: Session, inside: tuple[ColumnElement[bool], ...]) -> list[Group]:
    """An inquiry with two needs counts in both."""
    found = []
    for need in terms.NEEDS:
        counted = session.execute(select(*_counts()).select_from(Inquiry).where(*inside, filters.needs(need))).one()
        found.append(Group(need, counted[0], counted[1], counted[2]))
    return [group for group in found if group.received]
