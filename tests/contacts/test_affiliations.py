"""Who works where, on the form of a person: begun, ended, put right, swapped; never lost."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from outreach.contacts.models import Organisation
from outreach.house import House
from tests.contacts.test_record import GIVEN, NEW, added, only
from tests.support.client import PageClient


def test_an_affiliation_is_ended_and_put_right_but_never_lost(officer: PageClient, house: House) -> None:
    added(officer)
    edit = "/desk/contacts/1/edit"
    officer.submit(
        officer.get(edit),
        **{
            "affiliations-0-to_on": "2026-03-31",
            "affiliations-1-organisation": "Weekly Example",
            "affiliations-1-kind": "agency",
        },
    )
    held = only(house).affiliations
    assert [(one.organisation.name, one.to_on, one.ended_at is None) for one in held] == [
        ("Радио Пример", date(2026, 3, 31), False), ("Weekly Example", None, True),
    ]  # fmt: skip
    emptied = officer.submit(officer.get(edit), **{"affiliations-0-organisation": ""})
    assert emptied.status_code == 422
    assert "An affiliation is ended, not deleted" in emptied.words
    officer.submit(officer.get(edit), **{"affiliations-0-title": "главни уредник", "affiliations-0-to_on": ""})
    first = only(house).affiliations[0]
    assert (first.title, first.ended_at is None) == ("главни уредник", False)
    officer.submit(officer.get(edit), **{"affiliations-0-is_over": False})
    assert only(house).affiliations[0].ended_at is None
    with house.db.read() as session:
        assert [one.kind for one in session.scalars(select(Organisation).order_by(Organisation.id))] == [
            "outlet",
            "agency",
        ]


def test_two_roles_at_one_place_are_swapped(officer: PageClient, house: House) -> None:
    page = officer.submit(officer.get(NEW), button="add=affiliations", **GIVEN)
    officer.submit(page, **{"affiliations-1-organisation": "Радио Пример", "affiliations-1-title": "voditelj"})
    before = [(one.id, one.title) for one in only(house).affiliations]
    done = officer.submit(
        officer.get("/desk/contacts/1/edit"),
        **{"affiliations-0-title": "voditelj", "affiliations-1-title": "уредник"},
    )
    assert (done.status_code, done.request.path) == (200, "/desk/contacts/1")
    (first, one), (second, other) = before
    assert [(held.id, held.title) for held in only(house).affiliations] == [(first, other), (second, one)]


def test_three_places_go_round_and_a_new_one_takes_what_is_left(officer: PageClient, house: House) -> None:
    page = officer.submit(officer.get(NEW), button="add=affiliations", **GIVEN)
    officer.submit(page, **{"affiliations-1-organisation": "Weekly Example", "affiliations-1-title": "уредник"})
    officer.submit(
        officer.get("/desk/contacts/1/edit"),
        **{"affiliations-0-organisation": "weekly example", "affiliations-1-organisation": "Радио Пример",
           "affiliations-1-title": "voditelj", "affiliations-2-organisation": "Radio Primer",
           "affiliations-2-title": "уредник"},
    )  # fmt: skip
    held = [(one.organisation.name, one.title) for one in only(house).affiliations]
    assert held == [("Weekly Example", "уредник"), ("Радио Пример", "voditelj"), ("Радио Пример", "уредник")]


def test_a_role_that_stands_there_already_is_said_beside_the_places(officer: PageClient, house: House) -> None:
    page = officer.submit(officer.get(NEW), button="add=affiliations", **GIVEN)
    officer.submit(page, **{"affiliations-1-organisation": "Радио Пример", "affiliations-1-title": "voditelj"})
    edit = officer.get("/desk/contacts/1/edit")
    twice = officer.submit(edit, **{"affiliations-0-title": "voditelj"})
    assert twice.status_code == 422
    unnamed = {"affiliations-0-title": "voditelj", "affiliations-1-number": "", "affiliations-1-organisation": "",
               "affiliations-1-title": ""}  # fmt: skip
    assert officer.submit(edit, **unnamed).status_code == 422
    assert [one.title for one in only(house).affiliations] == ["уредник", "voditelj"]


def test_an_affiliation_that_a_colleague_added_meanwhile_stays(officer: PageClient, house: House) -> None:
    added(officer)
    mine, theirs = (officer.get("/desk/contacts/1/edit") for _ in range(2))
    officer.submit(theirs, **{"affiliations-1-organisation": "Weekly Example", "region": "Srem"})
    clash = officer.submit(mine, region="Banat")
    assert clash.status_code == 409
    assert "On record now" in clash.words
    assert "Weekly Example" in clash.words
    assert "Srem" in clash.words
    officer.submit(clash)
    person = only(house)
    assert (person.region, len(person.affiliations)) == ("Banat", 2)
