"""Clearance binds to the exact text: asked of somebody, decided by them alone, voided by an edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import case, key_of, only, reference_of, stored
from tests.inquiries.desk import asked_for, clearances, decide, link_in
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1, A1 = "How much has been destroyed?", "2,000 tonnes."


def token_of(page: Page) -> str:
    return str(page.soup.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]


def test_words_put_back_as_they_were_cleared_are_cleared_again(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    officer.submit(case(officer, reference), button="do=keep", **{"answers-0": "Less."})
    officer.submit(case(officer, reference), button="do=keep", **{"answers-0": A1})
    assert stored(house, reference).state == "in clearance"
    decide(legal, reference)
    assert "Cleared by Legal" in case(officer, reference).words


@pytest.mark.parametrize(
    "changes",
    [{"terms": "background"}, {"attribution": "an official"}, {"own_terms-0": "off_record"}],
    ids=["terms", "attribution", "own terms"],
)
def test_other_terms_or_attribution_void_a_clearance_too(
    ask: Ask, officer: PageClient, legal: PageClient, changes: dict[str, str]
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    decide(legal, reference)
    page = officer.submit(case(officer, reference), button="do=keep", **changes)
    assert "Changed since it was cleared" in page.words
    assert "The terms or the attribution changed." in page.words


def test_a_source_is_not_part_of_what_is_cleared_and_is_kept(ask: Ask, officer: PageClient, legal: PageClient) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    decide(legal, reference)
    page = officer.submit(case(officer, reference), button="do=keep", **{"sources-0": "Trust Fund sheet, version 4"})
    assert "Cleared by Legal" in page.words
    assert page.soup.find(id="sources-0")["value"] == "Trust Fund sheet, version 4"  # type: ignore[index]


def test_a_request_is_taken_back(ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    page = asked_for(officer, reference, ask_email="expert@example.org", **{"answers-0": A1})
    link = link_in(mailbox.to("expert@example.org")[0], "/clearance/")
    officer.submit(page, button=f"do=recall:{clearances(house)[0].id}")
    assert stored(house, reference).state == "accepted"
    assert "This is no longer asked" in client.get(link).words
    assert officer.submit(case(officer, reference), button="do=answer").status_code == 200


def test_asking_twice_is_once(ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    box = work.soup.find("span", string="Legal").find_parent("label").input["value"]  # type: ignore[union-attr,index]
    for _ in range(2):
        done = officer.submit(work, button="do=clearance", ask_what=["1"], ask_whom=[box], **{"answers-0": A1})
        assert done.status_code == 200
    assert len(clearances(house)) == len(mailbox.to("legal@example.org")) == 1


def test_nothing_is_asked_without_words_or_without_somebody(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    work = case(officer, reference_of(ask(questions=Q1)))
    empty = officer.submit(work, button="do=clearance", ask_what=["1"], ask_email="expert@example.org")
    assert "There are no words to clear yet." in empty.words
    nobody = officer.submit(empty, button="do=clearance", **{"answers-0": A1, "ask_email": ""})
    assert "Choose who is to clear it" in nobody.words
    bad = officer.submit(nobody, button="do=clearance", ask_email="not an address")
    assert "not an address is not an e-mail address" in bad.words
    assert (empty.status_code, nobody.status_code, bad.status_code, clearances(house)) == (422, 422, 422, [])


def test_only_the_one_who_is_asked_may_decide_and_nobody_else_sees_it(
    ask: Ask, officer: PageClient, legal: PageClient, chief: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    address = f"/desk/clearances/{clearances(house)[0].id}"
    assert legal.get(address).status_code == 200
    assert "You are asked to clear question 1." in case(legal, reference).words
    for other in (chief, officer):
        assert other.get(address).status_code == 404
        assert other.post(address, data={"csrf_token": token_of(case(officer, reference))}).status_code in (400, 404)
    assert clearances(house)[0].decision is None


def test_asked_of_me_has_the_one_needed_first_on_top(
    ask: Ask, officer: PageClient, legal: PageClient, moment: Moment
) -> None:
    later = reference_of(ask(questions=Q1, when=["tomorrow"]))
    sooner = reference_of(ask(questions=Q1))
    for reference in (later, sooner):
        asked_for(officer, reference, "Legal", **{"answers-0": A1})
    cells = [cell.get_text() for cell in legal.get("/desk/clearances").soup.select("td.ref")]  # type: ignore[attr-defined]
    assert cells == [sooner, later]
    decide(legal, sooner)
    assert sooner not in legal.get("/desk/clearances").words


def test_an_approver_whose_text_changed_while_the_page_was_open_decides_nothing(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    page = legal.get(f"/desk/clearances/{clearances(house)[0].id}")
    officer.submit(case(officer, reference), button="do=keep", **{"answers-0": "Other words."})
    late = legal.submit(page, decision="granted")
    assert late.status_code == 409
    assert "This is no longer asked of you" in late.words
    assert clearances(house)[0].decision is None


def test_an_address_of_a_colleague_is_asked_by_account(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any
) -> None:
    asked_for(officer, reference_of(ask(questions=Q1)), ask_email="LEGAL@example.org", **{"answers-0": A1})
    (row,) = clearances(house)
    assert row.approver_id is not None
    assert f"/desk/clearances/{row.id}" in mailbox.to("legal@example.org")[0].text


def test_a_withdrawn_inquiry_asks_nobody_any_more(
    ask: Ask, client: PageClient, officer: PageClient, legal: PageClient, house: Any
) -> None:
    page = ask(questions=Q1)
    asked_for(officer, reference_of(page), "Legal", **{"answers-0": A1})
    client.submit(client.get(f"/en/i/{key_of(page)}/withdraw"))
    assert "Nobody waits for a word from you." in legal.get("/desk/clearances").words
    assert only(house).state == "withdrawn"


def test_decisions_do_not_overtake_an_officer_who_is_writing(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    writing = case(officer, reference)
    decide(legal, reference)
    assert officer.submit(writing, button="do=keep", body="Good day,").status_code == 200
    with house.db.read() as session:
        inquiry, row = session.query(Inquiry).one(), session.query(Clearance).one()
        verbs = [event.verb for event in inquiry.events]
    assert verbs == [
        "received",
        "answers kept",
        "clearance asked",
        "clearance decided",
        "clearance over",
        "answers kept",
    ]
    assert row.decided_by == "account"


def test_deciding_twice_at_the_desk_is_once(ask: Ask, officer: PageClient, legal: PageClient, house: Any) -> None:
    asked_for(officer, reference_of(ask(questions=Q1)), "Legal", **{"answers-0": A1})
    page = legal.get(f"/desk/clearances/{clearances(house)[0].id}")
    assert legal.submit(page, "/desk/clearances/", decision="granted").status_code == 200
    again = legal.submit(page, "/desk/clearances/", decision="refused", words="No.")
    assert again.status_code == 200
    assert "Cleared" in again.words
    assert clearances(house)[0].decision == "granted"
