"""Who is on duty: the rota, and who is told of what comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from outreach.accounts import profiles
from outreach.house import House
from outreach.inquiries.duty import rota
from tests.inquiries.duty.conftest import HOUR, account_id
from tests.support.client import PageClient
from tests.support.moment import Moment

NOW = datetime(2026, 4, 14, 8, tzinfo=UTC)  # Tuesday 10:00 in Belgrade, the day after Orthodox Easter Monday


@pytest.fixture
def people(moment: Moment, officer: PageClient, staff: Callable[..., PageClient], house: House) -> tuple[int, int]:
    """Two officers; it is Tuesday 14 April 2026, 10:00."""
    moment.is_at(NOW)
    staff("officer", email="deputy@example.org", name="Deputy")
    return account_id(house), account_id(house, "deputy@example.org")


def add(house: House, who: int, starts: datetime, ends: datetime) -> int:
    with house.db.transaction() as session:
        return rota.add(session, NOW, who, starts, ends, who).id


def on_duty(house: House, at: datetime) -> int | None:
    with house.db.read() as session:
        account = rota.on_duty(session, at)
        return account.id if account else None


def test_nobody_is_on_duty_outside_every_turn(people: tuple[int, int], house: House) -> None:
    add(house, people[0], NOW, NOW + HOUR)
    assert [on_duty(house, NOW + minutes * HOUR / 60) for minutes in (-1, 0, 59, 60)] == [
        None,
        people[0],
        people[0],
        None,
    ]


def test_of_two_turns_the_one_that_began_last_counts(people: tuple[int, int], house: House) -> None:
    first, second = people
    add(house, first, NOW, NOW + 10 * HOUR)
    add(house, second, NOW + 2 * HOUR, NOW + 4 * HOUR)
    with house.db.read() as session:
        told = [(one.account.id, one.starts_at, one.ends_at) for one in rota.watches(session, NOW, NOW + 24 * HOUR)]
        assert told == [
            (first, NOW, NOW + 2 * HOUR), (second, NOW + 2 * HOUR, NOW + 4 * HOUR), (first, NOW + 4 * HOUR, NOW + 10 * HOUR)
        ]  # fmt: skip
        now = [account and account.id for account in (rota.on_duty(session, NOW + n * HOUR) for n in (0, 2, 3, 4, 10))]
        assert now == [first, second, second, first, None]  # at each instant what `watches` says of the time
        change = rota.next_change(session, NOW)
        assert change is not None
        assert (change[0], change[1] and change[1].id) == (NOW + 2 * HOUR, second)


def test_a_turn_that_was_ended_counts_no_more_and_ending_twice_is_once(people: tuple[int, int], house: House) -> None:
    turn = add(house, people[0], NOW, NOW + 10 * HOUR)
    for is_first in (True, False):
        with house.db.transaction() as session:
            assert rota.end(session, NOW + HOUR, turn, people[0]) is is_first
    assert [on_duty(house, NOW), on_duty(house, NOW + HOUR)] == [people[0], None]


def test_somebody_who_cannot_sign_in_is_not_on_duty(people: tuple[int, int], house: House) -> None:
    add(house, people[0], NOW, NOW + 10 * HOUR)
    with house.db.transaction() as session:
        profiles.end(session, NOW, "officer@example.org")
    assert on_duty(house, NOW) is None


def test_a_new_inquiry_is_told_to_the_officer_on_duty_and_else_to_the_duty_address(
    people: tuple[int, int], ask: Callable[..., Any], house: House, moment: Moment, mailbox: Any
) -> None:
    moment.is_at(NOW)
    add(house, people[1], NOW, NOW + 2 * HOUR)
    ask(when=["tomorrow"])
    assert len(mailbox.to("deputy@example.org")) == 1
    moment.is_at(NOW + 3 * HOUR)
    ask(when=["tomorrow"], subject="Another")
    assert len(mailbox.to("duty@example.org")) == 1


def test_the_week_shows_who_is_on_duty_and_a_turn_is_added_once(
    people: tuple[int, int], officer: PageClient, house: House
) -> None:
    typed = {"account_id": str(people[1]), "starts": "2026-04-14T09:00", "ends": "2026-04-16T12:00"}
    for _ in range(2):
        page = officer.submit(officer.get("/desk/duty"), "/desk/duty/add", **typed)
    assert "On duty now: Deputy." in page.words
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    assert rows[:4] == [
        "Mon 13 Apr nobody", "Tue 14 Apr 09:00–24:00 Deputy", "Wed 15 Apr 00:00–24:00 Deputy", "Thu 16 Apr 00:00–12:00 Deputy"
    ]  # fmt: skip
    assert len(page.soup.select(".rows li")) == 1
    page = officer.submit(page, "/end")
    assert "Nobody is on duty: alerts go to duty@example.org." in page.words


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"starts": "yesterday"}, "Enter a day and a time."),
        ({"ends": "2026-04-14T08:00"}, "A turn ends after it begins."),
    ],
)
def test_a_turn_that_cannot_be_is_refused_with_a_sentence(
    people: tuple[int, int], officer: PageClient, changes: dict[str, str], said: str
) -> None:
    typed = {"account_id": str(people[0]), "starts": "2026-04-14T09:00", "ends": "2026-04-14T12:00", **changes}
    page = officer.submit(officer.get("/desk/duty"), "/desk/duty/add", **typed)
    assert page.status_code == 422
    assert said in page.words


def test_a_reader_sees_the_rota_and_changes_nothing(people: tuple[int, int], staff: Callable[..., PageClient]) -> None:
    reader = staff("reader", email="reader@example.org")
    page = reader.get("/desk/duty?week=2026-04-13")
    assert page.soup.find("form", action="/desk/duty/add") is None
    assert reader.get("/desk/duty?week=nonsense").status_code == 404


def test_a_turn_over_the_night_the_clocks_change_ends_when_its_clock_says(
    people: tuple[int, int], officer: PageClient, house: House
) -> None:
    typed = {"account_id": str(people[0]), "starts": "2026-10-24T20:00", "ends": "2026-10-25T08:00"}
    officer.submit(officer.get("/desk/duty"), "/desk/duty/add", **typed)
    begin, end = datetime(2026, 10, 24, 18, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)
    just = timedelta(minutes=1)
    assert [on_duty(house, at) for at in (begin - just, begin, end - just, end)] == [None, people[0], people[0], None]
