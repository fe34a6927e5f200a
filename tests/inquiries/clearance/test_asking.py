"""Clearance binds to the exact text: asked, granted, voided by an edit, refused; whoever must clear it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import REPORTER, case, key_of, only, reference_of, stored
from tests.inquiries.desk import asked_for, clearances, decide, link_in, stop
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1, A1 = "How much has been destroyed?", "2,000 tonnes."


@pytest.fixture
def legal(staff: Any) -> PageClient:
    return staff("approver", email="legal@example.org", name="Legal")


@pytest.fixture
def chief(staff: Any) -> PageClient:
    return staff("approver", email="chief@example.org", name="Chief")


def test_d3_from_question_to_answer_with_two_approvers_an_edit_and_an_undo(
    ask: Ask, client: PageClient, officer: PageClient, legal: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", ask_email="expert@example.org", ask_name="Expert", **{"answers-0": A1})
    assert stored(house, reference).state == "in clearance"
    link = link_in(mailbox.to("expert@example.org")[0], "/clearance/")
    assert client.get(link).status_code == 200

    officer.submit(case(officer, reference), button="do=keep", **{"answers-0": "2,100 tonnes."})
    assert stored(house, reference).state == "accepted"
    changed = case(officer, reference).words
    assert "Changed since it was asked" in changed
    assert "Was: How much has been destroyed? 2,000 tonnes. Is: How much has been destroyed? 2,100 tonnes." in changed
    assert "This is no longer asked" in client.get(link).words
    refused = officer.submit(case(officer, reference), button="do=answer")
    assert refused.status_code == 422
    assert "These words changed since they were cleared." in refused.words

    asked_for(officer, reference, "Legal", ask_email="expert@example.org", ask_name="Expert")
    decide(legal, reference)
    waiting = officer.submit(case(officer, reference), button="do=answer")
    assert waiting.status_code == 422  # everybody who was asked must grant
    assert "An answer is with an approver, or was refused." in waiting.words
    second = link_in(mailbox.to("expert@example.org")[1], "/clearance/")
    client.submit(client.get(second), decision="granted")
    assert stored(house, reference).state == "accepted"
    work = case(officer, reference)
    assert "Cleared by Legal" in work.words
    assert "decided by link" in work.words

    sent = officer.submit(work, button="do=answer")
    assert "Goes at" in sent.words
    assert "Stopped. Nothing was sent" in stop(officer, sent).words
    assert stored(house, reference).state == "accepted"
    assert "Cleared by Legal" in case(officer, reference).words
    officer.submit(case(officer, reference), button="do=answer")
    moment.moves(seconds=21)
    answers = [mail for mail in mailbox.to(REPORTER) if "Our answer" in mail.subject]
    assert len(answers) == 1
    assert "2,100 tonnes." in answers[0].text


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


@pytest.mark.parametrize(("decision", "said"), [("refused", "Refused"), ("change", "Change asked")])
def test_a_refusal_blocks_these_very_words(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any, decision: str, said: str
) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    without = decide(legal, reference, decision)
    assert without.status_code == 422
    assert "Say in a few words what should change, or why not" in without.words
    decide(legal, reference, decision, words="No dated figure yet.")
    page = case(officer, reference)
    assert f"{said}: Legal" in page.words
    assert "No dated figure yet." in page.words
    assert stored(house, reference).state == "accepted"
    assert officer.submit(page, button="do=answer").status_code == 422
    alert = mailbox.to("officer@example.org")[-1]
    assert alert.subject == f"[{reference}] An approver has decided"
    assert "No dated figure" not in alert.text


def test_what_is_not_cleared_stays_while_the_rest_is_sent(
    ask: Ask, officer: PageClient, legal: PageClient, mailbox: Any, moment: Moment, house: Any
) -> None:
    reference = reference_of(ask(questions=f"{Q1}\nWho pays?"))
    asked_for(officer, reference, "Legal", what=["2"], **{"answers-0": A1, "answers-1": "Trust Funds."})
    officer.submit(case(officer, reference), button="do=answer", partly=True)
    moment.moves(seconds=21)
    answer = mailbox.to(REPORTER)[-1]
    assert A1 in answer.text
    assert "Trust Funds." not in answer.text
    assert [bool(question.answered_at) for question in stored(house, reference).questions] == [True, False]
    assert decide(legal, reference).status_code == 200  # the request lives on


def test_the_whole_reply_cleared_at_once_clears_every_answer(
    ask: Ask, officer: PageClient, chief: PageClient, legal: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=f"{Q1}\nWho pays?"))
    asked_for(officer, reference, "Legal", what=["1"], **{"answers-0": A1, "answers-1": "Trust Funds."})
    asked_for(officer, reference, "Chief", what=["whole"])
    decide(chief, reference)
    assert case(officer, reference).words.count("Cleared by Chief") == 3
    assert stored(house, reference).state == "accepted"
    assert officer.submit(case(officer, reference), button="do=answer").status_code == 200


def test_a_whole_reply_that_is_asked_about_waits(ask: Ask, officer: PageClient, chief: PageClient) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Chief", what=["whole"], **{"answers-0": A1})
    page = officer.submit(case(officer, reference), button="do=answer", partly=True)
    assert page.status_code == 422
    assert "The whole reply is with an approver" in page.words


def test_a_request_is_taken_back(ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    page = asked_for(officer, reference, ask_email="expert@example.org", **{"answers-0": A1})
    link = link_in(mailbox.to("expert@example.org")[0], "/clearance/")
    officer.submit(page, button=f"do=withdraw:{clearances(house)[0].id}")
    assert stored(house, reference).state == "accepted"
    assert "This is no longer asked" in client.get(link).words
    assert officer.submit(case(officer, reference), button="do=answer").status_code == 200


def test_asking_twice_is_once(ask: Ask, officer: PageClient, legal: PageClient, house: Any, mailbox: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    box = work.soup.find("span", string="Legal").find_parent("label").input["value"]  # type: ignore[union-attr,index]
    for _ in range(2):
        done = officer.submit(work, button="do=ask", ask_what=["1"], ask_whom=[box], **{"answers-0": A1})
        assert done.status_code == 200
    assert len(clearances(house)) == len(mailbox.to("legal@example.org")) == 1


def test_nothing_is_asked_without_words_or_without_somebody(
    ask: Ask, officer: PageClient, legal: PageClient, house: Any
) -> None:
    work = case(officer, reference_of(ask(questions=Q1)))
    empty = officer.submit(work, button="do=ask", ask_what=["1"], ask_email="expert@example.org")
    assert "There are no words to clear yet." in empty.words
    nobody = officer.submit(empty, button="do=ask", **{"answers-0": A1, "ask_email": ""})
    assert "Choose who is to clear it" in nobody.words
    bad = officer.submit(nobody, button="do=ask", ask_email="not an address")
    assert "not an address is not an e-mail address" in bad.words
    assert (empty.status_code, nobody.status_code, bad.status_code, clearances(house)) == (422, 422, 422, [])


def test_the_sender_clears_by_sending_what_nobody_was_asked_about(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    officer.submit(case(officer, reference), button="do=answer", **{"answers-0": A1})
    (row,) = clearances(house)
    assert (row.decision, row.decided_by, row.approver_name) == ("granted", "account", "Officer, on duty")
    assert row.text == f"{Q1}\n\n{A1}"


def test_changed_words_are_sent_only_after_one_more_tick(ask: Ask, officer: PageClient, legal: PageClient) -> None:
    reference = reference_of(ask(questions=Q1))
    asked_for(officer, reference, "Legal", **{"answers-0": A1})
    decide(legal, reference)
    once = officer.submit(case(officer, reference), button="do=answer", **{"answers-0": "2,100 tonnes."})
    assert once.status_code == 422
    assert officer.submit(once, button="do=answer", release=True).status_code == 200


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


class TestTheTwoPersonRule:
    """TWO_PERSON_RULE=1: the owner, and whoever last changed the words, may not clear them."""

    @pytest.fixture
    def settings(self, settings: Any) -> Any:
        return dataclasses.replace(settings, two_person_rule=True)

    def test_nobody_clears_own_words_by_sending(
        self, ask: Ask, officer: PageClient, colleague: PageClient, legal: PageClient, house: Any
    ) -> None:
        reference = reference_of(ask(questions=Q1))
        officer.submit(case(officer, reference), button="do=accept", **{"answers-0": A1})
        refused = officer.submit(case(officer, reference), button="do=answer")
        assert refused.status_code == 422
        assert "Two-person rule" in refused.words
        edited = colleague.submit(case(colleague, reference), button="do=answer", **{"answers-0": "My words."})
        assert edited.status_code == 422  # they changed them last
        officer.submit(case(officer, reference), button="do=keep", **{"answers-0": A1})
        assert colleague.submit(case(colleague, reference), button="do=answer").status_code == 200

    def test_nobody_is_asked_to_clear_own_words(
        self, ask: Ask, officer: PageClient, colleague: PageClient, house: Any
    ) -> None:
        reference = reference_of(ask(questions=Q1))
        officer.submit(case(officer, reference), button="do=accept", **{"answers-0": A1})
        page = colleague.submit(
            case(colleague, reference), button="do=ask", ask_what=["1"], ask_email="officer@example.org"
        )
        assert page.status_code == 422
        assert "Two-person rule" in page.words
        assert clearances(house) == []

    def test_a_second_person_clears_and_then_it_is_sent(
        self, ask: Ask, officer: PageClient, legal: PageClient, house: Any
    ) -> None:
        reference = reference_of(ask(questions=Q1))
        asked_for(officer, reference, "Legal", **{"answers-0": A1})
        decide(legal, reference)
        assert officer.submit(case(officer, reference), button="do=answer").status_code == 200


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
