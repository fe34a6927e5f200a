"""The public pages over HTTP, in three variants, with the content that is delivered."""

from __future__ import annotations

import pytest

from outreach.house import House
from outreach.newsroom import intake
from tests.newsroom.conftest import Newsroom
from tests.newsroom.test_files import OUTSIDE
from tests.support.client import PageClient
from tests.support.moment import Moment

VARIANTS = {"en": "en", "lat": "sr-Latn", "cir": "sr-Cyrl"}
PATHS = (
    "",
    "updates/",
    "updates/2026/three-variants",
    "about/",
    "about/relations",
    "media/",
    "contact",
    "privacy",
    "programmes/",
    "programmes/trust-funds",
    "projects/",
    "projects/algae-biofuel",
    "fact-sheets/",
    "fact-sheets/trust-fund-projects",
    "about/relations/history",
    "search?q=кфор",
)


@pytest.fixture
def delivered(house: House, moment: Moment) -> None:
    with house.db.transaction() as session:
        assert intake.read_content(session, house, moment.now()).faults == ()


@pytest.mark.usefixtures("delivered")
@pytest.mark.parametrize("segment", VARIANTS)
def test_every_page_is_there_in_its_language(client: PageClient, segment: str) -> None:
    for path in PATHS:
        page = client.get(f"/{segment}/{path}")
        assert page.status_code == 200, path
        assert page.soup.html is not None
        assert page.soup.html["lang"] == VARIANTS[segment]
        main = page.soup.main
        assert main is not None
        inside = {str(a["href"]) for a in main.find_all("a", href=True)}
        assert [a for a in inside if a.startswith("/") and not a.startswith(f"/{segment}/")] == []


@pytest.mark.usefixtures("delivered")
def test_the_seed_s_facts_stand_with_their_dates(client: PageClient) -> None:
    words = client.get("/en/about/relations").words
    for fact in (
        "2006",
        "January 2015",
        "28,000",
        "€9.6 million",
        "€400,000",
        "Resolution 1244",
        "As-of date not known",
    ):
        assert fact in words
    assert "over 15 million (currency not stated) invested in Serbia through Trust Funds not dated:" in words
    assert "Бирчанинова 5" in client.get("/en/contact").words
    assert "Birčaninova 5" in client.get("/lat/contact").words


@pytest.mark.usefixtures("delivered")
def test_alternates_are_reciprocal_and_absolute(client: PageClient) -> None:
    def alternates(path: str) -> dict[str, str]:
        links = client.get(path).soup.find_all("link", rel="alternate")
        return {str(link["hreflang"]): str(link["href"]) for link in links}

    found = alternates("/lat/about/relations")
    assert found == {
        "en": "http://localhost/en/about/relations",
        "sr-Latn": "http://localhost/lat/about/relations",
        "sr-Cyrl": "http://localhost/cir/about/relations",
        "x-default": "http://localhost/en/about/relations",
    }
    assert alternates("/cir/about/relations") == found == alternates("/en/about/relations")
    canonical = client.get("/cir/about/relations").soup.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == found["sr-Cyrl"]


