"""Links between pages: what leads nowhere, or to what its reader cannot see, is noted with its line and a hint."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from config import ROOT
from outreach.newsroom import addresses, markdown
from tests.newsroom.conftest import MONDAY, Newsroom
from tests.newsroom.test_checks import checked, engine, writes_both  # noqa: F401 - engine: no database is read
from tests.newsroom.test_facts import with_figures


def linking(newsroom: Newsroom, address: str, **head: str) -> list[str]:
    """What is noted on a page with one link, in a newsroom with one page at about/ and one at contact."""
    writes_both(newsroom, "about/index", "aaaaa", "## What we do\n\n## Where\n\n## Where\n")
    writes_both(newsroom, "contact", "bbbbb")
    writes_both(newsroom, "page", "ccccc", f"Words.\n\n## Its part\n\nSee [the goal]({address}).\n", **head)
    return [line.removeprefix("page.en.md:14: ").removesuffix(" (note)") for line in checked(newsroom)]


@pytest.mark.parametrize(
    "address",
    [
        "/about/",
        "/about/#what-we-do",
        "/about/#where-2",
        "/about/#main",
        "/en/about/#where",
        "/lat/contact",
        "/cir/",
        "/contact?x=1",
        "/p/bbbbb",
        "/p/aaaaa#where",
        "/contact/history",
        "/contact/history#texts",
        "/about/history",
        "/map.csv",
        "/updates/",
        "/updates/?topic=office",
        "/updates/office.atom",
        "/digests/weekly/2026-W43",
        "/media/inquiry#question",
        "#its-part",
        "https://example.org/nowhere",
        "mailto:press@example.org",
    ],
)
def test_a_link_that_leads_somewhere_is_not_noted(newsroom: Newsroom, address: str) -> None:
    assert linking(newsroom, address) == []


NO_PAGE, NO_PART = "leads to no page of the site", "leads to a part that is not on the page"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/abuot/", f"{NO_PAGE} (/about/?)."),
        ("/about", f"{NO_PAGE} (/about/?)."),
        ("/nothing-like-it", f"{NO_PAGE}."),
        ("/p/zzzzz", f"{NO_PAGE}."),
        ("/desk/", NO_PAGE),
        ("/sitemap.xml", f"{NO_PAGE}."),
        ("/static/x.css", f"{NO_PAGE}."),
        ("/en/nowhere", f"{NO_PAGE}."),
        ("/nowhere/history", f"{NO_PAGE}."),
        ("/subscribe/sent", f"{NO_PAGE}"),
        ("/about/#what-we-did", f"{NO_PART} (what-we-do?)."),
        ("/cir/about/#where", f"{NO_PART}."),
        ("/p/aaaaa#which", f"{NO_PART}"),
        ("#its-prat", f"{NO_PART} (its-part?)."),
    ],
)
def test_a_link_that_leads_nowhere_is_noted_with_a_hint(newsroom: Newsroom, address: str, words: str) -> None:
    (note,) = linking(newsroom, address)
    assert note.startswith(f"The link “{address}” {words}")


def test_a_published_page_links_to_published_ones_only_and_a_draft_to_drafts_too(newsroom: Newsroom) -> None:
    writes_both(newsroom, "draft", "ddddd", state="draft")
    writes_both(newsroom, "gone", "eeeee", state="withdrawn", withdrawn_reason="Reason.")
    unpublished = "The link “/{}” leads to a page that is not published."
    assert linking(newsroom, "/draft") == [unpublished.format("draft")]
    assert linking(newsroom, "/gone") == [unpublished.format("gone")]
    assert linking(newsroom, "/draft", state="draft") == []
    assert linking(newsroom, "/gone", state="draft") == [unpublished.format("gone")]


def test_a_link_over_an_embargo_is_noted_until_the_embargo_lifts(newsroom: Newsroom) -> None:
    writes_both(newsroom, "later", "ddddd", public_from="2026-11-24 10:00")
    assert linking(newsroom, "/later") == ["The link “/later” leads to a page that is published later than this one."]
    assert linking(newsroom, "/later", public_from="2026-11-24 10:00") == []
    assert linking(newsroom, "/later", public_from="2026-11-24 09:59") != []
    assert checked(newsroom, MONDAY + timedelta(days=1)) == []


def test_a_link_to_a_file_with_faults_is_passed_over(newsroom: Newsroom) -> None:
    newsroom.writes_raw("faulty.en.md", b"---\nid: no\n---\n")
    assert [line for line in linking(newsroom, "/faulty#part") if "link" in line] == []


def test_an_anchor_is_looked_for_with_the_figures_of_its_heading_said(newsroom: Newsroom) -> None:
    with_figures(newsroom)
    writes_both(newsroom, "arms", "ddddd", "## All {{arms}} of them\n")
    assert linking(newsroom, "/arms#all-28-000-of-them") == []


def test_the_routes_that_a_text_may_link_to_are_those_of_the_site(app: Any) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and "variant" in rule.arguments]
    with_token = {rule.rule for rule in rules if "token" in rule.arguments}
    below = {rule.rule.removeprefix("/<variant:variant>/") for rule in rules if rule.rule not in with_token}
    after_a_form = {"subscribe/sent", "media/inquiry/sent"}
    documents = {"<path:path>", "<path:path>/history"}
    assert below - after_a_form - documents == set(addresses.ROUTES)
    assert after_a_form | documents <= below


def test_the_anchors_of_the_frame_are_kept_from_headings() -> None:
    """A heading "Projects" must not take the anchor of a list below it."""
    parts = ("base", "parts/frame", "newsroom/parts", "newsroom/page", "newsroom/programme", "newsroom/project")
    said = "".join((ROOT / "templates" / f"{part}.html").read_text(encoding="utf-8") for part in parts)
    assert set(re.findall(r'\sid="([a-z-]+)"', said)) <= set(markdown.TAKEN)
