"""The filter words that lead from a figure to its list in the queue; the same conditions make the figures.

`received:2026-11` · `corrected:2026-11` · `acknowledged:intime|late|never`, and so `answered:` and `closed:` ·
`outlet:"Daily Example"` · `need:quote` · `about:<document>` · `lang:lat` · `is:open` · `is:ended` (not by an answer) ·
`is:missed` (answered late, or waiting beyond its deadline) · `is:uncommitted`
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, case, cast, or_, select

from outreach.inquiries.models import DECLINED, DUPLICATE, OPEN_STATES, REFERRED, WITHDRAWN, Inquiry
from outreach.inquiries.released.models import ReleasedAnswer

CLOCKS: dict[str, Any] = {
    "acknowledged": Inquiry.acknowledged_at,
    "answered": Inquiry.answered_at,
    "closed": Inquiry.closed_at,
}
ENDED_OTHERWISE = (DECLINED, REFERRED, DUPLICATE, WITHDRAWN)
#: What the journalist reads: the variant of the page, unless another was asked for.
LANGUAGE = case((Inquiry.reply_in == "any", Inquiry.variant), else_=Inquiry.reply_in)

_WORD = re.compile(r'(?<!\S)([a-z]+):(?:"((?:[^"]|"")*)"|(\S+))')


def taken(words: str, now: datetime, zone: ZoneInfo) -> tuple[list[ColumnElement[bool]], str]:
    """The conditions of the words of ours in a filter line, and the line without them."""
    conditions: list[ColumnElement[bool]] = []

    def take(found: re.Match[str]) -> str:
        name, value = found[1], found[3] if found[2] is None else found[2].replace('""', '"')
        if name == "outlet" and found[2] is None:
            return found[0]  # a part of a name is the queue's own business
        condition = _condition(name, value, now, zone)
        if condition is None:
            return found[0]
        conditions.append(condition)
        return ""

    return conditions, _WORD.sub(take, words)


def word(name: str, value: str) -> str:
    """The filter word for a value, in quotation marks where it needs them."""
    return f"{name}:{value}" if name != "outlet" else 'outlet:"' + value.replace('"', '""') + '"'


def bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a month and of the next one, UTC."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, last = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (month, after))
    return first, last


def read_month(typed: str) -> date | None:
    """2026-11 → its first day; `None` for anything else."""
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", typed, re.ASCII)
    return date(int(found[1]), int(found[2]), 1) if found else None


def received(month: date, zone: ZoneInfo) -> ColumnElement[bool]:
    first, last = bounds(month, zone)
    return and_(Inquiry.received_at >= first, Inquiry.received_at < last)


def corrected(month: date, zone: ZoneInfo) -> ColumnElement[bool]:
    """An answer of it was superseded in that month."""
    first, last = bounds(month, zone)
    superseded = select(ReleasedAnswer.inquiry_id).where(
        ReleasedAnswer.superseded_at >= first, ReleasedAnswer.superseded_at < last
    )
    return Inquiry.id.in_(superseded)


def against_deadline(clock: str, how: str) -> ColumnElement[bool]:
    """`intime`, `late` (stopped after the deadline) or `never` (runs still), of those that count."""
    at = CLOCKS[clock]
    return and_(
        Inquiry.deadline_at.is_not(None), Inquiry.state.not_in(ENDED_OTHERWISE),
        {"intime": at <= Inquiry.deadline_at, "late": at > Inquiry.deadline_at, "never": at.is_(None)}[how],
    )  # fmt: skip


def missed(now: datetime) -> ColumnElement[bool]:
    """Answered after the deadline, or open beyond it without an answer."""
    waits = and_(Inquiry.state.in_(OPEN_STATES), Inquiry.deadline_at < now, Inquiry.answered_at.is_(None))
    return or_(against_deadline("answered", "late"), waits)


def needs(need: str) -> ColumnElement[bool]:
    return cast(Inquiry.needs, String).contains(f'"{need}"', autoescape=True)


def uncommitted(now: datetime) -> ColumnElement[bool]:
    """Nobody has said whether the answer will come in time, and the hour to say so is over."""
    return and_(Inquiry.state.in_(OPEN_STATES), Inquiry.commitment.is_(None), Inquiry.commit_by_at < now)


def _condition(name: str, value: str, now: datetime, zone: ZoneInfo) -> ColumnElement[bool] | None:
    if name in CLOCKS:
        return against_deadline(name, value) if value in ("intime", "late", "never") else None
    if name in ("received", "corrected"):
        month = read_month(value)
        return {"received": received, "corrected": corrected}[name](month, zone) if month else None
    if name == "is":
        return _named(now).get(value)
    equal: dict[str, Any] = {"outlet": Inquiry.outlet, "about": Inquiry.about, "lang": LANGUAGE}
    if name == "need":
        return needs(value)
    return equal[name] == value if name in equal else None


def _named(now: datetime) -> dict[str, ColumnElement[bool]]:
    return {
        "open": Inquiry.state.in_(OPEN_STATES),
        "ended": Inquiry.state.in_(ENDED_OTHERWISE),
        "missed": missed(now),
        "uncommitted": uncommitted(now),
    }
