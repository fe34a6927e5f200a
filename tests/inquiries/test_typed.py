"""Dates and hours as journalists type them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.inquiries import typed
from outreach.serbian import to_cyrillic

TUESDAY = date(2025, 11, 25)

DAYS = {
    "25.11.": (2025, 11, 25), "25.11": (2025, 11, 25), "25. 11. 2025.": (2025, 11, 25), "25.11.2025": (2025, 11, 25),
    "25/11": (2025, 11, 25), "25/11/2025": (2025, 11, 25), "25 11 2025": (2025, 11, 25), "25-11-25": (2025, 11, 25),
    "2025-11-25": (2025, 11, 25), "25 nov": (2025, 11, 25), "25nov": (2025, 11, 25), "25 November 2025": (2025, 11, 25),
    "November 26": (2025, 11, 26), "26th of November": (2025, 11, 26), "25. novembra 2025. godine": (2025, 11, 25),
    "25. новембра": (2025, 11, 25), "3. децембар": (2025, 12, 3), "3. XII 2025.": (2025, 12, 3), "5.1.": (2026, 1, 5),
    "sutra": (2025, 11, 26), "Sutra.": (2025, 11, 26), "сутра": (2025, 11, 26), "tomorrow": (2025, 11, 26),
    "danas": (2025, 11, 25), "today": (2025, 11, 25), "prekosutra": (2025, 11, 27), "day after tomorrow": (2025, 11, 27),
    "petak": (2025, 11, 28), "pet": (2025, 11, 28), "u petak": (2025, 11, 28), "ПЕТАК": (2025, 11, 28), "friday": (2025, 11, 28),
    "fri.": (2025, 11, 28), "ponedeljak": (2025, 12, 1), "ponedjeljak": (2025, 12, 1), "u sredu": (2025, 11, 26),
    "četvrtak": (2025, 11, 27), "cetvrtak": (2025, 11, 27), "četvrtak, 27. 11.": (2025, 11, 27), "nedelja": (2025, 11, 30),
    "do petka": (2025, 11, 28), "by Friday": (2025, 11, 28), "до сутра": (2025, 11, 26), "ovaj petak": (2025, 11, 28),
    "utorak": (2025, 11, 25), "24.11.": (2025, 11, 24), "24.10.": (2026, 10, 24), "２５．１１．": (2025, 11, 25),
    " 25 . 11 . ": (2025, 11, 25), "25,11": (2025, 11, 25), "29.2.": (2028, 2, 29),
}  # fmt: skip
NO_DAYS = [
    "",
    " ",
    "soon",
    "25",
    "32.11.",
    "25.13.",
    "25.11.20255",
    "1.2.3.4",
    "nov",
    "//",
    "-5.11.x",
    "uskoro",
    "0.5.",
]

HOURS = {
    "16": (16, 0), "16h": (16, 0), "16 h": (16, 0), "16:30": (16, 30), "16.30": (16, 30), "16,30": (16, 30), "16 30": (16, 30),
    "1630": (16, 30), "0930": (9, 30), "930": (9, 30), "9.30h": (9, 30), "16:30:00": (16, 30), "16h30": (16, 30),
    "4pm": (16, 0), "4 pm": (16, 0), "4:30 p.m.": (16, 30), "4 PM": (16, 0), "12am": (0, 0), "12pm": (12, 0), "11 a.m.": (11, 0),
    "podne": (12, 0), "u podne": (12, 0), "подне": (12, 0), "noon": (12, 0), "12": (12, 0), "0": (0, 0), "00:00": (0, 0),
    "23:59": (23, 59), "u 16": (16, 0), "16 časova": (16, 0), "16 часова": (16, 0), "16.30 časova": (16, 30), "1 sat": (1, 0),
    "at 16:30": (16, 30), "do 16h": (16, 0), "до 16 часова": (16, 0), "by 4pm": (16, 0), "najkasnije do 16": (16, 0), "before noon": (12, 0),
    "9 ujutru": (9, 0), "9 ујутру": (9, 0), "4 popodne": (16, 0), "8 uveče": (20, 0), "20h uveče": (20, 0), "8 in the evening": (20, 0),
    "10 pre podne": (10, 0), "16 i 30": (16, 30), "kraj dana": (23, 59), "до краја дана": (23, 59), "end of day": (23, 59), "EOD": (23, 59), "16:30.": (16, 30), "１６：３０": (16, 30), "٤pm": (16, 0),
}  # fmt: skip
NO_HOURS = [
    "",
    "24:00",
    "24",
    "16:60",
    "25:00",
    "16pm",
    "0pm",
    "13 am",
    "ponoć",
    "midnight",
    "soon",
    "16:3",
    "1",
    "12345",
    "16:30:45",
]
NO_HOURS.remove("1")


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_as_it_is_typed(text: str) -> None:
    said = typed.read_day(text)
    assert said is not None
    assert said.on(TUESDAY) == date(*DAYS[text])


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert typed.read_day(text) is None


@pytest.mark.parametrize("text", ["30.2.", "30. 2. 2026.", "31/4", "29.2.2027"])
def test_a_day_that_is_in_no_calendar_is_an_error(text: str) -> None:
    said = typed.read_day(text)
    assert said is not None
    with pytest.raises(ValueError):
        said.on(TUESDAY)


@pytest.mark.parametrize("text", HOURS)
def test_an_hour_is_read_as_it_is_typed(text: str) -> None:
    assert typed.read_hour(text) == time(*HOURS[text])


@pytest.mark.parametrize("text", NO_HOURS)
def test_what_is_no_hour_is_not_guessed(text: str) -> None:
    assert typed.read_hour(text) is None


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("sutra 10", (2025, 11, 26), (10, 0)), ("pet 9.30", (2025, 11, 28), (9, 30)), ("25.11. 16.30", (2025, 11, 25), (16, 30)),
        ("petak u 16h", (2025, 11, 28), (16, 0)), ("25. 11. 2025. 16:30", (2025, 11, 25), (16, 30)), ("tomorrow 4 pm", (2025, 11, 26), (16, 0)),
        ("сутра 10", (2025, 11, 26), (10, 0)), ("у петак у 9.30", (2025, 11, 28), (9, 30)), ("4pm tomorrow", (2025, 11, 26), (16, 0)), ("by Friday 4pm", (2025, 11, 28), (16, 0)),
        ("do petka u 16h", (2025, 11, 28), (16, 0)), ("9.30 u petak", (2025, 11, 28), (9, 30)), ("10.30 5.11.", (2025, 11, 5), (10, 30)), ("16h 25. 11. 2025.", (2025, 11, 25), (16, 0)),
        ("sutra do kraja dana", (2025, 11, 26), (23, 59)), ("sutra u podne", (2025, 11, 26), (12, 0)),
    ],
)  # fmt: skip
def test_a_day_and_an_hour_in_one_box_are_taken_apart(text: str, day: tuple[int, ...], hour: tuple[int, ...]) -> None:
    parts = typed.split_hour(text)
    assert parts is not None
    said = typed.read_day(parts[0])
    assert said is not None
    assert said.on(TUESDAY) == date(*day)
    assert typed.read_hour(parts[1]) == time(*hour)


@given(st.dates(date(2025, 11, 25), date(2026, 9, 30)))
def test_every_date_can_be_written_without_its_year(on: date) -> None:
    for text in (f"{on.day}.{on.month}.", f"{on:%d/%m}", f"{on.day} {on:%b}", f"{on:%B} {on.day}"):
        said = typed.read_day(text)
        assert said is not None
        assert said.on(TUESDAY) == on


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_with_its_year_is_itself(on: date) -> None:
    for text in (f"{on.day}. {on.month}. {on.year}.", on.isoformat(), f"{on:%d %m %Y}", f"{on:%d.%m.%y}"):
        said = typed.read_day(text)
        assert said is not None
        assert said.on(TUESDAY) == on


@given(st.times())
def test_every_minute_of_the_day_can_be_typed(at: time) -> None:
    minute = at.replace(second=0, microsecond=0)
    for text in (
        f"{minute:%H:%M}",
        f"{minute:%H.%M}",
        f"{minute:%H%M}",
        f"{minute.hour}:{minute:%M}h",
        f"{minute:%I:%M %p}",
    ):
        assert typed.read_hour(text) == minute


@given(st.sampled_from(sorted(DAYS)))
def test_both_scripts_read_the_same(text: str) -> None:
    assert typed.read_day(to_cyrillic(text)) in (typed.read_day(text), None) or any(c in text for c in "wxyqWXYQ")


@given(st.text())
def test_any_text_is_read_or_refused_quietly(text: str) -> None:
    typed.read_day(text)
    typed.read_hour(text)
    typed.split_hour(text)
