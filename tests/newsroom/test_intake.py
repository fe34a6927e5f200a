"""Reading the folder: versions, faults, what stays when something is broken. On both databases."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select

from outreach.errors import NotFound
from outreach.language import Variant
from outreach.newsroom.models import ContentFault, Document, DocumentVersion
from tests.newsroom.conftest import Newsroom


def versions(newsroom: Newsroom) -> list[tuple[str, str, bool]]:
    with newsroom.house.db.read() as session:
        rows = session.scalars(select(DocumentVersion).order_by(DocumentVersion.id))
        return [(row.document_id, row.language, row.is_current) for row in rows]


def title(newsroom: Newsroom, path: str, variant: Variant = Variant.EN) -> str:
    return newsroom.opened().get(path, variant, newsroom.moment.now()).item.title


def test_every_version_is_kept_and_one_is_current(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="One")
    newsroom.writes("contact.sr.md", id="ccccc", title="Један")
    first = newsroom.reads()
    newsroom.writes("contact.en.md", id="ccccc", title="Two")
    second = newsroom.reads()
    assert versions(newsroom) == [("ccccc", "en", False), ("ccccc", "sr", True), ("ccccc", "en", True)]
    assert (first.generation, second.generation, second.changed) == (1, 2, ("contact.en.md",))
    assert [title(newsroom, "contact", v) for v in Variant] == ["Two", "Jedan", "Један"]


def test_reading_twice_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    assert newsroom.is_stale()
    first = newsroom.reads()
    assert not newsroom.is_stale()
    again = newsroom.reads()
    assert (again.changed, again.noted, again.generation) == ((), (), first.generation)


@pytest.mark.parametrize(
    "broken",
    [b"", b"---\n- a\n---\n", b"---\ntopics: [a\n---\n", b"\xff\xfe", b"---\nid: ccccc\n---\n", b"---\nid: no\n---\n"],
)
def test_a_broken_file_is_named_and_the_last_good_version_stays(newsroom: Newsroom, broken: bytes) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Good")
    newsroom.reads()
    newsroom.writes_raw("contact.en.md", broken)
    newsroom.writes("other.en.md", id="ddddd", title="New")
    report = newsroom.reads()
    assert {fault.path for fault in report.faults} == {"contact.en.md"}
    assert [title(newsroom, "contact"), title(newsroom, "other")] == ["Good", "New"]
    with newsroom.house.db.read() as session:
        kept = session.scalars(select(ContentFault).where(ContentFault.is_blocking))
        assert {row.file for row in kept} == {"contact.en.md"}
    newsroom.writes("contact.en.md", id="ccccc", title="Mended")
    assert newsroom.reads().faults == ()
    assert title(newsroom, "contact") == "Mended"


def test_a_copy_with_the_same_id_is_named_and_nothing_is_lost(newsroom: Newsroom) -> None:
    original = newsroom.writes("contact.en.md", id="ccccc", title="Original")
    newsroom.reads()
    shutil.copy(original, newsroom.folder / "copy.en.md")
    report = newsroom.reads()
    assert [(fault.path, fault.values["file"]) for fault in report.faults] == [
        ("contact.en.md", "copy.en.md"),
        ("copy.en.md", "contact.en.md"),
    ]
    assert title(newsroom, "contact") == "Original"
    with pytest.raises(NotFound):
        title(newsroom, "copy")


def test_languages_that_contradict_each_other_are_named(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    newsroom.writes("contact.sr.md", id="ddddd")
    newsroom.writes("updates/2026/a.en.md", id="eeeee")
    newsroom.writes("updates/2026/a.sr.md", id="eeeee", kind="page")
    report = newsroom.reads()
    assert {fault.path for fault in report.faults} == {
        "contact.en.md",
        "contact.sr.md",
        "updates/2026/a.en.md",
        "updates/2026/a.sr.md",
    }


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("news.en.md", "update"),
        ("updates/news.en.md", "update"),
        ("search.en.md", "page"),
        ("index.en.md", "page"),
        ("media/inquiry.en.md", "page"),
        ("digests/daily.en.md", "page"),
        ("updates/index.en.md", "page"),
    ],
)
def test_a_file_in_the_wrong_place_is_named(newsroom: Newsroom, file: str, kind: str) -> None:
    newsroom.writes(file, kind=kind)
    assert [fault.path for fault in newsroom.reads().faults] == [file]


def test_an_empty_folder_takes_nothing_down(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Here")
    newsroom.reads()
    (newsroom.folder / "contact.en.md").rename(newsroom.folder / "contact.away")
    report = newsroom.reads()
    assert "not mounted" in str(report.faults[0])
    assert title(newsroom, "contact") == "Here"
    (newsroom.folder / "contact.away").rename(newsroom.folder / "contact.en.md")
    assert newsroom.reads().faults == ()


def test_a_removed_file_leaves_a_stub_and_comes_back_without_a_publication(newsroom: Newsroom) -> None:
    newsroom.starts()
    path = newsroom.writes("contact.en.md", id="ccccc", title="Here")
    newsroom.reads()
    raw = path.read_bytes()
    path.unlink()
    newsroom.reads()
    page = newsroom.opened().get("contact", Variant.EN, newsroom.moment.now())
    assert page.is_withdrawn
    assert page.withdrawn_reason is None
    assert page.item.title == "Here"
    path.write_bytes(raw)
    assert newsroom.reads().noted == ()
    assert title(newsroom, "contact") == "Here"
    assert newsroom.noted() == [("ccccc", "first")]


def test_a_faulty_newcomer_may_be_a_page_that_moved_so_nothing_is_taken_down(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Here")
    newsroom.writes("other.en.md", id="ddddd")
    newsroom.reads()
    newsroom.moves("contact.en.md", "contact-us.en.md")
    newsroom.writes_raw("contact-us.en.md", b"---\nid: ccccc\n")
    newsroom.reads()
    assert title(newsroom, "contact") == "Here"


def test_the_author_signs_what_the_desk_changed(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    newsroom.reads(author_id=None)
    with newsroom.house.db.read() as session:
        assert session.scalars(select(DocumentVersion.author_id)).all() == [None]


def test_topics_are_those_of_both_languages_in_the_order_of_the_office(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", topics="[office, security]")
    newsroom.writes("contact.sr.md", id="ccccc", topics="[partnership]")
    newsroom.reads()
    with newsroom.house.db.read() as session:
        assert session.get_one(Document, "ccccc").topics == ["partnership", "security", "office"]
