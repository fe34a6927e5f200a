"""The desk by keyboard alone: triage in two keys, a call without a mouse, and the switch that turns keys off (WCAG 2.1.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import select

from outreach import clock
from outreach.accounts.models import Account
from outreach.inquiries import intake
from outreach.inquiries.models import Inquiry
from tests.browser.window import Window
from tests.inquiries.conftest import submission

OpenWindow = Callable[..., Window]


class Hand:
    """Presses keys and counts them; `lands` waits for the page that the last one leads to."""

    def __init__(self, page: Any) -> None:
        self.page, self.presses = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def lands(self, *keys: str) -> None:
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])


@pytest.fixture
def asked(live_site: Any) -> Callable[[str], str]:
    """asked("Bridges"): an inquiry on this subject is waiting; its reference."""

    def ask(subject: str) -> str:
        house = live_site.house
        with house.db.transaction() as session:
            said = submission(subject=subject, questions=f"{subject}, and why?")
            return intake.receive(session, house, clock.now(), said, token_hex(8), None, "here").inquiry.reference

    return ask


def state(live_site: Any, reference: str) -> Inquiry:
    with live_site.house.db.read() as session:
        return session.scalars(select(Inquiry).where(Inquiry.reference == reference)).one()


def test_a_new_inquiry_is_triaged_in_two_keys(live_site: Any, asked: Callable[[str], str], window: OpenWindow) -> None:
    """Accepted by j 1; put off, or put down as a duplicate of the one before, by key and Enter."""
    first, later, again = asked("Bridges"), asked("A long read"), asked("Bridges")
    shown = window(officer="keys")
    page = shown.visit("/desk/inquiries?view=new")
    hand = Hand(page)
    hand.lands("j", "1")
    assert (state(live_site, first).state, hand.presses) == ("accepted", 2)
    for reference, key, ended in ((later, "h", "received"), (again, "2", "duplicate")):
        shown.visit(f"/desk/inquiries/{reference}")
        hand = Hand(page)
        hand.lands(key, "Enter")
        assert (state(live_site, reference).state, hand.presses) == (ended, 2), key
    assert state(live_site, later).snoozed_until > clock.now() + timedelta(hours=1)
    assert state(live_site, again).duplicate_of_id == state(live_site, first).id
    hand.lands("z")
    assert state(live_site, again).state == "received"
    assert shown.faults == []


def test_a_key_on_a_row_opens_its_panel_in_the_workspace(
    live_site: Any, asked: Callable[[str], str], window: OpenWindow
) -> None:
    reference = asked("Bridges")
    page = window(officer="keys").visit("/desk/inquiries?view=new")
    Hand(page).press("j", "3")
    page.wait_for_url(f"**/{reference}#key-3")
    assert page.evaluate("document.activeElement.name") == "decline_reason"
    assert page.locator("#step-decline").get_attribute("open") is not None


def test_a_call_is_logged_without_a_mouse(live_site: Any, window: OpenWindow) -> None:
    shown = window(officer="keys")
    page = shown.visit("/desk/")
    Hand(page).press("p")
    page.wait_for_url("**/desk/inquiries/new")
    page.wait_for_function("() => document.activeElement.name === 'who'")
    for typed in ("Reporter", "Radio", "+381 11 000 0000", "When does it end?", "sutra 10"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    shown.examine()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    with live_site.house.db.read() as session:
        inquiry = session.scalars(select(Inquiry)).one()
        assert (inquiry.name, inquiry.subject) == ("Reporter", "When does it end?")
    shown.examine()
    assert shown.faults == []


def test_the_sheet_lists_the_keys_and_fields_keep_theirs(
    live_site: Any, asked: Callable[[str], str], window: OpenWindow
) -> None:
    reference = asked("Bridges")
    shown = window(officer="keys")
    page = shown.visit(f"/desk/inquiries/{reference}")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert "Put off" in page.locator("dialog").inner_text()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.keyboard.press("r")
    page.keyboard.type("1 answer, no 3 z")
    assert page.locator("#body").input_value() == "1 answer, no 3 z"
    assert state(live_site, reference).state == "received"
    shown.visit("/desk/keys")
    shown.examine()
    assert shown.faults == []


def test_keys_can_be_switched_off(live_site: Any, asked: Callable[[str], str], window: OpenWindow) -> None:
    reference = asked("Bridges")
    shown = window(officer="keys")
    page = shown.visit("/desk/me")
    page.locator("#shortcuts").uncheck()
    with shown.leads_on():
        page.locator("form[action='/desk/me'] .btn-send").click()
    with live_site.house.db.read() as session:
        assert [a.has_shortcuts for a in session.scalars(select(Account))] == [False]
    page.goto(f"/desk/inquiries/{reference}")
    Hand(page).press("1")
    assert state(live_site, reference).state == "received"


@pytest.mark.parametrize("width", [320, 1280])
def test_queue_and_workspace_are_without_fault_with_every_panel_open(
    live_site: Any, asked: Callable[[str], str], window: OpenWindow, width: int
) -> None:
    reference = asked("Bridges")
    shown = window(officer="keys", width=width, theme="dark")
    for path in ("/desk/inquiries?view=new", f"/desk/inquiries/{reference}"):
        page = shown.visit(path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        shown.examine()
    assert shown.faults == []
