"""S-22: two officers have one record open; the second to save sees both versions and chooses without typing again."""

from __future__ import annotations

import pytest

from outreach.house import House
from tests.contacts.test_record import GIVEN, NEW, only
from tests.support.client import Page, PageClient

EDIT = "/desk/contacts/1/edit"
ORGANISATION = "/desk/contacts/organisations/1/edit"


@pytest.fixture
def two_pages(officer: PageClient) -> tuple[Page, Page]:
    """The same record, open twice."""
    page = officer.submit(officer.get(NEW), button="add=addresses", **GIVEN)
    officer.submit(page, **{"addresses-1-kind": "phone", "addresses-1-value": "+381 64 123 4567"})
    mine, theirs = officer.get(EDIT), officer.get(EDIT)
    return mine, theirs


def ticks(page: Page) -> dict[str, bool]:
    return {str(box["value"]): box.has_attr("checked") for box in page.soup.select("input[name=take]")}


def reached(house: House) -> list[str]:
    return [one.value for one in only(house).addresses]


@pytest.mark.both
def test_an_address_that_a_colleague_added_is_kept_without_being_typed_again(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"addresses-2-kind": "signal", "addresses-2-value": "@editor", "region": "Srem"})
    clash = officer.submit(mine, note="Calls in the morning")
    assert clash.status_code == 409
    assert ticks(clash) == {"addresses-2": True, "region": True, "note": False}
    done = officer.submit(clash)
    assert done.request.path == "/desk/contacts/1"
    person = only(house)
    assert (person.note, person.region) == ("Calls in the morning", "Srem")
    assert reached(house) == ["editor@example.org", "+381 64 123 4567", "@editor"]


def test_where_both_wrote_what_was_typed_is_proposed_and_the_other_can_be_taken(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, region="Srem", beats="courts", honorific="Prof")
    clash = officer.submit(mine, region="Banat", beats="elections, courts")
    assert ticks(clash) == {"region": False, "beats": False, "honorific": True}
    for words in ("Srem", "In your form: Banat", "In your form: elections, courts", "In your form: Dr"):
        assert words in clash.words
    officer.submit(clash, take=["beats"])
    person = only(house)
    assert (person.region, [one.beat for one in person.beats], person.honorific) == ("Banat", ["courts"], "Dr")


def test_an_address_goes_when_a_colleague_took_it_away_and_when_the_officer_did(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"addresses-1-value": "", "region": "Srem"})
    clash = officer.submit(mine, **{"addresses-0-value": "", "region": "Srem"})
    assert ticks(clash) == {"addresses-0": False, "-addresses-1": True}
    assert "no longer there" in clash.words
    officer.submit(clash)
    assert reached(house) == []


def test_the_order_and_the_label_a_colleague_gave_stand_when_the_officer_touched_neither(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"addresses-0-place": "2", "addresses-1-place": "1", "addresses-1-label": "mobile"})
    clash = officer.submit(mine, note="Calls in the morning")
    assert ticks(clash) == {"addresses-0": True, "addresses-1": True, "note": False}
    officer.submit(clash)
    assert [(one.value, one.label) for one in only(house).addresses] == [
        ("+381 64 123 4567", "mobile"), ("editor@example.org", "work"),
    ]  # fmt: skip


def test_a_role_a_colleague_put_right_stands_and_a_new_place_stays(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"affiliations-0-title": "voditelj", "affiliations-1-organisation": "Weekly Example"})
    clash = officer.submit(mine, note="Calls in the morning")
    assert ticks(clash) == {"affiliations-0": True, "note": False}
    assert "Weekly Example stays" in clash.words
    officer.submit(clash)
    assert [(one.organisation.name, one.title) for one in only(house).affiliations] == [
        ("Радио Пример", "voditelj"), ("Weekly Example", ""),
    ]  # fmt: skip


def test_what_was_taken_is_in_the_form_when_something_else_is_wrong(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"addresses-2-kind": "signal", "addresses-2-value": "@editor"})
    clash = officer.submit(mine, region="Banat")
    wrong = officer.submit(clash, time_zone="Novi Sad")
    assert wrong.status_code == 422
    officer.submit(wrong, time_zone="Europe/Belgrade")
    assert reached(house)[2] == "@editor"
    assert only(house).region == "Banat"


def test_a_third_who_saves_meanwhile_is_shown_as_well(
    officer: PageClient, house: House, two_pages: tuple[Page, Page]
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, region="Srem", honorific="Prof")
    clash = officer.submit(mine, region="Banat")
    officer.submit(officer.get(EDIT), region="Bačka")
    again = officer.submit(clash, take=["region", "honorific"])
    assert again.status_code == 409
    assert "Bačka" in again.words
    assert ticks(again) == {"region": True, "honorific": True}
    officer.submit(again)
    assert (only(house).region, only(house).honorific) == ("Bačka", "Prof")


@pytest.mark.parametrize("seen", ["", "[1]", "no JSON", '{"addresses": 3}'])
def test_a_page_without_prints_loses_nothing_that_was_added(
    officer: PageClient, house: House, two_pages: tuple[Page, Page], seen: str
) -> None:
    mine, theirs = two_pages
    officer.submit(theirs, **{"addresses-2-kind": "signal", "addresses-2-value": "@editor"})
    officer.submit(officer.submit(mine, region="Banat", seen=seen))
    assert reached(house)[2] == "@editor"


def test_an_organisation_clashes_in_the_same_way(officer: PageClient, house: House) -> None:
    officer.submit(
        officer.get("/desk/contacts/organisations/new"), name="Агенција Пример", kind="agency",
        **{"addresses-0-value": "desk@example.org"},
    )  # fmt: skip
    mine, theirs = officer.get(ORGANISATION), officer.get(ORGANISATION)
    officer.submit(theirs, kind="outlet", **{"addresses-1-kind": "phone", "addresses-1-value": "+381 11 123 4567"})
    clash = officer.submit(mine, region="Srem")
    assert (clash.status_code, ticks(clash)) == (409, {"kind": True, "addresses-1": True, "region": False})
    saved = officer.submit(clash)
    for words in ("Outlet", "Srem", "desk@example.org", "+381 11 123 4567"):
        assert words in saved.words
