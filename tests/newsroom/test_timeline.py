"""The timeline: the dated events of the record, each as precisely as it is known and no more."""

from __future__ import annotations

import pytest
from bs4 import Tag

from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient


@pytest.fixture
def dated(newsroom: Newsroom) -> Newsroom:
    """Six milestones of three decades, one of them to the month and one to the day; one of them belongs to a programme."""
    newsroom.writes("programmes/kfor.en.md", id="ppppp", kind="programme", title="KFOR", source=None)  # type: ignore[arg-type]
    milestone(newsroom, "review", "aaaaa", title="The review process", event_on="2007")
    milestone(newsroom, "mines", "bbbbb", title="Mines destroyed", event_on="2007-06")
    milestone(newsroom, "agreement", "ccccc", title="The agreement", event_on="1999", programme="kfor")
    milestone(newsroom, "group", "ddddd", title="The group", event_on="2006-01")
    milestone(newsroom, "signing", "eeeee", title="The signing", event_on="2015-01-15")
    milestone(newsroom, "partnership", "fffff", title="The partnership", event_on="2006")
    newsroom.writes_update("news", "ggggg", title="Only news", event_on="2014")
    assert newsroom.reads().faults == ()
    return newsroom


def milestone(newsroom: Newsroom, name: str, document_id: str, **head: str) -> None:
    newsroom.writes_update(name, document_id, **{"type": "milestone"} | head)


def events(page: Page) -> list[Tag]:
    return [time.find_parent("li") for time in page.soup.select("main ol time")]  # type: ignore[misc]


def titles(page: Page) -> list[str]:
    return [str(event.h3.a.get_text()) for event in events(page)]  # type: ignore[union-attr]


IN_ORDER = ["The agreement", "The partnership", "The group", "The review process", "Mines destroyed", "The signing"]


def test_milestones_stand_in_order_of_their_events_not_of_their_publication(
    dated: Newsroom, client: PageClient
) -> None:
    assert titles(client.get("/en/timeline")) == IN_ORDER


def test_news_that_tells_no_event_of_the_record_is_not_on_it(dated: Newsroom, client: PageClient) -> None:
    assert "Only news" not in client.get("/en/timeline").words


def test_the_newest_may_come_first_and_an_unknown_order_is_ignored(dated: Newsroom, client: PageClient) -> None:
    page = client.get("/en/timeline?order=newest")
    assert titles(page) == IN_ORDER[::-1]
    assert [h2.get_text() for h2 in page.soup.select("main ol h2")] == ["2010–2019", "2000–2009", "1990–1999"]
    for unknown in ("?order=", "?order=random", "?order=oldest"):
        assert titles(client.get(f"/en/timeline{unknown}")) == IN_ORDER


@pytest.mark.parametrize(
    ("segment", "shown"),
    [
        ("en", ["1999", "2006", "January 2006", "2007", "June 2007", "15 Jan 2015"]),
        ("lat", ["1999.", "2006.", "januar 2006.", "2007.", "jun 2007.", "15. jan 2015."]),
        ("cir", ["1999.", "2006.", "јануар 2006.", "2007.", "јун 2007.", "15. јан 2015."]),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(
    dated: Newsroom, client: PageClient, segment: str, shown: list[str]
) -> None:
    times = client.get(f"/{segment}/timeline").soup.select("main ol time")
    assert [time.get_text().replace("\u00a0", " ") for time in times] == shown
    assert [time["datetime"] for time in times] == ["1999", "2006", "2006-01", "2007", "2007-06", "2015-01-15"]


def test_decades_are_headings_in_one_ordered_list(dated: Newsroom, client: PageClient) -> None:
    page = client.get("/cir/timeline")
    whole = page.soup.select("main ol.decades")
    assert len(whole) == 1
    assert [h2.get_text() for h2 in whole[0].select("li > h2")] == ["1990–1999.", "2000–2009.", "2010–2019."]
    assert [len(decade.select("ol > li")) for decade in whole[0].find_all("li", recursive=False)] == [1, 4, 1]


def test_an_event_leads_to_its_update_and_to_its_programme(dated: Newsroom, client: PageClient) -> None:
    agreement, partnership = events(client.get("/en/timeline"))[:2]
    assert [a["href"] for a in agreement.find_all("a")] == ["/en/updates/2026/agreement", "/en/programmes/kfor"]
    assert "Programme: KFOR" in " ".join(agreement.get_text(" ").split())
    assert [a["href"] for a in partnership.find_all("a")] == ["/en/updates/2026/partnership"]
    assert client.get("/en/updates/2026/agreement").h1 == "The agreement"


def test_a_programme_that_is_not_public_is_not_named(dated: Newsroom, client: PageClient) -> None:
    dated.writes("programmes/kfor.en.md", id="ppppp", kind="programme", title="KFOR", state="draft")
    dated.reads()
    page = client.get("/en/timeline")
    assert titles(page) == IN_ORDER
    assert "KFOR" not in page.words


def test_an_embargoed_milestone_is_not_there_until_its_instant(dated: Newsroom, client: PageClient) -> None:
    milestone(dated, "secret", "hhhhh", title="Secret", event_on="2020", public_from="2026-11-23 11:00")
    dated.reads()
    assert "Secret" not in client.get("/en/timeline").text
    dated.moment.moves(hours=1)
    assert titles(client.get("/en/timeline"))[-1] == "Secret"


def test_an_untranslated_event_keeps_its_language(dated: Newsroom, client: PageClient) -> None:
    first = events(client.get("/cir/timeline"))[0]
    assert first.h3 is not None
    assert first.h3["lang"] == "en"


def test_an_empty_timeline_says_so(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.starts()
    assert "No dated event is on record yet." in client.get("/en/timeline").words


@pytest.mark.usefixtures("delivered")
def test_the_delivered_milestones_are_all_on_it_in_both_languages(client: PageClient) -> None:
    english, serbian = client.get("/en/timeline"), client.get("/cir/timeline")
    assert len(events(english)) == len(events(serbian)) > 10
    for page in (english, serbian):
        assert [event.h3.get("lang") for event in events(page) if event.h3] == [None] * len(events(page))
        assert all(len(event.find_all("a")) == 2 for event in events(page)), "an event without a programme"
