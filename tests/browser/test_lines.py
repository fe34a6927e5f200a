"""Lines to take in a browser: `::` and the keyboard alone put one in; without JavaScript the panel does the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from outreach.accounts.models import Account
from outreach.inquiries.lines import keeping
from outreach.inquiries.lines.keeping import Said
from outreach.inquiries.models import RECEIVED, Inquiry
from tests.browser.window import Window

OpenWindow = Callable[..., Window]


@pytest.fixture
def reference(furnished: Any) -> str:
    """An inquiry of the examples; and a line whose words its journalist may be told."""
    house = furnished.house
    with house.db.transaction() as session:
        inquiry = session.scalars(select(Inquiry).where(Inquiry.state == RECEIVED).order_by(Inquiry.id)).first()
        actor = session.scalars(select(Account.id)).first()
        said = Said(
            "line", "", inquiry.questions[0].text, "As agreed.", "Како је договорено.", "on_record", "", "", None, None
        )
        keeping.keep(session, house, inquiry.received_at, said, actor)
        return str(inquiry.reference)


def test_two_colons_and_the_keyboard_put_a_line_in(window: OpenWindow, reference: str) -> None:
    desk = window(officer="one")
    page = desk.visit(f"/desk/inquiries/{reference}")
    answer = page.locator("#answers-0")
    answer.click()
    page.keyboard.type("First this. ::dogovoreno")
    page.locator(".line-found button").first.wait_for()
    desk.examine()
    page.keyboard.press("Escape")
    assert page.locator(".line-found").count() == 0
    page.keyboard.press("Backspace")
    page.locator(".line-found button").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**#q1")
    kept = page.input_value("#answers-0")
    assert kept.startswith("First this.")
    assert "::" not in kept
    assert any(words in kept for words in ("As agreed.", "Kako je dogovoreno.", "Како је договорено."))
    assert desk.faults == []


def test_without_script_the_panel_puts_a_line_in(window: OpenWindow, reference: str) -> None:
    desk = window(officer="two", script=False)
    page = desk.visit(f"/desk/inquiries/{reference}")
    page.locator("#q1 details.line-list summary").click()
    with desk.leads_on():
        page.locator("#q1 details.line-list button").first.click()
    kept = page.input_value("#answers-0")
    assert any(words in kept for words in ("As agreed.", "Kako je dogovoreno.", "Како је договорено."))
    assert desk.faults == []
