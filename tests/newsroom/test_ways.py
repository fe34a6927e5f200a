"""The ways through the public site: menu, foot, the entrances of the home page, and the parts of a long page."""

from __future__ import annotations

import pytest

from tests.newsroom.conftest import Newsroom
from tests.support.client import PageClient

VARIANTS = ("en", "lat", "cir")


@pytest.mark.usefixtures("delivered")
@pytest.mark.parametrize("segment", VARIANTS)
def test_five_words_lead_everywhere_and_the_foot_to_the_rest(client: PageClient, segment: str) -> None:
    page = client.get(f"/{segment}/contact")
    menu = [str(a["href"]).removeprefix(f"/{segment}/") for a in page.soup.select(".main-nav li:not(.search-link) a")]
    assert menu == ["updates/", "fact-sheets/", "about/", "media/", "subscribe"]
    foot = [str(a["href"]).removeprefix(f"/{segment}/") for a in page.soup.select(".site-foot li a")]
    assert foot[:8] == ["programmes/", "projects/", "map", "timeline", "contact", "reuse", "accessibility", "privacy"]
    for way in (*menu, *foot):
        assert client.get(f"/{segment}/{way}").status_code == 200, way


@pytest.mark.usefixtures("delivered")
def test_the_menu_marks_the_part_that_is_being_read(client: PageClient) -> None:
    for path, part in {
        "updates/2026/three-variants": "Updates",
        "fact-sheets/trust-fund-projects": "Fact sheets",
        "programmes/kfor": "About",
        "projects/landmines/history": "About",
        "media/ground-rules": "For media",
        "contact": None,
    }.items():
        marked = client.get(f"/en/{path}").soup.select(".main-nav li:not(.search-link) [aria-current]")
        assert [a.get_text() for a in marked] == ([part] if part else []), path


@pytest.mark.usefixtures("delivered")
def test_home_leads_to_everything_on_record(client: PageClient) -> None:
    page = client.get("/en/")
    ways = {str(a["href"]) for a in page.soup.main.find_all("a", href=True)}
    assert {
        f"/en/{path}" for path in ("about/relations", "programmes/", "projects/", "map", "timeline", "about/")
    } <= ways
    sheets = page.soup.select(".sheets li")
    assert [" ".join(sheet.get_text().split()) for sheet in sheets] == [
        "Science for Peace and Security not dated in the source",
        "Trust Fund projects not dated in the source",
    ]
    assert "12 programmes on record" in page.words
    assert "1999 to 2017" in page.words


@pytest.mark.usefixtures("delivered")
def test_a_long_page_lists_its_parts_in_their_order_and_every_part_is_there(client: PageClient) -> None:
    for path in ("about/relations", "programmes/trust-funds", "fact-sheets/trust-fund-projects"):
        page = client.get(f"/en/{path}")
        listed = [str(a["href"]).removeprefix("#") for a in page.soup.select("nav.contents a")]
        assert len(listed) > 3
        assert [str(a["href"]).removeprefix("#") for a in page.soup.select("details.contents-fold a")] == listed
        standing = [str(tag["id"]) for tag in page.soup.main.find_all(id=True) if tag["id"] in listed]
        assert standing == listed, path
    assert client.get("/en/updates/2026/kfor-deployed").soup.select(".contents") == []


def test_a_heading_leads_to_itself_and_takes_no_anchor_of_the_page(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", body="## Figures\n\n### Where\n\n## The [map](/map)\n")
    newsroom.reads()
    headings = client.get("/en/contact").soup.select(".prose :is(h2, h3)")
    assert [(str(h["id"]), [str(a["href"]) for a in h.find_all("a")]) for h in headings] == [
        ("figures-2", ["#figures-2"]),
        ("where", ["#where"]),
        ("the-map", ["/en/map"]),
    ]
