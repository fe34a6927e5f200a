"""The workspace: note, answer by mail, make contact; nothing typed is lost to a colleague."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select

from outreach.accounts.models import Account
from outreach.audit import AuditEntry
from outreach.contacts.models import Affiliation, Interaction, Organisation, Person
from outreach.inquiries.models import InquiryEvent, InquiryMessage
from outreach.mail.models import OutboxEmail
from tests.inquiries.conftest import REPORTER, case, key_of, reference_of, stored
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
Q1 = "How much has been destroyed?"


def test_f24_answer_by_mail_threads_and_begins_with_the_term(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask("lat", questions=f"{Q1}\nWho pays?", reply=["en"]))
    officer.submit(case(officer, reference), button="do=accept")
    page = officer.submit(
        case(officer, reference), button="do=answer", body="Good day,\nhere it is.", terms="background",
        attribution="an official of the liaison office", **{"answers-0": "2,000 tonnes.", "answers-1": "Trust Funds."},
    )  # fmt: skip
    assert "The answer leaves in 20 seconds; until then you can stop it." in page.text
    moment.moves(seconds=21)
    receipt, accepted, answer = mailbox.to(REPORTER)
    assert answer.subject == f"[{reference}] Our answer to your inquiry"
    assert answer.message["In-Reply-To"] == receipt.message["Message-ID"] == accepted.message["In-Reply-To"]
    assert receipt.message["Message-ID"] in answer.message["References"]
    assert answer.message["Auto-Submitted"] == "no"
    assert answer.message["Content-Language"] == "en"
    body = answer.text
    order = [
        body.index(words)
        for words in (
            "ON BACKGROUND:",
            "Attribution: an official",
            "here it is.",
            Q1,
            "2,000 tonnes.",
            "Who pays?",
            "Trust Funds.",
        )
    ]
    assert order == sorted(order)
    assert answer.html.index("<strong>On background</strong>") < answer.html.index("2,000 tonnes.")
    inquiry = stored(house, reference)
    assert inquiry.state == "answered"
    assert inquiry.answered_at is not None
    assert all(question.answered_at for question in inquiry.questions)


def test_answering_twice_is_one_mail(ask: Ask, officer: PageClient, mailbox: Any, house: Any) -> None:
    reference = reference_of(ask(questions=Q1))
    work = case(officer, reference)
    for _ in range(3):
        assert officer.submit(work, button="do=answer", **{"answers-0": "2,000 tonnes."}).status_code == 200
    with house.db.read() as session:
        assert (
            session.scalar(select(func.count()).select_from(OutboxEmail).where(OutboxEmail.kind == "inquiry_answer"))
            == 1
        )
        assert session.scalar(select(func.count()).select_from(InquiryMessage)) == 1


def test_an_answer_without_words_or_with_a_gap_is_not_sent_and_nothing_is_lost(
    ask: Ask, officer: PageClient, house: Any
) -> None:
    reference = reference_of(ask(questions=f"{Q1}\nWho pays?"))
    empty = officer.submit(case(officer, reference), button="do=answer")
    assert empty.status_code == 422
    assert "Write an answer or a reply before sending" in empty.words
    gap = officer.submit(case(officer, reference), button="do=answer", **{"answers-0": "2,000 tonnes."})
    assert gap.status_code == 422
    assert "A question has no answer yet." in gap.words
    assert gap.soup.find(id="answers-0").get_text().strip() == "2,000 tonnes."  # type: ignore[union-attr]
    sent = officer.submit(gap, button="do=answer", partly=True)
    assert sent.status_code == 200
    assert stored(house, reference).state == "answered"


def test_a_reply_keeps_the_inquiry_open_and_owned(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any, moment: Moment
) -> None:
    reference = reference_of(ask())
    officer.submit(case(officer, reference), button="do=reply", body="Which year do you mean?")
    assert stored(house, reference).state == "accepted"
    moment.moves(seconds=21)
    mail = mailbox.to(REPORTER)[-1]
    assert mail.subject == f"[{reference}] About your inquiry"
    assert "Which year do you mean?" in mail.text
    assert "Your deadline does not move" in mail.text


def test_a_draft_is_kept_for_the_whole_desk(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    officer.submit(case(officer, reference), button="do=keep", body="Good day,", **{"answers-0": "Half of it."})
    seen = case(colleague, reference)
    assert seen.soup.find(id="answers-0").get_text().strip() == "Half of it."  # type: ignore[union-attr]
    assert seen.soup.find(id="body").get_text().strip() == "Good day,"  # type: ignore[union-attr]
    assert all("Half of it" not in mail.text for mail in mailbox.to(REPORTER))


def test_d3_a_conflict_shows_both_and_loses_nothing(
    ask: Ask, officer: PageClient, colleague: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask(questions=Q1))
    mine = case(officer, reference)
    colleague.submit(case(colleague, reference), button="do=keep", **{"answers-0": "Their words."})
    both = officer.submit(mine, button="do=answer", **{"answers-0": "My words."})
    assert both.status_code == 409
    assert "Somebody changed this inquiry while you were writing" in both.words
    assert "Kept meanwhile Their words." in both.words
    assert both.soup.find(id="answers-0").get_text().strip() == "My words."  # type: ignore[union-attr]
    assert len(mailbox.to(REPORTER)) == 1
    assert officer.submit(both, button="do=answer").status_code == 200
    assert stored(house, reference).questions[0].answer == "My words."


def test_new_words_of_the_journalist_are_seen_before_an_answer_leaves(
    ask: Ask, client: PageClient, officer: PageClient
) -> None:
    page = ask(questions=Q1)
    work = case(officer, reference_of(page))
    client.submit(client.get(f"/en/i/{key_of(page)}"), body="Only the last year, please.")
    both = officer.submit(work, button="do=answer", **{"answers-0": "All years."})
    assert both.status_code == 409
    assert "Only the last year, please." in both.words


def test_a_note_keeps_what_was_typed_elsewhere(ask: Ask, officer: PageClient) -> None:
    reference = reference_of(ask(questions=Q1))
    page = officer.submit(
        case(officer, reference), button="do=note", note="Asked the project office.", **{"answers-0": "Half of it."}
    )
    assert "Note, only we see this" in page.words
    assert "Asked the project office." in page.words
    assert page.soup.find(id="answers-0").get_text().strip() == "Half of it."  # type: ignore[union-attr]
    empty = officer.submit(page, button="do=note", note=" ")
    assert empty.status_code == 422


def test_a_note_sent_twice_is_one_note(ask: Ask, officer: PageClient, house: Any) -> None:
    work = case(officer, reference_of(ask()))
    for _ in range(2):
        officer.submit(work, button="do=note", note="Asked the project office.")
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(InquiryMessage)) == 1


def test_make_contact_is_one_click_and_once(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask("lat", phone="+381 11 000 0000"))
    work = case(officer, reference)
    for _ in range(2):
        officer.submit(work, button="do=contact")
    with house.db.read() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.preferred_variant) == ("Reporter, daily", "lat")
        assert session.scalars(select(Organisation)).one().name == "Daily"
        assert session.scalars(select(Affiliation)).one().person_id == person.id
        assert session.scalars(select(Interaction)).one().path == f"/desk/inquiries/{reference}"
    assert case(officer, reference).soup.find("a", href=f"/desk/contacts/{person.id}") is not None


def test_a_known_person_is_recognised_and_the_inquiry_noted(ask: Ask, officer: PageClient, house: Any) -> None:
    officer.submit(case(officer, reference_of(ask())), button="do=contact")
    second = reference_of(ask(subject="Another subject", email=REPORTER.upper()))
    inquiry = stored(house, second)
    assert inquiry.person_id is not None
    with house.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 2
    assert "first inquiry" not in case(officer, second).words


def test_a_screened_inquiry_is_released_and_then_counts(
    ask: Ask, officer: PageClient, house: Any, mailbox: Any
) -> None:
    reference = reference_of(ask(website="http://example.org"))
    assert mailbox.to(REPORTER) == []
    page = case(officer, reference)
    assert "Screened: a field that people do not see was filled in." in page.words
    done = officer.submit(page, button="do=release")
    assert done.status_code == 200, done.words
    assert stored(house, reference).state == "received"
    assert len(mailbox.to(REPORTER)) == 1


def test_every_move_is_logged_with_who_and_without_personal_values(
    ask: Ask, client: PageClient, officer: PageClient, house: Any
) -> None:
    page = ask(questions=Q1)
    reference = reference_of(page)
    officer.submit(case(officer, reference), button="do=accept")
    officer.submit(case(officer, reference), button="do=answer", **{"answers-0": "2,000 tonnes."})
    client.submit(client.get(f"/en/i/{key_of(page)}"), body="And now?")
    with house.db.read() as session:
        moves = [
            (e.verb, e.from_state, e.to_state, e.actor_id is not None)
            for e in session.scalars(select(InquiryEvent).order_by(InquiryEvent.id))
        ]
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.obj == f"inquiry:{reference}").order_by(AuditEntry.id)
        ).all()
    assert moves == [
        ("received", None, "received", False), ("accepted", "received", "accepted", True),
        ("answered", "accepted", "answered", True), ("followed up", "answered", "accepted", False),
    ]  # fmt: skip
    assert [entry.action for entry in entries] == [
        "inquiry.received",
        "inquiry.accepted",
        "inquiry.answered",
        "inquiry.followed_up",
    ]
    assert all(REPORTER not in str(entry.detail) and "Reporter" not in str(entry.detail) for entry in entries)


def test_d3_the_workspace_works_in_serbian(ask: Ask, officer: PageClient, house: Any) -> None:
    reference = reference_of(ask("cir"))
    with house.db.transaction() as session:
        session.scalars(select(Account)).one().variant = "lat"
    page = case(officer, reference)
    assert page.soup.html["lang"] == "sr-Latn"  # type: ignore[index]
    assert "Pitanja i odgovori" in page.words
