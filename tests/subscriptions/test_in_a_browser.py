"""F-06: a real browser that runs scripts opens every private link three times, and nothing changes by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from outreach.language import Variant
from outreach.subscriptions import links, moving, optin, queries
from outreach.subscriptions.models import AddressChange, Consent, Subscriber
from tests.digests.givens import MONDAY, subscribed, wish
from tests.subscriptions.visits import database_rows


@pytest.fixture
def engine() -> str:
    """What a browser does with a page does not depend on the database."""
    return "sqlite"


def private_links(house: Any, moment: Any) -> list[str]:
    """One of each kind: a consent that waits, a subscriber's lasting links, the link of a day, a new address."""
    reader, waiting = subscribed(house), "waiting@example.org"
    with house.db.transaction() as session:
        optin.request(
            session, house, moment.now(), address=waiting, choice=wish(), shown=Variant.EN, source="/en/subscribe"
        )
        moving.ask(session, house, moment.now(), session.get_one(Subscriber, reader), "new@example.org")
    with house.db.read() as session:
        subscriber, other = session.get_one(Subscriber, reader), queries.by_address(session, house, waiting)
        consent = session.query(Consent).filter_by(subscriber_id=other.id).one()
        change = session.query(AddressChange).one()
        return [
            links.confirm(house, other, consent),
            links.preferences(house, subscriber),
            links.preferences(house, subscriber) + "?pause=30",
            links.fewer(house, subscriber, "science"),
            links.unsubscribe(house, subscriber),
            links.mine(house, subscriber, moment.now()),
            links.mine(house, subscriber, moment.now()) + "/copy.html",
            links.address(house, subscriber, change),
        ]


def test_f06_a_browser_that_runs_scripts_changes_nothing_by_opening_a_link(
    live_site: Any, browser: Any, moment: Any
) -> None:
    moment.is_at(MONDAY)
    house = live_site.house
    opened = private_links(house, moment)
    before, elsewhere, faults = database_rows(house), [], []
    for link in opened:
        context = browser.new_context(java_script_enabled=True)
        page = context.new_page()
        page.on(
            "request",
            lambda request: elsewhere.append(request.url) if not request.url.startswith(live_site.url) else None,
        )
        page.on("request", lambda request: faults.append(request.url) if request.method != "GET" else None)
        for until in ("load", "load", "networkidle"):
            if link.endswith("copy.html"):
                with page.expect_download() as download:
                    page.evaluate("link => { const a = document.createElement('a'); a.href = link; a.click() }", link)
                download.value.cancel()
            else:
                answer = page.goto(link, wait_until=until)
                assert answer.status == 200, link
                assert page.url == link
        context.close()
    assert database_rows(house) == before
    assert (elsewhere, faults) == ([], [])


def test_f08_no_private_page_hands_its_address_on(live_site: Any, browser: Any, moment: Any) -> None:
    """The next page, whichever link leads there, is told no address to come from."""
    moment.is_at(MONDAY)
    opened = private_links(live_site.house, moment)
    context = browser.new_context()
    page = context.new_page()
    told: list[str | None] = []
    page.on("request", lambda request: told.append(request.headers.get("referer")))
    for link in opened:
        if link.endswith("copy.html"):
            continue
        page.goto(link)
        with page.expect_navigation():
            page.locator("main").get_by_role("link").or_(page.locator("footer a")).last.click()
        assert urlsplit(page.url).path != urlsplit(link).path
    context.close()
    private = ("confirm", "preferences", "unsubscribe", "mine", "address", "fewer")
    assert [where for where in told if where and any(f"/{name}/" in where for name in private)] == []


def test_the_preference_centre_works_without_script_by_keyboard_alone(
    live_site: Any, browser: Any, moment: Any
) -> None:
    moment.is_at(MONDAY)
    house = live_site.house
    reader = subscribed(house)
    with house.db.read() as session:
        link = links.preferences(house, session.get_one(Subscriber, reader))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(link)
    page.get_by_label("One e-mail a week, on Friday").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**?saved=1")
    assert page.get_by_role("status").count() == 1
    with house.db.read() as session:
        assert queries.choice(session, session.get_one(Subscriber, reader)).cadence == "weekly"
    for words in ("Stop all e-mail", "Undo, keep the e-mails"):
        with page.expect_navigation():
            page.get_by_role("button", name=words).click()
    with house.db.read() as session:
        assert session.get_one(Subscriber, reader).is_live
    context.close()
