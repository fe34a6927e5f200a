"""An approver without an account: one link, one text, one decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.inquiries.conftest import REPORTER, case, reference_of, stored
from tests.inquiries.desk import asked_for, clearances, link_in
from tests.support.client import Page, PageClient

Ask = Callable[..., Page]
EXPERT = "expert@example.org"
Q1, A1 = "How much has been destroyed?", "2,000 tonnes."


@pytest.fixture
def link(ask: Ask, officer: PageClient, mailbox: Any) -> str:
    """The address that the approver got by mail."""
    asked_for(officer, reference_of(ask(questions=Q1)), ask_email=EXPERT, ask_name="Expert", **{"answers-0": A1})
    return link_in(mailbox.to(EXPERT)[0], "/clearance/")


def test_the_page_shows_question_words_and_deadline_and_nothing_of_who_asked(client: PageClient, link: str) -> None:
    page = client.get(link)
    for words in (Q1, A1, "On the record", "Needed by: Tue 25 Nov 2025, 15:45 Belgrade"):
        assert words in page.words
    for unsaid in (REPORTER, "Reporter", "Daily", "Surplus ammunition", "25-"):
        assert unsaid not in page.text.replace("reporter\u00a0", "")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_m22_the_mail_has_question_words_deadline_and_link_and_nothing_else(link: str, mailbox: Any) -> None:
    (mail,) = mailbox.to(EXPERT)
    assert mail.subject == "Words to clear"
    for words in (Q1, A1, "Tue 25 Nov 2025, 15:45", link):
        assert words in " ".join(mail.text.split())
    assert not [unsaid for unsaid in (REPORTER, "Reporter", "Daily", "Surplus", "25-") if unsaid in mail.text]


def test_a_decision_is_made_once_and_the_link_shows_it_ever_after(
    client: PageClient, link: str, house: Any, mailbox: Any
) -> None:
    page = client.get(link)
    assert "You have decided" in client.submit(page, decision="granted").words
    again = client.submit(page, decision="refused", words="No.")
    assert again.status_code == 200
    (row,) = clearances(house)
    assert (row.decision, row.decided_by, row.words) == ("granted", "link", "")
    assert "Cleared" in client.get(link).words
    assert [mail.subject[-23:] for mail in mailbox.to("officer@example.org")] == ["An approver has decided"]


def test_without_a_decision_nothing_happens(client: PageClient, link: str, house: Any) -> None:
    empty = client.submit(client.get(link))
    assert empty.status_code == 422
    assert "Choose what you decide" in empty.words
    wordless = client.submit(client.get(link), decision="change")
    assert "Say in a few words what should change, or why not" in wordless.words
    client.submit(wordless, decision="change", words="Say which year.")
    (row,) = clearances(house)
    assert (row.decision, row.words) == ("change", "Say which year.")


def test_no_other_link_opens_anything(client: PageClient, link: str, house: Any) -> None:
    token = link.rsplit("/", 1)[1]
    for forged in ("1", token[:-1] + ("A" if token[-1] != "A" else "B"), house.tokens.make("inquiry", "1")):
        for answer in (client.get(f"/en/clearance/{forged}"), client.post(f"/en/clearance/{forged}")):
            assert answer.status_code == 404
            assert "This link does not work" in answer.words
    assert clearances(house)[0].decision is None


def test_the_link_works_in_every_variant(client: PageClient, link: str) -> None:
    assert link.startswith("/en/")
    assert "Текст за одобрење" in client.get(link.replace("/en/", "/cir/")).words
    assert "Tekst za odobrenje" in client.get(link.replace("/en/", "/lat/")).words


def test_an_answered_inquiry_does_not_wait_for_the_link(
    client: PageClient, officer: PageClient, link: str, house: Any
) -> None:
    (row,) = clearances(house)
    with house.db.read() as session:
        from outreach.inquiries.models import Inquiry

        reference = session.get_one(Inquiry, row.inquiry_id).reference
    officer.submit(case(officer, reference), button=f"do=recall:{row.id}")
    officer.submit(case(officer, reference), button="do=answer")
    assert stored(house, reference).state == "answered"
    late = client.post(link, data={"decision": "refused", "words": "No."}, follow_redirects=True)
    assert "This is no longer asked" in late.words
    assert clearances(house)[0].decision is None
