"""When a digest is due, tried over zones, changes of the clock and rows of days off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.hours import Workdays, workdays
from outreach.subscriptions.slots import CADENCES, due, first_instant, latest, upcoming

BELGRADE = ZoneInfo("Europe/Belgrade")
FIVE = time(17)
WEEK = frozenset(range(5))
EVERY_DAY = Workdays(frozenset(range(7)))
SERBIA = workdays("RS", WEEK)
# Zones that change by half an hour, twice at odd hours, at midnight, for a fast month, or not at all.
ZONES = (
    "Europe/Belgrade", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut",
    "America/Nuuk", "America/St_Johns", "Pacific/Chatham", "Pacific/Kiritimati", "Asia/Kathmandu", "Antarctica/Troll", "UTC",
)  # fmt: skip
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))
QUARTERS = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))


def test_d09_the_hour_that_does_not_exist_becomes_the_first_instant_after_the_gap():
    assert first_instant(date(2027, 3, 28), time(2, 30), BELGRADE) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert first_instant(date(2027, 3, 28), time(3, 0), BELGRADE) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_d09_the_hour_that_comes_twice_is_taken_the_first_time():
    assert first_instant(date(2026, 10, 25), time(2, 30), BELGRADE) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_d09_half_an_hour_missing_on_lord_howe():
    zone = ZoneInfo("Australia/Lord_Howe")
    day = date(2026, 10, 4)
    assert first_instant(day, time(2, 15), zone) == first_instant(day, time(2, 30), zone)


def days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def changes_of_the_clock(zone: ZoneInfo, days: list[date]) -> set[date]:
    """The days on which the offset of the zone changes, each with its neighbours."""
    at = [datetime.combine(day, time(0), tzinfo=zone).utcoffset() for day in days]
    changed = (days[n] for n in range(1, len(days)) if at[n] != at[n - 1])
    return {day + timedelta(days=step) for day in changed for step in (-2, -1, 0, 1)}


def assert_one_issue_per_local_day(zone: ZoneInfo, days: list[date], hour: time) -> None:
    """At its instant a day's key is due, a moment before it the key of the day before is still the last one."""
    for day in days:
        at = first_instant(day, hour, zone)
        before = (day - timedelta(days=1)).isoformat()
        slot = due("daily", zone, hour, EVERY_DAY, before, at)
        assert slot is not None
        assert (slot.key, slot.at) == (day.isoformat(), at)
        assert due("daily", zone, hour, EVERY_DAY, day.isoformat(), at) is None
        just_before = latest("daily", zone, hour, EVERY_DAY, at - timedelta(microseconds=1))
        assert just_before is not None
        assert just_before.key == before


