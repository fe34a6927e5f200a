"""The card: a person sees what is held, has it corrected, objects, asks to be erased; staff settle it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, inspect, select

from outreach.contacts import intake, interactions, records
from outreach.contacts.card import held, links
from outreach.contacts.card.models import CardRequest
from outreach.contacts.lists.models import PressList, PressListMember
from outreach.contacts.models import Affiliation, ContactAddress, Person, PersonBeat
from outreach.house import House
from outreach.mail import suppressions
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADDRESS = "reporter@example.org"
RECORD = "/desk/contacts/1"
REQUESTS = "/desk/contacts/requests"
HEADINGS = {"en": "What we hold about you", "lat": "Šta čuvamo o vama", "cir": "Шта чувамо о вама"}


@pytest.fixture
def person_id(house: House, moment: Moment) -> int:
    moment.is_at(MONDAY)
    with house.db.transaction() as session:
        person = intake.from_inquiry(
            session, house, MONDAY, name="Репортер Пример", outlet="Радио Пример", email=ADDRESS,
            phone="064 123 45 67", channels=["email"], language="cir", actor_id=None, source="a list",
        )  # fmt: skip
        person.note, person.region, person.languages = "Зове ујутру", "Банат", ["Serbian"]
        person.beats.append(PersonBeat(beat="elections"))
        listed = PressList(name="Banat dailies", created_at=MONDAY)
        session.add(listed)
        session.flush()
        session.add(PressListMember(list_id=listed.id, person_id=person.id, added_at=MONDAY))
        interactions.note(session, MONDAY, person.id, "inquiry", "inquiry:1", "/desk/inquiries/1", "A secret subject")
        return person.id


@pytest.fixture
def link(house: House, person_id: int) -> str:
    with house.db.read() as session:
        return links.copied(house, records.get(session, person_id), MONDAY).removeprefix("http://localhost")


def person(house: House) -> Person:
    with house.db.read() as session:
        return records.opened(session, 1)


def requests(house: House) -> list[CardRequest]:
    with house.db.read() as session:
        return list(session.scalars(select(CardRequest).order_by(CardRequest.id)))


def test_whoever_may_settle_requests_finds_them(
    staff: Callable[..., PageClient], officer: PageClient, client: PageClient, link: str
) -> None:
    asked_for_correction(client, link)
    guardian = staff("data_protection", email="guardian@example.org")
    there = guardian.get("/desk/").soup.select_one("nav a[href='/desk/contacts/requests']")
    assert there is not None
    page = guardian.get(there["href"])
    assert page.status_code == 200
    assert page.soup.select_one("nav a[aria-current=page]")["href"] == REQUESTS
    for start in ("/desk/contacts", RECORD, "/desk/contacts/lists"):
        assert officer.get(start).soup.find("a", href=REQUESTS) is not None, start
    reader = staff("reader", email="reader@example.org")
    assert reader.get("/desk/").soup.find("a", href=REQUESTS) is None


def asked_for_correction(client: PageClient, link: str, **more: str) -> Page:
    return client.submit(
        client.get(link), "/correct", **{"name": "Репортерка Пример", "beats": "elections, budget", **more}
    )


def test_the_card_is_mailed_in_their_own_script_and_opens_without_signing_in(
    officer: PageClient, client: PageClient, house: House, mailbox: Any, person_id: int
) -> None:
    for _ in range(2):
        page = officer.submit(officer.get(RECORD), "/card/send")
    assert "card sent" in page.words
    (mail,) = mailbox.to(ADDRESS)
    assert mail.message["Content-Language"] == "sr-Cyrl"
    assert "Репортер" not in mail.text + mail.html
    path = re.search(r"http://localhost(/cir/card/\S+)", mail.text)[1]
    card = client.get(path)
    assert card.h1 == HEADINGS["cir"]
    assert card.headers["Cache-Control"] == "no-store"
    assert person(house).noticed_at is not None


def test_all_that_is_held_stands_on_it_in_three_variants(client: PageClient, link: str) -> None:
    for variant, heading in HEADINGS.items():
        page = client.get(link.replace("/cir/", f"/{variant}/"))
        assert page.h1 == heading
        for words in (
            "Репортер Пример",
            "Радио Пример",
            ADDRESS,
            "064 123 45 67",
            "Зове ујутру",
            "Банат",
            "elections",
            "a list",
            "Banat dailies",
        ):
            assert words in page.words, (variant, words)
        assert "A secret subject" not in page.words


def test_p05_no_personal_column_of_the_record_is_left_out() -> None:
    def personal(model: type) -> set[str]:
        return {column.name for column in inspect(model).columns if column.info.get("personal")}

    assert personal(Person) == {*held.LABELS, "folded"}
    assert (personal(Affiliation), personal(PersonBeat)) == ({"title"}, {"beat"})
    assert personal(ContactAddress) == {"value", "folded", "address_hash"}


def test_looking_changes_nothing(client: PageClient, house: House, link: str) -> None:
    before = person(house).version
    for _ in range(2):
        client.get(link)
    assert (person(house).version, requests(house)) == (before, [])


def test_f07_a_link_that_is_not_right_tells_nothing(
    client: PageClient, house: House, moment: Moment, link: str
) -> None:
    token = link.rsplit("/", 1)[1]
    other = house.tokens.make("mine", "1 -", MONDAY + timedelta(days=1))
    nobody = house.tokens.make("card", "77 -", MONDAY + timedelta(days=1))
    elsewhere = house.tokens.make("card", "1 0123456789abcdef", MONDAY + timedelta(days=1))
    said = {
        client.get(f"/en/card/{wrong}").words
        for wrong in (token[:-1], f"{token}x", other, nobody, elsewhere, "1", "x.y.z")
    }
    assert len(said) == 1
    assert client.get(f"/en/card/{nobody}").status_code == 404
    assert client.post(f"/en/card/{nobody}/object").status_code == 404
    moment.is_at(MONDAY + timedelta(days=15))
    assert client.get(link).status_code == 404


def test_a_mailed_link_is_over_when_its_address_leaves_the_record(
    client: PageClient, house: House, person_id: int
) -> None:
    with house.db.transaction() as session:
        held_ = records.opened(session, person_id)
        link = links.mailed(house, held_, held_.addresses[0], MONDAY).removeprefix("http://localhost")
        assert client.get(link).status_code == 200
        held_.addresses.pop(0)
    assert client.get(link).status_code == 404


def test_a_correction_waits_for_staff_and_the_last_one_holds(
    client: PageClient, officer: PageClient, house: House, link: str
) -> None:
    asked_for_correction(client, link, words="Нова адреса")
    page = asked_for_correction(client, link, words="Друга адреса")
    assert page.status_code == 200
    (request,) = requests(house)
    assert request.proposed == {"name": "Репортерка Пример", "beats": "elections, budget"}
    assert (request.words, person(house).name) == ("Друга адреса", "Репортер Пример")
    shown = officer.get(REQUESTS)
    assert "Друга адреса" in shown.words
    officer.submit(shown, "/accept", take=["name"], answer="Хвала")
    assert (person(house).name, [one.beat for one in person(house).beats]) == ("Репортерка Пример", ["elections"])
    assert "Nobody has asked for anything." in officer.get(REQUESTS).words
    assert "Хвала" in client.get(link).words


def test_what_is_proposed_wrongly_comes_back_as_typed(client: PageClient, house: House, link: str) -> None:
    page = asked_for_correction(
        client, link.replace("/cir/", "/en/"), name="", time_zone="Novi Sad", words="Typed words"
    )
    assert page.status_code == 422
    assert "Enter the name." in page.words
    assert "Typed words" in page.get_data(as_text=True)
    assert requests(house) == []


def test_nothing_new_is_no_request(client: PageClient, house: House, link: str) -> None:
    client.submit(client.get(link), "/correct")
    assert requests(house) == []


def test_p09_an_objection_holds_at_once(client: PageClient, officer: PageClient, house: House, link: str) -> None:
    page = client.get(link)
    for _ in range(2):
        client.submit(page, "/object")
    assert person(house).do_not_contact
    assert "they objected on their card" in officer.get(RECORD).words
    sent = officer.submit(officer.get(RECORD), "/card/send")
    assert "They are not to be contacted." in sent.get_data(as_text=True)


def test_p06_an_erasure_asked_for_is_carried_out_by_staff_with_a_tick(
    client: PageClient, staff: Callable[..., PageClient], house: House, link: str
) -> None:
    page = client.get(link)
    for _ in range(2):
        client.submit(page, "/erase")
    assert len(requests(house)) == 1
    guardian = staff("data_protection")
    shown = guardian.get(REQUESTS)
    unticked = guardian.submit(shown, "/erase")
    assert unticked.status_code == 422
    for _ in range(2):
        guardian.submit(shown, "/erase", sure=True)
    assert client.get(link).status_code == 404
    assert requests(house) == []
    with house.db.read() as session:
        assert suppressions.is_suppressed(session, house, ADDRESS, suppressions.ALL)


def test_a_refusal_says_why_and_they_read_it(client: PageClient, officer: PageClient, house: House, link: str) -> None:
    client.submit(client.get(link), "/erase")
    silent = officer.submit(officer.get(REQUESTS), "/refuse")
    assert silent.status_code == 422
    assert "Say why; they read it on their card." in silent.words
    officer.submit(silent, "/refuse", answer="We need it for an answer that is due")
    assert "We need it for an answer that is due" in client.get(link).words


def test_a_card_that_cannot_be_mailed_says_so_and_its_link_can_be_copied(
    officer: PageClient, client: PageClient, house: House, person_id: int
) -> None:
    with house.db.transaction() as session:
        suppressions.suppress(session, house, ADDRESS, suppressions.ALL, "hard bounce", MONDAY)
    page = officer.submit(officer.get(RECORD), "/card/send")
    assert "This address is not mailed. Copy the link instead." in page.get_data(as_text=True)
    copied = officer.submit(officer.get(RECORD), "/card/link")
    link = copied.soup.find("input", id="link")["value"]
    assert client.get(link.removeprefix("http://localhost")).h1 == HEADINGS["cir"]
    assert person(house).noticed_at is None


def test_s07_who_has_no_business_with_cards_sees_no_requests(staff: Callable[..., PageClient]) -> None:
    for role in ("reader", "editor", "approver", "admin"):
        assert staff(role, email=f"{role}@example.org").get(REQUESTS).status_code == 403


def test_f13_hostile_words_stay_text(client: PageClient, officer: PageClient, house: House, link: str) -> None:
    for visitor in (client, officer):
        visitor.checks_pages = False
    hostile = "<script>alert(1)</script>"
    asked_for_correction(client, link, name=hostile, words=hostile)
    for page in (client.get(link), officer.get(REQUESTS)):
        assert page.soup.find("script", string="alert(1)") is None
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(CardRequest)) == 1
