"""What the head of a public page tells search engines and whoever shares its address."""

from __future__ import annotations

import dataclasses
import json
from datetime import time
from typing import Any

import pytest

from outreach.house import House
from outreach.newsroom import metadata
from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient

OFFICE = {
    "@type": "GovernmentOrganization",
    "@id": "http://localhost/#office",
    "name": "Liaison Office Belgrade",
    "url": "http://localhost/en/",
    "address": {
        "@type": "PostalAddress",
        "streetAddress": "Birčaninova 5",
        "postalCode": "11000",
        "addressLocality": "Belgrade",
        "addressCountry": "RS",
    },
}


@pytest.fixture
def engine() -> str:
    """What a page says of itself does not depend on the database."""
    return "sqlite"


def nodes(page: Page) -> dict[str, dict[str, Any]]:
    """schema.org's nodes of a page by their type."""
    blocks = page.soup.find_all("script", type="application/ld+json")
    assert len(blocks) == 1
    data = json.loads(str(blocks[0].string))
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def graph(page: Page) -> dict[str, list[str]]:
    """Open Graph's properties of a page."""
    found: dict[str, list[str]] = {}
    for tag in page.soup.find_all("meta", property=True):
        found.setdefault(str(tag["property"]), []).append(str(tag["content"]))
    return found


def alternates(page: Page) -> dict[str, str]:
    links = page.soup.find_all("link", rel="alternate", hreflang=True)
    assert len({str(link["hreflang"]) for link in links}) == len(links)
    return {str(link["hreflang"]): str(link["href"]) for link in links}


def canonical(page: Page) -> str:
    links = page.soup.find_all("link", rel="canonical")
    assert len(links) == 1
    return str(links[0]["href"])


@pytest.fixture
def news(newsroom: Newsroom) -> Newsroom:
    """An update in both languages, published on Monday at 10:00 and corrected at noon."""
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb", title="News", topics="[science]")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", title="Вест", summary="Сажетак.", topics="[science]")
    newsroom.reads()
    newsroom.moment.moves(hours=2)
    changes = "[{at: '2026-11-23 12:00', kind: correction, note: 'The year was wrong.'}]"
    newsroom.writes_update("news", "bbbbb", title="News", topics="[science]", changes=changes)
    newsroom.reads()
    return newsroom


@pytest.mark.usefixtures("news")
def test_an_update_is_a_news_article_with_its_instants_on_the_office_s_clock(client: PageClient) -> None:
    found = nodes(client.get("/en/updates/2026/news"))
    article = found["NewsArticle"]
    published, modified = article["datePublished"], article["dateModified"]
    assert (published[:16], published[19:]) == ("2026-11-23T10:00", "+01:00")
    assert (modified[:16], modified[19:]) == ("2026-11-23T12:00", "+01:00")
    assert article["correction"] == [
        {"@type": "CorrectionComment", "text": "The year was wrong.", "datePublished": modified}
    ]
    assert article["publisher"] == article["author"] == OFFICE
    wanted = {
        "url": "http://localhost/en/updates/2026/news",
        "mainEntityOfPage": "http://localhost/en/updates/2026/news",
        "headline": "News",
        "description": "A summary.",
        "inLanguage": "en",
        "articleSection": ["Scientific cooperation"],
    }
    assert wanted.items() <= article.items()


@pytest.mark.usefixtures("news")
def test_a_variant_speaks_its_own_language_and_script(client: PageClient) -> None:
    latin = nodes(client.get("/lat/updates/2026/news"))["NewsArticle"]
    cyrillic = nodes(client.get("/cir/updates/2026/news"))["NewsArticle"]
    assert (latin["headline"], latin["inLanguage"]) == ("Vest", "sr-Latn")
    assert (cyrillic["headline"], cyrillic["inLanguage"]) == ("Вест", "sr-Cyrl")
    assert cyrillic["publisher"]["name"] == "Канцеларија за везу Београд"
    assert latin["publisher"]["address"]["streetAddress"] == "Birčaninova 5"


