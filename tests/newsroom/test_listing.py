"""The list of updates over HTTP: three filters in one plain form, each of which can be taken off by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient


@pytest.fixture
def listed(newsroom: Newsroom) -> Newsroom:
    """A piece of news and a statement of today, and two milestones of 2007 and 2013."""
    newsroom.writes_update("news", "bbbbb", title="Plain news", topics="[office]")
    newsroom.writes_update("said", "ccccc", title="A statement", topics="[science]", type="statement")
    newsroom.writes_update(
        "old", "ddddd", title="An old event", topics="[science]", type="milestone", event_on="2007-06"
    )
    newsroom.writes_update("z-later", "eeeee", title="A later event", type="milestone", event_on="'2013'")
    newsroom.reads()
    return newsroom


def titles(page: Page) -> list[str]:
    return [heading.get_text(strip=True) for heading in page.soup.select(".story h3")]


def offered(page: Page, field: str) -> list[str]:
    return [str(option.get("value", option.get_text(strip=True))) for option in page.soup.select(f"#{field} option")]


@pytest.mark.usefixtures("listed")
def test_each_filter_narrows_the_list_and_they_work_together(client: PageClient) -> None:
    for query, found in {
        "": ["Plain news", "A statement", "A later event", "An old event"],
        "?type=milestone": ["A later event", "An old event"],
        "?type=news": ["Plain news"],
        "?topic=science": ["A statement", "An old event"],
        "?topic=science&type=statement": ["A statement"],
        "?type=statement&topic=office": [],
    }.items():
        assert sorted(titles(client.get(f"/en/updates/{query}"))) == sorted(found), query


@pytest.mark.usefixtures("listed")
def test_a_year_is_that_of_publication_or_of_the_event(client: PageClient) -> None:
    page = client.get("/en/updates/")
    assert offered(page, "year") == ["", "2026", "2013", "2007"]
    assert titles(client.get("/en/updates/?year=2007")) == ["An old event"]
    assert len(titles(client.get("/en/updates/?year=2026"))) == 4
    assert titles(client.get("/en/updates/?year=1999")) == []


def test_the_year_of_publication_is_the_one_on_the_office_s_clock(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.moment.is_at(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # half past midnight in Belgrade
    newsroom.writes_update("news", "bbbbb", title="New year")
    newsroom.reads()
    assert titles(client.get("/en/updates/?year=2027")) == ["New year"]
    assert titles(client.get("/en/updates/?year=2026")) == []


@pytest.mark.usefixtures("listed")
def test_updates_of_one_moment_stand_in_order_of_what_they_tell_today_s_first(client: PageClient) -> None:
    """An office that starts with its record publishes everything at once; the path must not decide what leads."""
    assert titles(client.get("/en/updates/"))[2:] == ["A later event", "An old event"]
    assert client.get("/en/").soup.select(".lead-story h2")[0].get_text(strip=True) in ("Plain news", "A statement")


@pytest.mark.usefixtures("listed")
def test_a_row_says_what_it_is_when_it_was_published_and_when_the_event_was(client: PageClient) -> None:
    row = client.get("/en/updates/?year=2007").soup.select_one(".story")
    assert row is not None
    words = " ".join(row.get_text(" ").split())
    assert "Milestone Published 23 Nov 2026" in words
    assert "Date of the event: June 2007" in words
    assert "Date of the event" not in client.get("/en/updates/?type=news").words


@pytest.mark.usefixtures("listed")
def test_filters_that_are_on_are_shown_and_each_link_takes_one_off(client: PageClient) -> None:
    page = client.get("/lat/updates/?type=milestone&topic=science&year=2007")
    rest = {}
    for entry in page.soup.select(".filters-on li"):
        link = entry.find("a")
        assert link is not None
        rest[str(entry.find(string=True)).strip()] = parse_qs(urlsplit(str(link["href"])).query)
    assert rest == {
        "Važan događaj": {"topic": ["science"], "year": ["2007"]},
        "Naučna saradnja": {"type": ["milestone"], "year": ["2007"]},
        "2007": {"type": ["milestone"], "topic": ["science"]},
    }
    assert [str(o["value"]) for o in page.soup.select("select option[selected]") if o.get("value")] == [
        "milestone",
        "science",
    ]
    assert client.get("/en/updates/").soup.select(".filters-on") == []


@pytest.mark.usefixtures("listed")
def test_an_empty_answer_says_so_and_shows_ways_on(client: PageClient) -> None:
    page = client.get("/en/updates/?type=advisory&year=2013")
    assert "No updates for this filter." in page.words
    ways = {str(a["href"]) for a in page.soup.main.find_all("a", href=True)}
    assert {"/en/updates/?type=advisory", "/en/updates/?year=2013", "/en/updates/", "/en/media/inquiry"} <= ways


@pytest.mark.usefixtures("listed")
def test_what_is_not_known_is_left_out_and_the_page_says_that(client: PageClient) -> None:
    for query in ("type=rumour", "topic=sport", "year=MMVII", "year=20072", "type=milestone&topic=sport"):
        assert "Part of the filter is not known here" in client.get(f"/en/updates/?{query}").words, query
    assert "not known here" not in client.get("/en/updates/?type=milestone&topic=&year=").words
    assert len(titles(client.get("/en/updates/?type=rumour"))) == 4


def test_the_filter_goes_along_from_leaf_to_leaf(newsroom: Newsroom, client: PageClient) -> None:
    for number, letter in enumerate("abcdefghjkmnpqrstuvwxyz"):
        newsroom.writes_update(f"u{number}", f"uuu2{letter}", type="milestone", event_on="2007", topics="[science]")
    newsroom.reads()
    page = client.get("/en/updates/?type=milestone&topic=science&year=2007")
    older = page.soup.find("a", rel="next")
    assert older is not None
    assert parse_qs(urlsplit(str(older["href"])).query) == {
        "type": ["milestone"],
        "topic": ["science"],
        "year": ["2007"],
        "page": ["2"],
    }
    assert len(titles(client.get(str(older["href"])))) == 3
