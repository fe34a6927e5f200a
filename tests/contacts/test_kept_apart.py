"""Somebody alike is on record when a person is written down: asked about, and remembered when both are kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from outreach.contacts.duplicates import jobs
from outreach.contacts.duplicates.models import CandidatePair
from outreach.house import House
from tests.contacts.test_record import added
from tests.support.client import PageClient
from tests.support.moment import Moment


def test_somebody_elses_address_is_asked_about_and_both_can_be_kept(officer: PageClient, house: House) -> None:
    added(officer)
    again = added(officer, name="Desk, second", name_latin="")
    assert again.status_code == 422
    assert "Same address or number as Уредник Пример" in again.words
    assert again.soup.find("a", href="/desk/contacts/1") is not None
    assert officer.submit(again, keep_both=True).h1 == "Dr Desk, second"
    changed = officer.submit(officer.get("/desk/contacts/2/edit"), note="An address that was there is not asked about.")
    assert changed.status_code == 200
    assert changed.request.path == "/desk/contacts/2"


@pytest.mark.both
def test_two_people_that_were_both_kept_are_not_proposed_as_one(officer: PageClient, house: House) -> None:
    added(officer)
    same = added(officer, name="Urednik Primera", name_latin="")
    assert same.status_code == 422
    assert officer.submit(same, keep_both=True).status_code == 200
    with house.db.read() as session:
        pair = session.scalars(select(CandidatePair)).one()
        assert (pair.low_id, pair.high_id, pair.judgement) == (1, 2, "different")
    jobs.compare_changed(house)
    assert "Urednik Primera" not in officer.get("/desk/contacts/duplicates").words
    assert "Urednik Primera" in officer.get("/desk/contacts/duplicates?view=different").words


def test_a_shared_address_that_becomes_a_desks_does_not_undo_what_was_judged(officer: PageClient, house: House) -> None:
    names = ["Javor Proba", "Breza Ogled", "Jasen Uzor", "Lipa Obrazac", "Javor Probić"]
    for name in names:
        page = added(officer, name=name, name_latin="")
        if page.status_code == 422:
            officer.submit(page, keep_both=True)
    jobs.compare_changed(house)
    with house.db.read() as session:
        judged = {(pair.low_id, pair.high_id): pair.judgement for pair in session.scalars(select(CandidatePair))}
    assert judged[1, 5] == "different"
    assert set(judged.values()) == {"different"}


def test_whoever_is_kept_apart_when_a_record_is_changed_is_so_too(officer: PageClient, house: House) -> None:
    added(officer)
    added(officer, name="Javor Proba", name_latin="", **{"addresses-0-value": "desk@example.org"})
    edit = officer.get("/desk/contacts/2/edit")
    same = officer.submit(edit, **{"addresses-0-value": "editor@example.org"})
    assert same.status_code == 422
    assert officer.get(same.soup.find("a", string="Merge")["href"]).status_code == 200
    officer.submit(same, keep_both=True)
    with house.db.read() as session:
        judged = [(pair.low_id, pair.high_id, pair.judgement) for pair in session.scalars(select(CandidatePair))]
    assert judged == [(1, 2, "different")]


def test_somebody_of_the_same_name_in_another_script_is_asked_about(officer: PageClient, moment: Moment) -> None:
    moment.is_at(datetime(2026, 11, 23, 9, tzinfo=UTC))
    added(officer)
    moment.moves(minutes=5)
    again = added(
        officer, name="Urednik Primer", name_latin="", **{"addresses-0-value": "", "affiliations-0-organisation": "",
        "affiliations-0-title": "", "affiliations-0-from_on": ""},
    )  # fmt: skip
    assert again.status_code == 422
    assert "Same name as Уредник Пример" in again.words


@pytest.mark.parametrize("other", ["x", "", "77", "99999999999999999999"])
def test_f13_nobody_is_judged_who_is_not_on_record(officer: PageClient, house: House, other: str) -> None:
    added(officer)
    same = added(officer, name="Urednik Primera", name_latin="")
    assert officer.submit(same, keep_both=True, other=other).status_code == 200
    with house.db.read() as session:
        assert session.scalars(select(CandidatePair)).all() == []
