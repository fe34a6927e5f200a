"""People are found by a language they work in, whatever its script and capitals, and however a writer kept it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from outreach import bulk
from outreach.contacts.lists import keeping, members
from outreach.contacts.lists.models import SEGMENT
from outreach.contacts.models import Person
from outreach.contacts.table import pages
from outreach.contacts.table.asked import Asked
from outreach.house import House
from tests.contacts import register
from tests.support.client import PageClient

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def add(house: House, *languages: list[str]) -> list[int]:
    with house.db.transaction() as session:
        return [register.person(session, NOW, f"Reporter {n}", languages=one).id for n, one in enumerate(languages)]


def found(house: House, language: str) -> list[int]:
    with house.db.read() as session:
        asked = Asked.of({"language": language})
        ids = [person.id for person in pages.people(session, house, asked, NOW).people]
        assert pages.count(session, house, asked, NOW) == len(ids)
        return ids


@pytest.mark.both
@pytest.mark.parametrize("asked", ["srpski", "Srpski", "СРПСКИ", "  српски "])
def test_a_language_is_one_in_both_scripts_and_at_any_place(house: House, asked: str) -> None:
    ids = add(house, ["srpski"], ["English", "Српски"], ["English"], [], ["srpski jezik"], ["Srpski", "English"])
    assert found(house, asked) == [ids[0], ids[1], ids[5]]


@pytest.mark.both
def test_it_is_found_as_every_writer_keeps_it(house: House) -> None:
    """An import keeps letters as they are, without spaces; a form escapes them."""
    ids = add(house, ["English", "Мађарски"], ["English"], [])
    with house.db.transaction() as session:
        said = bulk.dump(["English", "Мађарски"])
        assert said != json.dumps(["English", "Мађарски"])
        session.execute(text("UPDATE person SET languages = :said WHERE id = :id"), {"said": said, "id": ids[1]})
    assert found(house, "mađarski") == ids[:2]
    assert found(house, "English") == ids[:2]


@pytest.mark.both
def test_whoever_learns_or_leaves_one_is_found_as_they_are_now(house: House) -> None:
    ids = add(house, ["English"], [])
    with house.db.transaction() as session:
        session.get_one(Person, ids[0]).languages = []
        session.get_one(Person, ids[1]).languages = ["srpski"]
    assert (found(house, "English"), found(house, "srpski")) == ([], ids[1:])


@pytest.mark.both
@pytest.mark.parametrize("number", [57, 400])  # nearly as many as PostgreSQL's index takes, and more
def test_f16_more_languages_than_anybody_has_are_kept_and_hinder_nobody(house: House, number: int) -> None:
    many = [hashlib.sha256(b"%d" % n).hexdigest()[:18] for n in range(number)]
    ids = add(house, ["English", *many], ["English"])
    assert ids[1] in found(house, "English")
    with house.db.read() as session:
        assert len(session.get_one(Person, ids[0]).languages) == number + 1


@pytest.mark.both
def test_a_segment_by_language_is_whoever_works_in_it_now(house: House) -> None:
    ids = add(house, ["srpski"], [], ["English", "Српски"])
    with house.db.transaction() as session:
        segment_id = keeping.keep_segment(session, NOW, "Serbian", "language=srpski", True, None).id
        session.get_one(Person, ids[1]).languages = ["Srpski"]
    with house.db.read() as session:
        assert list(members.members(session, house, SEGMENT, segment_id, NOW)) == [ids]
        assert members.count(session, house, SEGMENT, segment_id, NOW) == 3


def test_a_view_by_language_is_kept_under_its_name(officer: PageClient, house: House) -> None:
    add(house, ["mađarski"], ["English"])
    table = officer.get("/desk/contacts?language=Мађарски")
    assert [field["value"] for field in table.soup.select("#f-language")] == ["Мађарски"]
    segment = officer.submit(table, "/segments", name="In Hungarian")
    for words in ("1 person fits now", "Language they work in", "Мађарски", "Reporter 0"):
        assert words in segment.words
    view = officer.get("/desk/contacts?language=Мађарски")
    here = view.soup.select("nav[aria-label='Saved views'] [aria-current]")
    assert [link.get_text() for link in here] == ["In Hungarian"]
