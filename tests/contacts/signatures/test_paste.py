"""Smart paste: fields are proposed with ticks, and nothing is kept before an officer has saved a form."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from outreach.contacts import records
from outreach.contacts.models import Person
from outreach.house import House
from tests.contacts.signatures.samples import SIGNATURES
from tests.support.client import Page, PageClient

PASTE = "/desk/contacts/paste"


def pasted(officer: PageClient, text: str = SIGNATURES[0][0], where: str = PASTE) -> Page:
    return officer.submit(officer.get(where), text=text)


def people(house: House) -> int:
    with house.db.read() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize("place", [0, 12, 21])
def test_what_is_read_is_shown_with_ticks_and_goes_into_a_form_that_nobody_saved(
    officer: PageClient, house: House, place: int
) -> None:
    text, answer = SIGNATURES[place]
    page = pasted(officer, text)
    assert len(page.soup.select("input[type=checkbox][checked]")) >= 5
    form = officer.submit(page)
    assert form.h1 == "New person"
    assert form.soup.find("input", {"name": "name"})["value"] == answer["name"]
    assert people(house) == 0
    saved = officer.submit(form)
    assert saved.h1 == answer["name"]
    with house.db.read() as session:
        person = records.opened(session, 1)
        (held,) = person.affiliations
        assert (held.organisation.name, held.title) == (answer["organisation"], answer["title"])
        assert person.preferred_variant == answer["variant"]


def test_what_is_not_ticked_is_not_taken_and_what_is_put_right_is(officer: PageClient) -> None:
    page = pasted(officer)
    form = officer.submit(page, **{"rows-0-value": "Alder Specimen", "rows-1-is_taken": False})
    assert form.soup.find("input", {"name": "name"})["value"] == "Alder Specimen"
    assert form.soup.find("input", {"name": "affiliations-0-title"})["value"] == ""


def test_it_goes_into_a_record_that_is_there_without_repeating_what_is_on_it(officer: PageClient, house: House) -> None:
    officer.submit(officer.submit(pasted(officer)))
    newer = SIGNATURES[0][0].replace("Senior Correspondent", "Editor").replace("+381 64 123 45 67", "+381 64 765 43 21")
    page = pasted(officer, newer, f"{PASTE}?person=1")
    assert page.words.count("on record already") >= 3
    form = officer.submit(page, button="person=1")
    assert form.h1 == "Change this record"
    officer.submit(form)
    with house.db.read() as session:
        person = records.opened(session, 1)
        assert [held.title for held in person.affiliations] == ["Editor"]
        assert [one.value for one in person.addresses if one.kind == "phone"] == [
            "+381 64 123 45 67",
            "+381 64 765 43 21",
        ]


def test_an_address_that_somebody_has_offers_that_record(officer: PageClient, house: House) -> None:
    officer.submit(officer.submit(pasted(officer)))
    page = pasted(officer)
    assert "The same address is on record for:" in page.words
    assert officer.submit(page, button="person=1").h1 == "Change this record"
    assert people(house) == 1


@pytest.mark.parametrize("text", ["", "...", "x" * 4001])
def test_what_says_nothing_comes_back(officer: PageClient, text: str) -> None:
    page = pasted(officer, text)
    assert page.status_code == 422
    assert page.soup.select(".error-summary a")
