"""The feeds over HTTP, parsed as a feed reader parses them; and an embargo in everything that programs read."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from outreach.house import House
from tests.newsroom.conftest import Newsroom
from tests.support.client import PageClient

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SEGMENTS = {"en": "en", "sr-Latn": "lat", "sr-Cyrl": "cir"}


def atom(client: PageClient, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8"), path
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    return feed


def entries(client: PageClient, path: str = "/en/updates.atom") -> list[dict[str, str]]:
    """Each entry's title, summary, id, published, updated and link, in order."""
    found = []
    for entry in atom(client, path).findall(f"{ATOM}entry"):
        names = ("title", "summary", "id", "published", "updated")
        told = {name: entry.findtext(f"{ATOM}{name}") or "" for name in names}
        (link,) = entry.findall(f"{ATOM}link")
        assert (link.get("rel"), link.get("type")) == ("alternate", "text/html")
        found.append(told | {"link": link.get("href") or ""})
    return found


def titles(client: PageClient, path: str = "/en/updates.atom") -> list[str]:
    return [entry["title"] for entry in entries(client, path)]


@pytest.mark.usefixtures("changed")
def test_the_feed_tells_each_public_moment_latest_first(client: PageClient) -> None:
    found = entries(client)
    assert [(entry["title"], entry["summary"], entry["published"][:16]) for entry in found] == [
        ("Changed: About", "New.", "2026-11-23T13:00"),
        ("Correction: News & more", "The year was wrong.", "2026-11-23T12:00"),
        ("Changed: News & more", "A date is new.", "2026-11-23T11:00"),
        ("News & more", "A summary.", "2026-11-23T10:00"),
    ]
    assert all(entry["updated"] == entry["published"] and entry["updated"].endswith("+01:00") for entry in found)
    assert found[-1]["link"] == "http://localhost/en/updates/2026/news"


@pytest.mark.usefixtures("changed")
def test_the_feed_has_what_atom_wants(client: PageClient) -> None:
    for lang, segment in SEGMENTS.items():
        feed = atom(client, f"/{segment}/updates.atom")
        assert feed.get(LANG) == lang
        assert feed.findtext(f"{ATOM}id") == f"http://localhost/{segment}/updates.atom"
        assert feed.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}entry/{ATOM}updated")
        links = {link.get("rel"): link for link in feed.findall(f"{ATOM}link")}
        assert links["self"].get("href") == f"http://localhost/{segment}/updates.atom"
        assert links["alternate"].get("href") == f"http://localhost/{segment}/updates/"
        assert feed.findtext(f"{ATOM}author/{ATOM}name") in str(feed.findtext(f"{ATOM}title"))
        assert [c.get("term") for c in feed.findall(f"{ATOM}entry/{ATOM}category")] == ["office", *["science"] * 3]
        assert {t.get(LANG) for t in feed.findall(f"{ATOM}entry/{ATOM}title")} == {"en"}
    assert atom(client, "/cir/updates.atom").find(f"{ATOM}entry/{ATOM}category").get("label") == "Вести из Канцеларије"


def test_an_entry_stays_the_same_one_under_a_new_title_a_new_path_and_in_every_feed(
    changed: Newsroom, client: PageClient
) -> None:
    before = [entry["id"] for entry in entries(client)]
    assert before[1:] == [
        "tag:localhost,2026-11-23:bbbbb/2026-11-23T12:00/en",
        "tag:localhost,2026-11-23:bbbbb/2026-11-23T11:00/en",
        "tag:localhost,2026-11-23:bbbbb/first/en",
    ]
    file = changed.folder / "updates/2026/news.en.md"
    file.write_text(file.read_text().replace("News & more", "Another title"))
    changed.moves("updates/2026/news.en.md", "updates/2026/renamed.en.md")
    changed.reads()
    after = entries(client)
    assert [entry["id"] for entry in after] == before
    assert (after[-1]["title"], after[-1]["link"][-8:]) == ("Another title", "/renamed")
    assert [entry["id"] for entry in entries(client, "/en/updates/science.atom")] == before[1:]
    assert set(before) & {entry["id"] for entry in entries(client, "/lat/updates.atom")} == set()


@pytest.mark.usefixtures("changed")
def test_a_topic_has_a_feed_of_its_own_and_an_unknown_one_has_none(client: PageClient) -> None:
    feed = atom(client, "/en/updates/science.atom")
    assert feed.findtext(f"{ATOM}title") == "Liaison Office Belgrade – Updates – Scientific cooperation"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://localhost/en/updates/science.atom",
        "alternate": "http://localhost/en/updates/?topic=science",
    }
    assert titles(client, "/en/updates/office.atom") == ["Changed: About"]
    assert titles(client, "/en/updates/reform.atom") == []
    assert client.get("/en/updates/sport.atom").status_code == 404


def test_the_feed_holds_the_latest_thirty_of_its_topic(newsroom: Newsroom, client: PageClient) -> None:
    letters = "abcdefghjkmnpqrstuvwxyz23456789abcdef"
    for number, letter in enumerate(letters):
        topics = "[science]" if number < 2 else "[office]"
        newsroom.writes_update(
            f"u{number:02}", f"{'uv'[number > 30]}uu2{letter}", title=f"Number {number:02}", topics=topics
        )
    assert newsroom.reads().faults == ()
    assert titles(client) == [f"Number {number:02}" for number in range(36, 6, -1)]
    assert titles(client, "/en/updates/science.atom") == ["Number 01", "Number 00"]


