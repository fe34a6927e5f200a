"""Hours as the form speaks of them: only when the office has said them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from config import ROOT
from outreach import hours, office

WEEK = {day: (time(8), time(16)) for day in range(5)}
OFFICE = replace(office.read(ROOT / "content"), hours=WEEK, holidays=(date(2026, 1, 1), date(2026, 1, 2)))


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (datetime(2025, 11, 25, 9, 0, tzinfo=UTC), None),
        (datetime(2025, 11, 25, 14, 59, tzinfo=UTC), None),
        (datetime(2025, 11, 25, 15, 0, tzinfo=UTC), datetime(2025, 11, 26, 7, 0, tzinfo=UTC)),
        (datetime(2025, 11, 25, 6, 59, tzinfo=UTC), datetime(2025, 11, 25, 7, 0, tzinfo=UTC)),
        (datetime(2025, 11, 28, 20, 0, tzinfo=UTC), datetime(2025, 12, 1, 7, 0, tzinfo=UTC)),
        (datetime(2025, 12, 31, 20, 0, tzinfo=UTC), datetime(2026, 1, 5, 7, 0, tzinfo=UTC)),
        (datetime(2026, 6, 1, 5, 30, tzinfo=UTC), datetime(2026, 6, 1, 6, 0, tzinfo=UTC)),  # summer time
    ],
)
def test_when_a_closed_office_opens_next(at: datetime, opens: datetime | None) -> None:
    assert hours.opens_at(OFFICE, at) == opens


def test_an_office_without_hours_promises_nothing() -> None:
    assert hours.opens_at(replace(OFFICE, hours=None), datetime(2025, 11, 29, 3, tzinfo=UTC)) is None
    assert hours.opens_at(replace(OFFICE, hours={}), datetime(2025, 11, 29, 3, tzinfo=UTC)) is None
