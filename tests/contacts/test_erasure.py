"""Erasure leaves nothing that leads to a person, whatever table of this room it stood in (P-06, P-07)."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.contacts import erasure, intake, interactions
from outreach.contacts.card import asking
from outreach.contacts.card.models import CardRequest
from outreach.contacts.duplicates.models import CandidatePair, Merge, MergeRow
from outreach.contacts.imports.models import ImportChange, ImportRow
from outreach.contacts.lists.models import PressList, PressListMember
from outreach.contacts.models import Affiliation, Import, Interaction, Person, PersonBeat
from outreach.db import Database
from outreach.house import House
from outreach.mail import suppressions
from outreach.mail.models import OutboxEmail
from tests.privacy.seeded import raw

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MARKER = "zanzibar"


WORDS = ("name_latin", "name_cyrillic", "honorific", "vocative", "region", "time_zone", "note", "next_step")


def person(house: House, place: int, marker: str) -> int:
    """A person of whom something stands in every table of the register."""
    with house.db.transaction() as session:
        made = intake.from_inquiry(
            session, house, NOW, name=f"Desk {marker}", outlet="Daily Example", email=f"{marker}@example.org",
            phone=f"064 123 45 6{place}", channels=["email"], language="en", actor_id=None,
        )  # fmt: skip
        for name in WORDS:
            setattr(made, name, marker)
        made.languages, made.source, made.do_not_contact_reason = [marker], f"card of {marker}", marker
        made.beats.append(PersonBeat(beat=marker))
        made.affiliations[0].title = marker
        interactions.note(session, NOW, made.id, "inquiry", f"inquiry:{place}", "/desk/inquiries", marker)
        asking.send(session, house, NOW, made.id, None)
        asked = CardRequest(person_id=made.id, kind="correction", proposed={"name": marker}, words=marker, asked_at=NOW)
        session.add(asked)
        imported(session, made.id, marker)
        beside(session, made.id, marker)
        return made.id


def beside(session: Session, person_id: int, marker: str) -> None:
    """What the other folders of the room keep: a list, a pair that may be one person, a merge and what it changed."""
    other = Person(
        name="Other", folded="other", source="a list", lawful_basis="consent", created_at=NOW, changed_at=NOW
    )
    listed = PressList(name=f"list of {person_id}", created_at=NOW)
    session.add_all([other, listed])
    session.flush()
    session.add(PressListMember(list_id=listed.id, person_id=person_id, added_at=NOW))
    session.add(
        CandidatePair(
            low_id=person_id, high_id=other.id, score=50, band="possible", reasons=[["name", marker]], found_at=NOW
        )
    )
    merge = Merge(survivor_id=person_id, absorbed_id=other.id, merged_at=NOW)
    session.add(merge)
    session.flush()
    session.add(
        MergeRow(merge_id=merge.id, table="person", action="changed", row_key={}, before={"note": marker}, after={})
    )


def imported(session: Session, person_id: int, marker: str) -> None:
    """Lines of a file: one that became the person, one that is in doubt, and what the first changed."""
    upload = Import(
        file_name="people.csv", content_hash="0", format="csv", head=[], source="a list", lawful_basis="consent",
        state="done", uploaded_at=NOW,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    rows = {"import_id": upload.id, "reasons": [["name", marker, "x"]]}
    session.add(ImportRow(number=1, cells=f"Desk {marker}", person_id=person_id, **rows))
    session.add(ImportRow(number=2, cells=f"in doubt, {marker.upper()}@example.org", **rows))
    changed = {"before": {"note": marker}, "after": {"note": ""}}
    session.add(ImportChange(import_id=upload.id, number=1, person_id=person_id, **changed))


def found(db: Database, marker: str) -> list[str]:
    """Every table and column of the whole database that has the marker in it."""
    with db.read() as session:
        return raw(session, marker)


def erased(house: House, person_id: int) -> None:
    with house.db.transaction() as session:
        erasure.erase(session, house, NOW, person_id, "asked")


def test_p06_after_erasure_the_marker_is_nowhere_and_the_neighbour_is_whole(house: House) -> None:
    first, second = person(house, 1, MARKER), person(house, 2, "samarkand")
    assert len(found(house.db, MARKER)) >= 20
    neighbour = found(house.db, "samarkand")
    for _ in range(2):
        erased(house, first)
    assert found(house.db, MARKER) == []
    assert found(house.db, "samarkand") == neighbour
    with house.db.read() as session:
        assert session.get_one(Person, second).ended_at is None
        gone = session.get_one(Person, first)
        assert (gone.ended_at, gone.source, gone.do_not_contact) == (NOW, "erased", True)


def test_p07_the_refusal_stays_as_a_keyed_hash_and_what_passed_as_a_day(house: House) -> None:
    first = person(house, 1, MARKER)
    erased(house, first)
    with house.db.read() as session:
        assert suppressions.is_suppressed(session, house, f"{MARKER}@example.org", suppressions.ALL)
        assert sorted(one.kind for one in session.scalars(select(Interaction))) == ["card", "inquiry"]
        assert session.scalars(select(OutboxEmail.state)).all() == ["cancelled"]
        assert session.scalars(select(Affiliation)).all() == []


def test_records_that_were_merged_into_it_go_with_it(house: House) -> None:
    absorbed, survivor = person(house, 1, MARKER), person(house, 2, "samarkand")
    with house.db.transaction() as session:
        one = session.get_one(Person, absorbed)
        one.survivor_id, one.ended_at = survivor, NOW
    erased(house, survivor)
    assert found(house.db, MARKER) == found(house.db, "samarkand") == []


def test_an_address_that_was_written_down_wrong_is_no_hindrance(house: House) -> None:
    first = person(house, 1, MARKER)
    with house.db.transaction() as session:
        session.get_one(Person, first).addresses[0].value = "nobody at example"
    erased(house, first)
    assert "person.name" not in found(house.db, MARKER)
