"""Imports on the desk, as an officer goes through them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach import clock
from outreach.contacts import intake
from outreach.contacts.imports.models import ImportRow
from outreach.contacts.models import Import, Person
from outreach.house import House
from tests.support.client import Page, PageClient

LIST = "Name,E-mail,OPTIN_IP\nAna Marić,ana@example.org,192.0.2.7\nNewsroom two,desk@example.org,\n=Bad,nowhere,\n"


def bring(officer: PageClient, content: str | bytes, name: str = "list.csv", **values: Any) -> Page:
    raw = content.encode() if isinstance(content, str) else content
    given = {"source": "Press club", "lawful_basis": "legitimate_interest"} | values
    return officer.submit(officer.get("/desk/contacts/imports/new"), file=[(io.BytesIO(raw), name)], **given)


@pytest.fixture
def newsroom(house: House) -> int:
    with house.db.transaction() as session:
        return intake.from_inquiry(
            session, house, clock.now(), name="Reporter", outlet="", email="desk@example.org", phone=None,
            channels=[], language="en", actor_id=None,
        ).id  # fmt: skip


@pytest.mark.both
def test_an_officer_brings_a_list_decides_takes_it_in_and_undoes_it(
    officer: PageClient, house: House, newsroom: int
) -> None:
    columns = bring(officer, LIST)
    assert columns.h1 == "What the columns hold"
    assert "Not kept at all, because nobody needs to know where somebody was: OPTIN_IP" in columns.words
    assert "encoding UTF-8" in columns.words
    looked = officer.submit(columns, action="/columns")
    assert looked.h1 == "What would become of every row"
    assert "3 rows: 1 new, 1 in doubt, 1 refused" in looked.words
    assert "Somebody of another name is on record with this address." in looked.words
    decided = officer.submit(looked, action="row=3", button="decision=new")
    taken = officer.submit(officer.get(looked.request.path), action="/take-in")
    assert decided.status_code == 200
    assert taken.h1 == "The list was taken in"
    assert "3 rows: 2 new, 1 refused" in taken.words
    undone = officer.submit(taken, action="/undo")
    assert undone.h1 == "The import was undone"
    with house.db.read() as session:
        assert [person.id for person in session.scalars(select(Person))] == [newsroom]
        assert set(session.scalars(select(ImportRow.cells))) == {""}


def test_the_problems_come_as_a_table_that_no_program_runs(officer: PageClient, newsroom: int) -> None:
    looked = officer.submit(bring(officer, LIST), action="/columns")
    answer = officer.get(f"{looked.request.path}/problems.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[0] == ["Name", "E-mail", "Row", "Problem"]
    assert rows[2][:3] == ["'=Bad", "nowhere", "4"]
    assert "E-mail: nowhere – This is not an e-mail address" in rows[2][3]


def test_p02_a_list_without_source_or_basis_is_refused(officer: PageClient, house: House) -> None:
    page = bring(officer, LIST, source=" ", lawful_basis="")
    assert page.status_code == 422
    assert "no list without a source is taken in" in page.words
    assert "no list without one is taken in" in page.words
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_mapping_is_changed_and_remembered(officer: PageClient) -> None:
    text = "Who,Where\nAna Marić,Radio Primer\n"
    columns = bring(officer, text)
    assert officer.submit(columns, action="/columns").status_code == 422
    both = officer.submit(columns, action="/columns", **{"column-0": "name", "column-1": "name"})
    assert "Only one column can hold this." in both.words
    looked = officer.submit(columns, action="/columns", **{"column-0": "name", "column-1": "organisation"})
    assert "1 row: 1 new" in looked.words
    again = bring(officer, "WHO,where\nMarko Ilić,Agencija Proba\n")
    assert again.soup.find("select", id="column-1").find("option", selected=True)["value"] == "organisation"


def test_a_discarded_list_is_gone(officer: PageClient, house: House) -> None:
    columns = bring(officer, LIST)
    page = officer.submit(columns, action="/discard")
    assert "Nothing of it was kept." in page.get_data(as_text=True)
    assert officer.get(columns.request.path).status_code == 404
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(ImportRow)) == 0


def test_an_import_under_way_shows_how_far_it_is(officer: PageClient, house: House, lists: Any) -> None:
    number = lists.looked_at(LIST)
    with house.db.transaction() as session:
        session.get_one(Import, number).state = "applying"
    page = officer.get(f"/desk/contacts/imports/{number}")
    assert page.soup.find("meta", {"http-equiv": "refresh"}) is not None
    assert page.soup.find("progress")["max"] == "4"


def test_a_file_that_cannot_be_read_is_told_beside_the_field(officer: PageClient) -> None:
    for content, words in (
        (b"", "There are no rows"),
        (b"PK\x03\x04 nothing", "cannot be read"),
        (b"x" * 10485760, "10 MB"),
    ):
        page = bring(officer, content)
        assert page.status_code == 422
        assert words in page.words


def test_steps_that_are_not_possible_now_are_refused(officer: PageClient, lists: Any) -> None:
    number = lists.taken_in(LIST)
    page = officer.get(f"/desk/contacts/imports/{number}")
    token = page.soup.find("input", {"name": "csrf_token"})["value"]
    for step in ("discard", "columns"):
        answer = officer.post(f"/desk/contacts/imports/{number}/{step}", data={"csrf_token": token, "column-0": "name"})
        assert answer.status_code == 409
    assert officer.post(f"/desk/contacts/imports/{number}/take-in", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize("role", ["reader", "editor", "approver", "data_protection", "admin"])
def test_s07_only_officers_and_keepers_of_contacts_bring_lists(staff: Callable[..., PageClient], role: str) -> None:
    somebody = staff(role)
    assert {somebody.get(f"/desk/contacts/imports{path}").status_code for path in ("", "/new", "/1", "/1/columns")} == {
        403
    }


def test_hostile_heads_and_cells_are_shown_as_text(officer: PageClient) -> None:
    text = 'Name,"<script>alert(1)</script> {0} %s"\n<b>Ana</b> {x},"<img src=x onerror=alert(1)>"\n'
    columns = bring(officer, text)
    looked = officer.submit(columns, action="/columns")
    assert "<b>Ana</b> {x}" in looked.words
    assert looked.soup.find("img") is None


def test_the_pages_speak_serbian(officer: PageClient, newsroom: int) -> None:
    officer.submit(officer.get("/desk/me"), "/desk/me", variant="cir")
    columns = bring(officer, LIST)
    assert columns.h1 == "Шта стоји у колонама"
    looked = officer.submit(columns, action="/columns")
    assert "3 реда" in looked.words
    assert "У евиденцији ову адресу има неко другог имена." in looked.words
    assert "Увози" in officer.get("/desk/contacts/imports").words


def test_the_list_of_imports_says_what_became_of_each(officer: PageClient, lists: Any) -> None:
    assert "No list was brought yet." in officer.get("/desk/contacts/imports").words
    lists.taken_in(LIST, file_name="club.csv")
    page = officer.get("/desk/contacts/imports")
    for words in ("club.csv", "taken in", "3 rows: 2 new, 1 refused"):
        assert words in page.words


def test_a_file_that_was_taken_in_before_is_known_again(officer: PageClient, lists: Any) -> None:
    lists.taken_in(LIST)
    assert "This very file was taken in before:" in bring(officer, LIST).words
