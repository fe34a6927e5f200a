"""The inquiry form over HTTP: three variants, every message, nothing lost, nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from outreach.inquiries import intake
from outreach.inquiries.models import Inquiry, InquiryMessage
from tests.inquiries.conftest import REPORTER, TYPED, key_of, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]


def count(house: Any) -> int:
    with house.db.read() as session:
        return session.scalar(select(func.count()).select_from(Inquiry)) or 0


def only(house: Any) -> Inquiry:
    with house.db.read() as session:
        return session.scalars(select(Inquiry)).one()


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
    ({"need": ["interview"]}, "phone", "Enter a phone number. We may need to call about the interview or the visit"),
    ({"phone": "12345"}, "phone", "Enter a phone number in the correct format, like +381 11 000 0000"),
    ({"phone": "call me"}, "phone", "Enter a phone number in the correct format, like +381 11 000 0000"),
    ({"story": "x" * 1001}, "story", "Story must be 1,000 characters or less"),
    ({"runs": "24.11.2025"}, "runs", "Publication date must be today or in the future"),
    ({"runs": "some day"}, "runs", "Publication date must be a real date, like 25 11 2025"),
]


def test_each_fault_is_named_beside_its_field_and_in_the_summary_with_everything_kept(
    client: PageClient, ask: Ask, house: Any
) -> None:
    for changes, field, message in FAULTS:
        page = ask(seconds=1, **changes)
        assert page.status_code == 422, changes
        summary = page.soup.select_one(f'.error-summary a[href="#{field}"]')
        assert summary is not None, (changes, page.words[:300])
        assert summary.get_text().startswith(message), changes
        assert summary.get_text() in page.soup.select_one(f"#{field}-error").get_text()  # type: ignore[union-attr]
        assert page.soup.title.get_text().startswith("Error:")  # type: ignore[union-attr]
        typed = {**TYPED, **changes}
        for name in ("subject", "name", "outlet", "time"):
            assert page.soup.find(id=name)["value"].strip() == str(typed[name]).strip()  # type: ignore[index]
        assert page.soup.find(id="questions").get_text().strip() == str(typed["questions"]).strip()  # type: ignore[union-attr]
    assert count(house) == 0


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


def test_f25_double_submit_makes_one_inquiry(
    client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    first = client.submit(form, **TYPED)
    moment.moves(seconds=5)
    second = client.submit(form, **TYPED)
    assert reference_of(first) == reference_of(second)
    assert first.request.full_path == second.request.full_path
    assert count(house) == 1
    assert len(mailbox.to(REPORTER)) == 1


def test_f25_same_form_with_other_words_is_an_edit_and_says_so(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    first = client.submit(form, **TYPED)
    second = client.submit(form, **{**TYPED, "questions": "How much has been destroyed by now?\nWho pays?"})
    assert reference_of(first) == reference_of(second)
    assert "Your changes are in" in second.words
    assert [q.text for q in only(house).questions] == ["How much has been destroyed by now?", "Who pays?"]


def test_f25_after_the_time_for_changes_other_words_are_added_and_nothing_is_lost(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    client.submit(form, **TYPED)
    moment.moves(minutes=16)
    changed = {**TYPED, "questions": "One more thing: what about the mines?"}
    for _ in range(2):
        page = client.submit(form, **changed)
        assert "was added to your inquiry as a message" in page.words
    with house.db.read() as session:
        assert "what about the mines?" in session.scalars(select(InquiryMessage)).one().body
    assert count(house) == 1


def test_p9_edit_within_fifteen_minutes(client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any) -> None:
    page = ask()
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    assert edit.soup.find(id="subject")["value"] == TYPED["subject"]  # type: ignore[index]
    assert edit.soup.find(id="time")["value"] == "16h"  # type: ignore[index]
    moment.moves(minutes=10)
    done = client.submit(edit, subject="Surplus ammunition", email="desk@example.org")
    assert "Your changes are in" in done.words
    stored = only(house)
    assert (stored.subject, stored.email, stored.version) == ("Surplus ammunition", "desk@example.org", 2)
    assert len(mailbox.to("desk@example.org")) == 1


def test_an_untouched_deadline_survives_an_edit_although_it_is_relative(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    page = ask(when=["hour"], phone="+381 11 000 0000")
    before = only(house).deadline_at
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    moment.moves(minutes=10)
    client.submit(edit, subject="Surplus ammunition")
    assert only(house).deadline_at == before


def test_an_edit_is_checked_like_the_form(client: PageClient, ask: Ask) -> None:
    edit = client.get(f"/en/i/{key_of(ask())}/edit")
    page = client.submit(edit, name="")
    assert page.status_code == 422
    assert page.soup.select_one("#name-error") is not None
    assert page.h1 == "Edit your inquiry"


def test_editing_is_over_after_fifteen_minutes_and_the_words_are_added(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    page = ask()
    edit = client.get(f"/en/i/{key_of(page)}/edit")
    moment.moves(minutes=16)
    done = client.submit(edit, questions="Another question altogether?")
    assert "was added to your inquiry as a message" in done.words
    assert len(only(house).questions) == 3
    assert client.get(f"/en/i/{key_of(page)}/edit").h1 == TYPED["subject"]  # the status page instead


@pytest.mark.parametrize("variant", ["en", "cir"])
def test_f26_a_failure_of_ours_gives_the_form_back_with_everything_typed(
    client: PageClient, app: Any, ask: Ask, house: Any, moment: Moment, variant: str
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.testing = False
    form = client.get(f"/{variant}/media/inquiry")
    moment.moves(seconds=20)
    with house.db.writing_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE question RENAME TO question_gone")
    page = client.submit(form, **TYPED)
    assert page.status_code == 500
    assert page.soup.find(id="questions").get_text().strip() == TYPED["questions"]  # type: ignore[union-attr]
    assert page.soup.find(id="failed") is not None
    with house.db.writing_engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE question_gone RENAME TO question")
    assert reference_of(client.submit(page, "media/inquiry"))  # the same form, sent again, arrives


def test_the_form_is_never_no_store(client: PageClient) -> None:
    assert client.get("/en/media/inquiry").headers["Cache-Control"] == "no-cache"


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


def test_s15_fields_that_the_form_does_not_have_are_ignored(
    client: PageClient, ask: Ask, house: Any, moment: Moment
) -> None:
    form = client.get("/en/media/inquiry")
    moment.moves(seconds=20)
    token = form.soup.find("input", attrs={"name": "form_token"})["value"]  # type: ignore[index]
    extra = {
        "state": "answered",
        "reference": "25-00000-0",
        "owner_id": "1",
        "version": "9",
        "person_id": "1",
        "id": "77",
    }
    client.post(
        "/en/media/inquiry",
        data={**TYPED, **extra, "form_token": token, "zone": "Europe/Belgrade", "reply": "en", "when": "today"},
    )
    stored = only(house)
    assert (stored.state, stored.owner_id, stored.person_id, stored.version) == ("received", None, None, 1)
    assert stored.reference != "25-00000-0"


def test_forty_questions_are_numbered_and_the_rest_is_kept(ask: Ask, house: Any) -> None:
    ask(questions="\n".join(f"{n}. Question number {n}?" for n in range(1, 61)))
    questions = only(house).questions
    assert len(questions) == 40
    assert questions[0].text == "Question number 1?"
    assert questions[-1].text.endswith("Question number 60?")


NAUGHTY = ["<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE inquiry;--", "\x00nul\x1b[31m", "\u202egnp.exe", "é vs e\u0301", "\u200bzero", "%s%n{0}", "𝕳𝖊𝖑𝖑𝖔", "ЋирилицаLatin", "\ufeffbom", "a" * 60]  # fmt: skip


def test_f14_naughty_text_in_every_field_is_stored_as_text(
    client: PageClient, ask: Ask, house: Any, staff: Any
) -> None:
    client.checks_pages = False
    officer = staff("officer")
    officer.checks_pages = False
    for text in NAUGHTY:
        page = ask(
            subject=f"Subject {text}",
            questions=f"A question: {text}?",
            name=f"Name {text}",
            outlet=f"Outlet {text}",
            story=text,
            handle=text,
        )
        assert page.status_code == 200, text
        assert "<script>alert" not in page.text
        work = officer.get(f"/desk/inquiries/{reference_of(page)}")
        assert work.status_code == 200
        assert "<script>alert" not in work.text
        assert "\u202e" not in work.text
        assert "\x00" not in work.text
        assert "\u200b" not in work.text
    with house.db.read() as session:
        subjects = session.scalars(select(Inquiry.subject)).all()
    assert "Subject é vs é" in subjects
    assert "Subject nul[31m" in subjects


def test_f24_no_address_of_a_machine_and_no_browser_is_kept(
    client: PageClient, app: Any, house: Any, ask: Ask, mailbox: Any, moment: Moment, caplog: Any
) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    client.environ_base["HTTP_USER_AGENT"] = "tagged browser"
    ask()
    mailbox.deliver()
    kept = b"".join(path.read_bytes() for path in house.settings.var_dir.rglob("*") if path.is_file())
    if not house.db.is_sqlite:
        with house.db.read() as session:
            for table in Inquiry.metadata.sorted_tables:
                kept += repr(session.execute(select(table)).all()).encode()
    assert b"203.0.113" not in kept + caplog.text.encode()
    assert b"tagged browser" not in kept + caplog.text.encode()


def test_f02_what_looks_like_a_program_waits_under_screened_and_nobody_is_mailed(
    client: PageClient, ask: Ask, house: Any, moment: Moment, mailbox: Any
) -> None:
    page = ask(website="https://example.org")
    assert page.h1 == "Your inquiry is with us"
    assert "Keep this page" in page.words
    assert only(house).state == "screened"
    ask(seconds=1, email="second@example.org")
    with house.db.read() as session:
        assert sorted(session.scalars(select(Inquiry.screened_reason))) == ["too fast", "trap"]
    assert mailbox.to(REPORTER) == []
    assert mailbox.to("duty@example.org") == []


def test_f03_over_the_rate_is_screened_and_never_refused(client: PageClient, ask: Ask, house: Any) -> None:
    for place in range(intake.PER_NETWORK + 1):
        assert ask(email=f"reporter{place}@example.org").status_code == 200
    with house.db.read() as session:
        states = session.scalars(select(Inquiry.state).order_by(Inquiry.id)).all()
    assert states == ["received"] * intake.PER_NETWORK + ["screened"]
