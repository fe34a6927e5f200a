"""Today in a browser: its seven questions in one screen, and a page that renews itself without being felt (screens.md §7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from outreach import clock
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import Inquiry, InquiryMessage
from tests.browser.window import Window

OpenWindow = Callable[..., Window]
EVERY = 61_000  # milliseconds
QUESTIONS = ("next", "nobody", "mine", "out", "words", "clear")


def inquiry(number: int, **other: Any) -> Inquiry:
    now = clock.now()
    values: dict[str, Any] = {
        "reference": f"26-{number:05}-0", "fingerprint": str(number), "key_id": "k", "variant": "en", "state": "received",
        "needs": ["quote"], "subject": f"Surplus ammunition, question {number}: progress and cost of the whole programme",
        "deadline_choice": "day", "deadline_zone": "Europe/Belgrade", "terms_wanted": "on_record", "name": "Reporter",
        "outlet": "Daily (example)", "email": "reporter@example.org", "channels": [], "reply_in": "any", "folded": "",
        "received_at": now - timedelta(minutes=40), "changed_at": now, "last_in_at": now - timedelta(minutes=40),
        "deadline_at": now + timedelta(hours=number), "suspense_at": now + timedelta(hours=number - 0.5),
    }  # fmt: skip
    return Inquiry(**{**values, **other})


def fill(site: Any) -> None:
    """More of everything than a block can hold, for the only officer: 9 nobody's, 9 mine, 6 with new words, 6 in clearance."""
    now = clock.now()
    with site.house.db.transaction() as session:
        for number in range(1, 10):
            session.add(inquiry(number))
            session.add(inquiry(number + 100, state="accepted", owner_id=1, commit_by_at=now))
        for number in range(201, 207):
            message = InquiryMessage(direction="in", at=now, body="Could you add the total for all of the projects?")
            session.add(inquiry(number, state="accepted", messages=[message], last_in_at=now))
            cleared = inquiry(number + 100, state="in clearance")
            session.add(cleared)
            session.flush()
            session.add(
                Clearance(
                    inquiry_id=cleared.id, text="Words", text_hash="0", approver_name="Legal adviser", key_id="k",
                    approver_email="legal@example.org", asked_at=now - timedelta(hours=1), latest_at=now + timedelta(hours=1),
                )
            )  # fmt: skip


def bottom(page: Any, selector: str) -> float:
    return float(page.locator(selector).evaluate("e => e.getBoundingClientRect().bottom + scrollY"))


def test_the_seven_questions_fit_into_one_screen_of_a_small_desktop(window: OpenWindow, live_site: Any) -> None:
    shown = window(width=1366, officer="today")
    fill(live_site)
    shown.page.set_viewport_size({"width": 1366, "height": 768})
    page = shown.visit("/desk/")
    for question in QUESTIONS:
        assert page.locator(f"#{question}").count() == 1, question
    assert bottom(page, "#machine") <= 768
    shown.examine()
    assert shown.faults == []


def test_on_a_phone_they_take_two_more_screens(window: OpenWindow, live_site: Any) -> None:
    shown = window(width=390, officer="phone")
    fill(live_site)
    shown.page.set_viewport_size({"width": 390, "height": 844})
    page = shown.visit("/desk/")
    assert bottom(page, "#machine") <= 3 * 844
    shown.examine()
    assert shown.faults == []


def test_the_page_renews_itself_and_moves_neither_focus_nor_scroll(window: OpenWindow, live_site: Any) -> None:
    shown = window(width=390, officer="renewal")
    fill(live_site)
    page = shown.page
    page.clock.install()
    shown.visit("/desk/")
    button = page.locator("section[aria-labelledby=nobody] button").nth(2)
    button.focus()
    page.evaluate("scrollTo(0, 300)")
    before = page.evaluate("scrollY")
    assert before > 0
    with live_site.house.db.transaction() as session:
        late = session.scalars(select(Inquiry).where(Inquiry.reference == "26-00001-0")).one()
        late.deadline_at = clock.now() - timedelta(minutes=5)
    with page.expect_response(lambda answer: answer.url.endswith("/desk/")):
        page.clock.run_for(EVERY)
    page.wait_for_function("() => document.getElementById('alert').textContent.includes('late')")
    assert "1 late" in page.locator("#tally").inner_text()
    assert page.evaluate("document.activeElement.form.action").endswith("/accept")
    assert page.evaluate("scrollY") == before
    assert shown.faults == []


def test_renewal_can_be_paused_and_stops_when_the_session_ends(window: OpenWindow, live_site: Any) -> None:
    shown = window(officer="pause")
    fill(live_site)
    page = shown.page
    page.clock.install()
    shown.visit("/desk/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/desk/") else None)
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(3 * EVERY)
    assert asked == []
    assert "This page does not renew itself now." in page.locator("#renewal").inner_text()
    shown.context.clear_cookies()
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function("() => !document.querySelector('[data-renewal=over]').hidden")


def test_without_scripts_nothing_is_promised(window: OpenWindow, live_site: Any) -> None:
    page = window(officer="plain", script=False).visit("/desk/")
    assert not page.locator("#renewal").is_visible()
