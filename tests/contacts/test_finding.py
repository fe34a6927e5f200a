"""The search index: any script, beginnings before insides, kept right by whatever changes a person, in a static order."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, text

from outreach import clock
from outreach.contacts import filing, finding
from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Organisation, Person
from outreach.house import House
from tests.contacts import register

pytestmark = pytest.mark.both


def found(house: House, said: str, limit: int = 25) -> list[str]:
    with house.db.read() as session:
        names = dict(session.execute(select(Person.id, Person.name)).all())
        return [names[id_] for id_ in finding.find(session, said, limit)]


@pytest.fixture
def register_(house: House) -> None:
    now = clock.now()
    with house.db.transaction() as session:
        radio = register.organisation(session, now, "Радио Ђердап")
        register.person(session, now, "Ђорђе Репортер", at=radio, email="dj.reporter@primer.example.org")
        register.person(session, now, "Editor Weekly", phone="+381641234567", name_cyrillic="Едитор Викли")
        register.person(session, now, "Ελένη Ρεπόρτερ")


@pytest.mark.parametrize(
    "said",
    [
        "djordje",
        "Đorđe",
        "ЂОРЂЕ",
        "dorde",
        "rep đo",
        "radio djerdap",
        "dj.reporter@primer",
        "đ",
        "r dorde",
        "orde",
        "Ђердап",
    ],
)
def test_f14_any_script_and_any_beginning_finds_the_same_person(house: House, register_: None, said: str) -> None:
    assert found(house, said) == ["Ђорђе Репортер"]


@pytest.mark.parametrize("said", ["+381 64 123 45 67", "064 123", "0641234567", "64123", "vikli", "едитор"])
def test_a_number_is_found_as_it_is_typed_and_a_name_in_the_spelling_on_record(
    house: House, register_: None, said: str
) -> None:
    assert found(house, said) == ["Editor Weekly"]


@pytest.mark.parametrize(
    "said", ["", "  ", "'", '"', "*", "AND", "NOT x", "person_fts:", "100%", "_", "\x00", "ђ" * 300, "ᏣᎳ𞤀𞤣", "( XOR"]
)
def test_f14_whatever_is_typed_harms_nothing(house: House, register_: None, said: str) -> None:
    assert found(house, said) == []


def test_words_of_other_alphabets_are_found_too(house: House, register_: None) -> None:
    assert found(house, "ελένη") == ["Ελένη Ρεπόρτερ"]


def test_beginnings_come_first_and_insides_only_when_there_are_none(house: House) -> None:
    with house.db.transaction() as session:
        for name in ("Porter Press", "Reporter Press"):
            register.person(session, clock.now(), name)
    assert found(house, "porter") == ["Porter Press"]
    assert found(house, "orter") == ["Reporter Press", "Porter Press"]
    assert found(house, "ort") == []  # shorter ones are only beginnings


def test_whoever_came_last_stands_first_and_a_change_keeps_the_place(house: House) -> None:
    with house.db.transaction() as session:
        one, two = (register.person(session, clock.now(), f"Reporter {name}") for name in ("One", "Two"))
        ids = one.id, two.id
    assert found(house, "reporter") == ["Reporter Two", "Reporter One"]
    assert found(house, "reporter", limit=1) == ["Reporter Two"]
    with house.db.transaction() as session:
        session.get_one(Person, ids[0]).name = "Reporter Renamed"
        filing.refile(session, ids)
    assert found(house, "reporter") == ["Reporter Two", "Reporter Renamed"]
    assert found(house, "one") == []


def test_whoever_ends_or_is_erased_is_found_no_more(house: House, register_: None) -> None:
    with house.db.transaction() as session:
        ended = session.scalars(select(Person).where(Person.name == "Editor Weekly")).one()
        ended.ended_at = clock.now()
        filing.refile(session, [ended.id])
        gone = register.person(session, clock.now(), "Somebody Gone")
        session.execute(delete(Person).where(Person.id == gone.id))
        session.expunge_all()
    assert (found(house, "editor"), found(house, "somebody"), found(house, "omebod")) == ([], [], [])
    with house.db.read() as session:
        assert session.scalars(select(PersonIndex.words).where(PersonIndex.words.contains("somebody"))).all() == []


def test_an_outlet_that_is_left_finds_nobody(house: House, register_: None) -> None:
    with house.db.transaction() as session:
        person = session.scalars(select(Person).where(Person.name == "Ђорђе Репортер")).one()
        person.affiliations[0].ended_at = clock.now()
        filing.refile(session, [person.id])
    assert found(house, "radio") == []


def test_rows_in_bulk_are_found_before_all_others_in_their_order(house: House, register_: None) -> None:
    with house.db.transaction() as session:
        people = [Person(name=f"Reporter {n}", folded=f"reporter {n}", source="test", lawful_basis="consent",
                         created_at=clock.now(), changed_at=clock.now()) for n in range(3)]  # fmt: skip
        session.add_all(people)
        session.flush()
        rows = [(one.id, finding.words_of(one.name)) for one in people]
        finding.insert_rows(session.connection(), rows)
        finding.insert_rows(session.connection(), [])
    assert found(house, "rep") == ["Reporter 0", "Reporter 1", "Reporter 2", "Ђорђе Репортер"]


def test_a_common_word_is_found_beyond_the_front(house: House) -> None:
    with house.db.transaction() as session:
        outlet: Organisation = register.organisation(session, clock.now(), "Radio Far")
        far = register.person(session, clock.now(), "Far Away", at=outlet)
        people = [Person(name="Near", folded="near", source="test", lawful_basis="consent", created_at=clock.now(),
                         changed_at=clock.now()) for _ in range(finding.FRONT + 1)]  # fmt: skip
        session.add_all(people)
        session.flush()
        finding.insert_rows(session.connection(), [(one.id, " near ") for one in people])
        assert finding.find(session, "far", 5) == [far.id]
        assert finding.find(session, "adio", 5) == [far.id]


def test_the_full_text_index_is_sound_after_every_kind_of_change(house: House, register_: None) -> None:
    with house.db.transaction() as session:
        ids = session.scalars(select(Person.id)).all()
        session.get_one(Person, ids[0]).name = "Other Name"
        filing.refile(session, ids)
        for table in ("person_fts", "person_trigram_fts") if house.db.is_sqlite else ():
            session.execute(text(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)"))
