"""The work queue of stale contacts: who is in it and why, the step that settles it, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from outreach.contacts import intake, reach
from outreach.contacts.models import ContactAddress, Person
from outreach.contacts.stale import queries
from outreach.house import House
from outreach.mail import suppressions
from tests.support.client import PageClient
from tests.support.moment import Moment

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUEUE = "/desk/contacts/stale"


@pytest.fixture
def now(moment: Moment) -> datetime:
    moment.is_at(MONDAY)
    return MONDAY


def person(house: House, name: str, **more: object) -> int:
    with house.db.transaction() as session:
        made = intake.from_inquiry(
            session, house, MONDAY, name=name, outlet="Daily Example", email=f"{name.lower().replace(' ', '.')}@example.org",
            phone=None, channels=[], language="en", actor_id=None,
        )  # fmt: skip
        for column, value in {"confirmed_at": MONDAY, **more}.items():
            setattr(made, column, value)
        return made.id


def names(officer: PageClient, view: str, **more: object) -> list[str]:
    page = officer.get(QUEUE, query_string={"view": view, **more})
    return [link.text for link in page.soup.select("th a")]


def test_each_view_holds_those_it_is_about_and_the_longest_wait_first(
    officer: PageClient, house: House, now: datetime
) -> None:
    ago = lambda days: now - timedelta(days=days)  # noqa: E731
    person(house, "Right")
    person(house, "Old", confirmed_at=ago(366), last_contact_at=ago(1))
    person(house, "Older", confirmed_at=None, created_at=ago(800), last_contact_at=ago(400))
    person(house, "Stopped", last_contact_at=ago(500), do_not_contact=True)
    person(house, "Bought", source="a list", created_at=ago(31))
    person(house, "Wrote", source="inquiry", created_at=ago(31))
    person(house, "Late", next_step="Call", next_step_on=date(2026, 11, 22))
    person(house, "Today", next_step="Call", next_step_on=date(2026, 11, 23))
    person(
        house,
        "Gone",
        ended_at=ago(1),
        confirmed_at=ago(900),
        last_contact_at=ago(900),
        next_step_on=date(2020, 1, 1),
        source="a list",
        created_at=ago(900),
    )
    assert names(officer, "unconfirmed") == ["Older", "Old"]
    assert names(officer, "silent") == ["Older"]
    assert names(officer, "silent", months=24) == []
    assert names(officer, "notice") == ["Bought"]
    assert names(officer, "overdue") == ["Late"]


def test_an_address_that_bounces_is_dropped_and_stays_suppressed(
    officer: PageClient, house: House, now: datetime
) -> None:
    for name, reason in (("Desk", "hard bounce"), ("Reader", "stopped")):
        person(house, name)
        with house.db.transaction() as session:
            suppressions.suppress(session, house, f"{name}@example.org", suppressions.ALL, reason, now)
    assert names(officer, "bounced") == ["Desk"]
    page = officer.get(QUEUE)
    for _ in range(2):
        officer.submit(page, "/drop/")
    assert names(officer, "bounced") == []
    with house.db.read() as session:
        assert [one.value for one in session.scalars(select(ContactAddress))] == ["reader@example.org"]
        assert suppressions.is_suppressed(session, house, "desk@example.org", suppressions.ALL)
    assert set(reach.UNREACHABLE) == {"hard bounce", "soft bounces", "complaint"}


@pytest.mark.parametrize(
    ("view", "made", "step"),
    [
        ("unconfirmed", {"confirmed_at": MONDAY - timedelta(days=400)}, "/confirm"),
        ("notice", {"source": "a list", "created_at": MONDAY - timedelta(days=40)}, "/told"),
        ("overdue", {"next_step": "Call", "next_step_on": date(2026, 11, 1)}, "/step"),
        ("silent", {"last_contact_at": MONDAY - timedelta(days=400)}, "/end"),
    ],
)
def test_the_step_of_a_row_settles_it_and_may_be_repeated(
    officer: PageClient, house: House, now: datetime, view: str, made: dict[str, object], step: str
) -> None:
    person(house, "Desk", **made)
    page = officer.get(f"{QUEUE}?view={view}")
    for _ in range(2):
        assert officer.submit(page, step).status_code == 200
    assert names(officer, view) == []


def test_a_record_that_was_ended_can_be_brought_back(officer: PageClient, house: House, now: datetime) -> None:
    person(house, "Desk", confirmed_at=MONDAY - timedelta(days=400))
    ended = officer.submit(officer.get(f"{QUEUE}?view=unconfirmed"), "/end")
    assert officer.get("/desk/contacts/1").status_code == 404
    officer.submit(ended, "/back")
    assert officer.get("/desk/contacts/1").status_code == 200


def test_a_long_queue_has_pages_without_gaps_or_repeats(officer: PageClient, house: House, now: datetime) -> None:
    with house.db.transaction() as session:
        for place in range(queries.PER_PAGE * 2 + 1):
            session.add(Person(name=f"Desk {place}", folded="", source="a list", lawful_basis="consent", version=1, created_at=now - timedelta(days=900 + place // 3), changed_at=now, next_step="x", next_step_on=date(2026, 1, 1)))  # fmt: skip
    for view in ("unconfirmed", "notice", "overdue"):
        seen, page = [], officer.get(f"{QUEUE}?view={view}")
        while True:
            seen += [link.text for link in page.soup.select("th a")]
            older = page.soup.find("a", rel="next")
            if older is None:
                break
            page = officer.get(older["href"])
        assert (len(seen), len(set(seen))) == (101, 101), view


@pytest.mark.parametrize(
    "asked",
    [
        "view=nonsense",
        "view=bounced&after=1,x",
        "view=silent&months=5&after=2026,1",
        "view=overdue&after=2026-13-01,1",
        "ended=-1",
        "ended=99999999999999999999",
        "view=bounced&after=99999999999999999999,1",
    ],
)
def test_nonsense_in_the_address_is_the_first_page(officer: PageClient, now: datetime, asked: str) -> None:
    assert officer.get(f"{QUEUE}?{asked}").status_code == 200


def test_an_admin_reads_it_and_changes_nothing(staff: Callable[..., PageClient], house: House, now: datetime) -> None:
    person(house, "Desk", confirmed_at=MONDAY - timedelta(days=400))
    page = staff("admin").get(f"{QUEUE}?view=unconfirmed")
    assert page.status_code == 200
    assert page.soup.select("main form[method=post]") == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_view_finds_its_rows_by_an_index(house: House, now: datetime) -> None:
    """With a million people no view may read the whole table or sort what it found (SQLite says how it goes about it)."""
    said: dict[str, str] = {}
    asked: list[tuple[str, Any]] = []
    event.listen(house.db.engine, "before_cursor_execute", lambda *given: asked.append((given[2], given[3])))
    for view in queries.VIEWS:
        for after in (
            None,
            ("1" if view == "bounced" else "2026-01-01" if view == "overdue" else "2026-01-01T00:00:00+00:00", 1),
        ):
            with house.db.read() as session:
                asked.clear()
                queries.page(session, queries.Wanted(view, now, now.date(), after=after))
                statement, values = next(one for one in asked if one[0].startswith("SELECT"))
                plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
                said[f"{view} {after}"] = "; ".join(row[3] for row in plan)
    by_hand = {
        view: plan
        for view, plan in said.items()
        if not plan.startswith(
            (
                "SEARCH person USING INDEX",
                "SCAN suppression; CORRELATED",
                "SEARCH suppression USING INTEGER PRIMARY KEY",
            )
        )
    }
    assert by_hand == {}
    assert {view: plan for view, plan in said.items() if "TEMP B-TREE" in plan} == {}
