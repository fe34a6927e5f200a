"""The timeline: everything by month, what officers log by hand, and the next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from outreach import clock
from outreach.contacts import intake, interactions, timeline
from outreach.contacts.models import Interaction, Person
from outreach.house import House
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 10:30 in Belgrade


@pytest.fixture
def record(house: House, moment: Moment) -> str:
    moment.is_at(MONDAY)
    with house.db.transaction() as session:
        person = intake.from_inquiry(
            session, house, clock.now(), name="Reporter", outlet="Daily Example", email="reporter@example.org",
            phone=None, channels=[], language="en", actor_id=None,
        )  # fmt: skip
    return f"/desk/contacts/{person.id}"


def logged(officer: PageClient, record: str, **more: object) -> Page:
    return officer.submit(officer.get(record), f"{record}/log", **{"summary": "Asked about the budget", **more})


def person(house: House) -> Person:
    with house.db.read() as session:
        return session.get_one(Person, 1)


def test_a_contact_is_logged_with_one_line_and_one_key(officer: PageClient, record: str, house: House) -> None:
    page = officer.get(record)
    first = page.soup.find(attrs={"data-key": "l"})
    assert first["name"] == "kind"
    assert page.soup.find("input", {"name": "at"})["value"] == "2026-11-23T10:30"
    done = logged(officer, record)
    assert "Logged." in done.get_data(as_text=True)
    assert "Asked about the budget" in done.words
    assert "November 2026" in done.words
    with house.db.read() as session:
        entry = session.scalars(select(Interaction)).one()
        assert (entry.kind, entry.at, entry.actor_id is not None) == ("call", MONDAY, True)
    assert person(house).last_contact_at == MONDAY


def test_the_same_click_twice_logs_once(officer: PageClient, record: str, house: House) -> None:
    page = officer.get(record)
    for _ in range(2):
        officer.submit(page, f"{record}/log", summary="Asked about the budget")
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"summary": ""}, "Say in a line what it was about."),
        ({"at": "2026-11-24T10:30"}, "That has not happened yet."),
        ({"at": ""}, "Enter day and time."),
        ({"next_step_on": "2026-12-01"}, "Say what is to be done on that day."),
    ],
)
def test_what_cannot_be_logged_comes_back_as_it_was_typed(
    officer: PageClient, record: str, house: House, wrong: dict[str, str], said: str
) -> None:
    page = logged(officer, record, text="Typed words", **wrong)
    assert page.status_code == 422
    assert said in page.words
    assert "Typed words" in page.get_data(as_text=True)
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 0


def test_the_timeline_goes_by_month_and_shows_what_the_rooms_wrote(
    officer: PageClient, record: str, house: House
) -> None:
    with house.db.transaction() as session:
        interactions.note(
            session, datetime(2026, 9, 30, 22, 30, tzinfo=UTC), 1, "inquiry", "inquiry:1", "/desk/inquiries/1", "Budget"
        )
    logged(officer, record, kind="coverage")
    page = officer.get(record)
    assert [h3.text for h3 in page.soup.select(".case-work h3")] == [
        "November 2026",
        "October 2026",
    ]  # by our own clock
    assert page.soup.find("a", href="/desk/inquiries/1") is not None


def test_a_long_timeline_has_pages(officer: PageClient, record: str, house: House) -> None:
    with house.db.transaction() as session:
        for place in range(timeline.PER_PAGE + 1):
            interactions.note(
                session,
                MONDAY - timedelta(hours=place),
                1,
                "inquiry",
                f"inquiry:{place}",
                "/desk/inquiries",
                f"Case {place}",
            )
    page = officer.get(record)
    assert "Case 99" in page.words
    assert "Case 100" not in page.words
    assert "Case 100" in officer.get(f"{record}?page=2").words


def test_only_ones_own_entry_is_put_right_or_taken_out(
    officer: PageClient, staff: Callable[..., PageClient], record: str, house: House
) -> None:
    logged(officer, record)
    page = officer.get(f"{record}/log/1")
    typed = {**fields(page), "summary": "Asked about the plan", "at": "2026-11-20T09:00"}
    changed = officer.post(f"{record}/log/1", data=typed, follow_redirects=True)
    assert "Asked about the plan" in changed.words
    assert person(house).last_contact_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    colleague = staff("officer", email="second@example.org")
    assert colleague.get(record).soup.find("a", href=f"{record}/log/1") is None
    assert colleague.get(f"{record}/log/1").status_code == 403
    for _ in range(2):
        officer.submit(page, "/remove")
    assert person(house).last_contact_at is None
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 0


def fields(page: Page) -> dict[str, str]:
    form = page.soup.find("main").find("form")
    return {tag["name"]: tag.get("value", "call") for tag in form.find_all(["input", "select"])}


def test_what_a_room_wrote_is_nobodys_to_change(officer: PageClient, record: str, house: House) -> None:
    with house.db.transaction() as session:
        interactions.note(session, MONDAY, 1, "inquiry", "inquiry:1", "/desk/inquiries/1", "Budget")
    assert officer.get(f"{record}/log/1").status_code == 403
    assert officer.get(f"{record}/log/7").status_code == 404


def test_a_note_is_no_contact(officer: PageClient, record: str, house: House) -> None:
    logged(officer, record, kind="note")
    assert person(house).last_contact_at is None


def test_the_next_step_stands_on_the_record_until_it_is_done(officer: PageClient, record: str, house: House) -> None:
    logged(officer, record, next_step="Send the fact sheet", next_step_on="2026-11-25")
    assert (person(house).next_step, person(house).next_step_on) == ("Send the fact sheet", date(2026, 11, 25))
    kept = logged(officer, record, summary="Called back")
    assert "Send the fact sheet" in kept.words
    for _ in range(2):
        done = officer.submit(kept, "/step/done")
    assert "The next step is done." in done.get_data(as_text=True)
    assert (person(house).next_step, person(house).next_step_on) == ("", None)


def test_the_next_step_stands_on_the_first_screen_on_its_day(
    officer: PageClient, record: str, moment: Moment, staff: Callable[..., PageClient]
) -> None:
    logged(officer, record, next_step="Send the fact sheet", next_step_on="2026-11-25")
    assert "Send the fact sheet" not in officer.get("/desk/").words
    moment.is_at(MONDAY + timedelta(days=2))
    late = staff("officer", email="second@example.org")
    assert late.get("/desk/").soup.find("a", href=record).text == "Send the fact sheet"
    reader = staff("reader", email="third@example.org")
    assert "Send the fact sheet" not in reader.get("/desk/").words
