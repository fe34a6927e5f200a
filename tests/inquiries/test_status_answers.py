"""What of our words the private page shows, and when: nothing before it left, each answer with its term and its code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from outreach.inquiries import follow_up
from outreach.inquiries.models import Inquiry, InquiryMessage
from tests.inquiries.conftest import key_of, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def test_an_answer_that_has_not_left_or_was_taken_back_is_not_shown(
    client: PageClient, ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    page = ask(questions="How much has been destroyed?")
    key, reference = key_of(page), reference_of(page)
    work = officer.get(f"/desk/inquiries/{reference}")
    officer.submit(work, button="do=answer", **{"answers-0": "2,000 tonnes."})
    with house.db.transaction() as session:
        message = session.scalars(select(InquiryMessage)).one()
        message.leaves_at = moment.now() + timedelta(seconds=20)
    before = client.get(f"/en/i/{key}").words
    assert "2,000 tonnes." not in before
    assert "has your inquiry." in before
    moment.moves(seconds=21)
    assert "2,000 tonnes." in client.get(f"/en/i/{key}").words
    with house.db.transaction() as session:
        session.scalars(select(InquiryMessage)).one().undone_at = moment.now()
    assert "2,000 tonnes." not in client.get(f"/en/i/{key}").words


def test_three_times_stand_apart(client: PageClient, ask: Ask, officer: PageClient, moment: Moment) -> None:
    page = ask(questions="How much has been destroyed?")
    key, reference = key_of(page), reference_of(page)
    for minutes, do in ((5, "accept"), (7, "answer"), (9, "close")):
        moment.moves(minutes=minutes)
        typed = {"answers-0": "2,000 tonnes."} if do == "answer" else {}
        officer.submit(officer.get(f"/desk/inquiries/{reference}"), button=f"do={do}", **typed)
    moment.moves(minutes=1)
    facts = client.get(f"/en/i/{key}").soup.select_one("dl.facts")
    assert facts.get_text(" ", strip=True) == "First word 09:47 Answered 09:54 Closed 10:03"  # type: ignore[union-attr]
    head = officer.get(f"/desk/inquiries/{reference}").soup.select_one(".case-head")
    assert "First word: 09:47 · Answered: 09:54 · Closed: 10:03" in head.get_text(" ", strip=True)  # type: ignore[union-attr]


def test_an_answer_says_its_own_term_and_its_code(
    client: PageClient, ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    page = ask(questions="How much has been destroyed?\nWho pays?")
    work = officer.get(f"/desk/inquiries/{reference_of(page)}")
    officer.submit(work, button="do=answer", **{"answers-0": "2,000 tonnes.", "answers-1": "Trust Funds."})
    with house.db.transaction() as session:
        message = session.scalars(select(InquiryMessage)).one()
        first, second = message.answers
        message.answers = [first, [second[0], second[1], "background"]]
    moment.moves(minutes=1)
    shown = client.get(f"/en/i/{key_of(page)}")
    assert "Who pays? On background : you may publish" in shown.words
    assert re.search(r"2,000 tonnes. To check this quote: \S+/check/\d{6}-\d", shown.words)
    assert shown.words.count("To check this quote") == 1


def test_more_than_ten_messages_fold_the_older_ones(client: PageClient, ask: Ask, house: Any, moment: Moment) -> None:
    key = key_of(ask())
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        for number in range(13):
            follow_up.add(session, house, moment.now(), inquiry, f"Message number {number}.", f"nonce {number}")
    page = client.get(f"/en/i/{key}")
    folded = page.soup.find("summary", string="3 older messages").find_parent("details")  # type: ignore[union-attr]
    assert "Message number 2." in folded.get_text()  # type: ignore[union-attr]
    assert "Message number 3." not in folded.get_text()  # type: ignore[union-attr]
    assert "Message number 12." in page.words
