"""Duplicates on the desk: queue, side by side, merge, undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.contacts.duplicates import jobs
from outreach.contacts.duplicates.models import CandidatePair, Merge
from outreach.contacts.models import Person
from outreach.house import House
from tests.contacts.duplicates.register import two
from tests.support.client import PageClient

QUEUE = "/desk/contacts/duplicates"
VERA = {"name": "Vera Izvor", "email": "vera@example.org", "phone": "064 111 22 33", "outlet": "Radio Primer"}
AGAIN = {"name": "Вера Извор", "email": "izvor@example.org", "phone": "+381 64 1112233", "outlet": "Дневник Пример"}


@pytest.fixture
def pair(house: House) -> str:
    """The address of the one pair there is."""
    low, high = two(house, VERA, AGAIN)
    with house.db.transaction() as session:
        session.get_one(Person, low).note = "Calls early."
        session.get_one(Person, high).note = "Covers water."
    jobs.compare_changed(house)
    return f"{QUEUE}/{low}-{high}"


def test_an_empty_queue_says_so(officer: PageClient) -> None:
    assert "Nobody seems to be on record twice." in officer.get(QUEUE).words
    assert "No record has been merged yet." in officer.get(f"{QUEUE}/merges").words


def test_the_queue_shows_the_pair_with_its_reasons_in_words(officer: PageClient, pair: str) -> None:
    page = officer.get(QUEUE)
    assert page.soup.find("a", href=pair) is not None
    assert "Same phone as Вера Извор (Дневник Пример)" in page.words
    assert "likely" in page.words


def test_from_doubt_to_merge_to_undo(officer: PageClient, house: House, pair: str) -> None:
    low, high = (int(each) for each in pair.rpartition("/")[2].split("-"))
    side_by_side = officer.get(pair)
    for words in ("Radio Primer", "Дневник Пример", "Calls early.", "Covers water.", "Both notes"):
        assert words in side_by_side.words
    done = officer.submit(side_by_side, pair, "judgement=same", choice_name="theirs", choice_note="both")
    assert "Merged: Вера Извор is one record now." in done.get_data(as_text=True)
    absorbed = officer.get(f"/desk/contacts/{high}")
    assert (absorbed.status_code, absorbed.location) == (303, f"/desk/contacts/{low}")
    record = officer.get(f"/desk/contacts/{low}")
    for words in ("vera@example.org", "izvor@example.org", "Calls early. Covers water.", "Дневник Пример"):
        assert words in record.words
    merge = officer.get(pair)
    assert merge.status_code == 303
    undone = officer.submit(officer.get(merge.location), "undo")
    assert "Undone: these are two records again." in undone.get_data(as_text=True)
    assert officer.get(f"/desk/contacts/{high}").h1 == "Вера Извор"
    assert "undone on" in officer.get(f"{QUEUE}/merges").words
    assert "was undone on" in officer.get(merge.location).words


def test_a_second_click_merges_nothing_more(officer: PageClient, house: House, pair: str) -> None:
    page = officer.get(pair)
    places = {officer.submit(page, pair, "judgement=same", follow=False).location for _ in range(2)}
    assert len(places) == 1
    with house.db.read() as session:
        assert len(session.scalars(select(Merge)).all()) == 1


def test_s22_a_record_changed_meanwhile_is_shown_again_and_nothing_is_merged(
    officer: PageClient, house: House, pair: str
) -> None:
    page = officer.get(pair)
    with house.db.transaction() as session:
        session.get_one(Person, int(pair.rpartition("-")[2])).version += 1
    again = officer.submit(page, pair, "judgement=same", choice_note="theirs")
    assert again.status_code == 422
    assert "was changed meanwhile" in again.words
    chosen = again.soup.find("input", {"name": "choice_note", "value": "theirs"})
    assert chosen.has_attr("checked")
    assert "is one record now" in officer.submit(again, pair, "judgement=same").get_data(as_text=True)


@pytest.mark.parametrize("view", ["different", "unsure"])
def test_a_judgement_is_noted_and_leaves_the_queue(officer: PageClient, house: House, pair: str, view: str) -> None:
    done = officer.submit(officer.get(pair), pair, f"judgement={view}")
    assert done.request.path == QUEUE
    assert "Noted:" in done.get_data(as_text=True)
    assert officer.get(QUEUE).soup.find("a", href=pair) is None
    assert officer.get(f"{QUEUE}?view={view}").soup.find("a", href=pair) is not None
    assert "judged:" in officer.get(pair).words
    with house.db.read() as session:
        noted = session.scalars(select(CandidatePair)).one()
        assert (noted.judgement, noted.judged_by is not None) == (view, True)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.pair_judged")).one()
        assert entry.detail == {"other": noted.high_id, "judgement": view}


@pytest.mark.parametrize(
    "typed", [{"judgement": "perhaps"}, {"low_version": "x"}, {"judgement": "same", "choice_name": "nobody"}]
)
def test_f13_what_the_form_does_not_offer_does_no_harm(
    officer: PageClient, house: House, pair: str, typed: dict[str, str]
) -> None:
    token = officer.get(pair).soup.find("main").find("input", {"name": "csrf_token"})["value"]
    sent = {"low_version": "1", "high_version": "1", "judgement": "different", **typed, "csrf_token": token}
    assert officer.post(pair, data=sent).status_code in (303, 422)
    with house.db.read() as session:
        assert "Vera Izvor" in session.scalars(select(Person.name).where(Person.ended_at.is_(None))).all()


def test_any_two_records_can_be_laid_side_by_side_in_one_order_only(officer: PageClient, house: House) -> None:
    low, high = two(house, VERA, {"name": "Nada Potočar"})
    assert "They share nothing" in officer.get(f"{QUEUE}/{low}-{high}").words
    for path in (f"{high}-{low}", f"{low}-{low}", f"{low}-99", "merges/7"):
        assert officer.get(f"{QUEUE}/{path}").status_code == 404


@pytest.mark.parametrize("role", ["reader", "editor", "approver", "data_protection"])
def test_s07_who_has_no_business_with_contacts_sees_no_pair(
    staff: Callable[..., PageClient], pair: str, role: str
) -> None:
    somebody = staff(role)
    assert {somebody.get(path).status_code for path in (QUEUE, pair, f"{QUEUE}/merges")} == {403}


def test_s07_an_admin_looks_and_decides_nothing(staff: Callable[..., PageClient], pair: str) -> None:
    admin = staff("admin")
    page = admin.get(pair)
    assert "One person: merge" not in page.words
    token = page.soup.find("input", {"name": "csrf_token"})["value"]
    sent = {"low_version": "1", "high_version": "1", "judgement": "same", "csrf_token": token}
    assert admin.post(pair, data=sent).status_code == 403


def test_the_pages_speak_serbian(officer: PageClient, house: House, pair: str) -> None:
    officer.submit(officer.get("/desk/me"), "/desk/me", variant="cir")
    assert "Исти телефон као Вера Извор (Дневник Пример)" in officer.get(QUEUE).words
    assert officer.get(pair).h1 == "Једна особа или две?"