@pytest.mark.usefixtures("changed")
def test_json_feed_tells_the_same(client: PageClient) -> None:
    answer = client.get("/lat/updates.json")
    assert answer.content_type == "application/feed+json; charset=utf-8"
    told = json.loads(answer.data)
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert (told["language"], told["feed_url"]) == ("sr-Latn", "http://localhost/lat/updates.json")
    assert told["home_page_url"] == "http://localhost/lat/updates/"
    same = entries(client, "/lat/updates.atom")
    names = {"id": "id", "url": "link", "title": "title", "content_text": "summary", "date_published": "published"}
    assert [{ours: item[theirs] for theirs, ours in names.items()} for item in told["items"]] == [
        {name: entry[name] for name in names.values()} for entry in same
    ]


@pytest.mark.usefixtures("delivered")
@pytest.mark.parametrize(
    "path",
    ["en/updates.atom", "cir/updates/office.atom", "en/updates.json", "sitemap.xml", "lat/contact.vcf"]
    + [".well-known/security.txt"],
)
def test_all_of_them_are_asked_for_again_with_their_etag(client: PageClient, path: str) -> None:
    first = client.get(f"/{path}")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    assert "Set-Cookie" not in first.headers
    again = client.get(f"/{path}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_f12_hostile_words_are_text_and_what_xml_cannot_write_is_left_out(
    newsroom: Newsroom, client: PageClient
) -> None:
    newsroom.writes_update("news", "bbbbb", title='"<b>]]> & \\"x\\"\\x07\\uffff 🙂"', summary='"&lt; <![CDATA["')
    assert newsroom.reads().faults == ()
    (entry,) = entries(client)
    assert (entry["title"], entry["summary"]) == ('<b>]]> & "x" 🙂', "&lt; <![CDATA[")


def test_a_feed_before_the_first_update_is_valid_and_stays_the_same(client: PageClient) -> None:
    feed = atom(client, "/en/updates.atom")
    assert feed.findall(f"{ATOM}entry") == []
    assert datetime.fromisoformat(str(feed.findtext(f"{ATOM}updated"))).year == 1970
    assert feed.find(f"{ATOM}rights") is None
    assert "Demonstration until an office adopts it." in str(feed.findtext(f"{ATOM}subtitle"))


def test_the_terms_of_reuse_are_told_once_there_are_any(
    newsroom: Newsroom, client: PageClient, app: Any, house: House
) -> None:
    newsroom.writes("reuse.en.md", id="ccccc", title="Reuse")
    newsroom.reads()
    app.extensions["house"] = dataclasses.replace(
        house, settings=dataclasses.replace(house.settings, office_adopted=True)
    )
    feed = atom(client, "/en/updates.atom")
    assert feed.findtext(f"{ATOM}rights") == "Terms of reuse: http://localhost/en/reuse"
    assert feed.find(f"{ATOM}subtitle") is None


@pytest.mark.usefixtures("delivered")
def test_readers_find_the_feeds_from_home_and_from_the_list(client: PageClient) -> None:
    for segment in SEGMENTS.values():
        for path in ("", "updates/", "updates/?topic=science"):
            page = client.get(f"/{segment}/{path}")
            found = [str(link["href"]) for link in page.soup.find_all("link", type="application/atom+xml")]
            topic = [f"/{segment}/updates/science.atom"] if "science" in path else []
            assert found == [f"/{segment}/updates.atom", *topic]
            for address in found:
                atom(client, address)
    main = client.get("/en/updates/?topic=science").soup.main
    assert main is not None
    assert main.find("a", href="/en/updates/science.atom") is not None


def test_an_embargoed_document_is_in_none_of_these_before_its_instant_and_in_all_after_and_a_withdrawn_one_leaves(
    newsroom: Newsroom, client: PageClient
) -> None:
    newsroom.starts()
    paths = ("/en/updates.atom", "/en/updates/science.atom", "/en/updates.json", "/sitemap.xml", "/en/")
    paths += ("/en/updates/", "/lat/updates.atom")

    def telling() -> list[str]:
        answers = {path: client.get(path) for path in paths}
        assert {answer.status_code for answer in answers.values()} == {200}
        return [path for path, answer in answers.items() if "secret-slug" in answer.text]

    head = {"topics": "[science]", "title": "Lifted"}
    newsroom.writes_update("secret-slug", "bbbbb", public_from="2026-11-23 11:00", **head)
    newsroom.reads()
    newsroom.moment.moves(minutes=59)
    assert (newsroom.reads().faults, telling()) == ((), [])
    tag = client.get("/en/updates.atom").headers["ETag"]
    newsroom.moment.moves(minutes=2)
    newsroom.reads()
    assert telling() == list(paths)
    assert client.get("/en/updates.atom", headers={"If-None-Match": tag}).status_code == 200
    newsroom.writes_update("secret-slug", "bbbbb", public_from="2026-11-24 11:00", **head)
    newsroom.reads()
    assert telling() == []  # put off once more
    newsroom.writes_update("secret-slug", "bbbbb", **head)
    newsroom.reads()
    assert telling() == list(paths)
    newsroom.writes_update("secret-slug", "bbbbb", state="withdrawn", withdrawn_reason="Wrong.", **head)
    newsroom.reads()
    assert telling() == []