@pytest.mark.parametrize("name", ZONES)
def test_d09_exactly_one_issue_per_local_day_around_each_change_of_the_clock(name):
    zone = ZoneInfo(name)
    days = sorted(changes_of_the_clock(zone, days_between(date(2026, 1, 2), date(2027, 12, 30))))
    for quarter in range(0, 96, 1 if len(days) < 20 else 4):
        assert_one_issue_per_local_day(zone, days, time(quarter // 4, quarter % 4 * 15))


@pytest.mark.parametrize("name", ZONES)
def test_d09_exactly_one_issue_per_local_day_through_a_year(name):
    assert_one_issue_per_local_day(ZoneInfo(name), days_between(date(2026, 1, 1), date(2026, 12, 31)), FIVE)


@pytest.mark.prove
@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_d09_exactly_one_issue_per_local_day_in_every_zone(name):
    zone = ZoneInfo(name)
    days = days_between(date(2024, 1, 2), date(2030, 12, 30))
    near = sorted(changes_of_the_clock(zone, days))
    for quarter in range(96):
        assert_one_issue_per_local_day(zone, near, time(quarter // 4, quarter % 4 * 15))
    for hour in (time(0), time(8), FIVE, time(23, 45)):
        assert_one_issue_per_local_day(zone, days, hour)


@settings(max_examples=300)
@given(
    st.sampled_from(CADENCES),
    st.sampled_from(ZONES),
    QUARTERS,
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_d10_d11_slots_move_forward_only_and_missed_ones_collapse(cadence, name, hour, now, later):
    zone = ZoneInfo(name)
    first, second = latest(cadence, zone, hour, SERBIA, now), latest(cadence, zone, hour, SERBIA, now + later)
    assert first is not None
    assert second is not None
    assert first.at <= now
    assert first.key <= second.key
    assert first.at <= second.at
    assert due(cadence, zone, hour, SERBIA, second.key, now) is None, "a clock that went back repeats nothing"
    assert due(cadence, zone, hour, SERBIA, second.key, now + later) is None
    following = upcoming(cadence, zone, hour, SERBIA, now)
    assert following is not None
    assert following.at > now
    assert following.key > first.key
    assert latest(cadence, zone, hour, SERBIA, following.at) == following


def test_d10_after_forty_days_there_is_one_slot_not_forty():
    now = datetime(2026, 11, 25, 17, tzinfo=UTC)
    slot = due("daily", BELGRADE, FIVE, SERBIA, "2026-10-16", now)
    assert slot is not None
    assert slot.key == "2026-11-25"
    assert slot.at == datetime(2026, 11, 25, 16, tzinfo=UTC)
    assert slot.closes_at == datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def test_daily_leaves_on_working_days_only():
    sunday = datetime(2026, 10, 25, 20, tzinfo=UTC)
    slot = latest("daily", BELGRADE, FIVE, SERBIA, sunday)
    assert slot is not None
    assert slot.key == "2026-10-23"
    statehood = datetime(2026, 2, 16, 20, tzinfo=UTC)
    slot = latest("daily", BELGRADE, FIVE, SERBIA, statehood)
    assert slot is not None
    assert slot.key == "2026-02-13", "15 to 17 February are days off in Serbia in 2026"


def test_a_day_the_office_is_closed_is_no_working_day():
    closed = workdays("RS", WEEK, frozenset({date(2026, 11, 25)}))
    slot = latest("daily", BELGRADE, FIVE, closed, datetime(2026, 11, 25, 20, tzinfo=UTC))
    assert slot is not None
    assert slot.key == "2026-11-24"


def test_weekly_leaves_on_friday_and_the_working_day_before_a_holiday():
    slot = latest("weekly", BELGRADE, FIVE, SERBIA, datetime(2026, 10, 23, 15, tzinfo=UTC))
    assert slot is not None
    assert (slot.key, slot.at) == ("2026-W43", datetime(2026, 10, 23, 15, tzinfo=UTC))
    # 1 May 2026, a Friday, is a holiday.
    slot = upcoming("weekly", BELGRADE, FIVE, SERBIA, datetime(2026, 4, 29, 12, tzinfo=UTC))
    assert slot is not None
    assert (slot.key, slot.at) == ("2026-W18", datetime(2026, 4, 30, 15, tzinfo=UTC))


def test_a_week_without_a_working_day_leaves_before_it_begins_and_takes_one_mail():
    off = Workdays(WEEK, frozenset(date(2026, 10, 19) + timedelta(days=n) for n in range(5)))
    friday_before = datetime(2026, 10, 16, 15, tzinfo=UTC)
    slot = latest("weekly", BELGRADE, FIVE, off, friday_before)
    assert slot is not None
    assert (slot.key, slot.at) == ("2026-W43", friday_before)
    slot = upcoming("weekly", BELGRADE, FIVE, off, friday_before)
    assert slot is not None
    assert slot.key == "2026-W44"


def test_weekly_keys_follow_the_iso_year():
    slot = latest("weekly", BELGRADE, FIVE, EVERY_DAY, datetime(2027, 1, 1, 20, tzinfo=UTC))
    assert slot is not None
    assert slot.key == "2026-W53"


def test_monthly_leaves_on_the_first_working_day():
    slot = latest("monthly", BELGRADE, FIVE, SERBIA, datetime(2026, 11, 3, tzinfo=UTC))
    assert slot is not None
    assert (slot.key, slot.at) == ("2026-11", datetime(2026, 11, 2, 16, tzinfo=UTC))
    slot = latest("monthly", BELGRADE, FIVE, SERBIA, datetime(2026, 11, 1, 20, tzinfo=UTC))
    assert slot is not None
    assert slot.key == "2026-10"


def test_immediately_is_a_five_minute_tick_with_time_to_take_a_mistake_back():
    slot = latest("immediately", BELGRADE, FIVE, SERBIA, datetime(2026, 10, 25, 0, 33, 12, tzinfo=UTC))
    assert slot is not None
    assert slot.key == "2026-10-25T0030Z"
    assert slot.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert slot.closes_at == datetime(2026, 10, 25, 0, 25, tzinfo=UTC)


@pytest.mark.parametrize("cadence", ["daily", "weekly", "monthly"])
def test_an_office_that_never_works_sends_nothing(cadence):
    never = Workdays(frozenset())
    assert latest(cadence, BELGRADE, FIVE, never, datetime(2026, 10, 25, tzinfo=UTC)) is None
    assert upcoming(cadence, BELGRADE, FIVE, never, datetime(2026, 10, 25, tzinfo=UTC)) is None
