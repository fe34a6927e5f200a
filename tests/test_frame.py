"""The frame of the public pages: parts of it are drawn once and kept, so no page may leave its own words in them."""

from __future__ import annotations

import re

import pytest

from outreach.house import House
from outreach.newsroom import intake
from tests.support.client import PageClient
from tests.support.moment import Moment

PATHS = (
    "en/",
    "cir/updates/",
    "en/updates/",
    "lat/contact",
    "en/search?q=kfor",
    "lat/",
    "en/nowhere",
    "en/media/inquiry",
)


@pytest.fixture
def engine() -> str:
    """The frame reads no database."""
    return "sqlite"


def frames(client: PageClient, paths: tuple[str, ...]) -> dict[str, str]:
    """Each page without its main part."""
    pages = {path: client.get(f"/{path}").text for path in paths}
    return {path: re.sub(r"(?s)<main.*</main>", "", text) for path, text in pages.items()}


def test_the_frame_is_the_same_whichever_page_was_asked_for_first(
    client: PageClient, house: House, moment: Moment
) -> None:
    from outreach import web

    with house.db.transaction() as session:
        intake.read_content(session, house, moment.now())
    forwards = frames(client, PATHS)
    web.frames.pop(house.db)
    assert frames(client, PATHS[::-1]) == forwards
    assert frames(client, PATHS) == forwards


def test_the_kept_navigation_still_says_where_one_is(client: PageClient) -> None:
    for path, words in (("en/updates/", "Updates"), ("en/search", "Search"), ("en/updates/", "Updates")):
        here = client.get(f"/{path}").soup.select(".main-nav [aria-current]")
        assert [link.get_text() for link in here] == [words]
