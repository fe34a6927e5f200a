"""A merge is undone whole, whatever happened since; what came later stays with the survivor and is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from outreach import clock
from outreach.audit import AuditEntry
from outreach.contacts import filing, finding, interactions, matching
from outreach.contacts.affiliations import Post
from outreach.contacts.duplicates import undoing
from outreach.contacts.duplicates.models import Merge, MergeRow
from outreach.contacts.models import ContactAddress, Person, PersonBeat
from outreach.db import Model
from outreach.errors import IllegalMove, NotFound
from outreach.house import House
from outreach.operations import schema
from tests.contacts.duplicates.register import add, two
from tests.contacts.duplicates.test_merging import FIRST, SECOND, a_row_in_every_table, merge
from tests.contacts.rewriting import rewrite
from tests.support.moment import Moment

HISTORY = {"merge", "merge_row", "audit_entry", "person_uncompared"}
RAISED = {"person.version", "person.changed_at", "person_index.rank"}


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the history of what was done and the count of changes."""
    session.expire_all()
    found = {}
    for table in schema.metadata().sorted_tables:
        if table.name not in HISTORY:
            columns = [c for c in table.columns if str(c) not in RAISED]
            found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
    return found


def undo(session: Session, merge_id: int) -> undoing.Undone:
    return undoing.undo(session, clock.now(), merge_id, None)


def full(house: House) -> tuple[int, int]:
    """Two records that share an address, an outlet and a beat; a row of every table leads to the second."""
    absorbed = a_row_in_every_table(house)
    with house.db.transaction() as session:
        survivor = add(session, house, "Vera Izvor", phone="064 111 22 33", outlet="Radio Primer")
        theirs = session.get_one(Person, absorbed)
        theirs.beats.append(PersonBeat(beat="water"))
        survivor.beats.append(PersonBeat(beat="water"))
        hashed = matching.address_hash(house, "phone", "064 111 22 33")
        shared = {"kind": "phone", "value": "+381641112233", "folded": "+381641112233", "address_hash": hashed}
        theirs.addresses.append(ContactAddress(**shared, label="mobile", created_at=clock.now()))
        session.execute(update(schema.metadata().tables["candidate_pair"]).values(low_id=absorbed, high_id=survivor.id))
        rewrite(
            session, house, clock.now(), absorbed, name="Vera I.", preferred_variant="lat", do_not_contact=True,
            do_not_contact_reason="Asked", note="Theirs",
        )  # fmt: skip
        return survivor.id, absorbed


@pytest.mark.both
def test_undone_at_once_every_table_is_as_it_was(house: House) -> None:
    survivor, absorbed = full(house)
    with house.db.transaction() as session:
        before = everything(session)
        done = merge(session, survivor, absorbed, {"name": "theirs", "note": "both"})
        assert everything(session) != before
        undone = undo(session, done.id)
        assert (undone.later, undone.kept, undone.lost) == (0, [], 0)
        after = everything(session)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


