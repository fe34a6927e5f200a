"""When the form cannot be sent, the same words can go by e-mail; and the office's hours are told before and beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from outreach.inquiries import forms_by_mail
from outreach.inquiries.forms import InquiryForm
from outreach.language import Variant
from tests.inquiries.conftest import TUESDAY, TYPED
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

Ask = Callable[..., Page]
HOURS = {day: (time(9), time(17)) for day in range(5)}


@pytest.fixture
def staffed(house: Any) -> Any:
    """An office with hours, a telephone and an address."""
    house.office.__dict__.update(hours=HOURS, phone="+381 11 000 0000", email="press@example.org")
    return house


def test_the_mail_carries_everything_that_was_typed(app: Any, staffed: Any) -> None:
    typed = MultiDict({**TYPED, "zone": "Europe/Belgrade", "reply": "cir", "form_token": "secret", "story": "a & b?"})
    with app.test_request_context():
        form = InquiryForm(typed, TUESDAY, Variant.LAT, staffed.office)
        address = forms_by_mail.address(form, Variant.LAT, "press@example.org")
        assert forms_by_mail.address(form, Variant.LAT, "") == ""
    parts = urlsplit(address)
    assert (parts.scheme, parts.path) == ("mailto", "press@example.org")
    mail = parse_qs(parts.query)
    assert mail["subject"] == [TYPED["subject"]]
    body = mail["body"][0]
    for said in (
        "How much has been destroyed so far?\r\nWho pays, and how much?",
        "16h",
        "reporter@example.org",
        "a & b?",
        "Danas",
    ):
        assert said in body
    assert "secret" not in body


@pytest.mark.parametrize(
    ("variant", "closed"),
    [("en", "We are closed until Wed 26 Nov, 09:00."), ("cir", "Не радимо. Поново смо ту: сре, 26. 11. у 09:00.")],
)
def test_a_closed_office_says_so_above_the_form_beside_the_deadline_and_on_the_confirmation(
    staffed: Any, client: PageClient, moment: Moment, variant: str, closed: str
) -> None:
    moment.is_at(datetime(2025, 11, 25, 17, 30, tzinfo=UTC))
    form = client.get(f"/{variant}/media/inquiry")
    assert closed in form.words.replace("\u00a0", " ")
    moment.moves(seconds=20)
    page = client.submit(form, **{**TYPED, "when": ["day"], "date": "29.11.", "time": "10", "name": ""})
    assert {"en": "We are closed at that time.", "cir": "У то време не радимо."}[variant] in page.words
    sent = client.submit(page, name="Reporter, daily")
    assert {"en": "We are closed until Wed 26 Nov, 09:00; a press officer", "cir": "сре, 26. 11. у 09:00"}[
        variant
    ] in sent.words.replace("\u00a0", " ")


def test_an_open_office_and_one_without_hours_claim_nothing(
    staffed: Any, client: PageClient, moment: Moment, ask: Ask
) -> None:
    moment.is_at(TUESDAY)
    assert "closed" not in client.get("/en/media/inquiry").words
    assert "closed" not in ask(name="").words
    staffed.office.__dict__.update(hours=None)
    moment.is_at(datetime(2025, 11, 29, 3, 0, tzinfo=UTC))
    assert "closed" not in client.get("/en/media/inquiry").words


def test_a_public_holiday_is_closed(staffed: Any, client: PageClient, moment: Moment) -> None:
    moment.is_at(datetime(2026, 4, 13, 9, 0, tzinfo=UTC))  # Orthodox Easter Monday
    assert "We are closed until Tue 14 Apr, 09:00." in client.get("/en/media/inquiry").words


def test_a_deadline_on_another_clock_is_said_on_both_everywhere(
    client: PageClient, ask: Ask, officer: PageClient
) -> None:
    both = "Wednesday 26 November 2025, 10:00 New York (EST, UTC−5) — 16:00 in Belgrade"
    new_york = {"when": [], "time": "sutra 10", "zone": "America/New_York"}
    assert both in ask(name="", **new_york).words
    sent = ask(**new_york)
    assert both in sent.words
    assert both in client.get(str(sent.soup.find("a", string="Open the status page")["href"])).words  # type: ignore[index]
    reference = sent.soup.select_one(".reference").get_text(strip=True)  # type: ignore[union-attr]
    assert both in officer.get(f"/desk/inquiries/{reference}").words
