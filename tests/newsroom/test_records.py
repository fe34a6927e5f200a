"""Programmes, projects and fact sheets over HTTP: the lists, the record of each, what belongs together, and its figures."""

from __future__ import annotations

import pytest
from bs4 import Tag

from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient

FACTS = """
[source.first]
en = "A first text, undated"
sr = "Први текст, недатиран"
[source.second]
en = "A second text"
sr = "Други текст"
[figure.grant]
value = 400_000
currency = "EUR"
en = "support for the work"
sr = "подршка раду"
as_of = "2017-06"
source = "first"
[figure.total]
value = 15_000_000
shown_in = "millions"
qualifier = "over"
currency = "unknown"
en = "invested in all"
sr = "укупно уложено"
as_of = "unknown"
reason.en = "the text says “so far”"
reason.sr = "текст каже „до сада”"
source = "first"
[figure.tonnes]
value = 2_000
unit = "tonnes"
en = "of something"
sr = "нечега"
as_of = "2003"
source = "second"
"""
MAP = '[place.belgrade]\nen = "Belgrade"\nsr = "Београд"\nat = [20.46, 44.82]\nprecision = "town"\n'
RECORD = {
    "programme": "funds",
    "status": "completed",
    "started_on": "'2017'",
    "ended_on": "2019-06",
    "duration": "3",
    "amount": "grant",
    "place": "belgrade",
    "partners": "[An institute, A university]",
    "source": "first",
}


@pytest.fixture
def recorded(newsroom: Newsroom) -> Newsroom:
    """Two programmes; of the first, a whole project and a bare one, a fact sheet, two milestones and a piece of news."""
    newsroom.writes_raw("facts.toml", FACTS.encode())
    newsroom.writes_raw("map.toml", MAP.encode())
    newsroom.writes("programmes/funds.en.md", id="pppp2", kind="programme", title="The Funds", topics="[trust-funds]")
    newsroom.writes(
        "programmes/other.en.md", id="pppp3", kind="programme", title="Another", topics="[reform, security]"
    )
    newsroom.writes("projects/whole.en.md", id="rrrr2", kind="project", title="A whole project", **RECORD)
    newsroom.writes("projects/bare.en.md", id="rrrr3", kind="project", title="A bare one", programme="funds")
    newsroom.writes(
        "projects/lone.en.md", id="rrrr4", kind="project", title="A lone one", as_of="unknown", as_of_reason="none"
    )
    newsroom.writes(
        "fact-sheets/sheet.en.md",
        id="ssss2",
        kind="fact-sheet",
        title="The sheet",
        programme="funds",
        review_by="2027-02-24",
        body="## Numbers\n\nIt took {{tonnes}} and {{total}}.\n",
    )
    newsroom.writes_update("end", "mmmm2", type="milestone", event_on="2019-06", programme="funds", title="It ended")
    newsroom.writes_update("start", "mmmm3", type="milestone", event_on="2017", programme="funds", title="It began")
    newsroom.writes_update("news", "mmmm4", programme="funds", title="Some news")
    newsroom.reads()
    return newsroom


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def table(page: Page) -> list[list[str]]:
    """The rows of the page's table of record, cell by cell."""
    rows = page.soup.select("table.figures tbody tr")
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in rows]


def record(page: Page) -> dict[str, str]:
    """What stands in the panel of a project."""
    lines = page.soup.select(".record dl > div")
    return {line.dt.get_text(): words(line.dd) for line in lines if line.dt and line.dd}


def below(page: Page, anchor: str) -> list[str]:
    """The titles listed under a heading."""
    heading = page.soup.find(id=anchor)
    assert isinstance(heading, Tag), anchor
    listed = heading.find_next(["ul", "ol"])
    assert isinstance(listed, Tag)
    return [a.get_text() for a in listed.find_all("a")]


@pytest.mark.usefixtures("recorded")
def test_programmes_stand_under_the_topic_that_each_names_first(client: PageClient) -> None:
    page = client.get("/en/programmes/")
    groups = {
        section.h2.get_text(): [title.get_text() for title in section.find_all("h3")]
        for section in page.soup.select("main section")
        if section.h2
    }
    assert groups == {"Defence reform": ["Another"], "Trust Fund projects": ["The Funds"]}
    assert "2 programmes on record" in page.words
    assert page.words.count("as of 23 Nov 2026") == 2


