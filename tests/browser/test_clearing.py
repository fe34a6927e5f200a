"""An officer asks for a story's answer and a correction to be cleared; the pages of both are as careful as any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from outreach import clock
from outreach.inquiries import casework, intake
from outreach.inquiries.clearance import links
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import OUT, InquiryMessage
from outreach.inquiries.released import keeping
from outreach.inquiries.stories import gathering
from outreach.language import Variant
from tests.browser.window import Window
from tests.inquiries.conftest import submission

OpenWindow = Callable[..., Window]


@pytest.fixture
def places(live_site: Any) -> tuple[str, str]:
    """The page of a story with an inquiry in it, and that of a correction of its earlier answer."""
    house, now = live_site.house, clock.now() - timedelta(minutes=5)
    with house.db.transaction() as session:
        reference = intake.receive(session, house, now, submission(), "a form", None, "a network").inquiry.reference
        inquiry = casework.open_case(session, reference)
        message = InquiryMessage(
            direction=OUT, at=now, body="", terms="on_record", answers=[["How much?", "Two thousand tonnes have been destroyed so far."]]
        )  # fmt: skip
        inquiry.messages.append(message)
        session.flush()
        (answer,) = keeping.release(session, now, inquiry, message, inquiry.questions[:1], None)
        story = gathering.gather(session, now, "The depot", "the press office", [inquiry.reference], None)
        gathering.join(session, now, story, [inquiry.reference], None)
        return f"/desk/stories/{story.id}", f"/desk/answers/{answer.code}/correct"


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
def test_both_are_asked_about_and_read_by_an_approver(
    window: OpenWindow, places: tuple[str, str], live_site: Any, width: int, theme: str
) -> None:
    desk, approver = (window(officer=name, width=width, theme=theme) for name in ("one", "two"))
    story, correction = places
    page = desk.visit(story)
    page.fill("#text", "The depot is safe.")
    page.fill("#text_sr", "Складиште је безбедно.")
    page.fill("#ask_email", "expert@example.org")
    with desk.leads_on():
        page.get_by_role("button", name="Ask for clearance").click()
    page.get_by_text("With expert@example.org since").wait_for()
    desk.examine()
    page = desk.visit(correction)
    page.locator("main textarea").first.fill("Three thousand tonnes have been destroyed so far.")
    page.fill("#ask_email", "expert@example.org")
    with desk.leads_on():
        page.get_by_role("button", name="Ask for clearance").click()
    page.get_by_text("With expert@example.org since").wait_for()
    desk.examine()
    with live_site.house.db.read() as session:
        asked = [links.url(live_site.house, row, Variant.EN) for row in session.query(Clearance).order_by(Clearance.id)]
    for at in asked:
        approver.visit(at)
        approver.examine()
    assert desk.faults + approver.faults == []
