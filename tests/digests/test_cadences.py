"""When which digest leaves, through the real planner: hours, working days, holidays, weeks, months, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.digests.givens import (
    MONDAY,
    ONE,
    READER,
    THREE,
    TWO,
    at,
    baseline,
    changed,
    jobs,
    ledger,
    mails,
    opened,
    planned,
    published,
    subscribed,
    wish,
)


def test_daily_leaves_on_working_days_and_monday_has_the_weekend(house, moment):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(28, 9))  # a Saturday
    published(house, "one")
    moment.is_at(at(28, 18))
    assert planned(house) == 0
    moment.is_at(at(29, 18))
    assert planned(house) == 0
    moment.is_at(at(30, 16, 1))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("daily", "2026-11-30", [ONE])]}


def test_a_reader_picks_one_of_three_hours_and_all_are_one_issue(house, moment, client):
    opened(house, moment)
    for hour in ("08:00", "12:00", "17:00"):
        subscribed(house, f"at{hour[:2]}@example.org", wish(hour=hour))
    moment.is_at(at(23, 18))
    published(house, "one", "The first")
    for hour, minute, slug in ((7, 1, "two"), (11, 1, "three"), (16, 1, None)):
        moment.is_at(at(24, hour, minute))
        assert planned(house) == 1
        if slug:
            published(house, slug, f"The {slug}")
    day = ("daily", "2026-11-24")
    assert ledger(house) == {
        "at08@example.org": [(*day, [ONE])],
        "at12@example.org": [(*day, [ONE, TWO])],
        "at17@example.org": [(*day, [ONE, TWO, THREE])],
    }
    words = client.get("/en/digests/daily/2026-11-24").words
    assert all(title in words for title in ("The first", "The two", "The three"))


def test_weekly_leaves_on_friday_with_the_whole_week(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="weekly"))
    for day, slug in ((23, "one"), (25, "two")):
        moment.is_at(at(day, 12))
        published(house, slug)
        moment.is_at(at(day, 18))
        assert planned(house) == 0
    moment.is_at(at(27, 16, 1))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("weekly", "2026-W48", [ONE, TWO])]}


def test_weekly_on_a_holiday_goes_the_working_day_before(house, moment):
    moment.is_at(datetime(2026, 12, 28, 9, tzinfo=UTC))
    baseline(house)
    subscribed(house, choice=wish(cadence="weekly"))
    moment.moves(minutes=10)
    published(house, "one")
    moment.is_at(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
    assert planned(house) == 0
    moment.is_at(datetime(2026, 12, 31, 16, 1, tzinfo=UTC))  # Friday is New Year's Day
    assert planned(house) == 1
    assert ledger(house) == {READER: [("weekly", "2026-W53", [ONE])]}
    moment.is_at(datetime(2027, 1, 1, 16, 1, tzinfo=UTC))
    assert planned(house) == 0


def test_monthly_leaves_on_the_first_working_day(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="monthly"))
    moment.is_at(at(24, 12))
    published(house, "one")
    moment.is_at(at(30, 18))
    assert planned(house) == 0
    moment.is_at(datetime(2026, 12, 1, 16, 1, tzinfo=UTC))
    assert planned(house) == 1
    assert ledger(house) == {READER: [("monthly", "2026-12", [ONE])]}


def test_what_leaves_at_once_can_be_taken_back_for_five_minutes(house, moment):
    opened(house, moment)
    subscribed(house, choice=wish(cadence="immediately"))
    moment.is_at(at(23, 12, 1))
    published(house, "one")
    moment.is_at(at(23, 12, 5) + timedelta(seconds=30))
    assert planned(house) == 0
    published(house, "one", state="withdrawn")
    for minutes in (10, 15, 60):
        moment.is_at(at(23, 12) + timedelta(minutes=minutes, seconds=2))
        assert planned(house) == 0
    assert mails(house) == []


@pytest.mark.parametrize("cadence", ["immediately", "daily", "weekly", "monthly"])
def test_a_pause_of_two_months_ends_in_one_mail_whatever_the_cadence(house, moment, cadence):
    opened(house, moment)
    reader = subscribed(house, choice=wish(cadence=cadence))
    changed(house, reader, wish(cadence=cadence), paused_until=datetime(2027, 1, 25, tzinfo=UTC))
    for day, slug in ((24, "one"), (26, "two")):
        moment.is_at(at(day, 12))
        published(house, slug)
    for days in range(4, 70, 2):
        moment.is_at(at(23, 17) + timedelta(days=days))
        planned(house)
        moment.moves(minutes=5)
        planned(house)
    moment.is_at(datetime(2027, 2, 1, 17, tzinfo=UTC))
    planned(house)
    assert [copy[2] for copy in ledger(house)[READER]] == [[ONE, TWO]]


def test_d09_the_hour_that_comes_twice_brings_one_digest(house, moment):
    """25 October 2026: 02:30 in Belgrade is 00:30 and 01:30 UTC. A Sunday, so the office works that day here."""
    toml = house.settings.content_dir / "office.toml"
    toml.write_text(toml.read_text().replace('"fri"]', '"fri", "sat", "sun"]', 1))
    house = type(house).open(house.settings)
    moment.is_at(datetime(2026, 10, 24, 9, tzinfo=UTC))
    baseline(house)
    subscribed(house, choice=wish(hour="02:30"))
    moment.moves(minutes=10)
    published(house, "one")
    for minute in (0, 31, 60, 91, 120):
        moment.is_at(datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=minute))
        published(house, f"news{minute}")
        planned(house)
    copies = ledger(house)[READER]
    assert [copy[1] for copy in copies] == ["2026-10-25"]
    house.db.dispose()


def test_d14_edited_after_it_was_sent_it_is_not_sent_again_and_a_correction_is_once(house, moment, client):
    opened(house, moment)
    subscribed(house)
    moment.is_at(at(23, 12))
    published(house, "one", "As it was mailed")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1
    moment.is_at(at(24, 9))
    published(house, "one", "As it reads today")
    moment.is_at(at(24, 16, 1))
    assert planned(house) == 0, "a minor fix is no news"
    moment.is_at(at(25, 9))
    change = "changes:\n  - at: 2026-11-25 09:30\n    kind: correction\n    note: One figure was wrong.\n"
    published(house, "one", "As it reads today", head=change)
    moment.is_at(at(25, 16, 1))
    assert planned(house) == 1
    moment.is_at(at(26, 16, 1))
    assert planned(house) == 0
    assert [copy[1] for copy in ledger(house)[READER]] == ["2026-11-23", "2026-11-25"]
    assert "As it was mailed" in client.get("/en/digests/daily/2026-11-23").words
    later = client.get("/en/digests/daily/2026-11-25").words
    assert "As it reads today" in later
    assert "One figure was wrong." in later


def test_what_readers_got_who_had_been_away_stands_apart_in_the_archive(house, moment, client):
    opened(house, moment)
    subscribed(house)
    away = subscribed(house, "away@example.org")
    changed(house, away, wish(), paused_until=at(25, 0))
    moment.is_at(at(23, 12))
    published(house, "one", "Old news")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1
    moment.is_at(at(25, 12))
    published(house, "two", "New news")
    moment.is_at(at(25, 16, 1))
    assert planned(house) == 2
    words = client.get("/en/digests/daily/2026-11-25").words
    assert words.index("New news") < words.index("Readers who had been away") < words.index("Old news")
    assert "Readers who had been away" not in client.get("/en/digests/daily/2026-11-23").words


def test_a_slot_that_is_done_takes_no_latecomers(house, moment):
    """Who wakes after the issue left waits for the next one, whichever process looks."""
    opened(house, moment)
    subscribed(house)
    late = subscribed(house, "late@example.org")
    changed(house, late, wish(), paused_until=at(30, 0))
    moment.is_at(MONDAY + timedelta(minutes=20))
    published(house, "one")
    moment.is_at(at(23, 16, 1))
    assert planned(house) == 1
    moment.is_at(at(23, 18))
    changed(house, late, wish())
    jobs.forget(house)
    assert planned(house) == 0
    moment.is_at(at(24, 16, 1))
    assert planned(house) == 1


@pytest.mark.parametrize(("cadence", "hours"), [("immediately", 48), ("daily", 48), ("weekly", 120), ("monthly", 120)])
def test_d18_a_digest_is_given_up_after_two_days_and_a_rarer_one_after_five(house, moment, cadence, hours):
    opened(house, moment)
    subscribed(house, choice=wish(cadence=cadence))
    published(house, "one")
    moment.is_at(datetime(2026, 12, 2, 17, tzinfo=UTC))
    assert planned(house) == 1
    [mail] = mails(house)
    assert mail.expires_at - mail.created_at == timedelta(hours=hours)
