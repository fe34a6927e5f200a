"""What the newsroom publishes loads without a fault, and every link on every page leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from outreach.house import House
from outreach.newsroom import intake
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

WRITTEN = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


@pytest.fixture
def read(house: House, moment: Moment) -> None:
    with house.db.transaction() as session:
        report = intake.read_content(session, house, moment.now())
    assert list(report.faults) == []


def test_the_content_has_neither_faults_nor_notes(house: House) -> None:
    """On the day it was written: later, a review that falls due is a note, as it should be."""
    count, faults = intake.check(house, WRITTEN)
    assert [str(fault) for fault in faults] == []
    assert count > 50


@pytest.mark.usefixtures("read")
def test_every_content_file_loads_and_every_link_on_every_page_resolves(client: PageClient) -> None:
    """A walk through the whole public site from the three home pages; every page is checked on the way."""
    waiting, anchors, wanted = ["/en/", "/lat/", "/cir/"], dict[str, set[str]](), set[tuple[str, str, str]]()
    while waiting:
        address = waiting.pop()
        if address in anchors:
            continue
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200, f"{address}: {page.status_code}"
        anchors[address] = set()
        if page.mimetype != "text/html":
            continue
        anchors[address] = {tag.get("id") for tag in page.tree.iter("*") if tag.get("id")}
        for target, anchor in within_the_site(page):
            waiting.append(target)
            wanted |= {(address, target, anchor)} if anchor else set()
    assert len(anchors) > 30, sorted(anchors)
    assert [where for where in sorted(wanted) if where[2] not in anchors[where[1]]] == []


def within_the_site(page: Page) -> Iterator[tuple[str, str]]:
    """The address and the anchor of everything on the page that leads to this site."""
    for link in page.tree.iter("a", "link", "img", "script"):
        target = urljoin(page.request.path, str(link.get("href") or link.get("src") or "#"))
        if urlsplit(target).netloc in ("", "localhost") and urlsplit(target).scheme in ("", "http"):
            address, anchor = urldefrag(urlsplit(target)._replace(scheme="", netloc="").geturl())
            yield address or page.request.path, unquote(anchor)


@pytest.mark.usefixtures("read")
@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_the_anchors_of_a_page_are_on_it(client: PageClient, variant: str) -> None:
    soup = client.get(f"/{variant}/").soup
    anchors = [str(a["href"])[1:] for a in soup.find_all("a", href=True) if str(a["href"]).startswith("#")]
    assert [name for name in anchors if not soup.find(id=name)] == []
