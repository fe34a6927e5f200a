"""Every step beside answering: what it does, what the journalist is told, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.inquiries import jobs
from outreach.inquiries.models import Inquiry, InquiryEvent, InquiryMessage
from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment
from tests.support.people import sign_in

Ask = Callable[..., Page]
Q1 = "How much has been destroyed?"

DECLINE = {"decline_reason": ["not public"], "decline_words": "The yearly total is in the fact sheet."}
REFER = {"refer_to": "Ministry press service", "refer_contact": "press@ministry.example.org"}


def press(officer: PageClient, reference: str, do: str, **typed: Any) -> Page:
    return officer.submit(case(officer, reference), button=f"do={do}", **typed)


def test_declining_says_why_and_what_we_can_give(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any, house: Any
) -> None:
    page = ask()
    reference = reference_of(page)
    assert press(officer, reference, "decline").status_code == 422
    assert press(officer, reference, "decline", decline_reason=["not public"]).status_code == 422
    assert press(officer, reference, "decline", **DECLINE).status_code == 200
    mail = mailbox.to(REPORTER)[-1]
    assert mail.subject == f"[{reference}] We cannot answer your inquiry"
    assert "This information is not public." in mail.text
    assert "The yearly total is in the fact sheet." in mail.text
    shown = client.get(f"/en/i/{key_of(page)}").words
    assert "We cannot answer this inquiry. This information is not public." in shown
    assert "The yearly total is in the fact sheet." in shown
    assert stored(house, reference).state == "declined"


def test_a_step_keeps_what_was_typed_for_the_answer(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    press(officer, reference, "put-off", **{"answers-0": "Half of it.", "snooze_until": "12h"})
    assert stored(house, reference).questions[0].answer == "Half of it."
    refused = press(officer, reference, "decline", body="Good day,")
    assert refused.status_code == 422
    assert refused.soup.find(id="body").get_text().strip() == "Good day,"  # type: ignore[union-attr]


def test_the_same_step_twice_is_one_step_and_one_mail(ask: Ask, officer: PageClient, mailbox: Any) -> None:
    for do, typed in (
        ("decline", DECLINE), ("refer", REFER), ("ask", {"ask_words": "Which year?"}), ("withdraw", {}),
    ):  # fmt: skip
        work = case(officer, reference_of(ask(subject=f"A subject for {do}")))
        before = len(mailbox.to(REPORTER))
        for _ in range(3):
            assert officer.submit(work, button=f"do={do}", **typed).status_code == 200, do
        assert len(mailbox.to(REPORTER)) - before == (0 if do == "withdraw" else 1), do


def test_referring_gives_the_journalist_the_contact_and_nobody_the_journalist(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any
) -> None:
    page = ask()
    press(officer, reference_of(page), "refer", **REFER)
    mail = mailbox.to(REPORTER)[-1]
    assert "press@ministry.example.org" in mail.text
    assert "We have given nobody your name or your questions" in mail.text
    assert mailbox.to("press@ministry.example.org") == []
    assert "press@ministry.example.org" in client.get(f"/en/i/{key_of(page)}").words


def test_a_duplicate_of_the_same_address_leads_to_the_first(ask: Ask, client: PageClient, officer: PageClient) -> None:
    first, second = ask(), ask(subject="The same again")
    proposed = case(officer, reference_of(second)).soup.find(id="merge_into")
    assert proposed["value"] == reference_of(first)  # type: ignore[index]
    press(officer, reference_of(second), "merge")
    page = client.get(f"/en/i/{key_of(second)}")
    assert "We have joined this with another inquiry of yours." in page.words
    assert page.soup.find("a", string="Open that inquiry")["href"].endswith(key_of(first))  # type: ignore[index]
    assert reference_of(second) in case(officer, reference_of(first)).words


def test_a_duplicate_of_another_address_learns_nothing_of_the_first(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    first = ask(questions="A secret question of the first?")
    second = ask(email="other@example.org", name="Somebody else", outlet="Weekly")
    client.submit(client.get(f"/en/i/{key_of(first)}"), body="Words of the first.")
    press(officer, reference_of(second), "merge", merge_into=reference_of(first))
    page = client.get(f"/en/i/{key_of(second)}")
    assert "We work on this together with another inquiry on the same matter." in page.words
    for theirs in (reference_of(first), key_of(first), "Words of the first", "secret question", "Daily"):
        assert theirs not in page.text
    assert "our answer to this one does not reach it by itself" in case(officer, reference_of(first)).words
    client.submit(page, body="And what about me?")
    assert stored(house, reference_of(second)).state == "received"  # nobody is dropped in silence


def test_a_merge_finds_its_first_or_says_so(ask: Ask, officer: PageClient, house: Any) -> None:
    first, second, third = (reference_of(ask(subject=f"Subject {n}")) for n in (1, 2, 3))
    for wrong in ("25-00000-0", "", third):
        assert press(officer, third, "merge", merge_into=wrong).status_code == 422, wrong
    press(officer, second, "merge", merge_into=first)
    press(officer, third, "merge", merge_into=second.replace("-", " "))
    assert stored(house, third).duplicate_of_id == stored(house, first).id


def test_closing_asks_once_more_when_a_question_has_no_answer(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(questions=f"{Q1}\nWho pays?"))
    press(officer, reference, "answer", partly=True, **{"answers-0": "2,000 tonnes."})
    asked = press(officer, reference, "close")
    assert asked.status_code == 422
    assert "Q2 has no answer." in asked.words
    assert stored(house, reference).state == "answered"
    officer.submit(asked, button="do=close-anyway")
    closed = stored(house, reference)
    assert (closed.state, closed.closed_at is not None) == ("closed", True)
    assert closed.answered_at != closed.closed_at
    press(officer, reference, "reopen")
    assert (stored(house, reference).state, stored(house, reference).closed_at) == ("accepted", None)


def test_what_was_answered_closes_by_itself_after_five_working_days(
    ask: Ask, officer: PageClient, house: Any, moment: Moment
) -> None:
    reference = reference_of(ask(questions=Q1))  # Tuesday 25 November
    press(officer, reference, "answer", **{"answers-0": "2,000 tonnes."})
    for days, state in ((6, "answered"), (1, "closed")):  # the weekend counts for nothing
        moment.moves(days=days, minutes=1)
        jobs.close_answered(house)
        jobs.close_answered(house)
        assert stored(house, reference).state == state
    with house.db.read() as session:
        assert [e.actor_id for e in session.scalars(select(InquiryEvent).where(InquiryEvent.verb == "closed"))] == [
            None
        ]


@pytest.mark.parametrize(("do", "typed"), [("accept", {}), ("decline", DECLINE), ("refer", REFER)])
def test_undo_is_honest_about_the_mail(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, do: str, typed: dict[str, Any]
) -> None:
    reference = reference_of(ask())
    press(officer, reference, do, **typed)
    undone = press(officer, reference, "undo")
    assert "Its mail had not left and was stopped." in undone.words
    assert (stored(house, reference).state, stored(house, reference).ended_reason) == ("received", None)
    assert len(mailbox.to(REPORTER)) == 1  # the receipt
    work = case(officer, reference)
    officer.submit(work, button=f"do={do}", **typed)
    mailbox.deliver()
    again = case(officer, reference)
    assert "Its mail has left already" in officer.submit(again, button="do=undo").words
    assert "Undone." in officer.submit(again, button="do=undo").words  # twice is once
    assert stored(house, reference).state == "received"


def test_undo_of_merge_and_close_goes_back_where_it_was(ask: Ask, officer: PageClient, house: Any) -> None:
    first, second = reference_of(ask()), reference_of(ask(subject="The same again"))
    press(officer, second, "merge", merge_into=first)
    press(officer, second, "undo")
    assert (stored(house, second).state, stored(house, second).duplicate_of_id) == ("received", None)
    press(officer, first, "answer", body="All of it.", partly=True)
    officer.submit(press(officer, first, "close"), button="do=close-anyway")
    press(officer, first, "undo")
    assert (stored(house, first).state, stored(house, first).closed_at) == ("answered", None)


def test_nothing_is_undone_once_something_came_after(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    page = ask()
    reference = reference_of(page)
    press(officer, reference, "decline", **DECLINE)
    work = case(officer, reference)
    client.submit(client.get(f"/en/i/{key_of(page)}"), body="You misread me.")
    assert officer.submit(work, button="do=undo").status_code == 409
    assert stored(house, reference).state == "received"


def test_asking_back_waits_and_the_answer_brings_it_back(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, mailbox: Any
) -> None:
    page = ask()
    reference = reference_of(page)
    press(officer, reference, "ask", ask_words="Which year do you mean?")
    assert stored(house, reference).state == "waiting"
    lines = [line for line in mailbox.to(REPORTER)[-1].text.splitlines() if line.strip()]
    question = next(number for number, line in enumerate(lines) if "Which year do you mean?" in line)
    assert "Your deadline does not move." in lines[question + 1]
    status = client.get(f"/en/i/{key_of(page)}")
    assert "We need something from you. Our question is below" in status.words
    client.submit(status, body="The last one.")
    assert stored(house, reference).state == "accepted"


def test_put_off_hides_it_until_then_and_new_words_bring_it_back(
    ask: Ask, client: PageClient, officer: PageClient, house: Any, moment: Moment
) -> None:
    page = ask(when=["tomorrow"], time="18h")
    reference = reference_of(page)
    press(officer, reference, "put-off", snooze_until="16h")
    assert reference not in officer.get("/desk/inquiries?view=new").text
    assert reference in officer.get("/desk/inquiries?view=new&q=is:snoozed").text
    client.submit(client.get(f"/en/i/{key_of(page)}"), body="Any news?")
    assert reference in officer.get("/desk/inquiries?view=new").text
    press(officer, reference, "put-off", snooze_until="16h")
    moment.moves(hours=8)
    sign_in(officer)
    assert reference in officer.get("/desk/inquiries?view=new").text


def test_nothing_is_put_off_beyond_our_own_date(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask(time="16h"))
    for wrong in ("sutra 10", "nonsense", "", "8h"):
        assert press(officer, reference, "put-off", snooze_until=wrong).status_code == 422, wrong
    assert stored(house, reference).snoozed_until is None


def test_handing_over_tells_the_colleague(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask())
    choice = case(officer, reference).soup.select("#hand_to option")
    to = next(str(option["value"]) for option in choice if "Deputy" in option.get_text())
    assert press(officer, reference, "hand-over").status_code == 422
    press(officer, reference, "hand-over", hand_to=[to])
    assert mailbox.to("colleague@example.org")[-1].subject == f"[{reference}] An inquiry was handed over to you"
    assert reference in colleague.get("/desk/inquiries?view=mine").text
    colleague.submit(case(colleague, reference), button="do=accept")
    assert stored(house, reference).state == "accepted"


def test_what_is_put_aside_changes_nothing_for_its_author_and_comes_back(
    ask: Ask, client: PageClient, officer: PageClient, mailbox: Any, house: Any
) -> None:
    page = ask()
    reference = reference_of(page)
    before = client.get(f"/en/i/{key_of(page)}").soup.select_one(".progress-steps").get_text()  # type: ignore[union-attr]
    press(officer, reference, "screen")
    assert stored(house, reference).state == "screened"
    after = client.get(f"/en/i/{key_of(page)}").soup.select_one(".progress-steps").get_text()  # type: ignore[union-attr]
    assert after == before
    press(officer, reference, "release")
    assert stored(house, reference).state == "received"
    assert len(mailbox.to(REPORTER)) == 1  # one receipt


def test_withdrawn_by_phone_is_the_officers_word(ask: Ask, officer: PageClient, house: Any, mailbox: Any) -> None:
    reference = reference_of(ask())
    press(officer, reference, "withdraw", withdraw_words="Story dropped")
    with house.db.read() as session:
        event = session.scalars(select(InquiryEvent).where(InquiryEvent.verb == "withdrawn")).one()
        assert (event.words, event.actor_id is not None) == ("Story dropped", True)
    assert stored(house, reference).state == "withdrawn"


def test_no_mail_leaves_for_an_inquiry_without_an_address(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask())
    mailbox.deliver()
    with house.db.transaction() as session:
        session.scalars(select(Inquiry)).one().email = ""
    assert "There is no e-mail address" in case(officer, reference).words
    press(officer, reference, "accept")
    press(officer, reference, "ask", ask_words="Which year?")
    press(officer, reference, "decline", **DECLINE)
    assert len(mailbox.all()) == 2  # the receipt and the alert of before
    with house.db.read() as session:
        assert {m.channel for m in session.scalars(select(InquiryMessage))} == {"call"}
