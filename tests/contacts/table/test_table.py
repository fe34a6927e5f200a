"""The table of people: filters and columns in its address, pages that lose nobody, rows and many changed in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.contacts import interactions
from outreach.contacts.lists import keeping
from outreach.contacts.models import Person
from outreach.contacts.table import pages
from outreach.contacts.table.asked import SORTS, Asked
from outreach.house import House
from outreach.mail.models import Suppression
from tests.contacts import register
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Staff = Callable[..., PageClient]


@pytest.fixture
def people(house: House, moment: Moment, officer: PageClient) -> dict[str, int]:
    """Two journalists, one at an embassy, and one who asked to be left alone."""
    moment.is_at(NOW)
    with house.db.transaction() as session:
        daily = register.organisation(session, NOW, "Daily")
        embassy = register.organisation(session, NOW, "Embassy", "embassy")
        made = [
            register.person(session, NOW, "Ana Press", at=daily, beats=("budget", "river"), region="Belgrade",
                            email="a@example.org", noticed_at=NOW),
            register.person(session, NOW, "Боба Репортер", at=daily, preferred_variant="cir", phone="+381601234567",
                            languages=["Српски", "English"]),
            register.person(session, NOW, "Clerk Embassy", at=embassy, lawful_basis="consent", region="Niš",
                            languages=["english"]),
            register.person(session, NOW, "Do Not", do_not_contact=True, do_not_contact_at=NOW),
        ]  # fmt: skip
        ana, boba, clerk, barred = (one.id for one in made)
        interactions.note(session, NOW - timedelta(days=9), ana, "answer", "inquiry:1", "/", "One", is_on_time=True)
        interactions.note(session, NOW - timedelta(days=400), boba, "answer", "inquiry:2", "/", "Two", is_on_time=False)
        keeping.add(session, NOW, keeping.keep_list(session, NOW, "Morning", "", None).id, [ana, clerk], None)
        session.add(Suppression(address_hash="a example org", scope="all", reason="hard bounce", at=NOW))
    return {"Ana Press": ana, "Боба Репортер": boba, "Clerk Embassy": clerk, "Do Not": barred}


def shown(page: Page) -> list[str]:
    return [link.get_text(strip=True) for link in page.soup.select("tbody th a")]


@pytest.mark.both
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ana Press", "Боба Репортер", "Clerk Embassy", "Do Not"]),
        ("kind=embassy", ["Clerk Embassy"]),
        ("kind=spaceship", []),
        ("outlet=DAI", ["Ana Press", "Боба Репортер"]),
        ("outlet=!", []),
        ("beat=River", ["Ana Press"]),
        ("language=srpski", ["Боба Репортер"]),
        ("language=ENGLISH&sort=new", ["Clerk Embassy", "Боба Репортер"]),
        ("language=English&kind=embassy", ["Clerk Embassy"]),
        ("language=engl", []),
        ("language=!", []),
        ("writes=cir", ["Боба Репортер"]),
        ("writes=xx", []),
        ("region=Niš", ["Clerk Embassy"]),
        ("owner=nobody&region=Belgrade", ["Ana Press"]),
        ("owner=me", []),
        ("owner=x", []),
        ("basis=consent", ["Clerk Embassy"]),
        ("list=1", ["Ana Press", "Clerk Embassy"]),
        ("list=2", []),
        ("silent=180", ["Боба Репортер", "Clerk Embassy", "Do Not"]),
        ("silent=-1", []),
        ("since=2026-11-14", ["Ana Press"]),
        ("until=2026-11-13", ["Боба Репортер"]),
        ("since=soon", []),
        ("answered=on_time", ["Ana Press"]),
        ("answered=late", ["Боба Репортер"]),
        ("dnc=yes", ["Do Not"]),
        ("dnc=no&notice=due", ["Боба Репортер", "Clerk Embassy"]),
        ("bounced=yes", ["Ana Press"]),
        ("import=7", []),
        ("q=press", ["Ana Press"]),
        ("q=rep&kind=outlet", ["Боба Репортер"]),
        ("q=eporter", ["Боба Репортер"]),
        ("q=rep&kind=embassy", []),
        ("q=!", []),
    ],
)
def test_each_filter_finds_whom_it_means_and_what_means_nothing_finds_nobody(
    officer: PageClient, people: dict[str, int], query: str, names: list[str]
) -> None:
    page = officer.get(f"/desk/contacts?{query}")
    assert shown(page) == names
    assert ("Nobody fits" in page.words) == (not names)


@pytest.mark.both
@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", "Ana Press,Боба Репортер,Clerk Embassy,Do Not"),
        ("new", "Do Not,Clerk Embassy,Боба Репортер,Ana Press"),
        ("contact", "Ana Press,Боба Репортер,Do Not,Clerk Embassy"),
        ("silent", "Clerk Embassy,Do Not,Боба Репортер,Ana Press"),
        ("nonsense", "Ana Press,Боба Репортер,Clerk Embassy,Do Not"),
    ],
)
def test_each_order_is_kept_with_and_without_filters(
    officer: PageClient, people: dict[str, int], sort: str, names: str
) -> None:
    assert shown(officer.get(f"/desk/contacts?sort={sort}")) == names.split(",")
    assert shown(officer.get(f"/desk/contacts?sort={sort}&kind=outlet")) == [
        name for name in names.split(",") if name in ("Ana Press", "Боба Репортер")
    ]


@pytest.mark.both
@pytest.mark.parametrize(
    ("query", "fitting"),
    [
        ("", 14),
        ("region=R", 12),
        ("writes=en", 14),
        ("beat=river", 14),
        ("q=re", 14),
        ("dnc=no&region=R", 12),
        ("language=srpski&region=R", 12),
        ("kind=outlet&outlet=pap&beat=river&region=R", 12),
        ("silent=2", 8),
        ("silent=2&kind=outlet&q=rep", 8),
        ("since=2026-11-21", 6),
        ("until=2026-11-20&beat=river", 3),
    ],
)
@pytest.mark.parametrize("few", [5, 5000])
def test_pages_follow_each_other_and_lose_nobody_whichever_way_is_taken(
    house: House, monkeypatch: pytest.MonkeyPatch, query: str, fitting: int, few: int
) -> None:
    for name, value in {"FEW": few, "LOOK": few // 2, "FRONT": few, "SEVERAL": 10, "PER_PAGE": 4}.items():
        monkeypatch.setattr(pages, name, value)  # so that a small register goes the ways of a large one
    with house.db.transaction() as session:
        paper = register.organisation(session, NOW, "Paper")
        for number in range(14):
            contact = NOW - timedelta(days=number % 5) if number % 3 else None
            register.person(session, NOW, f"Reporter {number % 6}", region="R" if number % 7 else "", at=paper,
                            beats=("river",), languages=["srpski"], last_contact_at=contact)  # fmt: skip
        register.person(session, NOW, "Reporter 3", region="R", at=paper, beats=("river",), ended_at=NOW)
    with house.db.read() as session:
        for sort in SORTS:
            asked = Asked.from_query(f"{query}&sort={sort}")
            seen: list[int] = []
            after: int | None = None
            while True:
                found = pages.people(session, house, asked, NOW, after)
                assert found.is_more or found.total == fitting
                seen += [person.id for person in found.people]
                after = found.next
                if after is None:
                    break
            assert len(seen) == len(set(seen)) == pages.count(session, house, asked, NOW) == fitting


def test_the_address_says_what_was_asked_and_nothing_that_is_usual(officer: PageClient, people: dict[str, int]) -> None:
    sent = officer.get("/desk/contacts?go=1&q=&kind=outlet&outlet=&sort=name&col=outlet&col=beats&owner=")
    assert sent.location == "/desk/contacts?kind=outlet&cols=outlet.beats"
    page = officer.get(sent.location)
    heads = [head.get_text(strip=True) for head in page.soup.select("thead th")]
    assert heads[1:4] == ["Name", "Outlet or organisation", "Covers"]
    assert "budget, river" in [cell.get_text() for cell in page.soup.select("tbody td")]
    assert "Kind of organisation: Outlet" in page.words


def test_owner_me_is_whoever_asks(officer: PageClient, people: dict[str, int], house: House) -> None:
    with house.db.transaction() as session:
        session.get_one(Person, people["Ana Press"]).owner_id = 1
    assert shown(officer.get("/desk/contacts?owner=me")) == ["Ana Press"]
    assert officer.get("/desk/contacts?go=1&owner=me", follow_redirects=False).location == "/desk/contacts?owner=1"


def test_a_row_is_changed_in_its_place_and_found_under_its_new_name(
    officer: PageClient, people: dict[str, int], house: House
) -> None:
    page = officer.get(f"/desk/contacts?kind=outlet&row={people['Ana Press']}")
    done = officer.submit(
        page, "/row", name="Ana Weekly", region="Niš", covers="River, , Mine  Action,river", owner="1"
    )
    assert (done.request.path, done.request.query_string) == ("/desk/contacts", b"kind=outlet")
    assert shown(done) == ["Ana Weekly", "Боба Репортер"]
    with house.db.read() as session:
        ana = session.get_one(Person, people["Ana Press"])
        assert (ana.region, ana.owner_id, [held.beat for held in ana.beats]) == ("Niš", 1, ["mine action", "river"])
    assert shown(officer.get("/desk/contacts?q=weekly")) == ["Ana Weekly"]


def test_s22_two_who_change_a_row_at_once_lose_nothing(
    officer: PageClient, people: dict[str, int], house: House
) -> None:
    path = f"/desk/contacts?row={people['Ana Press']}"
    mine, theirs = officer.get(path), officer.get(path)
    officer.submit(theirs, "/row", region="Novi Sad")
    again = officer.submit(mine, "/row", region="Niš")
    assert again.status_code == 409
    assert "Somebody else changed this record meanwhile." in again.words
    assert "Novi Sad" in again.words
    assert again.soup.find(id="region")["value"] == "Niš"  # type: ignore[index]
    assert officer.submit(again, "/row").status_code == 200
    with house.db.read() as session:
        assert session.get_one(Person, people["Ana Press"]).region == "Niš"


def test_a_row_without_a_name_comes_back_with_what_was_typed(officer: PageClient, people: dict[str, int]) -> None:
    again = officer.submit(officer.get(f"/desk/contacts?row={people['Ana Press']}"), "/row", name="", covers="typed")
    assert again.status_code == 422
    assert "Enter the name." in again.words
    assert again.soup.find(id="covers")["value"] == "typed"  # type: ignore[index]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ({"step": "list", "list": "1"}, "list=1"),
        ({"step": "cover", "said": "courts, River"}, "beat=courts"),
        ({"step": "owner", "owner": "1"}, "owner=1"),
        ({"step": "bar", "said": "Asked by phone"}, "dnc=yes"),
    ],
)
def test_one_step_for_all_who_are_ticked_and_twice_is_once(
    officer: PageClient, people: dict[str, int], typed: dict[str, Any], query: str
) -> None:
    picked = people["Боба Репортер"], people["Clerk Embassy"]
    page = officer.get("/desk/contacts?sort=contact")
    done = register.bulk(officer, page, *picked, **typed)
    assert f"Done for {1 if query == 'list=1' else 2} " in done.get_data(as_text=True)
    assert done.request.query_string == b"sort=contact"
    assert "Done for 0 people." in register.bulk(officer, page, *picked, **typed).get_data(as_text=True)
    assert {"Боба Репортер", "Clerk Embassy"} <= set(shown(officer.get(f"/desk/contacts?{query}")))


@pytest.mark.parametrize(
    "typed", [{"step": "bar"}, {"step": "cover", "said": " , "}, {"step": "owner", "owner": "99"}, {}]
)
def test_a_step_that_is_not_said_whole_does_nothing(
    officer: PageClient, people: dict[str, int], house: House, typed: dict[str, Any]
) -> None:
    done = register.bulk(officer, officer.get("/desk/contacts"), people["Ana Press"], **typed)
    assert "Choose what is to be done and fill in its field" in done.get_data(as_text=True)
    with house.db.read() as session:
        assert session.scalars(select(Person.version).where(Person.id == people["Ana Press"])).one() == 1


def test_nobody_ticked_is_told(officer: PageClient, people: dict[str, int]) -> None:
    done = register.bulk(officer, officer.get("/desk/contacts"), step="bar", said="Why")
    assert "Nobody is ticked." in done.get_data(as_text=True)


def test_who_may_only_read_sees_no_tick_and_changes_nothing(staff: Staff, people: dict[str, int]) -> None:
    admin = staff("admin", email="admin@example.org")
    page = admin.get(f"/desk/contacts?row={people['Ana Press']}")
    assert shown(page) == list(people)
    assert page.soup.find("input", {"name": "pick"}) is None
    assert page.soup.find(id="row") is None
    assert admin.post("/desk/contacts/many", data={"pick": "1"}).status_code in (400, 403)


@pytest.mark.parametrize(
    "query", ["after=99999999", "after=-1", "row=x&after=x", "list=9" * 40, "q=" + "%00" * 9, "cols=.."]
)
def test_f14_a_strange_address_gives_a_page(officer: PageClient, people: dict[str, int], query: str) -> None:
    assert officer.get(f"/desk/contacts?{query}").status_code == 200


@pytest.mark.both
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("since=2026-06-02", ["After midnight"]),
        ("until=2026-06-01", ["Before midnight"]),
        ("since=2026-06-01&until=2026-06-02", ["After midnight", "Before midnight"]),
        ("since=0001-01-01", []),
        ("until=9999-12-31", []),
    ],
)
def test_a_day_begins_at_the_offices_midnight(
    officer: PageClient, house: House, moment: Moment, query: str, names: list[str]
) -> None:
    """In Belgrade 2 June begins at 22:00 UTC; the clocks went forward in March."""
    moment.is_at(NOW)
    with house.db.transaction() as session:
        for name, minute in (("Before midnight", 59), ("After midnight", 60)):
            at = datetime(2026, 6, 1, 21, tzinfo=UTC) + timedelta(minutes=minute)
            register.person(session, NOW, name, last_contact_at=at)
    assert shown(officer.get(f"/desk/contacts?{query}")) == names