@pytest.mark.usefixtures("recorded")
def test_the_table_of_projects_gives_the_whole_record_and_says_what_is_not_stated(client: PageClient) -> None:
    page = client.get("/en/projects/")
    assert table(page) == [
        ["The Funds"],
        [
            "A whole project",
            "Begun: 2017 · Completed: June 2019 · 3 years",
            "€400,000",
            "An institute; A university",
            "Belgrade",
            "23 Nov 2026",
        ],
        ["A bare one", "not stated", "not stated", "not stated", "not stated", "23 Nov 2026"],
        ["Of no programme"],
        ["A lone one", "not stated", "not stated", "not stated", "not stated", "not dated"],
    ]
    ways = {str(a["href"]) for a in page.soup.main.find_all("a", href=True)}
    assert {"/en/map", "/en/map.csv", "/en/map#project-rrrr2", "/en/programmes/funds"} <= ways
    assert all(cell.get("data-label") for cell in page.soup.select("table.stacks tbody td"))


@pytest.mark.usefixtures("recorded")
def test_fact_sheets_are_listed_with_their_date_and_their_next_review(client: PageClient) -> None:
    assert "As of 23 Nov 2026 The sheet A summary. Review due February 2027" in client.get("/en/fact-sheets/").words
    assert "Sledeća provera: februar 2027." in client.get("/lat/fact-sheets/").words


@pytest.mark.parametrize("path", ["programmes/", "projects/", "fact-sheets/"])
def test_a_list_of_nothing_is_no_hole(client: PageClient, path: str) -> None:
    for segment in ("en", "lat", "cir"):
        page = client.get(f"/{segment}/{path}")
        assert page.status_code == 200
        assert page.soup.select_one("main .lead") is not None


@pytest.mark.usefixtures("recorded")
def test_a_programme_gathers_what_belongs_to_it_and_nothing_else(client: PageClient) -> None:
    page = client.get("/en/programmes/funds")
    assert below(page, "projects") == ["A whole project", "A bare one"]
    assert below(page, "fact-sheets") == ["The sheet"]
    assert below(page, "milestones") == ["It began", "It ended"]
    assert below(page, "related") == ["Some news"]
    contents = [a["href"] for a in page.soup.select("nav.contents a")]
    assert contents == ["#projects", "#fact-sheets", "#milestones", "#related"]
    other = client.get("/en/programmes/other")
    assert [other.soup.find(id=name) for name in ("projects", "fact-sheets", "milestones", "related")] == [None] * 4


@pytest.mark.usefixtures("recorded")
def test_a_project_shows_its_record_and_every_gap_in_it(client: PageClient) -> None:
    assert record(client.get("/en/projects/whole")) == {
        "Years": "Begun: 2017 · Completed: June 2019 · 3 years",
        "Status": "completed",
        "Amount": "€400,000",
        "Partners": "An institute; A university",
        "Place": "Belgrade",
        "Programme": "The Funds",
        "As of": "23 Nov 2026",
        "Source": "A first text, undated",
    }
    gaps = record(client.get("/en/projects/lone"))
    assert gaps.pop("As of") == "not dated in the source"
    assert set(gaps.values()) == {"not stated in the source"}
    assert len(gaps) == 7


@pytest.mark.usefixtures("recorded")
def test_a_project_leads_to_its_programme_its_place_and_its_neighbours(client: PageClient) -> None:
    page = client.get("/en/projects/whole")
    ways = [str(a["href"]) for a in page.soup.select(".record a")]
    assert ways == ["/en/map#project-rrrr2", "/en/programmes/funds", "/en/projects/", "/en/map"]
    assert below(page, "projects") == ["A bare one"]
    assert below(page, "fact-sheets") == ["The sheet"]
    assert client.get("/en/map").soup.find(id="project-rrrr2") is not None


@pytest.mark.usefixtures("recorded")
def test_figures_stand_first_on_a_fact_sheet_each_with_its_date_or_the_reason_for_none(client: PageClient) -> None:
    page = client.get("/en/fact-sheets/sheet")
    assert table(page) == [
        ["2,000 tonnes", "of something", "2003", "A second text"],
        [
            "over 15 million (currency not stated)",
            "invested in all",
            "not dated: the text says “so far”",
            "A first text, undated",
        ],
    ]
    assert page.words.index("Key figures") < page.words.index("Numbers")
    assert [row[-1] for row in table(client.get("/cir/fact-sheets/sheet"))] == ["Други текст", "Први текст, недатиран"]


