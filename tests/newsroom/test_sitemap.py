"""The sitemap over HTTP, parsed with its namespaces, and held against the pages that it names."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from tests.newsroom.conftest import Newsroom
from tests.newsroom.test_metadata import alternates, canonical
from tests.support.client import PageClient
from tests.support.pages import local_path

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SEGMENTS = ("en", "lat", "cir")


def locations(client: PageClient) -> dict[str, tuple[str | None, dict[str, str]]]:
    """The sitemap: each address with its lastmod and its alternates by hreflang."""
    answer = client.get("/sitemap.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    found = {}
    for url in ElementTree.fromstring(answer.data).findall(f"{SITEMAP}url"):
        links = url.findall(f"{XHTML}link")
        assert {link.get("rel") for link in links} == {"alternate"}
        others = {link.get("hreflang") or "": link.get("href") or "" for link in links}
        found[url.findtext(f"{SITEMAP}loc") or ""] = (url.findtext(f"{SITEMAP}lastmod"), others)
    return found


@pytest.mark.usefixtures("delivered")
def test_the_sitemap_has_every_page_in_the_variants_that_exist_and_the_pages_agree(client: PageClient) -> None:
    found = locations(client)
    assert {f"http://localhost/{s}/{p}" for s in SEGMENTS for p in ("", "updates/", "contact")} <= set(found)
    assert len(found) > 60
    for address, (_, others) in found.items():
        page = client.get(local_path(address))
        assert page.status_code == 200, address
        assert canonical(page) == address
        assert alternates(page) == others
        assert address in others.values()
        assert set(others.values()) <= set(found)
    assert not [address for address in found if "/search" in address or "/desk" in address or "/sent" in address]


def test_a_translation_that_is_missing_is_missing_in_the_sitemap(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("about/only.en.md", id="ccccc")
    newsroom.writes("about/samo.sr.md", id="ddddd")
    newsroom.writes("about/draft.en.md", id="eeeee", state="draft")
    newsroom.reads()
    found = {address: told for address, told in locations(client).items() if "/about/" in address}
    assert {address: set(others) for address, (_, others) in found.items()} == {
        "http://localhost/en/about/only": {"en", "x-default"},
        "http://localhost/lat/about/samo": {"sr-Latn", "sr-Cyrl"},
        "http://localhost/cir/about/samo": {"sr-Latn", "sr-Cyrl"},
    }
    changed = {str(at)[:16] for at, _ in found.values()}
    assert changed == {"2026-11-23T10:00"}


@pytest.mark.usefixtures("changed")
def test_the_sitemap_tells_when_a_document_was_changed_last(client: PageClient) -> None:
    changed, _ = locations(client)["http://localhost/en/updates/2026/news"]
    assert (str(changed)[:16], str(changed)[19:]) == ("2026-11-23T12:00", "+01:00")


def test_robots_are_told_where_the_sitemap_is(client: PageClient) -> None:
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text.splitlines()
