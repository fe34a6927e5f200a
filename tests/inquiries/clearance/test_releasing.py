"""No word leaves uncleared: what blocks a send, what the sender clears by sending, what one person may not do alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from tests.inquiries.conftest import REPORTER, case, reference_of, stored
from tests.inquiries.desk import asked_for, clearances, decide, link_in, stop
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1, A1 = "How much has been destroyed?", "2,000 tonnes."


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
    assert "These words changed since an approver had them." in refused.words

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
            case(colleague, reference), button="do=clearance", ask_what=["1"], ask_email="officer@example.org"
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