def test_a_lone_source_is_named_once_below_the_table(recorded: Newsroom, client: PageClient) -> None:
    recorded.writes("contact.en.md", id="ccccc", body="It cost {{grant}}, and {{total}} in all.\n")
    recorded.reads()
    page = client.get("/en/contact")
    assert [row[:2] for row in table(page)] == [
        ["€400,000", "support for the work"],
        ["over 15 million (currency not stated)", "invested in all"],
    ]
    assert page.words.count("A first text, undated") == 1
    assert "Source of every figure: A first text, undated" in page.words
    assert page.words.index("It cost") < page.words.index("Figures on this page")


@pytest.mark.usefixtures("recorded")
def test_a_page_that_quotes_no_figure_has_no_table(client: PageClient) -> None:
    assert client.get("/en/programmes/other").soup.find(id="figures") is None


@pytest.mark.usefixtures("recorded")
def test_a_record_can_be_cited_with_its_date_or_without_one(client: PageClient) -> None:
    cited = client.get("/en/fact-sheets/sheet").soup.select_one(".citation p")
    assert cited is not None
    assert (
        cited.get_text()
        == "Liaison Office Belgrade: “The sheet” (fact sheet). As of 23 Nov 2026. http://localhost/p/ssss2"
    )
    undated = client.get("/cir/projects/lone").soup.select_one(".citation p")
    assert undated is not None
    assert "(пројекат). Објављено 23.\xa0нов 2026, датум стања непознат. http://localhost/p/rrrr4" in undated.get_text()


@pytest.mark.usefixtures("recorded")
def test_an_update_names_its_event_its_programme_and_at_most_four_others(
    recorded: Newsroom, client: PageClient
) -> None:
    for letter in "abcdef":
        recorded.writes_update(f"more-{letter}", f"{letter}{letter}{letter}22", title=f"More {letter}")
    recorded.reads()
    page = client.get("/en/updates/2026/start")
    assert "Milestone" in page.words
    assert "Date of the event: 2017" in page.words
    beside = [a.get_text() for a in page.soup.select("aside .document-list a")]
    assert beside[:3] == ["The Funds", "Some news", "It ended"]
    assert len(beside) == 5
    assert "It began" not in beside
    assert client.get("/en/updates/2026/news").words.startswith("Home")
    assert "Date of the event" not in client.get("/en/updates/2026/news").words


def test_a_page_whose_review_is_overdue_says_so(recorded: Newsroom, client: PageClient) -> None:
    overdue = "The review of this page was due in February 2027."
    assert overdue not in client.get("/en/fact-sheets/sheet").words
    assert "Review due February 2027" in client.get("/en/fact-sheets/sheet").words
    recorded.moment.moves(days=120)
    assert overdue in client.get("/en/fact-sheets/sheet").words


@pytest.mark.usefixtures("recorded")
def test_the_way_down_leads_through_the_list(client: PageClient) -> None:
    for path, listed in {
        "programmes/funds": ("/en/programmes/", "Programmes"),
        "projects/whole": ("/en/projects/", "Projects"),
        "fact-sheets/sheet": ("/en/fact-sheets/", "Fact sheets"),
        "updates/2026/news": ("/en/updates/", "Updates"),
    }.items():
        way = client.get(f"/en/{path}").soup.select(".breadcrumb-line a")
        assert [(str(a["href"]), a.get_text()) for a in way] == [("/en/", "Home"), listed]


@pytest.mark.usefixtures("recorded")
def test_a_list_keeps_what_is_under_embargo_to_itself(recorded: Newsroom, client: PageClient) -> None:
    recorded.writes(
        "projects/bare.en.md",
        id="rrrr3",
        kind="project",
        title="A bare one",
        programme="funds",
        public_from="2026-12-01 10:00",
    )
    recorded.reads()
    for path in ("projects/", "programmes/funds", "projects/whole", "map", ""):
        assert "A bare one" not in client.get(f"/en/{path}").text, path
