"""A journalist becomes a contact in one click: person, outlet, affiliation; twice is once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import intake, interactions, matching
from outreach.contacts.models import Affiliation, ContactAddress, Interaction, Organisation, Person
from outreach.house import House

GIVEN: dict[str, Any] = {
    "name": "Reporter, daily",
    "outlet": "Дневник Пример",
    "email": "reporter@example.org",
    "phone": "064 123 45 67",
    "channels": ["email", "phone"],
    "language": "cir",
    "actor_id": None,
}


def take_in(session: Session, house: House, **other: Any) -> Person:
    return intake.from_inquiry(session, house, clock.now(), **{**GIVEN, **other})


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_click_makes_person_outlet_affiliation_and_addresses(house: House) -> None:
    with house.db.transaction() as session:
        take_in(session, house)
    with house.db.read() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.preferred_variant, person.channels) == (
            "Reporter, daily",
            "cir",
            ["email", "phone"],
        )
        assert (person.source, person.lawful_basis) == ("inquiry", "legitimate_interest")
        (held,) = person.affiliations
        assert (held.organisation.name, held.organisation.kind) == ("Дневник Пример", "outlet")
        assert [(a.kind, a.value, a.folded) for a in person.addresses] == [
            ("email", "reporter@example.org", "reporter@example.org"),
            ("phone", "064 123 45 67", "+381641234567"),
        ]


def test_the_second_click_makes_nothing_new(house: House) -> None:
    for _ in range(2):
        with house.db.transaction() as session:
            take_in(session, house)
    with house.db.read() as session:
        made = [count(session, model) for model in (Person, Organisation, Affiliation, ContactAddress)]
        assert made == [1, 1, 1, 2]
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert actions == ["person.added", "person.matched"]


def test_the_same_address_in_other_capitals_is_the_same_person_who_keeps_the_name_on_record(house: House) -> None:
    with house.db.transaction() as session:
        first = take_in(session, house)
        again = take_in(
            session, house, email="REPORTER@Example.org", name="R. Daily", outlet="Radio Primer", phone=None
        )
        assert again is first
        assert first.name == "Reporter, daily"
        assert {held.organisation.folded for held in first.affiliations} == {"dnevnik primer", "radio primer"}


def test_an_outlet_is_found_blind_to_script_and_diacritics(house: House) -> None:
    spellings = ("Ђачки лист", "Đački list", "Djacki  list", "đački LIST")
    with house.db.transaction() as session:
        for n, outlet in enumerate(spellings):
            take_in(session, house, email=f"r{n}@example.org", outlet=outlet)
        assert count(session, Organisation) == 1
        assert count(session, Person) == 4


def test_a_freelance_without_outlet_is_a_person_without_affiliation(house: House) -> None:
    with house.db.transaction() as session:
        person = take_in(session, house, outlet="  ", phone="")
        assert (person.affiliations, len(person.addresses)) == ([], 1)


def test_people_are_found_by_equal_address_only(house: House) -> None:
    with house.db.transaction() as session:
        person = take_in(session, house)
        find = matching.find_person
        assert find(session, house, email=" Reporter@example.org ") == person.id
        for number in ("+381 64 123-45-67", "00381641234567", "0641234567", "(064) 123 4567"):
            assert find(session, house, phone=number) == person.id, number
        assert find(session, house, email="reporter@example.com", phone="064 999 99 99") is None
        assert find(session, house) is None
        person.ended_at = clock.now()
        session.flush()
        assert find(session, house, email="reporter@example.org") is None


def test_an_interaction_is_noted_once(house: House) -> None:
    with house.db.transaction() as session:
        person = take_in(session, house)
        for summary in ("Asked about the budget", "Asked about  the budget", "Asked again"):
            interactions.note(
                session, clock.now(), person.id, "inquiry", "inquiry:26-10432-7", "/desk/inquiries/26-10432-7", summary
            )
        assert count(session, Interaction) == 2


def test_clicks_at_the_same_moment_make_one_person_and_one_outlet(house: House) -> None:
    def click(number: int) -> None:
        with house.db.transaction() as session:
            take_in(session, house, name=f"Reporter {number}")

    with ThreadPoolExecutor(4) as officers:
        list(officers.map(click, range(8)))
    with house.db.read() as session:
        made = [count(session, model) for model in (Person, Organisation, Affiliation, ContactAddress)]
        assert made == [1, 1, 1, 2]
