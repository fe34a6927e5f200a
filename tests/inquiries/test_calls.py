"""Log a call: six fields, one box for a deadline, and the answer that was given on the spot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.inquiries.conftest import REPORTER, TUESDAY, case, count, only, reference_of
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

CALL: dict[str, Any] = {
    "who": "Reporter, radio", "outlet": "Radio", "reach": "+381 11 000 0000", "what": "When does it end?\nWho pays?",
    "due": "16h",
}  # fmt: skip


@pytest.fixture
def form(officer: PageClient, moment: Moment) -> Page:
    moment.is_at(TUESDAY)
    return officer.get("/desk/inquiries/new")


def test_a_call_has_six_fields_and_needs_no_address(officer: PageClient, form: Page, house: Any, mailbox: Any) -> None:
    names = {str(tag["name"]) for tag in form.soup.select("#call input, #call textarea") if tag.get("type") != "hidden"}
    assert names - {"answer"} == {"who", "outlet", "reach", "what", "due", "needs"}
    page = officer.submit(form, "/new", button="do=save", **CALL)
    assert "Written down. It is yours." in page.words
    inquiry = only(house)
    assert (inquiry.state, inquiry.source, inquiry.subject) == ("accepted", "call", "When does it end?")
    assert [question.text for question in inquiry.questions] == ["When does it end?", "Who pays?"]
    assert inquiry.acknowledged_at is not None
    assert f"{inquiry.deadline_at:%H:%M}" == "15:00"  # 16h in Belgrade
    assert mailbox.all() == []
    assert page.request.path == f"/desk/inquiries/{inquiry.reference}"


def test_the_same_call_sent_twice_is_one(officer: PageClient, form: Page, house: Any) -> None:
    for _ in range(2):
        assert officer.submit(form, "/new", button="do=save", **CALL).status_code == 200
    assert count(house) == 1


def test_a_call_answered_at_once_is_answered_on_the_phone_and_can_be_closed(
    officer: PageClient, form: Page, house: Any, mailbox: Any
) -> None:
    for _ in range(2):
        page = officer.submit(form, "/new", button="do=answer", **{**CALL, "due": "", "answer": "In May.\nWe do."})
    inquiry = only(house)
    assert inquiry.state == "answered"
    assert [(q.answer, q.answered_at is not None) for q in inquiry.questions] == [("In May.", True), ("We do.", True)]
    assert "on the phone" in page.words
    assert mailbox.all() == []
    assert "Closed." in officer.submit(case(officer, inquiry.reference), button="do=close").words


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("16h", "25 15:00"), ("4pm", "25 15:00"), ("sutra 10", "26 09:00"), ("сутра 10", "26 09:00"),
        ("26.11. 16.30", "26 15:30"), ("pet 9.30", "28 08:30"),
    ],
)  # fmt: skip
def test_one_box_reads_a_deadline_as_people_say_it(
    officer: PageClient, form: Page, house: Any, typed: str, utc: str
) -> None:
    officer.submit(form, "/new", button="do=save", **{**CALL, "due": typed})
    assert f"{only(house).deadline_at:%d %H:%M}" == utc


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"who": ""}, "Enter who called"), ({"outlet": ""}, "Enter the outlet"), ({"what": ""}, "Enter your questions"),
        ({"due": "whenever"}, "Deadline must be a real date"), ({"due": "8h"}, "Deadline must be in the future"),
        ({"reach": ""}, "Enter a phone number or an e-mail address"), ({"reach": "12"}, "Enter a phone number in the"),
        ({"reach": "a@b"}, "Enter an email address in the correct format"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    officer: PageClient, form: Page, house: Any, wrong: dict[str, str], said: str
) -> None:
    page = officer.submit(form, "/new", button="do=save", **{**CALL, **wrong})
    assert page.status_code == 422
    assert said in page.words
    kept = "what" if "who" in wrong else "who"
    tag = page.soup.find(id=kept)
    assert CALL[kept] in (tag.get_text() + str(tag.get("value", "")))  # type: ignore[union-attr]
    assert count(house) == 0


def test_an_address_and_a_number_share_one_box_and_the_address_gets_the_receipt(
    officer: PageClient, form: Page, house: Any, mailbox: Any
) -> None:
    officer.submit(form, "/new", button="do=save", **{**CALL, "reach": f"+381 11 000 0000, {REPORTER}"})
    inquiry = only(house)
    assert (inquiry.phone, inquiry.email) == ("+381 11 000 0000", REPORTER)
    assert [mail.subject for mail in mailbox.to(REPORTER)] == [f"[{inquiry.reference}] We have your inquiry"]


def test_a_caller_from_contacts_is_found_and_fills_the_form(ask: Callable[..., Page], officer: PageClient) -> None:
    officer.submit(case(officer, reference_of(ask(phone="+381 11 000 0000"))), button="do=contact")
    found = officer.get("/desk/inquiries/new?who=report")
    assert found.soup.select_one("#people option")["value"] == "Reporter, daily"  # type: ignore[index]
    link = found.soup.select_one("aside a")
    filled = officer.get(str(link["href"]))  # type: ignore[index]
    assert [filled.soup.find(id=name)["value"] for name in ("who", "outlet")] == ["Reporter, daily", "Daily"]  # type: ignore[index]
    assert REPORTER in filled.soup.find(id="reach")["value"]  # type: ignore[index,operator]


def test_the_status_page_of_a_call_shows_what_was_said(
    officer: PageClient, form: Page, client: PageClient, house: Any
) -> None:
    from outreach.inquiries import links

    officer.submit(form, "/new", button="do=answer", **{**CALL, "answer": "All of it, in May."})
    page = client.get(f"/en/i/{links.token(house, only(house))}")
    assert "All of it, in May." in page.words
    assert "on the phone" in page.words


def test_hostile_text_stays_text(officer: PageClient, form: Page, house: Any) -> None:
    naughty = "<script>alert(1)</script> {{7*7}} \u202eabc \x00"
    page = officer.submit(
        form, "/new", button="do=save", **{**CALL, "who": naughty, "outlet": naughty, "what": naughty}
    )
    assert page.status_code == 200
    assert page.soup.find("script", string="alert(1)") is None
    assert "[U+202E]" in page.words
