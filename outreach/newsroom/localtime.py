"""Times as an editor writes them: on the office's clock, without a zone. They become instants here."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

WRITTEN = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::00)?")
PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class PartialDate(NamedTuple):
    """The first day of a day, month or year, and which of the three was meant."""

    on: date
    precision: str


def instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant of "2026-11-25 10:00" on this clock, in UTC; ValueError for no such time.

    An hour that is skipped in spring does not exist. An hour that comes twice in autumn is read as the later one: an
    embargo must never lift too early.
    """
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day, hour, minute = (int(part) for part in found.groups())
    local = datetime(year, month, day, hour, minute, tzinfo=zone, fold=1)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(text)
    return at


def written(at: datetime, zone: ZoneInfo) -> str:
    """The instant as an editor would write it: "2026-11-25 10:00"."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def partial_date(text: str) -> PartialDate:
    """ "2017-06" is the month that begins on 2017-06-01; ValueError for no such date."""
    found = PARTIAL.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    year, month, day = found.groups()
    precision = "day" if day else "month" if month else "year"
    return PartialDate(date(int(year), int(month or 1), int(day or 1)), precision)