@pytest.mark.usefixtures("news")
def test_the_way_down_is_told_with_absolute_addresses(client: PageClient) -> None:
    steps = nodes(client.get("/lat/updates/2026/news"))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Početna", "http://localhost/lat/"),
        (2, "Novosti", "http://localhost/lat/updates/"),
        (3, "Vest", "http://localhost/lat/updates/2026/news"),
    ]


@pytest.mark.usefixtures("news")
def test_open_graph_tells_an_article_and_its_other_languages(client: PageClient) -> None:
    told = graph(client.get("/lat/updates/2026/news"))
    assert {name: values for name, values in told.items() if not name.startswith("article:")} == {
        "og:title": ["Vest"],
        "og:description": ["Sažetak."],
        "og:type": ["article"],
        "og:url": ["http://localhost/lat/updates/2026/news"],
        "og:site_name": ["Kancelarija za vezu Beograd"],
        "og:locale": ["sr_RS"],
        "og:locale:alternate": ["en_GB"],
    }
    assert [value[:16] for value in told["article:published_time"]] == ["2026-11-23T10:00"]
    assert [value[:16] for value in told["article:modified_time"]] == ["2026-11-23T12:00"]


def test_each_kind_of_document_has_its_type(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("about/index.en.md", id="bbbb2", title="About")
    newsroom.writes("about/relations.en.md", id="bbbb3", title="Relations")
    newsroom.writes("contact.en.md", id="bbbb4", title="Contact")
    newsroom.writes("fact-sheets/projects.en.md", id="bbbb5", kind="fact-sheet", title="Projects")
    newsroom.writes("programmes/kfor.en.md", id="bbbb6", kind="programme", title="KFOR")
    assert newsroom.reads().faults == ()
    for path, kind, shared in (
        ("about/", "AboutPage", "website"),
        ("about/relations", "WebPage", "website"),
        ("contact", "ContactPage", "website"),
        ("fact-sheets/projects", "Report", "article"),
        ("programmes/kfor", "WebPage", "website"),
    ):
        page = client.get(f"/en/{path}")
        assert nodes(page)[kind]["name"] == page.h1
        assert nodes(page)[kind]["publisher"] == OFFICE
        assert graph(page)["og:type"] == [shared]
        assert ("headline" in nodes(page)[kind]) == (shared == "article")


def test_home_and_contact_tell_how_the_office_is_reached(
    newsroom: Newsroom, client: PageClient, app: Any, house: House
) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Contact")
    newsroom.reads()
    point = {
        "@type": "ContactPoint",
        "contactType": "Public Affairs",
        "url": "http://localhost/en/media/inquiry",
        "availableLanguage": ["en", "sr-Latn", "sr-Cyrl"],
    }
    for path in ("/en/", "/en/contact"):
        assert nodes(client.get(path))["GovernmentOrganization"] == OFFICE | {"contactPoint": point}
    hours = {day: (time(9), time(17)) for day in range(5)}
    stated = dataclasses.replace(house.office, phone="+381 11 000 0000", email="press@example.org", hours=hours)
    app.extensions["house"] = dataclasses.replace(house, office=stated)
    told = nodes(client.get("/en/"))["GovernmentOrganization"]["contactPoint"]
    assert (told["telephone"], told["email"]) == ("+381 11 000 0000", "press@example.org")
    (span,) = told["hoursAvailable"]
    assert (span["opens"], span["closes"], len(span["dayOfWeek"])) == ("09:00", "17:00", 5)


def test_a_headline_is_cut_after_a_word(newsroom: Newsroom, client: PageClient) -> None:
    words = "word " * 30
    newsroom.writes_update("news", "bbbbb", title=words.strip())
    newsroom.reads()
    article = nodes(client.get("/en/updates/2026/news"))["NewsArticle"]
    assert article["name"] == words.strip()
    assert len(article["headline"]) <= 110
    assert article["headline"].endswith("word…")
    assert metadata.headline("x" * 110) == "x" * 110
    assert len(metadata.headline("x" * 111)) == 110


def test_f12_no_words_of_a_document_can_end_the_data(newsroom: Newsroom, client: PageClient) -> None:
    evil = "</script><script>alert(1)</script><!-- & \\\" '"
    client.checks_pages = False
    newsroom.writes_update("news", "bbbbb", title=json.dumps(evil), summary=json.dumps(evil))
    newsroom.reads()
    page = client.get("/en/updates/2026/news")
    assert nodes(page)["NewsArticle"]["name"] == evil
    assert nodes(page)["BreadcrumbList"]["itemListElement"][-1]["name"] == evil
    assert graph(page)["og:title"] == [evil]
    (block,) = page.soup.find_all("script", type="application/ld+json")
    assert not set("<>&") & set(str(block.string))
    assert "\u2028" not in str(metadata.script([{"name": "old JavaScript ends a line here: \u2028"}]))
    assert "alert(1)" not in "".join(str(s.string) for s in page.soup.find_all("script", src=True))


def test_a_missing_translation_is_absent_everywhere(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("about/only.en.md", id="ccccc", title="Only English")
    newsroom.writes("about/samo.sr.md", id="ddddd", title="Само српски", summary="Сажетак.")
    newsroom.reads()
    english = {"en": "http://localhost/en/about/only", "x-default": "http://localhost/en/about/only"}
    serbian = {"sr-Latn": "http://localhost/lat/about/samo", "sr-Cyrl": "http://localhost/cir/about/samo"}
    for segment in ("en", "lat", "cir"):
        only, samo = client.get(f"/{segment}/about/only"), client.get(f"/{segment}/about/samo")
        assert (alternates(only), alternates(samo)) == (english, serbian)
        assert canonical(only) == english["en"]
        assert canonical(samo) in serbian.values()
        assert nodes(only)["WebPage"]["url"] == english["en"]
        assert nodes(only)["WebPage"]["inLanguage"] == "en"
        assert graph(only)["og:url"] == [english["en"]]


def test_a_view_has_one_address_whatever_is_asked_of_it(client: PageClient) -> None:
    for path in ("updates/", "media/inquiry", "subscribe", "digests/", "map", "programmes/"):
        plain, asked = client.get(f"/cir/{path}"), client.get(f"/cir/{path}?topic=science&page=2&q=%3Cscript%3E")
        wanted = {
            "en": f"http://localhost/en/{path}",
            "sr-Latn": f"http://localhost/lat/{path}",
            "sr-Cyrl": f"http://localhost/cir/{path}",
            "x-default": f"http://localhost/en/{path}",
        }
        assert alternates(plain) == alternates(asked) == wanted
        assert canonical(plain) == canonical(asked) == wanted["sr-Cyrl"] == graph(plain)["og:url"][0]
        assert len(plain.soup.find_all("meta", attrs={"name": "description"})) == 1


def test_private_pages_and_failures_tell_machines_nothing(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    newsroom.reads()
    newsroom.writes("contact.en.md", id="ccccc", state="withdrawn", withdrawn_reason="Wrong.")
    newsroom.reads()
    for path, code in (("contact", 410), ("no-such-page", 404), ("preferences/no-such-token", 404)):
        page = client.get(f"/en/{path}")
        assert page.status_code == code
        assert page.soup.find_all("script", type="application/ld+json") == []
        assert (graph(page), alternates(page), page.soup.find("link", rel="canonical")) == ({}, {}, None)


@pytest.mark.usefixtures("news")
def test_a_demonstration_says_so_in_its_data_until_an_office_adopts_it(
    client: PageClient, app: Any, house: House
) -> None:
    page = client.get("/en/updates/2026/news")
    assert nodes(page)["NewsArticle"]["creativeWorkStatus"] == "Demonstration until an office adopts it."
    adopted = dataclasses.replace(house.settings, office_adopted=True)
    app.extensions["house"] = dataclasses.replace(house, settings=adopted)
    page = client.get("/en/updates/2026/news")
    assert "creativeWorkStatus" not in nodes(page)["NewsArticle"]
    assert page.soup.find("meta", attrs={"name": "robots"}) is None