@pytest.mark.usefixtures("delivered")
def test_a_page_is_asked_for_again_with_its_etag_and_holds_nothing_of_the_visitor(client: PageClient) -> None:
    first = client.get("/en/about/")
    assert first.headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in first.headers
    assert "csrf" not in first.text
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    again = client.get("/en/about/", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head("/en/about/")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


@pytest.mark.usefixtures("delivered")
def test_nothing_is_indexed_until_an_office_adopts_the_site(client: PageClient) -> None:
    page = client.get("/en/")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.soup.find("meta", attrs={"name": "robots"}) is not None
    robots = client.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Disallow: /desk" in robots.text


@pytest.mark.parametrize(
    ("asks", "leads_to"),
    [
        ("sr-Cyrl-RS,sr;q=0.9", "cir"),
        ("sr", "lat"),
        ("sr-RS,en;q=0.5", "lat"),
        ("bs,en;q=0.5", "lat"),
        ("hr", "lat"),
        ("cnr", "lat"),
        ("de,fr;q=0.7", "en"),
        ("de,sr-Cyrl;q=0.7,en;q=0.3", "cir"),
        ("en-GB,sr", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_root_leads_to_the_reader_s_language(client: PageClient, asks: str, leads_to: str) -> None:
    answer = client.get("/", headers={"Accept-Language": asks})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{leads_to}/")
    client.set_cookie("variant", "cir")
    assert client.get("/", headers={"Accept-Language": asks}).headers["Location"] == "/cir/"
    client.set_cookie("variant", "//evil.example")
    assert client.get("/", headers={"Accept-Language": asks}).headers["Location"] == f"/{leads_to}/"


@pytest.mark.usefixtures("delivered")
def test_short_and_nearly_right_addresses_lead_to_the_page(client: PageClient) -> None:
    assert client.get("/p/r7k4m").headers["Location"] == "/en/about/relations"
    assert client.get("/p/R7K4M", headers={"Accept-Language": "sr"}).headers["Location"] == "/lat/about/relations"
    assert client.get("/p/zzzzz").status_code == 404
    assert client.get("/lat/about").headers["Location"] == "/lat/about/"
    assert client.get("/lat/contact/").headers["Location"] == "/lat/contact"
    assert client.get("/xx/contact").status_code == 404


@pytest.mark.usefixtures("delivered")
@pytest.mark.parametrize(
    "name",
    [*OUTSIDE, "../content/contact.en.md", "contact.en.md", "office.toml", "....", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"],
)
def test_f18_no_address_reads_a_file(client: PageClient, name: str) -> None:
    client.checks_pages = False
    answer = client.get(f"/en/{name}", follow_redirects=True)
    assert b"root:" not in answer.data
    assert b"review_by" not in answer.data
    if name not in ("", ".", "about"):
        assert answer.status_code == 404


def test_day_one_has_no_holes(client: PageClient) -> None:
    for segment in VARIANTS:
        for path in ("", "updates/", "search", "search?q=kfor", "updates/?topic=sport&year=abcd&page=-1"):
            assert client.get(f"/{segment}/{path}").status_code == 200
        assert client.get(f"/{segment}/about/").status_code == 404


def test_a_renamed_page_is_found_at_its_old_address(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("about/old.en.md", id="ccccc")
    newsroom.reads()
    newsroom.moves("about/old.en.md", "about/new.en.md")
    newsroom.reads()
    answer = client.get("/en/about/old")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/about/new")


def test_a_withdrawn_page_says_why_and_has_no_text(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Contact", body="Secret words.")
    newsroom.writes("contact.sr.md", id="ccccc", title="Контакт", body="Тајне речи.")
    newsroom.reads()
    newsroom.writes(
        "contact.sr.md",
        id="ccccc",
        title="Контакт",
        body="Тајне речи.",
        state="withdrawn",
        withdrawn_reason="Погрешна година.",
    )
    newsroom.reads()
    page = client.get("/cir/contact")
    assert page.status_code == 410
    assert "Погрешна година." in page.words
    assert "Тајне" not in page.words
    assert client.get("/en/contact").status_code == 410
    assert client.get("/en/search?q=secret").soup.find("mark") is None
    assert client.get("/p/ccccc", follow_redirects=True).status_code == 410


def test_an_embargoed_page_is_not_there_until_its_instant(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes_update("news", "bbbbb", public_from="2026-11-23 11:00", title="Lifted")
    newsroom.reads()
    assert client.get("/en/updates/2026/news").status_code == 404
    assert client.get("/p/bbbbb").status_code == 404
    assert "Lifted" not in client.get("/en/").text + client.get("/en/updates/").text
    newsroom.moment.moves(hours=1)
    assert client.get("/en/updates/2026/news").h1 == "Lifted"


def test_a_page_without_a_translation_says_so_and_offers_no_alternate(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Contact", body="## One\n\n## Two\n\n## Three\n")
    newsroom.reads()
    page = client.get("/cir/contact")
    assert page.status_code == 200
    assert page.soup.find("h1")["lang"] == "en"
    assert {str(link["hreflang"]) for link in page.soup.find_all("link", rel="alternate")} == {"en", "x-default"}
    assert str(page.soup.find("link", rel="canonical")["href"]).endswith("/en/contact")


def test_a_correction_stands_above_the_lead_and_is_listed(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb", title="News")
    newsroom.reads()
    changes = "[{at: '2026-11-23 12:00', kind: correction, note: 'The year was wrong.'}]"
    newsroom.writes_update("news", "bbbbb", title="News", changes=changes)
    newsroom.reads()
    page = client.get("/en/updates/2026/news")
    assert (
        page.words.index("The year was wrong.")
        < page.words.index("A summary.")
        < page.words.rindex("The year was wrong.")
    )
    assert "Updated" in page.words
    assert page.soup.find(id="changes") is not None
    assert "The year was wrong." in client.get("/en/").words


def test_f12_hostile_words_in_a_head_are_text(newsroom: Newsroom, client: PageClient) -> None:
    client.checks_pages = False
    evil = "'<script>alert(1)</script> \" onload=x'"
    newsroom.writes_update("news", "bbbbb", title=evil, summary=evil)
    newsroom.reads()
    for path in ("", "updates/", "updates/2026/news", "search?q=script", "search?q=%3Cscript%3Ealert(1)%3C/script%3E"):
        soup = client.get(f"/en/{path}").soup
        scripts = soup.find_all("script", type=lambda kind: kind != "application/ld+json")
        assert all(script.has_attr("src") for script in scripts)
        assert not [tag for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_long_lists_have_leaves_and_a_filter(newsroom: Newsroom, client: PageClient) -> None:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    for number in range(25):
        topics = "[science]" if number % 5 == 0 else "[office]"
        newsroom.writes_update(f"u{number:02}", f"uuu2{letters[number]}", topics=topics, title=f"Number {number:02}")
    newsroom.reads()
    first, second = client.get("/en/updates/").words, client.get("/en/updates/?page=2").words
    assert (first.count("Number"), second.count("Number")) == (20, 5)
    assert client.get("/en/updates/?topic=science&year=2026").words.count("Number") == 5
    assert client.get("/en/updates/?topic=science&year=1999").words.count("Number") == 0
    assert "25" in first


def test_a_translation_without_the_other_s_last_change_says_so(newsroom: Newsroom, client: PageClient) -> None:
    """Where the as-of dates tell nothing, the noted changes do; a silent fix or a later file does not count."""
    one, two = (f"{{at: '2026-11-2{day} 10:00', kind: change_note, note: 'A note.'}}" for day in (1, 2))
    unknown = {"as_of": "unknown", "as_of_reason": "none", "id": "ccccc"}
    newsroom.writes("contact.sr.md", title="Контакт", changes=f"[{one}]", **unknown)
    newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.writes("contact.en.md", changes=f"[{one}]", **unknown)
    newsroom.reads()
    stale = "Engleska verzija je novija: izmenjena je 22. novembra 2026, a ova još nema tu izmenu."
    assert "novija" not in client.get("/lat/contact").words
    newsroom.writes("contact.en.md", changes=f"[{one}, {two}]", **unknown)
    newsroom.reads()
    assert stale in client.get("/lat/contact").words.replace("\xa0", " ")
    assert "is newer" not in client.get("/en/contact").words
    newsroom.writes("contact.sr.md", title="Контакт", changes=f"[{one}, {two}]", **unknown)
    newsroom.reads()
    assert "novija" not in client.get("/lat/contact").words
