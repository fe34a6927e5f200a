"""Press lists by hand and segments by filter: who is in them, since when and by whom, streamed for whoever uses them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach.contacts.lists import keeping, members, queries
from outreach.contacts.lists.models import LIST, SEGMENT
from outreach.contacts.models import Person
from outreach.errors import Conflict, NotFound
from outreach.house import House
from tests.contacts import register
from tests.support.client import PageClient

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def ids(house: House) -> list[int]:
    with house.db.transaction() as session:
        return [register.person(session, NOW, f"Reporter {n}", region="Niš" if n else "").id for n in range(3)]


def all_of(house: House, kind: str, id_: int) -> list[list[int]]:
    with house.db.read() as session:
        return list(members.members(session, house, kind, id_, NOW))


@pytest.mark.both
def test_a_list_holds_whom_it_was_given_until_they_are_taken_off(house: House, ids: list[int]) -> None:
    with house.db.transaction() as session:
        kept = keeping.keep_list(session, NOW, "Morning", "Daily call", None)
        assert keeping.add(session, NOW, kept.id, [*ids[:2], 999], None) == 2
        assert keeping.add(session, NOW + timedelta(days=1), kept.id, ids[:2], None) == 0
        list_id = kept.id
    assert all_of(house, LIST, list_id) == [ids[:2]]
    with house.db.transaction() as session:
        assert keeping.remove(session, NOW, list_id, [ids[0], ids[2]], None) == 1
        assert keeping.remove(session, NOW, list_id, [ids[0]], None) == 0
        assert members.count(session, house, LIST, list_id, NOW) == 1
        assert keeping.add(session, NOW + timedelta(days=2), list_id, [ids[0]], None) == 1
        on_it, _ = queries.members(session, list_id)
        assert {one.person.id: one.row.added_at for one in on_it} == {ids[1]: NOW, ids[0]: NOW + timedelta(days=2)}
        assert [one.name for one, _ in queries.lists_of(session, ids[0])] == ["Morning"]
        assert [(one.name, count) for one, count in queries.lists(session)] == [("Morning", 2)]


@pytest.mark.both
def test_a_segment_is_whoever_fits_now(house: House, ids: list[int]) -> None:
    with house.db.transaction() as session:
        segment_id = keeping.keep_segment(session, NOW, "Niš", "region=Ni%C5%A1", True, None).id
    assert all_of(house, SEGMENT, segment_id) == [ids[1:]]
    with house.db.transaction() as session:
        session.get_one(Person, ids[0]).region = "Niš"
        session.get_one(Person, ids[1]).ended_at = NOW
    assert all_of(house, SEGMENT, segment_id) == [[ids[0], ids[2]]]
    with house.db.read() as session:
        assert members.count(session, house, SEGMENT, segment_id, NOW) == 2
        assert [person.id for person in members.sample(session, house, SEGMENT, segment_id, NOW)] == [ids[0], ids[2]]


def test_members_come_in_batches(house: House, monkeypatch: pytest.MonkeyPatch, ids: list[int]) -> None:
    monkeypatch.setattr(members, "BATCH", 2)
    with house.db.transaction() as session:
        segment_id = keeping.keep_segment(session, NOW, "All", "writes=en", True, None).id
    assert all_of(house, SEGMENT, segment_id) == [ids[:2], ids[2:]]


@pytest.mark.parametrize("kind", [LIST, SEGMENT])
def test_what_is_not_there_or_has_ended_is_not_found(house: House, ids: list[int], kind: str) -> None:
    with house.db.transaction() as session:
        kept = (keeping.keep_list(session, NOW, "Old", "", None) if kind == LIST
                else keeping.keep_segment(session, NOW, "Old", "writes=en", True, None))  # fmt: skip
        keeping.end(session, NOW, kept, None)
        keeping.end(session, NOW + timedelta(days=1), kept, None)
        assert kept.ended_at == NOW
        for id_ in (kept.id, 999):
            with pytest.raises(NotFound):
                members.count(session, house, kind, id_, NOW)
            with pytest.raises(NotFound):
                next(members.members(session, house, kind, id_, NOW))


def test_a_name_is_used_once_and_the_same_twice_is_once(house: House) -> None:
    with house.db.transaction() as session:
        one = keeping.keep_list(session, NOW, "Morning", "", None)
        assert keeping.keep_list(session, NOW, "Morning", "", None) is one
        with pytest.raises(Conflict):
            keeping.keep_list(session, NOW, "Morning", "Other", None)
        keeping.end(session, NOW, one, None)
        assert keeping.keep_list(session, NOW, "Morning", "Other", None) is not one
        segment = keeping.keep_segment(session, NOW, "S", "writes=en", True, None)
        assert keeping.keep_segment(session, NOW, "S", "writes=en", True, None) is segment
        for name, query, has_filters in (("S", "writes=cir", True), ("", "writes=en", True), ("T", "sort=new", False)):
            with pytest.raises(Conflict):
                keeping.keep_segment(session, NOW, name, query, has_filters, None)


def test_a_list_is_made_filled_renamed_emptied_and_ended_on_its_pages(officer: PageClient, ids: list[int]) -> None:
    made = officer.submit(officer.get("/desk/contacts/lists"), name="Morning", purpose="Daily call")
    assert made.h1 == "Morning"
    assert "Nobody is on it yet." in made.words
    register.bulk(officer, officer.get("/desk/contacts"), *ids, step="list", list="1")
    page = officer.get("/desk/contacts/lists/1")
    assert "3 people" in page.words
    assert "Officer, on duty" in page.words
    emptied = register.bulk(officer, page, ids[0])
    assert "1 person was taken off." in emptied.get_data(as_text=True)
    renamed = officer.submit(emptied, "/change", name="Evening")
    assert renamed.h1 == "Evening"
    assert "2 people" in officer.get("/desk/contacts/lists").words
    over = officer.submit(renamed, "/end")
    assert "Not used any more." in over.get_data(as_text=True)
    assert officer.get("/desk/contacts/lists/1").status_code == 404
    assert officer.post("/desk/contacts/lists/1/end", data={"csrf_token": csrf_of(over)}).status_code == 303


def test_s22_a_list_that_was_renamed_meanwhile_is_not_overwritten(officer: PageClient) -> None:
    officer.submit(officer.get("/desk/contacts/lists"), name="Morning")
    mine, theirs = officer.get("/desk/contacts/lists/1"), officer.get("/desk/contacts/lists/1")
    officer.submit(theirs, "/change", name="Noon")
    again = officer.submit(mine, "/change", name="Evening")
    assert again.status_code == 409
    assert "Somebody else changed this meanwhile." in again.words
    assert officer.submit(again, "/change").h1 == "Evening"


def test_a_name_that_is_taken_or_missing_is_told_beside_its_field(officer: PageClient) -> None:
    page = officer.get("/desk/contacts/lists")
    officer.submit(page, name="Morning")
    assert "Another one has this name." in officer.submit(page, name="Morning", purpose="Other").words
    assert "Give it a name." in officer.submit(page, name=" ").words


def test_a_filter_is_kept_as_a_segment_and_is_a_view_of_the_table(officer: PageClient, ids: list[int]) -> None:
    table = officer.get("/desk/contacts?region=Niš&sort=new")
    segment = officer.submit(table, "/segments", name="People of Niš")
    assert segment.h1 == "People of Niš"
    for words in ("2 people fit now", "Region", "Niš", "Reporter 1", "Reporter 2"):
        assert words in segment.words
    view = officer.get("/desk/contacts?region=Ni%C5%A1&sort=new")
    assert view.soup.select_one("nav[aria-label='Saved views'] [aria-current]").get_text() == "People of Niš"  # type: ignore[union-attr]
    again = officer.submit(officer.get("/desk/contacts?writes=en"), "/segments", name="People of Niš")
    assert "Another one has this name." in again.get_data(as_text=True)
    assert again.request.query_string == b"writes=en"
    renamed = officer.submit(segment, "/change", name="Niš")
    assert (renamed.h1, "2 people fit now" in renamed.words) == ("Niš", True)
    officer.submit(renamed, "/end")
    assert officer.get("/desk/contacts/segments/1").status_code == 404


def csrf_of(page: object) -> str:
    return page.soup.find("input", {"name": "csrf_token"})["value"]  # type: ignore[attr-defined,no-any-return]
