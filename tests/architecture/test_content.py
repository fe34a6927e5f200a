"""What the newsroom publishes loads without a fault, and every link on every page leads somewhere."""

from __future__ import annotations

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from outreach.house import House
from outreach.newsroom import intake
from tests.support.client import PageClient
from tests.support.moment import Moment


@pytest.fixture
def read(house: House, moment: Moment) -> None:
    with house.db.transaction() as session:
        report = intake.read_content(session, house, moment.now())
    assert list(report.faults) == []


@pytest.mark.usefixtures("read")
def test_every_content_file_loads_and_every_link_on_every_page_resolves(client: PageClient) -> None:
    """A walk through the whole public site from the three home pages; every page is checked on the way."""
    waiting, seen = ["/en/", "/lat/", "/cir/"], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page = client.get(address, follow_redirects=True)
        assert page.status_code == 200, f"{address}: {page.status_code}"
        if page.mimetype != "text/html":
            continue
        for link in page.soup.find_all(["a", "link", "img", "script"]):
            target = urljoin(page.request.path, str(link.get("href") or link.get("src") or "#"))
            if urlsplit(target).netloc in ("", "localhost") and urlsplit(target).scheme in ("", "http"):
                waiting.append(
                    urldefrag(urlsplit(target)._replace(scheme="", netloc="").geturl()).url or page.request.path
                )
    assert len(seen) > 30, sorted(seen)


@pytest.mark.usefixtures("read")
@pytest.mark.parametrize("variant", ["en", "lat", "cir"])
def test_the_anchors_of_a_page_are_on_it(client: PageClient, variant: str) -> None:
    soup = client.get(f"/{variant}/").soup
    anchors = [str(a["href"])[1:] for a in soup.find_all("a", href=True) if str(a["href"]).startswith("#")]
    assert [name for name in anchors if not soup.find(id=name)] == []
