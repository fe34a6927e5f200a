"""The search is blind to script, diacritics and case, forgiving about endings, and puts the best first."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.house import House
from outreach.language import Variant
from outreach.newsroom import endings, intake, library, search, spelling
from outreach.newsroom.search import END, MATCH, Entry, Index, Words
from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient
from tests.support.moment import Moment

FORTY = tomllib.loads((Path(__file__).parent / "queries_40.toml").read_text(encoding="utf-8"))["query"]


def entry(title: str, body: str = "", summary: str = "") -> Entry:
    return Entry(Words.of(title), Words.of(summary), Words.of(body))


INDEX = Index(
    [
        entry("Контакт", "Канцеларија се налази у Бирчаниновој 5. Адреса: Бирчанинова 5, Београд."),
        entry("Односи са Србијом", "Ђорђе је новинар. КФОР и Центар у Крушевцу. Његош."),
        entry("Privacy", "What this site keeps: Bircaninova is an address."),
    ]
)


def places(query: str, index: Index = INDEX) -> list[int]:
    return list(index.find(query).places)


def hits(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select("ol.hits h2 a")]


@pytest.mark.parametrize(
    "query", ["Бирчанинова", "Birčaninova", "Bircaninova", "BIRČANINOVA", "бирчан", "bircaninovoj 5"]
)
def test_every_spelling_finds_the_same(query: str) -> None:
    assert set(places(query)) >= {0}


@pytest.mark.parametrize("query", ["Ђорђе", "Đorđe", "Djordje", "dorde"])
def test_dj_is_typed_in_four_ways(query: str) -> None:
    assert places(query) == [1]


@pytest.mark.parametrize(
    ("query", "found"), [("Kfor", [1]), ("Krusevac kfor", [1]), ("kfor Краљево", []), ("kfor privacy", [])]
)
def test_every_word_must_be_there_whatever_its_ending(query: str, found: list[int]) -> None:
    assert places(query) == found


@pytest.mark.parametrize("query", ["", "  ", "?!", "…", "'", '"', "\\", "%", "_", "NOT", "*" * 5000, "(" * 100])
def test_a_query_without_words_finds_nothing_and_breaks_nothing(query: str) -> None:
    assert places(query) == []
    assert INDEX.meant(query) is None


@pytest.mark.parametrize(
    "forms",
    [
        "projekat projekta projekti projektima projekata",
        "mina mine minu minom minama",
        "odbrana odbrane odbrani odbranu",
        "krusevac krusevca krusevcu krusevcem",
        "vojnik vojnici vojnika vojnicima",
        "obuka obuci obukama",
        "fond fonda fondovi fondova fondovima",
        "bezbednost bezbednosti bezbednoscu",
        "project projects",
        "agency agencies",
        "plan plans planned planning",
        "exercise exercises",
    ],
)
def test_forms_of_one_word_are_akin(forms: str) -> None:
    words = forms.split()
    assert [(a, b) for a in words for b in words if not endings.stems(a) & endings.stems(b)] == []


@pytest.mark.parametrize(("one", "other"), [("mina", "minister"), ("nato", "nacin"), ("1999", "199"), ("day", "da")])
def test_other_words_are_not(one: str, other: str) -> None:
    assert not endings.stems(one) & endings.stems(other)


def test_a_title_outweighs_a_summary_and_a_summary_a_body_and_the_word_itself_its_other_forms() -> None:
    index = Index(
        [
            entry("Else", "contact"),
            entry("Else", "contact", summary="contact"),
            entry("Contacting", "else"),
            entry("Contacts", "else"),
            entry("Contact", "else"),
            entry("Else", "else"),
        ]
    )
    assert places("contact", index) == [4, 2, 3, 1, 0]
    assert places("contacted", index) == [2, 3, 4, 1, 0]


def test_the_last_word_may_be_unfinished_and_a_short_one_before_it_is_whole() -> None:
    index = Index([entry("Nato"), entry("Na Savi")])
    assert places("sav", index) == [1]
    assert places("na sav", index) == [1]
    assert places("na", index) == [1, 0]


def test_small_words_do_not_count_unless_there_is_nothing_else() -> None:
    assert places("what is the privacy") == [2]
    assert places("what") == [2]
    assert search.terms("šta je KFOR u Kruševcu") == ["kfor", "krusevcu"]


def test_matches_are_marked_and_the_snippet_stands_around_the_first() -> None:
    text = " ".join(f"word{n}" for n in range(100)) + " Бирчанинова, " + " ".join(f"tail{n}" for n in range(100))
    index = Index([entry("Title", text, "A summary.")])
    keys = index.find("birčaninova").keys
    snippet = index.snippet(0, keys)
    assert (snippet.count(MATCH), snippet.count(END)) == (1, 1)
    assert f"word99 {MATCH}Бирчанинова{END}, tail0" in snippet
    plain = snippet.replace(MATCH, "").replace(END, "")
    assert plain.startswith("… ")
    assert plain.endswith(" …")
    assert plain[2:-2] in text
    assert 20 < len(plain.split()) < 40
    assert index.title(0, keys) == "Title"
    title_only = index.find("title").keys
    assert index.title(0, title_only) == f"{MATCH}Title{END}"
    assert index.snippet(0, title_only) == "A summary."
    assert Words.of(f"a{MATCH} b{END}").text == "a b"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("kforr", "kfor", 1), ("kfro", "kfor", 1), ("kofr", "kfor", 1), ("sesmic", "seismic", 1), ("abc", "abc", 0)]
    + [("landmnise", "landmines", 2), ("abcdef", "uvwxyz", 3), ("", "ab", 2)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert spelling.distance(one, other, 2) == spelling.distance(other, one, 2) == slips


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kforr", "КФОР"),
        ("бирчанинва 5", "Бирчанинова 5"),
        ("kfor, krusvcu!", "kfor, Крушевцу!"),
        ("sa srbjiom", "sa Србијом"),
        ("zzzz", None),
        ("kf", None),
        ("kfor privacy", None),
    ],
)
def test_a_slip_is_put_right_where_that_finds_something(typed: str, meant: str | None) -> None:
    assert INDEX.meant(typed) == meant


def test_what_is_closed_gives_away_no_word() -> None:
    index = Index([entry("Open words"), entry("Secret plan")])
    assert index.find("secret", closed=[1]).places == ()
    assert index.meant("secrett", closed=[1]) is None
    assert index.meant("secrett") == "Secret"


@pytest.fixture
def delivered(house: House, moment: Moment) -> None:
    with house.db.transaction() as session:
        assert intake.read_content(session, house, moment.now()).faults == ()


@pytest.mark.usefixtures("delivered")
def test_forty_queries_find_their_page_among_the_first_three(house: House, moment: Moment) -> None:
    assert len(FORTY) == 40
    shelf, asked = library.current(house), {"en": [Variant.EN], "sr": [Variant.LAT, Variant.CIR]}
    missed = []
    for query in FORTY:
        for variant in asked[query["language"]]:
            first = [hit.shown.path for hit in shelf.search(query["q"], variant, moment.now()).hits[:3]]
            if f"/{variant.segment}/{query['path']}" not in first:
                missed.append((variant.segment, query["q"], first))
    assert missed == []


@pytest.mark.usefixtures("delivered")
def test_kinds_are_links_with_their_counts(client: PageClient) -> None:
    page = client.get("/en/search?q=landmines")
    tabs = {link.get_text(" ", strip=True): str(link["href"]) for link in page.soup.select(".view-tabs a")}
    assert tabs["Projects 2"] == "?q=landmines&kind=project"
    assert len(hits(page)) == sum(int(tab.split()[-1]) for tab in tabs if not tab.startswith("All"))
    assert (
        page.soup.select(".view-tabs [aria-current]")[0].get_text(" ", strip=True) == f"All results {len(hits(page))}"
    )
    projects = client.get("/en/search?q=landmines&kind=project")
    assert [path.split("/")[2] for path in hits(projects)] == ["projects", "projects"]
    assert projects.soup.select(".view-tabs [aria-current]")[0].get_text(" ", strip=True) == "Projects 2"
    assert "2 results" in projects.words
    assert hits(client.get("/en/search?q=landmines&kind=tables")) == hits(page)


@pytest.mark.usefixtures("delivered")
def test_a_result_says_what_it_is_and_every_list_ends_at_the_press_office(client: PageClient) -> None:
    page = client.get("/lat/search?q=poverenički+fondovi")
    first = page.soup.select("ol.hits li")[0]
    assert [mark.get_text() for mark in first.h2.find_all("mark")] == ["Poverenički", "fondovi"]  # type: ignore[union-attr]
    assert first.select(".kicker b")[0].get_text() == "Program"
    assert "· " in first.select(".kicker")[0].get_text()
    last = page.soup.main.find_all("a")[-1]  # type: ignore[union-attr]
    assert (last["href"], "poverenički fondovi" in last.get_text()) == ("/lat/media/inquiry", True)


@pytest.mark.usefixtures("delivered")
def test_nothing_found_says_so_and_asks_what_was_meant(client: PageClient) -> None:
    page = client.get("/cir/search?q=kforr")
    assert "Ништа није пронађено за „kforr”" in page.words
    link = page.soup.find("a", string="КФОР")
    assert hits(client.get(f"/cir/search{link['href']}"))[0] == "/cir/programmes/kfor"  # type: ignore[index]
    assert page.soup.main.find_all("a")[-1]["href"] == "/cir/media/inquiry"  # type: ignore[union-attr]
    assert "Did you mean" not in client.get("/en/search?q=zzzzzz").words


@pytest.mark.usefixtures("delivered")
def test_without_words_there_are_topics_and_the_latest(client: PageClient) -> None:
    page = client.get("/en/search")
    assert page.soup.select("a[href='/en/updates/?topic=trust-funds']")
    assert len(page.soup.select(".story-list .story")) == 3
    assert "Nothing found" not in page.words
    assert page.soup.find("link", rel="canonical") is not None
    results = client.get("/en/search?q=kfor")
    assert results.soup.find("link", rel="canonical") is None
    assert results.soup.find("meta", content="noindex") is not None


def test_a_long_list_has_leaves(newsroom: Newsroom, client: PageClient) -> None:
    for number, letter in enumerate("abcdefghjkmnpqrstuvwxyz"):
        newsroom.writes_update(f"u{number:02}", f"uuu2{letter}", title=f"Common number{number:02}")
    newsroom.reads()
    first, last = client.get("/en/search?q=common"), client.get("/en/search?q=common&page=3")
    assert (len(hits(first)), len(hits(last)), last.soup.select("ol.hits")[0]["start"]) == (10, 3, "21")
    assert hits(client.get("/en/search?q=common&kind=update&page=99")) == hits(last)
    for wrong in ("0", "-1", "x", "9" * 30):
        assert client.get(f"/en/search?q=common&page={wrong}").status_code == 200
    onward = first.soup.select(".pager a")
    assert [(link["rel"], link["href"]) for link in onward] == [(["next"], "?q=common&page=2")]
    assert [link["href"] for link in last.soup.select(".pager a")] == ["?q=common&page=2"]


def test_an_embargoed_document_is_neither_found_nor_suggested(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes_update("open", "aaaab", title="Open words")
    newsroom.writes_update("news", "bbbbb", title="Surprise", public_from="2026-11-23 11:00")
    newsroom.reads()
    assert hits(client.get("/en/search?q=surprise")) == []
    assert "Surprise" not in client.get("/en/search?q=surprize").text
    newsroom.moment.moves(hours=1)
    assert hits(client.get("/en/search?q=surprise")) == ["/en/updates/2026/news"]
    assert newsroom.opened().search("surprise", Variant.EN, newsroom.moment.now() - timedelta(hours=1)).count == 0
    assert client.get("/en/search?q=surprize").soup.find("a", string="Surprise") is not None


def test_a_query_may_be_anything(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Contact & <b>more</b>")
    newsroom.reads()
    client.checks_pages = False  # the page says the query as it was typed
    for query in ("%00", "%22%3E%3Cscript%3E", "%F0%9F%8C%8A", "%D0%B0a" * 60, "contact&kind=%3Cb%3E", "a" * 3000):
        page = client.get(f"/en/search?q={query}")
        assert page.status_code == 200
        assert page.soup.find("b", string="more") is None
    found = client.get("/en/search?q=contact+b").soup.select("ol.hits h2 a")[0]
    assert found.decode_contents() == "<mark>Contact</mark> &amp; &lt;<mark>b</mark>&gt;more&lt;/<mark>b</mark>&gt;"
    assert client.get("/en/search?q=%22%26x").soup.find("input", id="q")["value"] == '"&x'  # type: ignore[index]
