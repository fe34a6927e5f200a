"""Two officers at one inquiry: each sees the other's words, nobody overwrites anybody, and both know who is here (S-22)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from outreach import clock
from outreach.inquiries import deadlines, intake
from tests.browser.window import Window
from tests.inquiries.conftest import submission

OpenWindow = Callable[..., Window]

TYPED = """(field, text) => {
  field.value = text;
  for (const told of ["input", "change"]) field.dispatchEvent(new Event(told, { bubbles: true }));
}"""


@pytest.fixture
def workspace(live_site: Any) -> str:
    """The address of the workspace of a new inquiry with three questions, due within the hour."""
    house = live_site.house
    with house.db.transaction() as session:
        said = deadlines.Typed("hour", "", "", "Europe/Belgrade")
        asked = submission(typed=said, deadline=deadlines.read(said, clock.now()))
        received = intake.receive(session, house, clock.now(), asked, "a form", None, "a network")
        return f"/desk/inquiries/{received.inquiry.reference}"


def kept(page: Any, field: str, text: str) -> None:
    """Type into a field and wait until these very words are kept: the line may still say that those before them were."""
    page.eval_on_selector("#draft-status", "status => { status.textContent = ''; }")
    with page.expect_response(lambda answer: text in parse_qs(answer.request.post_data or "").get("text", [])):
        page.fill(field, text)
        page.dispatch_event(field, "change")
    page.wait_for_function("() => document.getElementById('draft-status').textContent.startsWith('Draft kept')")


def opened(window: Window, workspace: str) -> Any:
    """The workspace, once it has asked who else is here: what others write after that, it does not know yet.

    It would ask again by itself every fifteen seconds; however slow the machine, here it asks only when a field is entered.
    """
    window.page.add_init_script("window.setInterval = () => 0")
    with window.page.expect_response(lambda answer: answer.url.endswith("/presence")):
        return window.visit(workspace)


def comes_late(window: Window, field: str, text: str) -> None:
    """Type into a field that the other officer has changed meanwhile.

    Typed at one stroke: a page that is given time between the focus and the first letter asks what is new and shows it.
    """
    window._expected = 409
    window.page.eval_on_selector(field, TYPED, text)


def test_s22_two_officers_write_in_one_inquiry(window: OpenWindow, workspace: str, live_site: Any) -> None:
    first, second = window(officer="one"), window(officer="two")
    one, two = opened(first, workspace), opened(second, workspace)
    two.focus("#answers-1")
    two.wait_for_function("() => document.getElementById('here').textContent !== ''")

    kept(one, "#answers-0", "2,000 tonnes.")
    kept(two, "#answers-1", "Trust Funds.")
    assert two.input_value("#answers-0") == "2,000 tonnes."  # the other's words, without opening the page again

    kept(one, "#answers-2", "Next year.")
    comes_late(second, "#answers-2", "Nobody knows.")
    both = two.locator("#both-answers-2")
    both.wait_for()
    assert "Next year." in both.inner_text()
    assert two.input_value("#answers-2") == "Nobody knows."
    second.examine()
    with second.leads_on(409):
        two.get_by_role("button", name="Send answer to").click()  # the page is not sent past the other's words
    assert two.locator(".error-summary").count() == 1
    assert two.input_value("#answers-2") == "Nobody knows."
    assert "Next year." in two.locator("#q3").inner_text()
    with second.leads_on(409):
        two.get_by_role("button", name="Send answer to").click()
    two.get_by_role("button", name="Stop").click()
    two.get_by_text("Stopped. Nothing was sent").wait_for()
    assert (first.faults, second.faults) == ([], [])


def test_a_choice_between_two_versions_is_made_with_one_button(window: OpenWindow, workspace: str) -> None:
    first, second = window(officer="one"), window(officer="two")
    one, two = opened(first, workspace), opened(second, workspace)
    kept(one, "#body", "Good day,")
    comes_late(second, "#body", "Hello,")
    two.get_by_role("button", name="Take this one").click()
    two.wait_for_function("() => !document.getElementById('both-body')")
    assert two.input_value("#body") == "Good day,"
    kept(two, "#body", "Good day, all,")
    assert second.faults == []


def test_s22_the_note_is_one_for_both_until_it_is_added(window: OpenWindow, workspace: str) -> None:
    first, second = window(officer="one"), window(officer="two")
    one, two = opened(first, workspace), opened(second, workspace)
    kept(one, "#note", "Ask the expert.")
    comes_late(second, "#note", "Call them.")
    both = two.locator("#both-note")
    both.wait_for()
    assert "Ask the expert." in both.inner_text()
    second.examine()
    two.get_by_role("button", name="Take this one").click()
    two.get_by_role("button", name="Add the note").click()
    two.get_by_text("Note added. Only we see it.").wait_for()
    assert two.input_value("#note") == ""
    one.reload()
    assert (one.input_value("#note"), one.locator(".thread .internal").inner_text().count("Ask the expert.")) == ("", 1)
    assert (first.faults, second.faults) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_workspace_has_no_fault_in_any_window(window: OpenWindow, workspace: str, width: int, theme: str) -> None:
    shown = window(officer="one", width=width, theme=theme)
    shown.visit(workspace)
    for summary in shown.page.locator("summary").all():
        summary.click()
    shown.examine()
    shown.visit("/desk/clearances")
    shown.examine()
    assert shown.faults == []
