"""An import is undone: what it did goes, and what somebody changed or built upon since stays and is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from outreach import clock
from outreach.contacts import interactions, records
from outreach.contacts.affiliations import Post
from outreach.contacts.duplicates import merging
from outreach.contacts.models import Person
from outreach.contacts.reach import Reach
from outreach.house import House
from outreach.mail import suppressions
from tests.contacts.imports.test_taking_in import LIST, somebody, whole
from tests.contacts.rewriting import rewrite


@pytest.mark.both
def test_an_undone_import_leaves_no_trace_in_any_table(lists: Any, house: House) -> None:
    somebody(house, "Ana Marić", "ana@example.org", "Agencija Proba")
    before = whole(house)
    number = lists.taken_in(LIST)
    assert lists.verdicts(number) == ["updates", "new"]
    assert whole(house) != before
    assert lists.undone(number).state == "undone"
    assert whole(house) == before


def test_undoing_keeps_what_was_changed_since_and_says_so(lists: Any, house: House) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.taken_in(LIST)
    marko = lists.people()["Marko Ilić"]
    with house.db.transaction() as session:
        for person_id, name in ((known, "Ana Marić"), (marko.id, "Marko M. Ilić")):
            rewrite(session, house, clock.now(), person_id, name=name, note="Our own words")
    undone = lists.undone(number)
    assert (undone.state, undone.counts["kept"]) == ("undone", 2)
    ana = lists.people()["Ana Marić"]
    assert (ana.note, ana.region) == ("Our own words", "")
    assert lists.people()["Marko M. Ilić"].id == marko.id
    kept = {row.number: row.reasons for row in lists.rows(number, "kept")}
    assert kept[2][0][:2] == ["note", "Our own words"]
    assert kept[3]


@pytest.mark.both
@pytest.mark.parametrize(
    "edited",
    [
        lambda email, phone: [phone, email],
        lambda email, phone: [email, Reach(phone.kind, phone.value, "mobile")],
        lambda email, phone: [email, Reach(phone.kind, "+381 64 1234567", phone.label)],
    ],
)
def test_undoing_keeps_an_address_that_somebody_changed_since_and_says_so(
    lists: Any, house: House, edited: Callable[[Reach, Reach], list[Reach]]
) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.taken_in("Name,E-mail,Phone\nAna Marić,ana@example.org,064 123 45 67\n")
    email, phone = (Reach(one.kind, one.value, one.label) for one in lists.people()["Ana Marić"].addresses)
    with house.db.transaction() as session:
        rewrite(session, house, clock.now(), known, addresses=edited(email, phone))
    undone = lists.undone(number)
    assert (undone.state, undone.counts["kept"]) == ("undone", 1)
    held = {one.kind: one.value for one in lists.people()["Ana Marić"].addresses}
    assert held["phone"].startswith(("064", "+381"))
    (row,) = lists.rows(number, "kept")
    assert row.reasons == [["phone", held["phone"], "Was changed since, and stays."]]


def test_undoing_takes_an_address_that_stood_there_while_others_came_and_went(lists: Any, house: House) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.taken_in("Name,E-mail,Phone\nAna Marić,ana@example.org,064 123 45 67\n")
    email, phone = (Reach(one.kind, one.value, one.label) for one in lists.people()["Ana Marić"].addresses)
    with house.db.transaction() as session:
        rewrite(session, house, clock.now(), known, addresses=[Reach("signal", "@ana"), email, phone])
        rewrite(session, house, clock.now(), known, addresses=[Reach("signal", "@ana"), phone])
    lists.undone(number)
    assert [one.value for one in lists.people()["Ana Marić"].addresses] == ["@ana"]


def test_undoing_keeps_a_place_that_somebody_changed_since_and_says_so(lists: Any, house: House) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.taken_in("Name,E-mail,Organisation,Title\nAna Marić,ana@example.org,Radio Primer,Reporter\n")
    (held,) = lists.people()["Ana Marić"].affiliations
    with house.db.transaction() as session:
        post = Post(held.id, "Radio Primer", "outlet", "Editor")
        rewrite(session, house, clock.now(), known, affiliations=[post])
    assert lists.undone(number).counts["kept"] == 1
    assert [one.title for one in lists.people()["Ana Marić"].affiliations] == ["Editor"]
    (row,) = lists.rows(number, "kept")
    assert row.reasons == [["organisation", "Radio Primer, Editor", "Was changed since, and stays."]]


def test_undoing_keeps_a_person_with_whom_somebody_has_worked(lists: Any, house: House) -> None:
    number = lists.taken_in(LIST)
    ana = lists.people()["Ана Марић"].id
    with house.db.transaction() as session:
        interactions.note(session, clock.now(), ana, "call", "", "", "Asked about the budget")
    assert lists.undone(number).counts["kept"] == 1
    assert list(lists.people()) == ["Ана Марић"]
    assert [row.number for row in lists.rows(number, "kept")] == [2]


@pytest.mark.both
def test_undoing_keeps_a_title_when_there_is_another_place_without_one_by_now(lists: Any, house: House) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org", "Radio Primer")
    number = lists.taken_in(
        "Name,E-mail,Organisation,Title,Region\nAna Marić,ana@example.org,Radio Primer,Reporter,Niš\n"
    )
    with house.db.transaction() as session:
        rewrite(session, house, clock.now(), known, affiliations=[Post(None, "Radio Primer", "outlet", "")])
    undone = lists.undone(number)
    assert (undone.state, undone.counts["kept"]) == ("undone", 1)
    ana = lists.people()["Ana Marić"]
    assert (ana.region, sorted(one.title for one in ana.affiliations)) == ("", ["", "Reporter"])
    (row,) = lists.rows(number, "kept")
    assert row.reasons == [["title", "Reporter", "There is another such place by now; this one stays."]]


@pytest.mark.both
def test_undoing_says_that_somebody_whom_it_made_was_merged_since(lists: Any, house: House) -> None:
    known = somebody(house, "Marko I.", "m@example.org")
    number = lists.taken_in(LIST)
    marko = lists.people()["Marko Ilić"].id
    with house.db.transaction() as session:
        versions = (session.get_one(Person, known).version, session.get_one(Person, marko).version)
        merging.merge(session, clock.now(), known, marko, versions=versions, choices={}, actor_id=None)
    undone = lists.undone(number)
    assert (undone.state, undone.counts["kept"]) == ("undone", 1)
    (row,) = lists.rows(number, "kept")
    assert (row.number, row.reasons) == (3, [["", "", "Somebody has worked with this record since; it stays."]])
    assert len(lists.people()["Marko I."].addresses) == 3


@pytest.mark.both
def test_undoing_keeps_the_refusal_of_whoever_stopped_by_themselves_since(lists: Any, house: House) -> None:
    number = lists.taken_in(
        "Name,E-mail,Unsubscribed\nAna Marić,ana@example.org,yes\nMarko Ilić,marko@example.org,yes\n"
    )
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "ana@example.org", suppressions.DIGESTS, "erased", clock.now())
    assert lists.undone(number).state == "undone"
    with house.db.read() as session:
        stopped = [
            suppressions.is_suppressed(session, house, f"{who}@example.org", suppressions.DIGESTS)
            for who in ("ana", "marko")
        ]
    assert stopped == [True, False]


def test_undoing_says_that_a_record_it_changed_was_ended_since(lists: Any, house: House) -> None:
    known = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.taken_in("Name,E-mail,Region\nAna Marić,ana@example.org,Niš\n")
    with house.db.transaction() as session:
        records.end(session, clock.now(), known, "left", None)
    assert lists.undone(number).counts["kept"] == 1
    (row,) = lists.rows(number, "kept")
    assert row.reasons == [["", "", "This record was ended since; it stays as it is."]]
