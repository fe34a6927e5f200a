"""The date that a page promises is the date of the planner's slot."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach.subscriptions import next_mail
from outreach.subscriptions.models import Subscriber
from tests.digests.givens import MONDAY, at, wish


@pytest.fixture
def engine() -> str:
    """A date does not depend on the database."""
    return "sqlite"


def promised(house, now, cadence, confirmed_at=None, paused_until=None, hour="17:00"):
    reader = Subscriber(confirmed_at=confirmed_at or now - timedelta(days=3), paused_until=paused_until)
    return next_mail.next_at(house.office, reader, wish(cadence=cadence, hour=hour), now)


def test_each_rhythm_has_its_own_next_date(house):
    assert promised(house, MONDAY, "daily") == at(23, 16)
    assert promised(house, MONDAY, "weekly") == at(27, 16)
    assert promised(house, MONDAY, "monthly") == datetime(2026, 12, 1, 16, tzinfo=UTC)
    assert promised(house, MONDAY, "immediately") is None
    assert promised(house, at(23, 17), "daily") == at(24, 16)
    assert promised(house, at(27, 17), "daily") == at(30, 16)


def test_an_issue_that_was_closed_before_the_address_was_confirmed_is_not_promised(house):
    assert promised(house, at(23, 15, 40), "daily", confirmed_at=at(23, 15, 40)) == at(24, 16)
    assert promised(house, at(23, 15, 20), "daily", confirmed_at=at(23, 15, 20)) == at(23, 16)


def test_a_pause_moves_the_date_and_a_pause_that_is_over_does_not(house):
    assert promised(house, MONDAY, "daily", paused_until=at(28, 23)) == at(30, 16)
    assert promised(house, MONDAY, "daily", paused_until=at(20, 23)) == at(23, 16)


def test_an_issue_that_was_closed_before_the_pause_was_ended_is_not_promised(house):
    assert promised(house, at(23, 15, 40), "daily", paused_until=at(23, 15, 40)) == at(24, 16)
    assert promised(house, at(23, 15, 40), "daily", paused_until=at(23, 15, 30)) == at(23, 16)


def test_a_holiday_moves_the_weekly_mail_to_the_working_day_before(house):
    """1 and 2 May 2026 are holidays in Serbia: the Friday's issue leaves on Thursday."""
    now = datetime(2026, 4, 27, 9, tzinfo=UTC)
    assert promised(house, now, "weekly") == datetime(2026, 4, 30, 15, tzinfo=UTC)
