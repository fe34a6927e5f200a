"""The record in a browser: a contact is logged with the keyboard alone, and no page of it has a fault at either width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from outreach import clock
from outreach.contacts import intake
from tests.browser.window import Window

OpenWindow = Callable[..., Window]


@pytest.fixture
def record(live_site: Any) -> str:
    with live_site.house.db.transaction() as session:
        for place in range(3):
            person = intake.from_inquiry(
                session, live_site.house, clock.now(), name=f"Desk {place}", outlet="Daily Example",
                email=f"desk{place}@example.org", phone="064 123 45 67", channels=["email"], language="lat",
                actor_id=None,
            )  # fmt: skip
    return f"/desk/contacts/{person.id}"


def test_a_contact_is_logged_with_the_keyboard_in_a_few_strokes(window: OpenWindow, record: str) -> None:
    """One key to the form; the day and the hour stand there; a line of words and Enter. Twenty seconds are plenty."""
    desk = window(officer="one")
    page = desk.visit(record)
    page.keyboard.press("l")
    assert page.evaluate("document.activeElement.name") == "kind"
    page.keyboard.press("m")  # a meeting
    strokes = 0
    while page.evaluate("document.activeElement.name") != "summary":
        page.keyboard.press("Tab")
        strokes += 1
    assert strokes <= 10  # through the parts of the day and hour
    page.keyboard.type("Agreed on a visit")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".rows b", has_text="Agreed on a visit").count() == 1
    assert desk.faults == []


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_a_record_have_no_fault(window: OpenWindow, record: str, width: int) -> None:
    desk = window(officer="two", width=width)
    for path in (record, f"{record}/edit", "/desk/contacts/new", "/desk/contacts/stale", "/desk/contacts/paste",
                 "/desk/contacts/requests", "/desk/contacts/organisations/1", "/desk/contacts/organisations/1/edit"):  # fmt: skip
        desk.visit(path)
        desk.examine()
    assert desk.faults == []
