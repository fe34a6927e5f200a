"""Both public journeys on a phone, by what a person sees: with JavaScript off, and with it, so that axe can look (screens.md §14)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.window import Window
from tests.support.mailbox import Mailbox
from tests.support.moment import Moment

OpenWindow = Callable[..., Window]


@pytest.fixture
def post(live_site: Any) -> Mailbox:
    return Mailbox(live_site.house)


def link_in(mail: Any, part: str) -> str:
    """The address in a mail's text that leads to `part`."""
    found = re.search(rf"https?://\S*/{part}/\S+", mail.text)
    assert found, mail.text
    return found[0].rstrip(".>)")


@pytest.mark.parametrize("script", [False, True])
def test_the_press_office_is_asked_with_and_without_script(
    furnished: Any, window: OpenWindow, moment: Moment, post: Mailbox, script: bool
) -> None:
    phone = window(width=360, script=script)
    page = phone.visit("/en/")
    with phone.leads_on():
        page.locator("main").get_by_role("link", name="Ask the press office").click()
    page.get_by_label("Answer I can quote").check()
    page.fill("#subject", "Surplus ammunition")
    page.fill("#questions", "How much has been destroyed?\nWho pays?")
    page.get_by_label("No fixed deadline").check()
    page.fill("#name", "Reporter, daily")
    page.fill("#outlet", "Example daily")
    page.fill("#email", "reporter.example.org")
    moment.moves(seconds=30)
    with phone.leads_on(422):
        page.locator(".btn-send").click()
    assert page.title().startswith("Error: ")
    assert page.input_value("#subject") == "Surplus ammunition"
    page.locator(".error-summary a").click()
    page.wait_for_url("**#email")
    page.fill("#email", "reporter@example.org")
    with phone.leads_on():
        page.locator(".btn-send").click()
    reference = page.locator(".reference").inner_text()
    assert re.fullmatch(r"\d\d-\d{5}-\d", reference)
    phone.examine()

    page.goto(link_in(post.to("reporter@example.org")[0], "i"))
    assert reference in page.locator("main").inner_text()
    phone.examine()
    assert phone.faults == []


@pytest.mark.parametrize("script", [False, True])
def test_somebody_subscribes_changes_and_stops_with_and_without_script(
    furnished: Any, window: OpenWindow, moment: Moment, post: Mailbox, script: bool
) -> None:
    phone = window(width=360, script=script)
    page = phone.visit("/en/")
    with phone.leads_on():
        page.locator(".main-nav").get_by_role("link", name="Subscribe").click()
    page.fill("#address", "reader@example.org")
    page.locator("summary").click()
    page.get_by_label("News from the office").uncheck()
    moment.moves(seconds=30)
    with phone.leads_on():
        page.locator("main .btn-send").click()
    assert page.locator("h1").inner_text() == "Check your mail"
    phone.examine()

    page.goto(link_in(post.to("reader@example.org")[0], "confirm"))
    with phone.leads_on():
        page.locator("main .btn-send").click()
    assert page.locator("h1").inner_text() == "You are subscribed"
    phone.examine()
    with phone.leads_on():
        page.get_by_role("link", name="Change preferences").click()
    page.get_by_label("Srpski, latinica").check()
    with phone.leads_on():
        page.locator("main .btn-send").click()
    assert page.locator("html").get_attribute("lang") == "sr-Latn"
    assert page.locator(".notice[role=status]").count() == 1
    phone.examine()
    with phone.leads_on():
        page.locator("aside form[action*='/unsubscribe/'] button").click()
    assert page.locator("main .lead[role=status]").count() == 1
    phone.examine()
    assert phone.faults == []
