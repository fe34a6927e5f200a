"""The private page of an inquiry: clock, state in words, messages, answers, withdrawal; and links that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.inquiries import follow_up
from outreach.inquiries.models import Inquiry, InquiryMessage
from tests.inquiries.conftest import REPORTER, TYPED, key_of, only, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def messages(house: Any) -> list[InquiryMessage]:
    with house.db.read() as session:
        return list(session.scalars(select(InquiryMessage).order_by(InquiryMessage.id)))


@pytest.mark.parametrize(
    ("variant", "clock", "state", "empty"),
    [
        ("en", "Today at 16:00", "Received", "No messages yet."),
        ("lat", "Danas u 16:00", "Primljeno", "Još nema poruka."),
        ("cir", "Данас у 16:00", "Примљено", "Још нема порука."),
    ],
)
def test_p9_the_clock_comes_first_then_the_state_in_words(
    client: PageClient, ask: Ask, variant: str, clock: str, state: str, empty: str
) -> None:
    page = client.get(f"/{variant}/i/{key_of(ask(variant))}")
    assert page.status_code == 200
    assert page.h1 == TYPED["subject"]
    for words in (clock, state, empty):
        assert words in page.words
    assert page.words.index(clock) < page.words.index(state)
    assert page.soup.select_one('.progress-steps [aria-current="step"]').get_text().startswith(state)  # type: ignore[union-attr]


def test_p9_is_private(client: PageClient, ask: Ask) -> None:
    page = client.get(f"/en/i/{key_of(ask())}")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in page.headers
    assert page.soup.find("link", rel="alternate") is None


def test_a_wrong_link_says_nothing_about_what_exists(client: PageClient, ask: Ask) -> None:
    key = key_of(ask())
    changed = key[:-1] + ("A" if key[-1] != "A" else "B")
    pages = []
    for token in ("x", changed, key.replace(".0.", ".1.")):
        page = client.get(f"/en/i/{token}")
        assert page.status_code == 404
        assert page.headers["Cache-Control"] == "no-store"
        pages.append(page.words)
    client.checks_pages = False
    for tail in ("/edit", "/withdraw", "/close"):
        assert client.get(f"/en/i/{changed}{tail}").status_code == 404
    for tail in ("/follow-up", "/edit", "/withdraw", "/close"):
        assert client.post(f"/en/i/{changed}{tail}", data={"body": "Some words"}).status_code == 404
    for token in ("a.b.c.d", "%00", "ж", "." * 3):
        assert client.get(f"/en/i/{token}").status_code == 404
    pages.append(client.get(f"/en/media/inquiry/sent?key={changed}").words)
    assert len(set(pages)) == 1
    assert pages[0].startswith("This link no longer works")


def test_a_token_of_another_purpose_opens_nothing(client: PageClient, ask: Ask, house: Any) -> None:
    token = house.tokens.make("subscriber", reference_of(ask()))
    assert client.get(f"/en/i/{token}").status_code == 404


def test_a_follow_up_is_in_the_thread_and_the_desk_is_told(
    client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any
) -> None:
    key = key_of(ask())
    status = client.get(f"/en/i/{key}")
    moment.moves(minutes=30)
    done = client.submit(status, body="Could you add the total\nfor all projects?")
    assert "Your words are in." in done.words
    assert "Could you add the total for all projects?" in done.words
    assert done.request.path == f"/en/i/{key}"
    alerts = mailbox.to("duty@example.org")
    assert [a.subject.split("] ")[1] for a in alerts] == [
        "A new inquiry is waiting",
        "There are new words on an inquiry",
    ]
    assert "total" not in alerts[1].text


def test_a_follow_up_sent_twice_is_one_message(client: PageClient, ask: Ask, house: Any) -> None:
    status = client.get(f"/en/i/{key_of(ask())}")
    for _ in range(2):
        assert client.submit(status, body="Could you add the total?").status_code == 200
    assert len(messages(house)) == 1


def test_an_empty_follow_up_is_named_and_nothing_is_stored(client: PageClient, ask: Ask, house: Any) -> None:
    page = client.submit(client.get(f"/lat/i/{key_of(ask('lat'))}"), body="  ")
    assert page.status_code == 422
    assert page.soup.select_one('.error-summary a[href="#body"]') is not None
    assert messages(house) == []


def test_follow_ups_have_an_end_a_day_and_keep_the_words(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    key = key_of(ask())
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        for number in range(follow_up.MOST_A_DAY):
            assert follow_up.add(session, house, moment.now(), inquiry, f"Message {number}", f"nonce {number}")
    page = client.submit(client.get(f"/en/i/{key}"), body="One too many")
    assert page.status_code == 429
    assert page.soup.find(id="body").get_text().strip() == "One too many"  # type: ignore[union-attr]
    assert len(messages(house)) == follow_up.MOST_A_DAY


def test_withdrawing_asks_once_cancels_waiting_mail_and_tells_the_desk(
    client: PageClient, ask: Ask, house: Any, mailbox: Any
) -> None:
    key = key_of(ask())
    confirm = client.get(f"/en/i/{key}/withdraw")
    assert confirm.h1 == "Withdraw the inquiry?"
    assert only(house).state == "received"
    done = client.submit(confirm)
    assert "You have withdrawn this inquiry." in done.words
    assert client.submit(confirm).status_code == 200  # twice is once
    assert only(house).state == "withdrawn"
    assert [mail.subject.split("] ")[1] for mail in mailbox.to("duty@example.org")] == ["An inquiry was withdrawn."]
    assert mailbox.to(REPORTER) == []
    assert done.soup.find("form", id="add") is None
    assert client.post(f"/en/i/{key}/follow-up", data={"body": "One more thing"}).status_code == 409


def test_a_get_changes_nothing(client: PageClient, ask: Ask, house: Any) -> None:
    key = key_of(ask())
    before = only(house).version
    for tail in ("", "/edit", "/withdraw", "/close"):
        assert client.get(f"/en/i/{key}{tail}").status_code == 200
    assert client.get(f"/en/i/{key}/follow-up").headers["Location"] == f"/en/i/{key}"
    assert only(house).version == before


def test_late_is_said_plainly(client: PageClient, ask: Ask, moment: Moment) -> None:
    key = key_of(ask())
    moment.moves(hours=7)
    page = client.get(f"/en/i/{key}")
    assert "Your deadline has passed and we have not answered. We are sorry." in page.words
    assert "late" in page.soup.select_one(".deadline").get_text()  # type: ignore[union-attr]


def test_answers_stand_on_the_page_with_their_terms(
    client: PageClient, ask: Ask, officer: PageClient, moment: Moment
) -> None:
    page = ask(questions="How much has been destroyed?")
    work = officer.get(f"/desk/inquiries/{reference_of(page)}")
    officer.submit(work, button="do=answer", **{"answers-0": "2,000 tonnes are covered.\nA figure follows."})
    moment.moves(seconds=21)
    status = client.get(f"/en/i/{key_of(page)}")
    for words in (
        "Your inquiry is answered.",
        "2,000 tonnes are covered. A figure follows.",
        "On the record : you may quote and name the source",
        "May be quoted from:",
    ):
        assert words in status.words
    done = client.submit(client.get(f"/en/i/{key_of(page)}/close"))
    assert "This inquiry is closed." in done.words
    again = client.submit(client.get(f"/en/i/{key_of(page)}"), body="One more question, if I may?")
    assert "has your inquiry" in again.words  # a follow-up opens it again


def test_internal_notes_never_reach_the_journalist(
    client: PageClient, ask: Ask, officer: PageClient, mailbox: Any
) -> None:
    page = ask()
    work = officer.get(f"/desk/inquiries/{reference_of(page)}")
    officer.submit(work, button="do=note", note="Between us and nobody else")
    assert "Between us" in officer.get(f"/desk/inquiries/{reference_of(page)}").words
    assert "Between us" not in client.get(f"/en/i/{key_of(page)}").text
    assert all("Between us" not in mail.text + mail.html for mail in mailbox.to(REPORTER))


@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_a_lost_link_is_sent_again_to_the_address_of_the_inquiry(
    client: PageClient, ask: Ask, moment: Moment, mailbox: Any, variant: str
) -> None:
    page = ask(variant)
    mailbox.deliver()
    form = client.get(f"/{variant}/media/inquiry/find")
    moment.moves(seconds=10)
    typed = reference_of(page).replace("-", " ").replace("0", "O")
    client.submit(form, reference=typed, email=REPORTER.upper())
    mail = mailbox.to(REPORTER)[-1]
    assert f"/{variant}/i/{key_of(page)}" in mail.text


def test_find_says_the_same_whatever_exists(client: PageClient, ask: Ask, moment: Moment, mailbox: Any) -> None:
    reference = reference_of(ask())
    mailbox.deliver()
    said = set()
    for typed, email in (
        (reference, REPORTER),
        (reference, "other@example.org"),
        ("25-00000-0", REPORTER),
        ("rubbish", REPORTER),
    ):
        form = client.get("/en/media/inquiry/find")
        moment.moves(seconds=10)
        page = client.submit(form, reference=typed, email=email)
        assert page.status_code == 200
        said.add(page.words)
    assert len(said) == 1
    assert len(mailbox.to(REPORTER)) == 2  # receipt and one link
    assert mailbox.to("other@example.org") == []


def test_find_cannot_be_used_to_flood_somebody(client: PageClient, ask: Ask, moment: Moment, mailbox: Any) -> None:
    reference = reference_of(ask())
    for _ in range(6):
        form = client.get("/en/media/inquiry/find")
        moment.moves(seconds=10)
        client.submit(form, reference=reference, email=REPORTER)
    assert len(mailbox.to(REPORTER)) == 1 + 3


def test_find_names_what_is_missing(client: PageClient) -> None:
    page = client.submit(client.get("/en/media/inquiry/find"), reference="", email="nobody")
    assert page.status_code == 422
    assert page.soup.find(id="reference-error") is not None
    assert page.soup.find(id="email-error") is not None
