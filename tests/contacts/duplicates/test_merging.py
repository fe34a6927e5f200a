"""A merge loses nothing: every reference in the database leads to the survivor, who keeps both pasts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, func, select, update
from sqlalchemy.orm import Session

from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import interactions
from outreach.contacts.duplicates import merging
from outreach.contacts.duplicates.models import CandidatePair, Merge, PersonKey
from outreach.contacts.models import Affiliation, ContactAddress, Person, PersonBeat
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.house import House
from outreach.operations import schema
from tests.contacts.duplicates.register import add, two
from tests.support import rows

FIRST = {"name": "Vera Izvor", "email": "vera@example.org", "phone": "064 111 22 33", "outlet": "Radio Primer"}
SECOND = {"name": "Вера Извор", "email": "izvor@example.org", "phone": "064 111 22 33", "outlet": "Радио Пример"}


def merge(
    session: Session, survivor_id: int, absorbed_id: int, choices: dict[str, str] | None = None, **more: Any
) -> Merge:
    seen = session.get_one(Person, survivor_id).version, session.get_one(Person, absorbed_id).version
    given: dict[str, Any] = {"versions": seen, "choices": choices or {}, "actor_id": None, **more}
    return merging.merge(session, clock.now(), survivor_id, absorbed_id, **given)


def references() -> list[Column[Any]]:
    """Every column of the database that leads to a person, but for the history of merges itself."""
    people = schema.metadata().tables["person"]
    columns = [column for table in schema.metadata().sorted_tables for column in table.columns]
    return [c for c in columns if any(key.column.table is people for key in c.foreign_keys) and c.table.name != "merge"]


def leading_to(connection: Connection, person_id: int) -> dict[str, int]:
    return {
        str(column): connection.execute(select(func.count()).where(column == person_id)).scalar_one()
        for column in references()
    }


def a_row_in_every_table(house: House) -> int:
    """A living person to whom a row of every table leads."""
    with house.db.writing_engine.begin() as connection:
        rows.fill(connection, schema.metadata())
        tables = schema.metadata().tables
        connection.execute(update(tables["person"]).values(ended_at=None))
        person_id = connection.execute(select(tables["person"].c.id)).scalar_one()
        numbers = [table.autoincrement_column for table in tables.values() if table.autoincrement_column is not None]
        for number in numbers if not house.db.is_sqlite else ():  # there a number that was given is given again
            connection.execute(select(func.setval(func.pg_get_serial_sequence(number.table.name, number.name), 100)))
    return int(person_id)


@pytest.mark.both
def test_a_row_of_every_table_that_leads_to_the_absorbed_leads_to_the_survivor(house: House) -> None:
    absorbed = a_row_in_every_table(house)
    with house.db.transaction() as session:
        survivor, third = add(session, house, "Vera Izvor").id, add(session, house, "Third").id
        session.execute(update(CandidatePair).values(low_id=absorbed, high_id=third))
        earlier = add(session, house, "Absorbed earlier")
        session.execute(
            update(Person).where(Person.id == earlier.id).values(survivor_id=absorbed, ended_at=clock.now())
        )
        before = leading_to(session.connection(), absorbed)
        one_side = {"candidate_pair.high_id"}
        assert {name for name, count in before.items() if not count} == one_side, "a table without a row proves nothing"
        merge(session, survivor, absorbed)
    with house.db.read() as session:
        left = {name: count for name, count in leading_to(session.connection(), absorbed).items() if count}
        now = leading_to(session.connection(), survivor)
    assert left == {}
    made_anew = {"person_key.person_id", "person_uncompared.person_id"}
    assert {name for name, count in now.items() if not count} - one_side - made_anew - {
        "candidate_pair.low_id"
    } == set()


@pytest.mark.both
def test_what_both_have_becomes_one_and_is_filled_from_the_other(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        mine, theirs = session.get_one(Person, survivor), session.get_one(Person, absorbed)
        theirs.addresses[1].label = "mobile"
        mine.affiliations[0].ended_at = clock.now()
        theirs.affiliations[0].from_on = clock.now().date()
        mine.beats, theirs.beats = [PersonBeat(beat="energy")], [PersonBeat(beat="energy"), PersonBeat(beat="water")]
        merge(session, survivor, absorbed)
    with house.db.read() as session:
        person = session.get_one(Person, survivor)
        assert [(a.value, a.label) for a in person.addresses] == [
            ("vera@example.org", ""), ("064 111 22 33", "mobile"), ("izvor@example.org", "")
        ]  # fmt: skip
        assert [beat.beat for beat in person.beats] == ["energy", "water"]
        (held,) = person.affiliations
        assert (held.ended_at, held.from_on) == (None, clock.now().date())
        for table in (ContactAddress, Affiliation, PersonBeat, PersonKey):
            assert session.scalar(select(func.count()).where(table.person_id == absorbed)) == 0


def test_the_survivor_has_both_pasts_and_the_absorbed_leads_there(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        for person_id in (survivor, absorbed):
            interactions.note(session, clock.now(), person_id, "inquiry", f"inquiry:{person_id}", "/desk", "Asked")
        done = merge(session, survivor, absorbed)
        again = merge(session, survivor, absorbed)
        assert again.id == done.id
    with house.db.read() as session:
        person, gone = session.get_one(Person, survivor), session.get_one(Person, absorbed)
        assert len(person.interactions) == 2
        assert (gone.survivor_id, gone.ended_at is not None, gone.interactions) == (survivor, True, [])
        told = session.execute(select(AuditEntry.action, AuditEntry.obj).where(AuditEntry.action.like("person.%ed")))
        assert {tuple(each) for each in told} >= {
            ("person.merged", f"person:{survivor}"), ("person.absorbed", f"person:{absorbed}")
        }  # fmt: skip


def test_each_field_is_the_one_that_was_chosen(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        mine, theirs = session.get_one(Person, survivor), session.get_one(Person, absorbed)
        mine.note, theirs.note, theirs.honorific = "Calls early.", "Covers water.", "Dr"
        mine.languages, theirs.languages = ["sr"], ["en", "sr"]
        merge(session, survivor, absorbed, {"name": "theirs", "note": "both", "preferred_variant": "mine"})
    with house.db.read() as session:
        person = session.get_one(Person, survivor)
        assert (person.name, person.folded, person.honorific) == ("Вера Извор", "vera izvor", "Dr")
        assert (person.note, person.languages) == ("Calls early.\n\nCovers water.", ["sr", "en"])


@pytest.mark.parametrize("barred", [0, 1])
def test_whoever_must_not_be_contacted_in_one_record_must_not_be_after_the_merge(house: House, barred: int) -> None:
    people = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        person = session.get_one(Person, people[barred])
        person.do_not_contact, person.do_not_contact_at = True, datetime(2026, 5, 4, tzinfo=UTC)
        person.do_not_contact_reason = "Asked by phone"
        merge(session, *people, choices={"name": "mine"})
    with house.db.read() as session:
        kept = session.get_one(Person, people[0])
        assert (kept.do_not_contact, kept.do_not_contact_reason) == (True, "Asked by phone")
        assert kept.do_not_contact_at == datetime(2026, 5, 4, tzinfo=UTC)


def test_s22_a_record_that_was_changed_meanwhile_is_not_merged(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    for versions in ((0, 1), (1, 0), (2, 1)):
        with pytest.raises(Conflict), house.db.transaction() as session:
            merge(session, survivor, absorbed, versions=versions)
    with house.db.read() as session:
        assert session.scalar(select(func.count(Merge.id))) == 0


def test_a_record_is_merged_neither_with_itself_nor_with_one_that_has_ended(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with pytest.raises(IllegalMove), house.db.transaction() as session:
        merge(session, survivor, survivor)
    with pytest.raises(NotFound), house.db.transaction() as session:
        session.get_one(Person, absorbed).ended_at = clock.now()
        merge(session, survivor, absorbed)


def test_a_judgement_about_the_absorbed_goes_on_for_the_survivor(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        other = add(session, house, "Vera Izvorka").id
        reasons = [["slip", "izvorka vera|izvor vera"]]
        session.add(CandidatePair(
            low_id=absorbed, high_id=other, score=60, band="possible", reasons=reasons, found_at=clock.now(),
            judgement="different", judged_on=reasons,
        ))  # fmt: skip
        session.flush()
        merge(session, survivor, absorbed)
    with house.db.read() as session:
        pair = session.scalars(select(CandidatePair)).one()
        assert (pair.low_id, pair.high_id, pair.judgement) == (survivor, other, "different")


def test_every_table_that_a_merge_walks_can_be_told_apart_by_its_key() -> None:
    tables: set[Table] = {column.table for column in references()}
    assert [table.name for table in tables if not table.primary_key.columns] == []
