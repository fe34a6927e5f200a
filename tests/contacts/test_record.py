"""The record of a person by hand: everything on it, rows without a script, and what may not be lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach import clock
from outreach.accounts.models import Account
from outreach.contacts import notices, organisations, records
from outreach.contacts.models import Affiliation, ContactAddress, Person
from outreach.house import House
from outreach.mail import suppressions
from tests.support.client import Page, PageClient

NEW = "/desk/contacts/new"
GIVEN: dict[str, Any] = {
    "name": "Уредник Пример",
    "name_latin": "Urednik Primer",
    "honorific": "Dr",
    "vocative": "Уредниче",
    "affiliations-0-organisation": "Радио Пример",
    "affiliations-0-title": "уредник",
    "affiliations-0-from_on": "2024-01-15",
    "addresses-0-kind": "email",
    "addresses-0-value": "editor@example.org",
    "addresses-0-label": "work",
    "languages": "Serbian, English",
    "beats": "Mine Action,  elections",
    "region": "Vojvodina",
    "time_zone": "Europe/Belgrade",
    "source": "a business card",
    "preferred_variant": "cir",
}


def added(officer: PageClient, **more: object) -> Page:
    return officer.submit(officer.get(NEW), **{**GIVEN, **more})


def only(house: House) -> Person:
    with house.db.read() as session:
        return records.opened(session, session.scalars(select(Person.id).where(Person.ended_at.is_(None))).one())


def test_a_person_is_written_down_by_hand_with_everything_there_is(officer: PageClient, house: House) -> None:
    page = added(officer)
    assert page.h1 == "Dr Уредник Пример"
    for words in ("Urednik Primer", "Уредниче", "Радио Пример", "уредник", "mine action", "elections", "Vojvodina",
                  "Europe/Belgrade", "Serbian, English", "a business card", "15 Jan 2024", "Notice due", "work"):  # fmt: skip
        assert words in page.words, words
    person = only(house)
    assert [held.beat for held in person.beats] == ["elections", "mine action"]
    assert (person.version, person.confirmed_at is not None, person.noticed_at) == (1, True, None)


def test_p02_the_record_says_who_took_it_in(officer: PageClient, house: House) -> None:
    added(officer)
    with house.db.read() as session:
        name = session.get_one(Account, only(house).created_by).name
    assert f"Taken in by {name}" in officer.get("/desk/contacts/1").words


def test_p02_nobody_is_written_down_without_a_source(officer: PageClient, house: House) -> None:
    page = added(officer, source="")
    assert page.status_code == 422
    assert "Say where we have this from." in page.words
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_same_click_twice_writes_one_person_down(officer: PageClient, house: House) -> None:
    page = officer.get(NEW)
    values = {**GIVEN, "addresses-0-value": ""}
    assert officer.submit(page, **values).request.path == officer.submit(page, **values).request.path
    assert only(house).name == "Уредник Пример"


def test_one_more_row_comes_without_a_script_and_loses_nothing(officer: PageClient, house: House) -> None:
    page = officer.get(NEW)
    more = officer.submit(page, button="add=addresses", **GIVEN)
    assert "editor@example.org" in more.get_data(as_text=True)
    done = officer.submit(
        more,
        **{
            "addresses-1-kind": "phone",
            "addresses-1-value": "064 123 45 67",
            "addresses-1-place": "1",
            "addresses-0-place": "2",
        },
    )
    assert [(one.kind, one.folded) for one in only(house).addresses] == [
        ("phone", "+381641234567"),
        ("email", "editor@example.org"),
    ]
    assert done.soup.find("a", href="tel:+381641234567") is not None
    assert done.soup.find("a", href="sms:+381641234567") is not None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"addresses-0-value": "nobody at example"}, "Enter an email address in the correct format"),
        ({"addresses-0-kind": "phone", "addresses-0-value": "12"}, "Enter a phone number in the correct format"),
        ({"time_zone": "Novi Sad"}, "Enter a time zone such as Europe/Belgrade."),
        ({"affiliations-0-to_on": "2023-01-01"}, "It cannot end before it began."),
        ({"affiliations-0-organisation": ""}, "Enter the organisation."),
        ({"name": "x" * 121}, "Use 120 characters at most."),
        ({"beats": "x" * 61}, "A beat has 60 characters at most"),
        ({"affiliations-0-from_on": "yesterday"}, "Not a valid date value."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_in_the_summary(
    officer: PageClient, wrong: dict[str, str], said: str
) -> None:
    page = added(officer, **wrong)
    assert page.status_code == 422
    assert page.words.count(said) == 2
    (summary,) = page.soup.select(".error-summary a[href^='#']")
    assert page.soup.find(id=summary["href"][1:]) is not None
    assert "Urednik Primer" in page.get_data(as_text=True)


def test_the_same_address_twice_is_refused_however_it_is_written(officer: PageClient) -> None:
    page = officer.submit(officer.get(NEW), button="add=addresses", **GIVEN)
    again = officer.submit(page, **{"addresses-1-kind": "email", "addresses-1-value": "EDITOR@example.org"})
    assert again.status_code == 422
    assert "The same address stands here twice." in again.words


def test_addresses_and_their_order_are_swapped(officer: PageClient, house: House) -> None:
    page = officer.submit(officer.get(NEW), button="add=addresses", **GIVEN)
    page = officer.submit(
        page, button="add=addresses", **{"addresses-1-kind": "phone", "addresses-1-value": "+381 64 123 4567"}
    )
    officer.submit(page, **{"addresses-2-kind": "signal", "addresses-2-value": "+381 64 765 4321"})
    done = officer.submit(
        officer.get("/desk/contacts/1/edit"),
        **{"addresses-0-value": "+381 64 765 4321", "addresses-0-kind": "phone", "addresses-0-place": "3",
           "addresses-1-value": "editor@example.org", "addresses-1-kind": "email", "addresses-1-place": "2",
           "addresses-2-value": "+381 64 123 4567", "addresses-2-place": "1"},
    )  # fmt: skip
    assert done.request.path == "/desk/contacts/1"
    held = [(one.kind, one.value) for one in only(house).addresses]
    assert held == [("signal", "+381 64 123 4567"), ("email", "editor@example.org"), ("phone", "+381 64 765 4321")]


def test_mail_that_does_not_get_through_is_shown_beside_the_address(officer: PageClient, house: House) -> None:
    added(officer)
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "Editor@example.org", suppressions.ALL, "hard bounce", clock.now())
    assert "bounced" in officer.get("/desk/contacts/1").words


def test_anybody_stops_contact_and_only_an_admin_lifts_it(
    officer: PageClient, staff: Callable[..., PageClient], house: House
) -> None:
    added(officer)
    edit = "/desk/contacts/1/edit"
    officer.submit(officer.get(edit), do_not_contact=True, do_not_contact_reason="asked by phone")
    stopped = officer.get("/desk/contacts/1")
    assert stopped.soup.find("a", href=lambda to: bool(to and to.startswith(("mailto:", "tel:")))) is None
    refused = officer.submit(officer.get(edit), do_not_contact=False, note="typed")
    assert refused.status_code == 422
    assert refused.words.count("Only an administrator lifts this.") == 2
    assert "typed" in refused.get_data(as_text=True)
    assert only(house).do_not_contact
    assert officer.post("/desk/contacts/1/lift").status_code in (400, 403)
    admin = staff("admin", email="admin@example.org")
    lifted = admin.submit(admin.get("/desk/contacts/1"), "/lift")
    assert "They may be contacted again." in lifted.get_data(as_text=True)
    assert not only(house).do_not_contact


def test_whoever_sees_a_record_stops_contact_from_it_with_a_reason(
    officer: PageClient, staff: Callable[..., PageClient], house: House
) -> None:
    added(officer)
    admin = staff("admin", email="admin@example.org")
    unsaid = admin.submit(admin.get("/desk/contacts/1"), "/stop", reason=" ")
    assert unsaid.status_code == 422
    assert "Say why" in unsaid.soup.find(id="stop-reason-error").get_text()
    assert not only(house).do_not_contact
    stopped = admin.submit(admin.get("/desk/contacts/1"), "/stop", reason="asked by phone")
    assert "They are not contacted from now on." in stopped.words
    person = only(house)
    assert (person.do_not_contact, person.do_not_contact_reason) == (True, "asked by phone")
    assert staff("editor", email="editor@example.org").post("/desk/contacts/1/stop").status_code in (400, 403)


def test_an_absorbed_record_leads_to_its_survivor(officer: PageClient, house: House) -> None:
    added(officer)
    for number in (2, 3):
        names = {2: "Javor Proba", 3: "Breza Ogled"}
        added(officer, name=names[number], name_latin="", **{"addresses-0-value": f"desk{number}@example.org"})
    with house.db.transaction() as session:
        for absorbed, survivor in ((1, 2), (2, 3)):
            person = session.get_one(Person, absorbed)
            person.survivor_id, person.ended_at = survivor, clock.now()
    page = officer.get("/desk/contacts/1", follow_redirects=True)
    assert page.request.path == "/desk/contacts/3"


def test_an_organisation_is_added_changed_and_clashes_like_a_person(officer: PageClient, house: House) -> None:
    page = officer.submit(
        officer.get("/desk/contacts/organisations/new"), name="Агенција Пример", kind="agency", region="Banat",
        site="example.org", reach="20,000 a day", editor_in_chief="Editor, agency", note="Owned by its staff",
        **{"addresses-0-value": "desk@example.org"},
    )  # fmt: skip
    for words in (
        "Агенција Пример",
        "Agency",
        "Banat",
        "20,000 a day",
        "Editor, agency",
        "Owned by its staff",
        "desk@example.org",
    ):
        assert words in page.words
    edit = "/desk/contacts/organisations/1/edit"
    mine, theirs = (officer.get(edit) for _ in range(2))
    officer.submit(theirs, reach="30,000 a day")
    clash = officer.submit(mine, region="Srem")
    assert clash.status_code == 409
    assert "30,000 a day" in clash.words
    twice = officer.submit(officer.get("/desk/contacts/organisations/new"), name="agencija primer", kind="agency")
    assert twice.status_code == 422
    assert "There is an organisation of this kind and name already." in twice.words


def test_gdpr14_a_notice_is_due_to_whom_we_have_from_others_and_late_after_a_month(
    house: House, officer: PageClient
) -> None:
    added(officer)
    now = clock.now()
    with house.db.transaction() as session:
        person = session.get_one(Person, 1)
        assert (notices.is_due(person, now), notices.is_late(person, now)) == (True, False)
        assert notices.is_late(person, now + timedelta(days=31))
        notices.mark_given(session, now, [1])
        notices.mark_given(session, now + timedelta(days=3), [1])
    with house.db.read() as session:
        person = session.get_one(Person, 1)
        assert (notices.is_due(person, now), person.noticed_at) == (False, now)
        person.noticed_at, person.source = None, "inquiry"
        assert not notices.is_due(person, now)


def test_addresses_that_are_emptied_go_and_nobody_elses_do(officer: PageClient, house: House) -> None:
    added(officer)
    added(officer, name="Desk", name_latin="", **{"addresses-0-value": "desk@example.org"})
    officer.submit(officer.get("/desk/contacts/1/edit"), **{"addresses-0-value": ""})
    with house.db.read() as session:
        assert [one.value for one in session.scalars(select(ContactAddress))] == ["desk@example.org"]
        assert session.scalar(select(func.count()).select_from(Affiliation)) == 2


def test_a_record_with_dozens_of_addresses_is_opened_and_saved(officer: PageClient, house: House) -> None:
    added(officer)
    with house.db.transaction() as session:
        person = session.scalars(select(Person)).one()
        for number in range(40):
            value = f"desk{number}@example.org"
            held = {"kind": "email", "value": value, "folded": value, "address_hash": house.address_hash(value)}
            person.addresses.append(ContactAddress(**held, position=number + 2, created_at=clock.now()))
    before = len(only(house).addresses)
    done = officer.submit(officer.get("/desk/contacts/1/edit"), region="Ниш")
    assert (done.status_code, done.request.path) == (200, "/desk/contacts/1")
    assert len(only(house).addresses) == before >= 40


@pytest.mark.both
def test_organisations_are_found_by_name_in_any_script_and_by_kind(officer: PageClient, house: House) -> None:
    with house.db.transaction() as session:
        for number in range(organisations.SHOWN):
            organisations.named(session, clock.now(), f"Glas {number:03}", "outlet", "test")
        organisations.named(session, clock.now(), "Удружење Ђердап", "ngo", "test")
    first = officer.get("/desk/contacts/organisations")
    names = [link.get_text() for link in first.soup.select("ul.rows a")]
    assert (len(names), names[0], names[-1]) == (organisations.SHOWN, "Glas 000", "Glas 199")
    following = officer.get(first.soup.find("a", rel="next")["href"])
    assert [link.get_text() for link in following.soup.select("ul.rows a")] == ["Удружење Ђердап"]
    for asked, found in (("q=djerd", 1), ("q=glas+19", 10), ("q=las", 0), ("kind=ngo", 1), ("kind=planet&q=%25", 0)):
        page = officer.get(f"/desk/contacts/organisations?{asked}&after=-7")
        assert len(page.soup.select("ul.rows a")) == found, asked
