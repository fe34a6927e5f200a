"""The journalist's deadline: rules and messages of the form, time zones, and the two nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach import language
from outreach.inquiries import deadlines, zones
from outreach.inquiries.deadlines import DAY, HOUR, NONE, TODAY, TOMORROW, DeadlineError, Typed
from outreach.language import Variant

BELGRADE = ZoneInfo("Europe/Belgrade")
NOW = datetime(2025, 11, 25, 13, 32, tzinfo=UTC)  # 14:32 in Belgrade, a Tuesday


def read(
    choice: str, day: str = "", hour: str = "", zone: str = "Europe/Belgrade", now: datetime = NOW
) -> deadlines.Deadline:
    return deadlines.read(Typed(choice, day, hour, zone), now)


def refused(
    choice: str, day: str = "", hour: str = "", zone: str = "Europe/Belgrade", now: datetime = NOW
) -> DeadlineError:
    with pytest.raises(DeadlineError) as caught:
        read(choice, day, hour, zone, now)
    return caught.value


def said(error: DeadlineError, variant: Variant = Variant.EN) -> str:
    return language.text(variant, error.message, **error.values(variant))


def belgrade(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BELGRADE).astimezone(UTC)


@pytest.mark.parametrize(
    ("choice", "day", "hour", "at"),
    [
        (HOUR, "", "", NOW + timedelta(hours=1)),
        (HOUR, "rubbish", "rubbish", NOW + timedelta(hours=1)),
        (TODAY, "", "16h", belgrade(2025, 11, 25, 16)),
        (TODAY, "1.1.2031.", "16.30", belgrade(2025, 11, 25, 16, 30)),
        (TOMORROW, "", "podne", belgrade(2025, 11, 26, 12)),
        (DAY, "25.11.", "1630", belgrade(2025, 11, 25, 16, 30)),
        (DAY, "petak", "9", belgrade(2025, 11, 28, 9)),
        (DAY, "utorak", "9", belgrade(2025, 12, 2, 9)),
        (DAY, "utorak", "16", belgrade(2025, 11, 25, 16)),
        (DAY, "sutra 10", "", belgrade(2025, 11, 26, 10)),
        (DAY, "pet 9.30", "", belgrade(2025, 11, 28, 9, 30)),
        (DAY, "5.1.", "4pm", belgrade(2026, 1, 5, 16)),
        (DAY, "25. 11. 2026.", "12", belgrade(2026, 11, 25, 12)),
        (NONE, "25.11.", "16", None),
        (DAY, "", "sutra 10", belgrade(2025, 11, 26, 10)),
        ("", "", "у петак у 9.30", belgrade(2025, 11, 28, 9, 30)),
        ("", "сутра 10", "", belgrade(2025, 11, 26, 10)),
        (DAY, "sutra", "sutra 10", belgrade(2025, 11, 26, 10)),
        (DAY, "sutra u 10", "10h", belgrade(2025, 11, 26, 10)),
        (DAY, "10", "sutra", belgrade(2025, 11, 26, 10)),
        ("", "", "16h", belgrade(2025, 11, 25, 16)),
        ("", "16h", "", belgrade(2025, 11, 25, 16)),
        (TODAY, "16h", "", belgrade(2025, 11, 25, 16)),
        (TODAY, "", "danas do 16", belgrade(2025, 11, 25, 16)),
        (TOMORROW, "", "sutra 10", belgrade(2025, 11, 26, 10)),
        ("", "", "kraj dana", belgrade(2025, 11, 25, 23, 59)),
    ],
)
def test_a_deadline_is_the_instant_that_was_meant(choice: str, day: str, hour: str, at: datetime | None) -> None:
    assert read(choice, day, hour).at == at


def test_a_date_without_the_radio_wins() -> None:
    assert read("", "26.11.", "10").at == belgrade(2025, 11, 26, 10)
    assert read("", "26.11.", "10").choice == DAY
    assert read("forged", "26.11.", "10").choice == DAY


def test_today_and_tomorrow_are_days_of_the_chosen_zone() -> None:
    late = datetime(2025, 11, 25, 22, 30, tzinfo=UTC)  # 23:30 in Belgrade, 07:30 on the 26th in Tokyo
    assert read(TODAY, "", "9", "Asia/Tokyo", late).at == datetime(2025, 11, 26, 0, 0, tzinfo=UTC)
    assert read(TOMORROW, "", "9", "Europe/Belgrade", late).at == belgrade(2025, 11, 26, 9)


MESSAGES = [
    (("", "", ""), "when", "Select when you need an answer"),
    (("forged", "", ""), "when", "Select when you need an answer"),
    ((DAY, "", "16"), "day", "Deadline must include a date"),
    ((DAY, "soon", "16"), "day", "Deadline must be a real date, like 25 11 2025"),
    ((DAY, "31.11.", "16"), "day", "Deadline must be a real date, like 25 11 2025"),
    ((DAY, "26. 11. 2026.", "16"), "day", "Deadline must be within one year from today"),
    ((TODAY, "", ""), "hour", "Deadline must include a time"),
    ((TODAY, "", "sutra 10"), "hour", "Enter a time between 00:00 and 23:59"),
    ((TODAY, "sutra 10", ""), "hour", "Deadline must include a time"),
    ((DAY, "petak", "sutra 10"), "hour", "Enter a time between 00:00 and 23:59"),
    ((DAY, "sutra", "30.2. 10"), "hour", "Enter a time between 00:00 and 23:59"),
    ((TOMORROW, "", " "), "hour", "Deadline must include a time"),
    ((DAY, "26.11.", ""), "hour", "Deadline must include a time"),
    ((TODAY, "", "24"), "hour", "Enter a time between 00:00 and 23:59"),
    ((TODAY, "", "soon"), "hour", "Enter a time between 00:00 and 23:59"),
    ((TODAY, "", "14:00"), "hour", "Deadline must be in the future. It is now 14:32 in Belgrade"),
    ((TODAY, "", "14:36"), "hour", "Deadline must be in the future. It is now 14:32 in Belgrade"),
    ((DAY, "24.11.", "16"), "day", "Deadline must be in the future. It is now 14:32 in Belgrade"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "control", "words"), MESSAGES)
def test_each_fault_has_its_message_at_its_control(typed: tuple[str, str, str], control: str, words: str) -> None:
    error = refused(*typed)
    assert (error.control, said(error)) == (control, words)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "Europe", "EST5EDT\0"])
def test_a_zone_outside_the_list_is_refused(zone: str) -> None:
    error = refused(TODAY, "", "16", zone)
    assert (error.control, said(error)) == ("zone", "Select a time zone")


def test_the_present_time_is_said_on_the_chosen_clock() -> None:
    assert (
        said(refused(TODAY, "", "8:00", "America/New_York"))
        == "Deadline must be in the future. It is now 08:32 in New York"
    )


def test_five_minutes_ahead_is_the_future() -> None:
    assert read(TODAY, "", "14:37").at == belgrade(2025, 11, 25, 14, 37)


SPRING = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("hour", ["02:00", "2.30", "0259"])
def test_an_hour_that_the_clocks_jump_over_is_refused_with_the_nearest_real_ones(hour: str) -> None:
    error = refused(DAY, "29. 3. 2026.", hour, now=SPRING)
    at = {"02:00": "02:00", "2.30": "02:30", "0259": "02:59"}[hour]
    assert error.control == "hour"
    assert said(error) == (
        f"{at} on 29 March 2026 does not exist in Belgrade because clocks go forward. Enter 01:59 or earlier, or 03:00 or later"
    )


@pytest.mark.parametrize(("hour", "utc"), [("01:59", (0, 59)), ("03:00", (1, 0))])
def test_both_sides_of_the_gap_are_real(hour: str, utc: tuple[int, int]) -> None:
    assert read(DAY, "29.3.", hour, now=SPRING).at == datetime(2026, 3, 29, *utc, tzinfo=UTC)


def test_the_gap_is_named_in_any_zone() -> None:
    error = refused(DAY, "8. 3. 2026.", "2:15", "America/New_York", datetime(2026, 3, 7, 12, tzinfo=UTC))
    assert "02:15 on 8 March 2026 does not exist in New York" in said(error)
    assert "Enter 01:59 or earlier, or 03:00 or later" in said(error)


@pytest.mark.parametrize(("hour", "utc"), [("02:00", (0, 0)), ("02:30", (0, 30)), ("02:59", (0, 59))])
def test_an_hour_that_comes_twice_is_the_earlier_instant(hour: str, utc: tuple[int, int]) -> None:
    found = read(DAY, "25. 10. 2026.", hour, now=AUTUMN)
    assert found.at == datetime(2026, 10, 25, *utc, tzinfo=UTC)
    assert found.repeated
    assert "UTC+2" in deadlines.echo(Variant.EN, found.at, found.zone, BELGRADE, AUTUMN)[0]


@pytest.mark.parametrize("hour", ["01:59", "03:00"])
def test_the_hours_beside_it_come_once(hour: str) -> None:
    assert not read(DAY, "25. 10. 2026.", hour, now=AUTUMN).repeated


@given(
    st.datetimes(datetime(2025, 11, 26), datetime(2026, 11, 25, 23, 59)),
    st.sampled_from([place.zone for place in zones.COMMON + zones.OTHER]),
)
def test_what_is_accepted_reads_back_as_the_wall_clock_that_was_typed(wall: datetime, zone: str) -> None:
    try:
        found = read(DAY, f"{wall:%d.%m.%Y}", f"{wall:%H:%M}", zone, datetime(2025, 11, 25, 0, 0, tzinfo=UTC))
    except DeadlineError as error:
        if error.message not in (deadlines.SKIPPED, deadlines.TOO_FAR):
            raise
        return
    assert found.at is not None
    assert f"{found.at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}" == f"{wall:%d.%m.%Y %H:%M}"


@given(st.integers(5, 400 * 24 * 60))
def test_suspense_lies_between_receipt_and_deadline(minutes: int) -> None:
    deadline = NOW + timedelta(minutes=minutes)
    ours = deadlines.suspense(NOW, deadline)
    assert ours is not None
    before, left = deadline - ours, timedelta(minutes=minutes)
    assert before <= left / 2
    assert before == left / 2 or before >= timedelta(minutes=30)
    assert before == left / 5 or before in (timedelta(minutes=30), left / 2)


@pytest.mark.parametrize(
    ("minutes", "before"), [(10, 5), (60, 30), (88, 30), (150, 30), (200, 40), (600, 120), (10_000, 2_000)]
)  # fmt: skip
def test_suspense_is_a_fifth_at_least_half_an_hour_at_most_half(minutes: int, before: int) -> None:
    deadline = NOW + timedelta(minutes=minutes)
    assert deadlines.suspense(NOW, deadline) == deadline - timedelta(minutes=before)


def test_no_deadline_has_no_suspense() -> None:
    assert deadlines.suspense(NOW, None) is None


def test_the_echo_says_the_whole_deadline_and_the_time_left() -> None:
    at = belgrade(2025, 11, 25, 16)
    whole, left = deadlines.echo(Variant.EN, at, "Europe/Belgrade", BELGRADE, NOW)
    assert whole == "Tuesday 25 November 2025, 16:00 Belgrade (CET, UTC+1)"
    assert left.replace("\u00a0", " ") == "1 h 28 min left"


def test_the_echo_shows_both_cities_when_their_clocks_differ() -> None:
    at = datetime(2025, 11, 25, 20, 0, tzinfo=UTC)
    assert deadlines.echo(Variant.EN, at, "America/New_York", BELGRADE, NOW)[0].endswith("— 21:00 in Belgrade")
    late = datetime(2025, 11, 26, 3, 0, tzinfo=UTC)
    assert deadlines.echo(Variant.EN, late, "America/New_York", BELGRADE, NOW)[0].endswith(
        "— Wed 26 Nov, 04:00 in Belgrade"
    )
    assert "—" not in deadlines.echo(Variant.EN, at, "Europe/Brussels", BELGRADE, NOW)[0]


def test_less_than_four_hours_is_urgent() -> None:
    assert read(HOUR).is_urgent(NOW)
    assert read(TODAY, "", "18:31").is_urgent(NOW)
    assert not read(TODAY, "", "18:32").is_urgent(NOW)
    assert not read(NONE).is_urgent(NOW)


def test_the_zone_list_begins_with_the_offices_and_gives_present_offsets() -> None:
    listed = zones.choices(Variant.EN, NOW, "Europe/Belgrade")
    assert listed[0] == ("Europe/Belgrade", "Belgrade (CET, UTC+1)")
    assert ("UTC", "UTC") in listed
    summer = datetime(2026, 7, 1, tzinfo=UTC)
    assert zones.choices(Variant.EN, summer, "Asia/Dubai")[0] == ("Asia/Dubai", "Dubai (UTC+4)")
    values = [value for value, _ in listed]
    assert len(values) == len(set(values))
    assert all(zones.zone_of(value) for value in values)
