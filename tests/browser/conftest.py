"""The site with examples in it, a signed-in officer's cookie, and a window that notices what a careful visitor would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from outreach import clock
from outreach.newsroom import intake
from outreach.operations import demo
from tests.browser.window import Window
from tests.support.people import signed_in


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """What a browser sees does not depend on the database; one is enough here."""
    return str(request.param)


@pytest.fixture
def furnished(live_site: Any) -> Any:
    """The live site with its content read and the examples on the desk."""
    house = live_site.house
    with house.db.transaction() as session:
        intake.read_content(session, house, clock.now())
    with house.db.transaction() as session:
        demo.load(session, house, clock.now())
    return live_site


@pytest.fixture
def window(browser: Any, live_site: Any) -> Iterator[Callable[..., Window]]:
    """window(width=360, theme="dark", script=False, officer=True): a window of its own on the live site."""
    opened: list[Window] = []

    def open_window(officer: str | None = None, **look: Any) -> Window:
        one = Window(browser, live_site.url, **look)
        if officer:
            client = signed_in(
                live_site.app,
                "officer",
                "editor",
                "contacts",
                "admin",
                email=f"officer-{officer}-{len(opened)}@example.org",
            )
            cookies = [{"name": c.key, "value": c.value, "url": live_site.url} for c in client._cookies.values()]
            one.context.add_cookies(cookies)
        opened.append(one)
        return one

    yield open_window
    for one in opened:
        one.context.close()
