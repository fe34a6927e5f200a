"""Which inquiries a view of the queue holds, in which order, and what the words of its filter line mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, TextClause, and_, not_, or_

from outreach.inquiries.models import (
    DUE_SOON,
    IN_CLEARANCE,
    IS_ANSWERED,
    IS_OPEN,
    IS_SCREENED,
    RECEIVED,
    SCREENED,
    WAITING,
    Inquiry,
)  # fmt: skip
from outreach.inquiries.reports import filters as report_filters
from outreach.serbian import fold

NEW, MINE, TEAM, CLEARANCE, WAITING_VIEW = "new", "mine", "team", "clearance", "waiting"
ANSWERED_VIEW, SCREENED_VIEW, ALL = "answered", "screened", "all"
OPEN_VIEWS = (NEW, MINE, TEAM, CLEARANCE, WAITING_VIEW)
VIEWS = (*OPEN_VIEWS, ANSWERED_VIEW, SCREENED_VIEW, ALL)
SNOOZED = "is:snoozed"
Condition = ColumnElement[bool] | TextClause


@dataclass(frozen=True)
class Asked:
    """One look at the queue: the view, the filter line as typed, who looks, when and in which zone."""

    view: str
    typed: str
    account_id: int | None
    now: datetime
    zone: ZoneInfo

    def conditions(self) -> list[Condition]:
        """All that must hold of a row. What is put off is hidden from open views unless the line asks for it."""
        reported, rest = report_filters.taken(self.typed, self.now, self.zone)
        words = rest.lower().split()[:20]
        means = (part for word in words for part in self._means(word))
        found = [*in_view(self.view, self.account_id), *reported, *means]
        if self.view in OPEN_VIEWS and SNOOZED not in words:
            found.append(not_(is_snoozed(self.now)))
        return found

    def _means(self, word: str) -> Iterator[Condition]:
        if word in FILTERS:
            yield FILTERS[word](self)
        else:
            for part in fold(word.removeprefix("outlet:")).split():
                yield Inquiry.folded.contains(part, autoescape=True)

    @property
    def midnight(self) -> datetime:
        return (self.now.astimezone(self.zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


FILTERS: dict[str, Callable[[Asked], Condition]] = {
    "owner:me": lambda asked: Inquiry.owner_id == asked.account_id,
    "owner:nobody": lambda asked: Inquiry.owner_id.is_(None),
    "due:today": lambda asked: and_(Inquiry.deadline_at.is_not(None), Inquiry.deadline_at < asked.midnight),
    "is:late": lambda asked: and_(IS_OPEN, Inquiry.deadline_at < asked.now),
    "is:soon": lambda asked: and_(IS_OPEN, Inquiry.deadline_at.between(asked.now, asked.now + DUE_SOON)),
    "is:new": lambda asked: has_new_words(),
    "is:waiting": lambda asked: Inquiry.state == WAITING,
    SNOOZED: lambda asked: is_snoozed(asked.now),
}


def in_view(view: str, account_id: int | None) -> list[Condition]:
    """What a view holds by state and owner."""
    held: dict[str, list[Condition]] = {
        NEW: [IS_OPEN, Inquiry.state == RECEIVED, Inquiry.owner_id.is_(None)],
        MINE: [IS_OPEN, Inquiry.owner_id == account_id],
        TEAM: [IS_OPEN],
        CLEARANCE: [IS_OPEN, Inquiry.state == IN_CLEARANCE],
        WAITING_VIEW: [IS_OPEN, Inquiry.state == WAITING],
        ANSWERED_VIEW: [IS_ANSWERED],
        SCREENED_VIEW: [IS_SCREENED],
        ALL: [Inquiry.state != SCREENED],
    }
    return held[view]


def order(view: str) -> tuple[Any, ...]:
    """Next due first and no deadline last; of what is over, the latest first. Each is the order of an index."""
    if view == ANSWERED_VIEW:
        return (Inquiry.answered_at.desc(), Inquiry.id.desc())
    if view in (ALL, SCREENED_VIEW):
        return (Inquiry.received_at.desc(), Inquiry.id.desc())
    return (Inquiry.deadline_at.asc().nulls_last(), Inquiry.received_at, Inquiry.id)


def is_snoozed(now: datetime) -> ColumnElement[bool]:
    """Put off until later, and the journalist has not written since: `Inquiry.is_snoozed` in the database's words."""
    later = and_(Inquiry.snoozed_until.is_not(None), Inquiry.snoozed_until > now)
    return and_(later, not_(has_new_words()))


def has_new_words() -> ColumnElement[bool]:
    """The journalist wrote after the desk last did something: `Inquiry.has_new_words` in the database's words."""
    unread = or_(Inquiry.desk_at.is_(None), Inquiry.last_in_at > Inquiry.desk_at)
    return and_(Inquiry.last_in_at > Inquiry.received_at, unread)