@pytest.mark.both
def test_rows_come_back_although_their_numbers_were_given_away(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        dropped = max(session.scalars(select(ContactAddress.id)))
        done = merge(session, survivor, absorbed)
        assert session.get(ContactAddress, dropped) is None
        taken = ContactAddress.__table__
        session.execute(insert(taken).values(id=dropped, person_id=survivor, kind="web", value="x", folded="x", address_hash="x", created_at=clock.now(), position=9, label=""))  # fmt: skip
        assert undo(session, done.id).lost == 0
        theirs = session.get_one(Person, absorbed)
        assert [address.value for address in theirs.addresses] == ["izvor@example.org", "064 111 22 33"]
        assert "x" in [address.value for address in session.get_one(Person, survivor).addresses]


@pytest.fixture
def of_addresses(house: House) -> Iterator[Table]:
    """A table that no room knows yet: something noted of an address, once for each of them and kind."""
    table = Table(
        "note_on_address",
        Model.metadata,
        Column("id", Integer, primary_key=True),
        Column("address_id", ForeignKey("contact_address.id")),
        Column("kind", String(20)),
        UniqueConstraint("address_id", "kind"),
    )
    with house.db.writing_engine.begin() as connection:
        table.create(connection)
    yield table
    with house.db.writing_engine.begin() as connection:
        table.drop(connection)
    Model.metadata.remove(table)


@pytest.mark.both
def test_what_leads_to_an_address_that_both_had_follows_it_and_comes_back(house: House, of_addresses: Table) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        phones = dict(
            session.execute(
                select(ContactAddress.person_id, ContactAddress.id).where(ContactAddress.kind == "phone")
            ).all()
        )
        session.execute(insert(of_addresses), [
            {"address_id": phones[absorbed], "kind": "bounced"}, {"address_id": phones[absorbed], "kind": "called"},
            {"address_id": phones[survivor], "kind": "called"},
        ])  # fmt: skip
        before = session.execute(select(of_addresses).order_by(of_addresses.c.id)).all()
        done = merge(session, survivor, absorbed)
        merged = session.execute(select(of_addresses.c.address_id, of_addresses.c.kind)).all()
        assert sorted(merged) == [(phones[survivor], "bounced"), (phones[survivor], "called")]
        session.execute(insert(ContactAddress.__table__).values(id=phones[absorbed], person_id=survivor, kind="web", value="x", folded="x", address_hash="x", created_at=clock.now(), position=9, label=""))  # fmt: skip
        assert undo(session, done.id).lost == 0
        theirs = session.get_one(Person, absorbed).addresses[1]
        assert theirs.kind == "phone"
        assert theirs.id != phones[absorbed]
        after = session.execute(select(of_addresses).order_by(of_addresses.c.id)).all()
        moved = {phones[absorbed]: theirs.id}
        assert after == [(id_, moved.get(address, address), kind) for id_, address, kind in before]


def test_what_came_after_the_merge_stays_with_the_survivor_and_is_said(house: House, moment: Moment) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        interactions.note(session, clock.now(), absorbed, "inquiry", "inquiry:1", "/desk", "Before")
        session.get_one(Person, absorbed).region = "Banat"
        done = merge(session, survivor, absorbed, {"name": "theirs"})
    moment.moves(days=3)
    with house.db.transaction() as session:
        interactions.note(session, clock.now(), survivor, "inquiry", "inquiry:2", "/desk", "After")
        rewrite(session, house, clock.now(), survivor, name="Vera Izvor, editor")
        undone = undo(session, done.id)
        assert (undone.later, undone.kept, undone.lost) == (1, ["name"], 0)
        assert session.get_one(Person, survivor).region == ""
        assert [entry.summary for entry in session.get_one(Person, survivor).interactions] == ["After"]
        assert [entry.summary for entry in session.get_one(Person, absorbed).interactions] == ["Before"]
        assert session.get_one(Person, survivor).name == "Vera Izvor, editor"


def test_a_later_wish_not_to_be_contacted_holds_for_both_records(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        done = merge(session, survivor, absorbed)
        rewrite(session, house, clock.now(), survivor, do_not_contact=True, do_not_contact_reason="Objected")
        undo(session, done.id)
        both = [session.get_one(Person, each) for each in (survivor, absorbed)]
        assert [(each.do_not_contact, each.do_not_contact_reason) for each in both] == [(True, "Objected")] * 2


def test_what_was_removed_since_does_not_come_back_and_stops_nothing(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        done = merge(session, survivor, absorbed)
        session.execute(delete(ContactAddress).where(ContactAddress.value == "izvor@example.org"))
        assert undo(session, done.id).lost == 2
        assert session.get_one(Person, absorbed).ended_at is None


@pytest.mark.both
def test_a_place_that_was_given_the_title_of_another_since_stays_and_stops_nothing(house: House) -> None:
    survivor, absorbed = two(house, {**FIRST, "outlet": "Radio Primer"}, {**SECOND, "outlet": "Radio Primer"})
    now = clock.now()
    with house.db.transaction() as session:
        (first,) = session.get_one(Person, absorbed).affiliations
        editor = [Post(first.id, "Radio Primer", "outlet", "Editor"), Post(None, "Radio Primer", "outlet", "")]
        rewrite(session, house, now, absorbed, affiliations=editor)
        done = merge(session, survivor, absorbed)
        held = {one.title: one.id for one in session.get_one(Person, survivor).affiliations}
        for title, other in (("", "Reporter"), ("Editor", "")):
            post = Post(held[title], "Radio Primer", "outlet", other)
            rewrite(session, house, now, survivor, affiliations=[post])
        undone = undo(session, done.id)
        assert (undone.stayed, undone.lost) == (1, 0)
        titles = {
            person_id: sorted(one.title for one in session.get_one(Person, person_id).affiliations)
            for person_id in (survivor, absorbed)
        }
    assert titles == {survivor: ["", "Reporter"], absorbed: [""]}


def test_undoing_twice_is_once_and_each_is_written_down(house: House) -> None:
    survivor, absorbed = two(house, FIRST, SECOND)
    with house.db.transaction() as session:
        done = merge(session, survivor, absorbed)
        undo(session, done.id)
        version = session.get_one(Person, survivor).version
        undo(session, done.id)
        assert session.get_one(Person, survivor).version == version
        told = select(func.count()).where(AuditEntry.action == "person.merge_undone")
        assert session.scalar(told) == 2
        again = merge(session, survivor, absorbed)
        assert again.id != done.id


def test_merges_of_one_record_are_undone_the_last_one_first(house: House) -> None:
    with house.db.transaction() as session:
        people = [
            add(session, house, **given).id for given in (FIRST, SECOND, {"name": "V. Izvor", "phone": "064 111 22 33"})
        ]
        before = everything(session)
        first = merge(session, people[0], people[1])
        second = merge(session, people[0], people[2])
        with pytest.raises(IllegalMove):
            undo(session, first.id)
        undo(session, second.id)
        undo(session, first.id)
        assert everything(session) == before


def test_a_chain_of_merges_leads_to_the_last_survivor_and_back(house: House) -> None:
    with house.db.transaction() as session:
        people = [
            add(session, house, **given).id for given in (FIRST, SECOND, {"name": "V. Izvor", "phone": "064 111 22 33"})
        ]
        before = everything(session)
        first = merge(session, people[1], people[2])
        second = merge(session, people[0], people[1])
        assert {session.get_one(Person, each).survivor_id for each in people[1:]} == {people[0]}
        with pytest.raises(IllegalMove):
            undo(session, first.id)
        undo(session, second.id)
        assert session.get_one(Person, people[2]).survivor_id == people[1]
        undo(session, first.id)
        assert everything(session) == before


def test_a_merge_that_never_was_cannot_be_undone(house: House) -> None:
    with house.db.transaction() as session, pytest.raises(NotFound):
        undo(session, 7)
    with house.db.read() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in (Merge, MergeRow)] == [0, 0]


@pytest.mark.both
@pytest.mark.parametrize("chosen", ["mine", "theirs"])
def test_both_names_find_the_survivor_until_the_merge_is_undone(house: House, chosen: str) -> None:
    low, high = two(house, {"name": "Ana Marić", "outlet": "Radio Primer"}, {"name": "Ана Ђорђевић"})
    words = {"maric": low, "djordjevic": high}
    with house.db.transaction() as session:
        session.get_one(Person, high).name_latin = "Anna Georgevich"
        filing.refile(session, [high])
        made = merge(session, low, high, {"name": chosen})
        for said in ("maric", "djordjevic", "ana djordjevic radio", "georgevich"):
            assert finding.find(session, said, 5) == [low], said
        undo(session, made.id)
        for said, person_id in words.items():
            assert finding.find(session, said, 5) == [person_id], said
        assert finding.find(session, "ana djordjevic radio", 5) == []


def test_old_names_follow_through_a_second_merge(house: House) -> None:
    first, second = two(house, {"name": "Ana Marić"}, {"name": "Ana Jovanović"})
    with house.db.transaction() as session:
        third = add(session, house, "Ana Petrović").id
        merge(session, second, third)
        made = merge(session, first, second)
        assert {finding.find(session, said, 5)[0] for said in ("maric", "jovanovic", "petrovic")} == {first}
        undo(session, made.id)
        assert finding.find(session, "petrovic", 5) == [second]
        assert finding.find(session, "maric", 5) == [first]
