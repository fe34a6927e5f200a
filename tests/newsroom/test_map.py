"""The map of projects: the table is the record, the drawing shows only what the source places, the file holds the same."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import Tag

from tests.newsroom.conftest import Newsroom
from tests.support.client import Page, PageClient

MAP = """
[place.belgrade]
en = "Belgrade"
sr = "Београд"
at = [20.46, 44.82]
precision = "town"

[place.nis]
en = "Niš"
sr = "Ниш"
at = [21.90, 43.32]
precision = "town"

[place.sava]
en = "the river Sava"
sr = "река Сава"
at = [19.75, 44.80]
precision = "river"

[place.serbia]
en = "Serbia"
sr = "Србија"
at = [20.9, 44.0]
precision = "country"

[[river]]
en = "Sava"
sr = "Сава"
class = "brass"
name_at = [19.0, 44.7]
points = [[18.5, 45.1], [19.3, 44.9], [20.46, 44.82]]
"""
FACTS = """
[source.public]
en = "A public text, undated"
sr = "Јавни текст, недатиран"

[figure.grant]
value = 400_000
currency = "EUR"
en = "support"
sr = "подршка"
as_of = "2017"
source = "public"

[figure.worth]
value = 9_600_000
shown_in = "millions"
currency = "EUR"
en = "value"
sr = "вредност"
as_of = "2011"
source = "public"
"""


@pytest.fixture
def mapped(newsroom: Newsroom) -> Newsroom:
    """Five projects: two at one town, one along a river, one somewhere in the country, one of which no place is known."""
    newsroom.writes_raw("map.toml", MAP.encode())
    newsroom.writes_raw("facts.toml", FACTS.encode())
    project(
        newsroom, "algae", "aaaaa", title="Biofuel", place="belgrade", started_on="2017", duration="3", amount="grant"
    )
    project(newsroom, "charts", "bbbbb", title="Charts", place="belgrade", status="under-way")
    project(newsroom, "water", "ccccc", title="Water", place="sava")
    project(
        newsroom,
        "mines",
        "ddddd",
        title="Mines",
        place="serbia",
        ended_on="2007-06",
        status="completed",
        amount="worth",
    )
    project(newsroom, "robot", "eeeee", title="A robot", partners='["One side", "Other side"]')
    assert newsroom.reads().faults == ()
    return newsroom


def project(newsroom: Newsroom, name: str, document_id: str, **head: str) -> None:
    head = {"kind": "project", "source": "public", "as_of": "unknown", "as_of_reason": "the source is undated"} | head
    newsroom.writes(f"projects/{name}.en.md", id=document_id, **head)


def rows(page: Page) -> dict[str, Tag]:
    """The rows of the table by the project's title, in order."""
    return {row.th.a.get_text(): row for row in page.soup.select("tbody tr") if row.th and row.th.a}


def words(row: Tag, label: str) -> str:
    cell = row.find(attrs={"data-label": label})
    assert isinstance(cell, Tag), f"no cell {label}"
    return " ".join(cell.get_text(" ").split())


def marks(page: Page) -> list[Tag]:
    return page.soup.select("svg.river-map a")


