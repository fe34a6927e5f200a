"""From a list to people on record and back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Table, select

from outreach import clock
from outreach.contacts import erasure, intake
from outreach.contacts.models import Person
from outreach.db import Model
from outreach.errors import Conflict
from outreach.house import House
from outreach.mail import suppressions

LIST = """Name,E-mail,Phone,Organisation,Title,Beats,Region,Note
Ана Марић,ana@example.org,064 123 45 67,Радио Пример,Уредница,одбрана; буџет,Ниш,Зове ујутру
Marko Ilić,marko@example.org,+381 64 765 43 21,Radio Primer,,,,
"""
UNTOUCHED = {"audit_entry", "contact_import", "import_row", "import_mapping", "alembic_version"}


def whole(house: House) -> dict[str, list[Any]]:
    """Every row of every table but those that tell what happened, and but versions and when something was changed."""
    with house.db.read() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(*_told(table))).all()))
            for table in Model.metadata.sorted_tables
            if table.name not in UNTOUCHED
        }


def _told(table: Table) -> list[Any]:
    return [column for column in table.columns if column.name not in ("version", "changed_at")]


def somebody(house: House, name: str, email: str, outlet: str = "") -> int:
    with house.db.transaction() as session:
        return intake.from_inquiry(
            session, house, clock.now(), name=name, outlet=outlet, email=email, phone=None, channels=[],
            language="en", actor_id=None,
        ).id  # fmt: skip


@pytest.mark.both
def test_a_list_becomes_people_with_all_that_it_says(lists: Any) -> None:
    number = lists.taken_in(LIST)
    ana, marko = lists.people()["Ана Марић"], lists.people()["Marko Ilić"]
    assert (ana.region, ana.note, [beat.beat for beat in ana.beats]) == ("Ниш", "Зове ујутру", ["буџет", "одбрана"])
    assert [(each.kind, each.folded) for each in ana.addresses] == [
        ("email", "ana@example.org"),
        ("phone", "+381641234567"),
    ]
    assert [(each.organisation.name, each.title) for each in ana.affiliations] == [("Радио Пример", "Уредница")]
    assert marko.affiliations[0].organisation_id == ana.affiliations[0].organisation_id
    assert (ana.source, ana.lawful_basis, ana.import_id) == (
        "List of the press club, 2026",
        "legitimate_interest",
        number,
    )
    assert lists.get(number).counts == {"new": 2}


def test_a_row_that_says_what_is_known_changes_nothing(lists: Any, house: House) -> None:
    lists.taken_in(LIST)
    before = whole(house)
    again = lists.taken_in(LIST)
    assert lists.get(again).counts == {"same": 2}
    assert whole(house) == before


def test_p07_an_erased_address_does_not_come_back(lists: Any, house: House) -> None:
    with house.db.transaction() as session:
        suppressions.suppress(session, house, "ana@example.org", suppressions.DIGESTS, "erased", clock.now())
    number = lists.taken_in(LIST)
    assert lists.verdicts(number) == ["refused", "new"]
    assert lists.rows(number)[0].reasons[0][:2] == ["email", "ana@example.org"]
    assert list(lists.people()) == ["Marko Ilić"]


def test_a_row_marked_as_unsubscribed_becomes_a_suppression_and_nobody(lists: Any, house: House) -> None:
    number = lists.taken_in(
        "Email Address,First Name,UNSUB_TIME\nana@example.org,Ana,2026-03-01 10:00\nb@example.org,Bo,\n"
    )
    assert lists.verdicts(number) == ["stops", "new"]
    assert list(lists.people()) == ["Bo"]
    with house.db.read() as session:
        assert suppressions.is_suppressed(session, house, "ana@example.org", suppressions.DIGESTS)
    lists.undone(number)
    with house.db.read() as session:
        assert not suppressions.is_suppressed(session, house, "ana@example.org", suppressions.DIGESTS)


def test_an_officer_decides_on_a_row_in_doubt(lists: Any, house: House) -> None:
    from outreach.contacts.imports import keeping

    somebody(house, "Newsroom", "desk@example.org", "Radio Primer")
    text = "Name,E-mail\nAna Marić,desk@example.org\nMarko Ilić,desk@example.org\nIva Savić,desk@example.org\n"
    number = lists.looked_at(text)
    assert lists.verdicts(number) == ["doubt"] * 3
    with house.db.transaction() as session:
        keeping.decide(session, number, 2, "new")
        keeping.decide(session, number, 3, "update")
    lists.approved(number)
    assert lists.verdicts(number) == ["new", "same", "doubt"]
    assert sorted(lists.people()) == ["Ana Marić", "Newsroom"]


def test_two_rows_about_one_person_make_one(lists: Any, house: House) -> None:
    from outreach.contacts.imports import keeping

    text = "Name,E-mail,Region\nAna Marić,ana@example.org,\nAna Marić,ana@example.org,\nAna Marić,ana@example.org,Niš\n"
    number = lists.looked_at(text)
    assert lists.verdicts(number) == ["new", "same", "doubt"]
    with house.db.transaction() as session:
        keeping.decide(session, number, None, "update")
    lists.approved(number)
    assert lists.verdicts(number) == ["new", "same", "updates"]
    with house.db.read() as session:
        assert [person.region for person in session.scalars(select(Person))] == ["Niš"]
    lists.undone(number)
    assert lists.people() == {}


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ("Ana Marić,ana@example.org,", "same"), ("Ана Марић,ANA@example.org,", "same"), ("Marić Ana,ana@example.org,", "same"),
        ("Ana,ana@example.org,", "same"), (",ana@example.org,", "same"), ("Ana Petra Marić,ana@example.org,", "updates"),
        ("Iva Savić,ana@example.org,", "doubt"), ("Ana Marić,other@example.org,Agencija Proba", "doubt"),
        ("Ana Marić,other@example.org,", "doubt"), ("Ana Marić,other@example.org,Radio Primer", "new"),
        ("Ana Marić,,agencija proba", "same"), ("Ana Marić,,", "doubt"), (",other@example.org,", "refused"),
        ("Ana Marić,ana@example.org,Radio Primer", "updates"),
    ],
)  # fmt: skip
def test_who_a_row_is_about(lists: Any, house: House, row: str, verdict: str) -> None:
    somebody(house, "Ana Marić", "ana@example.org", "Agencija Proba")
    number = lists.looked_at(f"Name,E-mail,Organisation\n{row}\n", {"0": "name", "1": "email", "2": "organisation"})
    assert lists.verdicts(number) == [verdict]


def test_another_title_at_the_same_place_ends_the_earlier_one_and_comes_back_when_undone(
    lists: Any, house: House
) -> None:
    head = "Name,E-mail,Organisation,Title\n"
    lists.taken_in(f"{head}Ana Marić,ana@example.org,Radio Primer,Reporter\n")
    before = whole(house)
    number = lists.taken_in(f"{head}Ana Marić,ana@example.org,Radio Primer,Editor\n")
    held = sorted((each.title, each.ended_at is None) for each in lists.people()["Ana Marić"].affiliations)
    assert held == [("Editor", True), ("Reporter", False)]
    lists.undone(number)
    assert whole(house) == before


@pytest.mark.both
def test_a_title_that_is_over_comes_back_beside_the_one_without_a_title(lists: Any, house: House) -> None:
    from outreach.contacts.models import Affiliation

    head = "Name,E-mail,Organisation,Title\n"
    lists.taken_in(f"{head}Ana Marić,ana@example.org,Radio Primer,Editor\n")
    with house.db.transaction() as session:
        earlier = session.scalars(select(Affiliation)).one()
        earlier.ended_at = clock.now()
        bare = {"person_id": earlier.person_id, "organisation_id": earlier.organisation_id, "created_at": clock.now()}
        session.add(Affiliation(**bare))
    before = whole(house)
    number = lists.taken_in(f"{head}Ana Marić,ana@example.org,Radio Primer,Editor\n")
    held = [(each.title, each.ended_at is None) for each in lists.people()["Ana Marić"].affiliations]
    assert held == [("Editor", True), ("", False)]
    lists.undone(number)
    after = whole(house)
    del before["affiliation"], after["affiliation"]  # the day on which one was over is not what it was
    assert after == before
    held = [(each.title, each.ended_at is None) for each in lists.people()["Ana Marić"].affiliations]
    assert held == [("Editor", False), ("", True)]


def test_nobody_is_made_contactable_by_a_list(lists: Any) -> None:
    head = "Name,E-mail,Do not contact,Reason\n"
    lists.taken_in(f"{head}Ana Marić,ana@example.org,yes,Asked by phone\n")
    number = lists.taken_in(f"{head}Ana Marić,ana@example.org,no,\n")
    assert lists.verdicts(number) == ["same"]
    assert lists.people()["Ana Marić"].do_not_contact


def test_people_whom_an_import_made_are_found_and_compared_as_any_other(lists: Any, house: House) -> None:
    from outreach.contacts import filing, finding
    from outreach.contacts.duplicates.models import PersonKey
    from outreach.contacts.index_models import PersonIndex

    def filed() -> tuple[dict[int, set[str]], set[tuple[int, int]]]:
        with house.db.read() as session:
            words = {each.person_id: set(each.words.split()) for each in session.scalars(select(PersonIndex))}
            return words, {(each.person_id, each.key) for each in session.scalars(select(PersonKey))}

    lists.taken_in(LIST)
    made = filed()
    with house.db.transaction() as session:
        filing.refile(session, [person.id for person in lists.people().values()])
    assert filed() == made
    with house.db.read() as session:
        assert len(finding.find(session, "primer ilic", 10)) == 1


def test_two_rows_that_change_one_record_do_it_one_after_the_other_and_back(lists: Any, house: House) -> None:
    somebody(house, "Ana Marić", "ana@example.org")
    before = whole(house)
    number = lists.taken_in(
        "Name,E-mail,Region,Beats,Note\nAna Marić,ana@example.org,Niš,budget,One\nAna Marić,ana@example.org,Užice,budget,Two\n"
    )
    ana = lists.people()["Ana Marić"]
    assert (ana.region, ana.note, [each.beat for each in ana.beats]) == ("Užice", "One\nTwo", ["budget"])
    lists.undone(number)
    assert whole(house) == before


@pytest.mark.parametrize("given", [{"source": " "}, {"basis": "because"}])
def test_p02_no_list_begins_without_source_and_lawful_basis(lists: Any, given: dict[str, str]) -> None:
    with pytest.raises(Conflict):
        lists.uploaded(LIST, **given)


def test_p06_whoever_is_erased_while_a_list_waits_is_not_taken_in_by_it(lists: Any, house: House) -> None:
    ana = somebody(house, "Ana Marić", "ana@example.org")
    number = lists.looked_at(LIST)
    with house.db.transaction() as session:
        erasure.erase(session, house, clock.now(), ana, "asked")
    lists.approved(number)
    assert lists.verdicts(number) == ["refused", "new"]
    assert "ana@example.org" not in repr(lists.rows(number))
