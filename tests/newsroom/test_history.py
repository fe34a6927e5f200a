"""The history of a document over HTTP: what was changed, and each text that readers could see; nothing from before."""

from __future__ import annotations

import pytest

from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient

DAY = "23 Nov 2026"


def texts(page: Page) -> list[tuple[str, str, str]]:
    """The table: (language, since, state), as it stands."""
    rows = page.soup.select("table.figures tbody tr")
    found = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in rows]
    return [(language, since, state) for language, since, state in found]


def test_it_lists_the_changes_and_when_each_text_took_its_place(changed: Newsroom, client: PageClient) -> None:
    page = client.get("/en/updates/2026/news/history")
    assert page.h1 == "News & more"
    listed = [" ".join(line.get_text(" ").split()) for line in page.soup.select(".timeline li")]
    assert listed == [
        f"{DAY} Correction: The year was wrong.",
        f"{DAY} A date is new.",
        f"{DAY} First published.",
    ]
    assert texts(page) == [
        ("English text", f"{DAY}, 12:00", "in place now"),
        ("English text", f"{DAY}, 11:00", "replaced since"),
        ("English text", f"{DAY}, 10:00", "first"),
    ]


def test_a_silent_fix_shows_as_a_text_without_a_note(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", body="A tpyo.\n")
    newsroom.reads()
    newsroom.moment.moves(hours=3)
    newsroom.writes("contact.en.md", id="ccccc", body="A typo.\n")
    newsroom.writes("contact.sr.md", id="ccccc", title="Контакт", body="Грешка.\n")
    newsroom.reads()
    page = client.get("/en/contact/history")
    assert "No change has been noted since." in page.words
    assert texts(page) == [
        ("Serbian text", f"{DAY}, 13:00", "first, and in place now"),
        ("English text", f"{DAY}, 13:00", "in place now"),
        ("English text", f"{DAY}, 10:00", "first"),
    ]
    assert "tpyo" not in page.text


def test_a_draft_leaves_no_trace_in_it(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", state="draft", title="Not for you", body="First thoughts.\n")
    newsroom.reads()
    assert client.get("/en/contact/history").status_code == 404
    newsroom.moment.moves(hours=1)
    newsroom.writes("contact.en.md", id="ccccc", state="draft", title="Not for you", body="Second thoughts.\n")
    newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.writes("contact.en.md", id="ccccc", title="Contact", body="Said.\n")
    newsroom.writes("contact.sr.md", id="ccccc", state="draft", title="Нацрт")
    newsroom.reads()
    page = client.get("/en/contact/history")
    assert texts(page) == [("English text", f"{DAY}, 12:00", "first, and in place now")]
    assert "thoughts" not in page.text
    assert "Not for you" not in page.text


def test_what_was_replaced_under_embargo_leaves_no_trace_in_it(newsroom: Newsroom, client: PageClient) -> None:
    for body in ("Too early.\n", "Nearly.\n", "As it stood.\n"):
        newsroom.writes_update("news", "bbbbb", public_from="2026-11-23 15:00", body=body)
        newsroom.reads()
        newsroom.moment.moves(hours=1)
        assert client.get("/en/updates/2026/news/history").status_code == 404
    newsroom.moment.moves(hours=3)
    newsroom.reads()
    assert texts(client.get("/en/updates/2026/news/history")) == [
        ("English text", f"{DAY}, 15:00", "first, and in place now")
    ]


def test_a_draft_after_publication_ends_the_text_and_adds_none(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    newsroom.writes("contact.sr.md", id="ccccc", title="Контакт")
    newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.writes("contact.sr.md", id="ccccc", state="draft", title="Нацрт")
    newsroom.reads()
    assert texts(client.get("/en/contact/history")) == [
        ("Serbian text", f"{DAY}, 10:00", "first"),
        ("English text", f"{DAY}, 10:00", "first, and in place now"),
    ]


def test_a_file_that_only_moved_is_the_same_text(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("about/old.en.md", id="ccccc")
    newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.moves("about/old.en.md", "about/new.en.md")
    newsroom.reads()
    page = client.get("/en/about/new/history")
    assert [row[1] for row in texts(page)] == [f"{DAY}, 10:00"]


def test_a_withdrawn_page_has_no_history_but_its_reason(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", body="Secret words.\n")
    newsroom.reads()
    newsroom.writes("contact.en.md", id="ccccc", state="withdrawn", withdrawn_reason="A wrong year.")
    newsroom.reads()
    page = client.get("/en/contact/history")
    assert page.status_code == 410
    assert "A wrong year." in page.words
    assert page.soup.find("table") is None


@pytest.mark.usefixtures("delivered")
def test_every_page_leads_to_its_history_and_back(client: PageClient) -> None:
    for path in (
        "about/",
        "about/relations",
        "contact",
        "programmes/kfor",
        "projects/landmines",
        "updates/2026/three-variants",
    ):
        for segment in ("en", "lat", "cir"):
            link = client.get(f"/{segment}/{path}").soup.select_one(".meta-line a[href$='/history']")
            assert link is not None, path
            page = client.get(str(link["href"]))
            assert page.status_code == 200
            assert page.soup.select_one(f"main .meta-line a[href='/{segment}/{path}']") is not None
    assert client.get("/en/nothing/history").status_code == 404


@pytest.mark.usefixtures("delivered")
def test_it_is_one_page_in_three_variants_that_says_nothing_of_the_visitor(client: PageClient) -> None:
    page = client.get("/lat/about/relations/history")
    assert (page.headers["Cache-Control"], page.headers.get("Set-Cookie")) == ("no-cache", None)
    again = client.get("/lat/about/relations/history", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    others = {str(a["hreflang"]): str(a["href"]) for a in page.soup.select(".script-switch a")}
    assert others == {"en": "/en/about/relations/history", "sr-Cyrl": "/cir/about/relations/history"}
    canonical = page.soup.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == "http://localhost/lat/about/relations/history"