def sheet(client: PageClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_each_row_tells_what_is_on_record_and_says_what_is_not(mapped: Newsroom, client: PageClient) -> None:
    found = rows(client.get("/en/map"))
    algae, mines, robot = found["Biofuel"], found["Mines"], found["A robot"]
    assert words(algae, "Years") == "Begun: 2017 3 years"
    assert words(algae, "Money").replace("\u00a0", " ") == "€400,000 as of 2017"
    assert words(algae, "Partners") == "not stated"
    assert words(algae, "As of, source") == "not dated source 1"
    assert words(mines, "Years") == "Completed: June 2007"
    assert words(found["Charts"], "Years") == "Under way, not dated"
    assert (words(robot, "Years"), words(robot, "Money")) == ("not stated", "not stated")
    assert words(robot, "Partners") == "One side Other side"
    assert "A public text, undated" in client.get("/en/map").words


def test_the_source_of_a_row_is_in_the_list_below(mapped: Newsroom, client: PageClient) -> None:
    page = client.get("/en/map")
    for row in rows(page).values():
        link = row.select_one("a.note-link")
        assert link is not None
        assert page.soup.find(id=str(link["href"])[1:]).get_text() == "A public text, undated"  # type: ignore[union-attr]


def test_a_row_leads_to_the_project_and_a_number_and_its_mark_lead_to_each_other(
    mapped: Newsroom, client: PageClient
) -> None:
    page = client.get("/en/map")
    numbered = {title: row for title, row in rows(page).items() if row.select_one(".map-no a")}
    assert list(numbered) == ["Biofuel", "Charts", "Water"]
    for row in numbered.values():
        assert row.th is not None
        assert client.get(str(row.th.a["href"])).status_code == 200  # type: ignore[index]
        to_mark = row.select_one(".map-no a")
        assert to_mark is not None
        mark = page.soup.find(id=str(to_mark["href"])[1:])
        assert isinstance(mark, Tag)
        assert page.soup.find(id=str(mark["href"])[1:]) is row


def test_no_mark_pretends_a_town_where_the_source_names_none(mapped: Newsroom, client: PageClient) -> None:
    page = client.get("/en/map")
    assert [mark["aria-label"] for mark in marks(page)] == [
        "1, Belgrade: Biofuel",
        "2, Belgrade: Charts",
        "3, the river Sava: Water",
    ]
    found = rows(page)
    assert "Serbia, no single place" in found["Mines"].get_text()
    assert "No place stated" in found["A robot"].get_text()
    assert "not on the map" in found["Mines"].get_text()
    assert "2 projects have no single place: the source names none" in page.words


def test_it_sorts_by_links_and_ignores_an_order_it_does_not_know(mapped: Newsroom, client: PageClient) -> None:
    def order(path: str) -> list[str]:
        return list(rows(client.get(path)))

    by_place = ["Biofuel", "Charts", "Water", "Mines", "A robot"]
    assert order("/en/map") == by_place
    for unknown in ("?sort=colour", "?sort=", "?sort=<script>", "?sort=place"):
        assert order(f"/en/map{unknown}") == by_place
    assert order("/en/map?sort=project") == ["A robot", "Biofuel", "Charts", "Mines", "Water"]
    assert order("/en/map?sort=years") == ["Mines", "Biofuel", "A robot", "Charts", "Water"]
    assert order("/en/map?sort=money") == ["Mines", "Biofuel", "A robot", "Charts", "Water"]
    links = [str(a["href"]) for a in client.get("/en/map?sort=years").soup.select(".sort-line a")]
    assert links == ["/en/map", "/en/map?sort=project", "/en/map?sort=money"]


def test_a_project_keeps_its_number_in_every_order(mapped: Newsroom, client: PageClient) -> None:
    def numbers(path: str) -> set[tuple[str, str]]:
        cells = {title: row.select_one(".map-no") for title, row in rows(client.get(path)).items()}
        return {(title, cell.get_text().split()[-1]) for title, cell in cells.items() if cell and cell.a}

    assert numbers("/en/map") == numbers("/en/map?sort=money") == numbers("/lat/map?sort=years")


def test_places_are_named_in_the_language_and_script_of_the_page(mapped: Newsroom, client: PageClient) -> None:
    for segment, town, river in (
        ("en", "Belgrade", "The river Sava"),
        ("lat", "Beograd", "Reka Sava"),
        ("cir", "Београд", "Река Сава"),
    ):
        page = client.get(f"/{segment}/map")
        found = rows(page)
        assert town in found["Biofuel"].get_text()
        assert river in found["Water"].get_text()
        assert town in [text.get_text() for text in page.soup.select("svg text.place")]


def test_an_embargoed_project_is_neither_in_the_table_nor_on_the_map(mapped: Newsroom, client: PageClient) -> None:
    project(mapped, "secret", "fffff", title="Secret", place="nis", public_from="2026-11-24 10:00")
    mapped.reads()
    for path in ("/en/map", "/en/map.csv"):
        assert "Secret" not in client.get(path).get_data(as_text=True)
    mapped.moment.moves(days=2)
    mapped.reads()
    assert "Secret" in rows(client.get("/en/map"))


def test_without_projects_and_without_rivers_the_page_still_stands(newsroom: Newsroom, client: PageClient) -> None:
    newsroom.starts()
    page = client.get("/en/map")
    assert "No project is on record yet." in page.words
    assert page.soup.select("svg.river-map") == []
    project(newsroom, "robot", "eeeee", title="A robot", source=None)  # type: ignore[arg-type]
    newsroom.reads()
    page = client.get("/en/map")
    assert list(rows(page)) == ["A robot"]
    assert page.soup.select("svg.river-map") == []


def test_the_drawing_has_a_name_and_draws_no_border(mapped: Newsroom, client: PageClient) -> None:
    drawing = client.get("/en/map").soup.select_one("svg.river-map")
    assert drawing is not None
    name = drawing.find(id=str(drawing["aria-labelledby"]))
    assert name is not None
    assert name.get_text() == "Rivers with 3 numbered projects; the table holds the same facts"
    assert len(drawing.select("path")) == MAP.count("[[river]]")


def test_the_map_s_own_style_is_loaded_there_alone(mapped: Newsroom, client: PageClient) -> None:
    def styles(path: str) -> str:
        return " ".join(str(link["href"]) for link in client.get(path).soup.find_all("link", rel="stylesheet"))

    assert "/map.css" in styles("/en/map")
    assert "/map.css" not in styles("/en/updates/")


def test_a_broken_map_file_is_a_fault_and_the_last_good_map_stays(mapped: Newsroom, client: PageClient) -> None:
    mapped.writes_raw("map.toml", b"[place.belgrade]\nen = 3\n")
    report = mapped.reads()
    assert [fault.path for fault in report.faults] == ["map.toml"]
    assert len(marks(client.get("/en/map"))) == 3


def test_the_file_holds_the_same_rows_with_iso_dates_and_whole_numbers(mapped: Newsroom, client: PageClient) -> None:
    found = {row["Project"]: row for row in sheet(client, "/en/map.csv")}
    assert list(found) == list(rows(client.get("/en/map")))
    algae, mines, robot = found["Biofuel"], found["Mines"], found["A robot"]
    assert (algae["Number on the map"], algae["Place"], algae["How exact"]) == ("1", "Belgrade", "town")
    assert (algae["Begun"], algae["Ended"], algae["Length in years"]) == ("2017", "", "3")
    assert (algae["Money, amount"], algae["Currency"], algae["Money, as of"]) == ("400000", "EUR", "2017")
    assert (mines["Ended"], mines["Status"], mines["How exact"]) == ("2007-06", "completed", "country")
    assert mines["Money, as stated"] == "€9.6 million"
    assert (robot["Place"], robot["Money, as stated"], robot["Money, amount"]) == ("not stated", "not stated", "")
    assert robot["Partners"] == "One side; Other side"
    assert robot["Source"] == "A public text, undated"
    assert algae["Address"] == "http://localhost/en/projects/algae"


def test_the_file_speaks_the_language_of_its_address_and_keeps_the_order(mapped: Newsroom, client: PageClient) -> None:
    assert {row["Место"] for row in sheet(client, "/cir/map.csv")} >= {"Београд", "река Сава"}
    assert [row["Projekat"] for row in sheet(client, "/lat/map.csv?sort=money")][:2] == ["Mines", "Biofuel"]
    link = client.get("/lat/map?sort=money").soup.select_one("a[download]")
    assert link is not None
    assert link["href"] == "/lat/map.csv?sort=money"


def test_the_file_is_offered_for_download_and_asked_for_again_with_its_etag(
    mapped: Newsroom, client: PageClient
) -> None:
    answer = client.get("/en/map.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projects-en.csv"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert client.get("/en/map.csv", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_title_that_begins_like_a_formula_is_text_in_the_file(mapped: Newsroom, client: PageClient) -> None:
    project(mapped, "evil", "fffff", title="'=HYPERLINK(\"https://example.org\")'", partners="['@SUM(A1)']")
    mapped.reads()
    evil = next(row for row in sheet(client, "/en/map.csv") if "HYPERLINK" in row["Project"])
    assert evil["Project"].startswith("'=")
    assert evil["Partners"].startswith("'@")
