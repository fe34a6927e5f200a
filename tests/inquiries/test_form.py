"""The inquiry form over HTTP: three variants, every message, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from outreach import language
from outreach.inquiries.forms import InquiryForm
from outreach.language import Variant
from tests.inquiries.conftest import TUESDAY, TYPED, count, only, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


@pytest.mark.parametrize(
    ("variant", "heading", "ask_heading"),
    [
        ("en", "Your inquiry is with us", "Ask the press office"),
        ("lat", "Vaš upit je kod nas", "Pošaljite upit"),
        ("cir", "Ваш упит је код нас", "Пошаљите упит"),
    ],
)
def test_an_inquiry_is_sent_in_each_variant(
    client: PageClient, ask: Ask, house: Any, variant: str, heading: str, ask_heading: str
) -> None:
    assert client.get(f"/{variant}/media/inquiry").h1 == ask_heading
    page = ask(variant)
    assert page.h1 == heading
    assert page.status_code == 200
    stored = only(house)
    assert stored.reference == reference_of(page)
    assert (stored.state, stored.variant, stored.reply_in) == ("received", variant, variant)
    assert [q.text for q in stored.questions] == TYPED["questions"].split("\n")
    assert stored.deadline_at is not None
    assert f"{stored.deadline_at:%d %H:%M}" == "25 15:00"
    assert stored.suspense_at is not None
    assert stored.suspense_at < stored.deadline_at


def test_p8_the_confirmation_has_a_full_copy_and_what_happens_next(ask: Ask) -> None:
    page = ask()
    for said in (
        *TYPED["questions"].split("\n"),
        TYPED["subject"],
        "What happens next",
        "Tuesday 25 November 2025, 16:00 Belgrade (CET, UTC+1)",
        "r•••@example.org",
    ):
        assert said in page.words
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert not page.soup.select_one(".receipt").find("a")  # type: ignore[union-attr]


def test_p8_the_confirmation_can_be_bookmarked(client: PageClient, ask: Ask, moment: Moment) -> None:
    page = ask()
    moment.moves(days=3)
    again = client.get(page.request.full_path)
    assert again.status_code == 200
    assert reference_of(again) == reference_of(page)


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"need": []}, "need", "Select what you need from us"),
    ({"subject": " x "}, "subject", "Enter a subject"),
    ({"subject": "x" * 121}, "subject", "Subject must be 120 characters or less"),
    ({"questions": "Why?"}, "questions", "Enter your questions"),
    ({"questions": "x" * 5001}, "questions", "Questions must be 5,000 characters or less"),
    ({"when": [], "time": ""}, "when", "Select when you need an answer"),
    ({"when": ["day"]}, "date", "Deadline must include a date"),
    ({"when": ["day"], "date": "31.11."}, "date", "Deadline must be a real date, like 25 11 2025"),
    ({"when": ["day"], "date": "25.12.2026"}, "date", "Deadline must be within one year from today"),
    ({"time": ""}, "time", "Deadline must include a time"),
    ({"time": "25:00"}, "time", "Enter a time between 00:00 and 23:59"),
    ({"time": "9:00"}, "time", "Deadline must be in the future. It is now 09:42 in Belgrade"),
    (
        {"when": ["day"], "date": "29.3.2026", "time": "2:30"},
        "time",
        "02:30 on 29 March 2026 does not exist in Belgrade",
    ),
    ({"name": "x"}, "name", "Enter your full name"),
    ({"outlet": ""}, "outlet", "Enter the outlet you work for, or 'freelance'"),
    ({"email": ""}, "email", "Enter an email address"),
    ({"email": "reporter.example.org"}, "email", "Enter an email address in the correct format, like name@example.com"),
    ({"email": "a@b.example\r\nBcc: x@example.org"}, "email", "Enter an email address in the correct format"),
    (
        {"when": ["hour"]},
        "phone",
        "Enter a phone number. Your deadline is less than 4 hours away and we may need to call",
    ),
    (
        {"need": ["interview"], "interview_form": "live"},
        "phone",
        "Enter a phone number. We may need to call about the interview or the visit",
    ),
    ({"phone": "12345"}, "phone", "Enter a phone number in the correct format, like +381 11 000 0000"),
    ({"phone": "call me"}, "phone", "Enter a phone number in the correct format, like +381 11 000 0000"),
    ({"story": "x" * 1001}, "story", "Story must be 1,000 characters or less"),
    ({"runs": "24.11.2025"}, "runs", "Publication date must be today or in the future"),
    ({"runs": "some day"}, "runs", "Publication date must be a real date, like 25 11 2025"),
]


def test_every_rule_of_the_form_has_its_message(app: Flask, house: Any) -> None:
    usual = {**TYPED, "zone": "Europe/Belgrade", "reply": "en"}
    for changes, field, message in FAULTS:
        typed = MultiDict({**usual, **changes})
        with app.test_request_context():
            form = InquiryForm(typed, TUESDAY, Variant.EN, house.office)
            assert not form.validate(), changes
            assert [language.text(Variant.EN, error).startswith(message) for error in form[field].errors] == [True], (
                changes
            )
            assert [f.name for f in form if f.errors] == [field], changes


def test_faults_stand_beside_their_fields_and_in_the_summary_with_everything_kept(ask: Ask, house: Any) -> None:
    changes: dict[str, Any] = {
        "need": [],
        "questions": "Why?",
        "time": "9:00",
        "outlet": "x",
        "email": "reporter.example.org",
        "phone": "12345",
    }
    page = ask(seconds=1, **changes)
    assert page.status_code == 422
    assert page.soup.title.get_text().startswith("Error:")  # type: ignore[union-attr]
    assert count(house) == 0
    summary = page.soup.select(".error-summary a")  # type: ignore[attr-defined]
    assert [link["href"] for link in summary] == [f"#{field}" for field in changes]
    for link in summary:
        assert link.get_text() in page.soup.select_one(link["href"] + "-error").get_text()  # type: ignore[union-attr]
    typed = {**TYPED, **changes}
    for name in ("subject", "name", "outlet", "time", "email", "phone"):
        assert page.soup.find(id=name)["value"] == typed[name]  # type: ignore[index]
    assert page.soup.find(id="questions").get_text().strip() == "Why?"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("lat", ["Izaberite šta vam je potrebno od nas", "Rok mora da bude u budućnosti. U Beogradu je sada 09:42", "Unesite adresu e-pošte u ispravnom obliku, na primer ime@example.org"]),
        ("cir", ["Изаберите шта вам је потребно од нас", "Рок мора да буде у будућности. У Београду је сада 09:42", "Унесите адресу е-поште у исправном облику, на пример ime@example.org"]),
    ],
)  # fmt: skip
def test_messages_are_said_in_the_language_of_the_page(ask: Ask, variant: str, said: list[str]) -> None:
    page = ask(variant, seconds=1, need=[], time="9h", email="reporter")
    words = page.soup.select_one(".error-summary").get_text(" ")  # type: ignore[union-attr]
    for message in said:
        assert message in words


def test_a_choice_that_was_not_offered_is_refused_or_ignored(
    client: PageClient, house: Any, ask: Ask, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    token = form.soup.find("input", attrs={"name": "form_token"})["value"]  # type: ignore[index]
    moment.moves(seconds=20)
    forged = {**TYPED, "form_token": token, "when": "today", "zone": "Europe/Belgrade", "reply": "en"}
    page = client.post("/en/media/inquiry", data={**forged, "need": ["bribe"], "reply": "xx", "zone": "Mars"})
    assert page.status_code == 422
    for message in ("Select what you need from us", "Select the language of the answer", "Select a time zone"):
        assert message in page.words
    client.post(
        "/en/media/inquiry",
        data={**forged, "terms": "shouting", "channels": ["smoke", "signal"], "need": ["quote", "bribe"]},
    )
    stored = only(house)
    assert (stored.terms_wanted, stored.channels, stored.needs) == ("on_record", ["signal"], ["quote"])


def test_a_forgotten_radio_is_forgiven_when_a_date_was_typed(ask: Ask, house: Any) -> None:
    assert ask(when=[], date="petak", time="9.30").status_code == 200
    stored = only(house)
    assert stored.deadline_choice == "day"
    assert stored.deadline_at is not None
    assert f"{stored.deadline_at:%d %H:%M}" == "28 08:30"


def test_the_deadline_is_read_back_in_words_after_an_error(ask: Ask) -> None:
    page = ask(need=[], zone="America/New_York")
    assert (
        page.soup.select_one(".read-back")
        .get_text(" ", strip=True)
        .startswith("Tuesday 25 November 2025, 16:00 New York (EST, UTC−5) — 22:00 in Belgrade")
    )  # type: ignore[union-attr]


def test_an_hour_that_comes_twice_is_echoed_with_its_offset(ask: Ask) -> None:
    page = ask(when=["day"], date="25.10.2026", time="2:30")
    assert "02:30 Belgrade (CEST, UTC+2)" in page.words
    assert "we read the first one" in page.words


def test_the_form_works_without_script_and_names_no_outlets(client: PageClient) -> None:
    page = client.get("/en/media/inquiry")
    assert page.soup.find("datalist") is None
    names = {tag["name"] for tag in page.soup.find_all(["input", "select", "textarea"]) if tag.get("name")}
    assert {
        "need",
        "subject",
        "questions",
        "when",
        "date",
        "time",
        "zone",
        "anyway",
        "name",
        "outlet",
        "email",
        "phone",
        "channels",
        "reply",
        "terms",
        "story",
        "runs",
    } <= names
    assert page.soup.find("option", selected=True)["value"] == "Europe/Belgrade"  # type: ignore[index]


def test_forty_questions_are_numbered_and_the_rest_is_kept(ask: Ask, house: Any) -> None:
    ask(questions="\n".join(f"{n}. Question number {n}?" for n in range(1, 61)))
    questions = only(house).questions
    assert len(questions) == 40
    assert questions[0].text == "Question number 1?"
    assert questions[-1].text.endswith("Question number 60?")
