"""The form under attack and under failure: text stays text, machines wait, journalists are never refused."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from outreach.inquiries import hygiene, intake
from outreach.inquiries.models import Inquiry
from tests.inquiries.conftest import REPORTER, TUESDAY, TYPED, key_of, only, reference_of, submission
from tests.support.client import Page, PageClient, open_client
from tests.support.moment import Moment

Ask = Callable[..., Page]


@pytest.mark.parametrize("variant", ["en", "cir"])
def test_f26_a_failure_of_ours_gives_the_form_back_with_everything_typed(
    own_app: Any, house: Any, moment: Moment, variant: str
) -> None:
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    client = open_client(own_app)
    moment.is_at(TUESDAY)
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


NAUGHTY = ["<script>alert(1)</script>", "{{ 7*7 }}", "'; DROP TABLE inquiry;--", "\x00nul\x1b[31m", "\u202egnp.exe", "é vs e\u0301", "\u200bzero", "%s%n{0}", "𝕳𝖊𝖑𝖑𝖔", "ЋирилицаLatin", "\ufeffbom", "a" * 60]  # fmt: skip


def test_f14_naughty_text_in_every_field_is_stored_as_text(
    client: PageClient, ask: Ask, house: Any, officer: PageClient
) -> None:
    client.checks_pages = officer.checks_pages = False
    for place, some in enumerate((NAUGHTY[:6], NAUGHTY[6:])):
        text = " ".join(some)
        page = ask(
            subject=f"Subject {text[:100]}",
            questions=f"A question: {text}?",
            name=f"Name {text[:90]}",
            outlet=f"Outlet {text[:90]}",
            story=text,
            handle=text[:100],
        )
        assert page.status_code == 200, place
        work = officer.get(f"/desk/inquiries/{reference_of(page)}")
        assert work.status_code == 200
        for shown in (page.text, work.text, officer.get("/desk/inquiries").text):
            assert "<script>alert" not in shown
            assert "\x00" not in shown
        assert "\u202e" not in work.text
        assert "\u200b" not in work.text
    with house.db.read() as session:
        questions = [q.text for inquiry in session.scalars(select(Inquiry)) for q in inquiry.questions]
    assert any("é vs é" in text for text in questions)
    assert any(" nul[31m " in text for text in questions)


LINES = {
    "subject": "subject", "name": "name", "outlet": "outlet", "handle": "other_handle", "byline": "byline",
    "interview_language": "language", "interview_minutes": "minutes", "interview_with": "with",
    "visit_place": "place", "visit_days": "days", "visit_people": "people", "visit_equipment": "equipment",
}  # fmt: skip
TEXTS = (
    *LINES,
    "questions",
    "story",
    "date",
    "time",
    "zone",
    "email",
    "phone",
    "runs",
    "about",
    "form_token",
    "website",
)


@pytest.mark.parametrize("some", NAUGHTY)
def test_f14_every_field_keeps_the_naughtiest_text_as_its_normal_form(
    client: PageClient, ask: Ask, house: Any, officer: PageClient, some: str
) -> None:
    client.checks_pages = officer.checks_pages = False
    text = f"says {some}"
    page = ask(
        need=["interview", "visit"], interview_form=["live"], phone="+381 11 000 0000", story=text,
        questions=f"What {text}?", files=[(BytesIO(text.encode()), f"{some}.txt")], **dict.fromkeys(LINES, text),
    )  # fmt: skip
    refused = "\x00" in some or "<script" in some  # no text, a page: told beside the field
    assert page.status_code == (422 if refused else 200)
    page = client.submit(page) if refused else page
    kept = only(house)
    details = {name: value for values in kept.details.values() for name, value in values.items()}
    for field, column in LINES.items():
        stored = details[column] if column in details else getattr(kept, column)
        assert stored == hygiene.one_line(text), field
    assert kept.story == hygiene.clean(text)
    work, own = officer.get(f"/desk/inquiries/{kept.reference}"), client.get(f"/en/i/{key_of(page)}")
    for shown in (page, work, own):
        assert shown.status_code == 200
        assert "<script>alert" not in shown.text
    assert not set(work.text) & set("\u202e\u200b\ufeff")


@pytest.mark.parametrize("field", TEXTS)
def test_f14_no_text_in_any_field_is_a_failure_of_ours(
    client: PageClient, moment: Moment, house: Any, field: str
) -> None:
    client.checks_pages = False
    moment.is_at(TUESDAY)
    usual = {**TYPED, "need": ["interview", "visit"], "when": "day", "zone": "Europe/Belgrade", "reply": "en"}
    for text in (*NAUGHTY, "x" * 20_000, "\ud800", "9" * 400, "🏳️‍🌈" * 50, ""):
        answer = client.post("/en/media/inquiry", data={**usual, field: text.encode("utf-8", "surrogatepass")})
        assert answer.status_code in (303, 422), text[:40]


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


def test_f03_over_the_rate_is_screened_and_never_refused(ask: Ask, house: Any, moment: Moment) -> None:
    with house.db.transaction() as session:
        for place in range(intake.PER_NETWORK):
            said = submission(email=f"reporter{place}@example.org")
            intake.receive(session, house, moment.now(), said, f"nonce {place}", None, "127.0.0.0/24")
    assert ask(email="one.more@example.org").status_code == 200
    with house.db.read() as session:
        states = session.scalars(select(Inquiry.state).order_by(Inquiry.id)).all()
    assert states == ["received"] * intake.PER_NETWORK + ["screened"]
