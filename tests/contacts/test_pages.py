"""The contacts on the desk: table, record, change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import intake, interactions
from outreach.contacts.models import Person
from outreach.house import House
from tests.support.client import PageClient


@pytest.fixture
def person_id(house: House) -> int:
    with house.db.transaction() as session:
        person = intake.from_inquiry(
            session, house, clock.now(), name="Ђурђа Репортер", outlet="Радио Пример", email="reporter@example.org",
            phone="064 123 45 67", channels=["email"], language="cir", actor_id=None,
        )  # fmt: skip
        interactions.note(
            session, clock.now(), person.id, "inquiry", "inquiry:26-10432-7", "/desk/inquiries/26-10432-7", "Budget"
        )
        return person.id


def test_an_empty_table_says_how_people_come_in(officer: PageClient) -> None:
    assert "Nobody is here yet." in officer.get("/desk/contacts").words


@pytest.mark.parametrize(
    "typed",
    ["ђурђа", "Đurđa", "DJURDJA", "durda reporter", "радио", "Radio primer", "reporter@example.org", "0641234567"],
)
def test_search_is_blind_to_script_and_diacritics(officer: PageClient, person_id: int, typed: str) -> None:
    page = officer.get("/desk/contacts", query_string={"q": typed})
    assert page.soup.find("a", href=f"/desk/contacts/{person_id}") is not None


@pytest.mark.parametrize("typed", ["nobody", "100%", "_", "'", "\x00", "ђ" * 300])
def test_a_search_that_finds_nobody_says_so(officer: PageClient, person_id: int, typed: str) -> None:
    page = officer.get("/desk/contacts", query_string={"q": typed})
    assert page.status_code == 200


def test_the_record_shows_who_it_is_and_what_has_passed(officer: PageClient, person_id: int) -> None:
    page = officer.get(f"/desk/contacts/{person_id}")
    assert page.h1 == "Ђурђа Репортер"
    for words in ("Радио Пример", "reporter@example.org", "064 123 45 67", "Budget", "from an inquiry"):
        assert words in page.words
    assert page.soup.find("a", href="/desk/inquiries/26-10432-7") is not None
    outlet = page.soup.find("a", href=lambda to: bool(to and "/organisations/" in to))
    assert "Ђурђа Репортер" in officer.get(outlet["href"]).words


def test_s12_reading_a_record_is_written_down_without_the_name(
    house: House, officer: PageClient, person_id: int
) -> None:
    officer.get(f"/desk/contacts/{person_id}")
    with house.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.read")).one()
        assert (entry.obj, entry.detail, entry.actor_id is not None) == (f"person:{person_id}", {}, True)


def test_a_change_is_kept_and_found_under_the_new_name(officer: PageClient, person_id: int) -> None:
    page = officer.get(f"/desk/contacts/{person_id}/edit")
    done = officer.submit(
        page, name="Reporter, weekly", preferred_variant="lat", do_not_contact=True,
        do_not_contact_reason="Asked by phone", note="Calls in the morning.",
    )  # fmt: skip
    assert done.request.path == f"/desk/contacts/{person_id}"
    for words in ("Reporter, weekly", "Do not contact", "Asked by phone", "Calls in the morning.", "Saved."):
        assert words in done.get_data(as_text=True)
    assert done.soup.find("a", href=lambda to: bool(to and to.startswith("mailto:"))) is None
    assert "Reporter, weekly" in officer.get("/desk/contacts?q=weekly").words


def test_do_not_contact_wants_a_reason_and_keeps_what_was_typed(officer: PageClient, person_id: int) -> None:
    page = officer.get(f"/desk/contacts/{person_id}/edit")
    again = officer.submit(page, name="", do_not_contact=True, note="Typed words")
    assert again.status_code == 422
    assert "Enter the name." in again.words
    assert "Say why" in again.words
    assert "Typed words" in again.get_data(as_text=True)


def test_s22_two_officers_at_once_lose_nothing(officer: PageClient, house: House, person_id: int) -> None:
    mine, theirs = (officer.get(f"/desk/contacts/{person_id}/edit") for _ in range(2))
    officer.submit(theirs, note="Their words")
    clash = officer.submit(mine, note="My words")
    assert clash.status_code == 409
    assert "Their words" in clash.words
    assert "My words" in clash.get_data(as_text=True)
    officer.submit(clash, note="Their words. My words")
    with house.db.read() as session:
        person = session.get_one(Person, person_id)
        assert (person.note, person.version) == ("Their words. My words", 3)


def test_s15_fields_that_are_not_on_the_form_are_ignored(officer: PageClient, house: House, person_id: int) -> None:
    page = officer.get(f"/desk/contacts/{person_id}/edit")
    token = page.soup.find("main").find("input", {"name": "csrf_token"})["value"]
    typed = {"name": "Reporter", "preferred_variant": "en", "version": "1", "csrf_token": token}
    officer.post(
        f"/desk/contacts/{person_id}/edit", data={**typed, "id": "99", "source": "x", "ended_at": "2020-01-01"}
    )
    with house.db.read() as session:
        person = session.scalars(select(Person)).one()
        assert (person.id, person.source, person.ended_at) == (person_id, "inquiry", None)


def test_unknown_people_are_404(officer: PageClient) -> None:
    for path in ("/desk/contacts/1", "/desk/contacts/99999999999999999999", "/desk/contacts/organisations/7"):
        assert officer.get(path).status_code == 404


@pytest.mark.parametrize("role", ["reader", "editor", "approver", "data_protection"])
def test_s07_who_has_no_business_with_contacts_sees_none(
    staff: Callable[..., PageClient], house: House, person_id: int, role: str
) -> None:
    somebody = staff(role)
    paths = ("/desk/contacts", f"/desk/contacts/{person_id}", f"/desk/contacts/{person_id}/edit")
    assert {somebody.get(path).status_code for path in paths} == {403}
    assert "Ђурђа" not in somebody.get("/desk/search?q=djurdja").get_data(as_text=True)
    with house.db.read() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.action == "person.read")) == 0


def test_f13_hostile_names_stay_text(officer: PageClient, house: House) -> None:
    officer.checks_pages = False
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with house.db.transaction() as session:
        person = intake.from_inquiry(
            session, house, clock.now(), name=hostile, outlet=hostile, email="x@example.org", phone=hostile,
            channels=[], language="en", actor_id=None,
        )  # fmt: skip
        person.note = hostile
    pages: list[Any] = [
        officer.get(path)
        for path in ("/desk/contacts", f"/desk/contacts/{person.id}", f"/desk/contacts/{person.id}/edit")
    ]
    for page in pages:
        assert page.status_code == 200
        assert page.soup.find("script", string="alert(1)") is None
        assert page.soup.find("img") is None
