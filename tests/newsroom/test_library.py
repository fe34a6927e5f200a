"""The library: one generation, shared by threads, never older than the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from outreach.errors import NotFound
from outreach.language import Variant
from outreach.newsroom import intake
from outreach.newsroom.models import NOTED
from tests.newsroom.conftest import Newsroom


def test_it_is_shared_until_something_changes(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="One")
    newsroom.reads()
    first = newsroom.opened()
    assert newsroom.opened() is first
    newsroom.writes("contact.en.md", id="ccccc", title="Two")
    newsroom.reads()
    assert newsroom.opened() is not first
    now = newsroom.moment.now()
    assert first.get("contact", Variant.EN, now).item.title == "One"
    assert newsroom.opened().get("contact", Variant.EN, now).item.title == "Two"


def test_a_reading_that_fails_leaves_nothing_in_it(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="One")
    newsroom.reads()
    newsroom.writes("contact.en.md", id="ccccc", title="Two")
    with pytest.raises(RuntimeError), newsroom.house.db.transaction() as session:
        intake.read_content(session, newsroom.house, newsroom.moment.now())
        raise RuntimeError
    assert newsroom.opened().get("contact", Variant.EN, newsroom.moment.now()).item.title == "One"


def test_many_readers_at_once_note_everything_once(newsroom: Newsroom) -> None:
    newsroom.starts()
    for number, name in enumerate("abcde"):
        newsroom.writes_update(name, name * 5, state="published" if number < 4 else "draft")
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda _: newsroom.reads(), range(8)))
    assert sorted(len(report.noted) for report in reports) == [0] * 7 + [4]
    assert len(newsroom.noted()) == 4


def test_two_first_readings_at_once_make_one_baseline(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    with ThreadPoolExecutor(6) as pool:
        reports = list(pool.map(lambda _: newsroom.reads(), range(6)))
    assert sum(report.is_baseline for report in reports) == 1
    assert len(newsroom.publications()) == 1


def test_a_missing_translation_shows_the_original_and_is_no_variant(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Only English")
    newsroom.writes("about/index.sr.md", id="ddddd", title="Само српски")
    newsroom.reads()
    library, now = newsroom.opened(), newsroom.moment.now()
    english = library.get("contact", Variant.CIR, now).item
    assert (english.title, english.lang, english.is_translated) == ("Only English", "en", False)
    assert library.variants("contact", now) == {Variant.EN}
    serbian = library.get("about/", Variant.EN, now).item
    assert (serbian.title, serbian.lang, serbian.is_translated) == ("Samo srpski", "sr-Latn", False)
    assert library.variants("about/", now) == {Variant.LAT, Variant.CIR}


def test_an_older_translation_says_so(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", as_of="2026-11-21")
    newsroom.writes("contact.sr.md", id="ccccc", as_of="2026-11-12")
    newsroom.reads()
    library, now = newsroom.opened(), newsroom.moment.now()
    assert str(library.get("contact", Variant.LAT, now).newer_as_of) == "2026-11-21"
    assert library.get("contact", Variant.EN, now).newer_as_of is None


def test_a_draft_is_for_the_desk_alone(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", state="draft", title="Draft")
    newsroom.reads()
    library, now = newsroom.opened(), newsroom.moment.now()
    with pytest.raises(NotFound):
        library.get("contact", Variant.EN, now)
    with pytest.raises(NotFound):
        library.path_of("ccccc")
    assert library.search("draft", Variant.EN, now).count == 0
    assert library.preview("ccccc", Variant.EN).item.title == "Draft"


def test_a_publication_as_a_digest_tells_it_in_each_variant(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes("updates/2026/news.en.md", id="bbbbb", title="News", summary="What happened.")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", title="Новост", summary="Шта се догодило.")
    newsroom.reads()
    noted = next(p.id for p in newsroom.publications() if p.state == NOTED)
    with newsroom.house.db.read() as session:
        views = [newsroom.opened().publication_view(session, noted, v) for v in Variant]
        assert newsroom.opened().publication_view(session, noted + 1000, Variant.EN) is None
    assert [(v.title, v.path, v.lang, v.translated) for v in views if v] == [
        ("News", "/en/updates/2026/news", "en", True),
        ("Novost", "/lat/updates/2026/news", "sr-Latn", True),
        ("Новост", "/cir/updates/2026/news", "sr-Cyrl", True),
    ]
    assert [v.url for v in views if v][0] == "http://localhost/en/updates/2026/news"


def test_a_path_that_changed_hands_belongs_to_the_document_that_is_there(newsroom: Newsroom) -> None:
    newsroom.writes("contact.en.md", id="ccccc", title="Old")
    newsroom.writes("about/index.en.md", id="ddddd")
    newsroom.reads()
    newsroom.writes("contact.en.md", id="eeeee", title="New")
    newsroom.reads()
    assert newsroom.opened().get("contact", Variant.EN, newsroom.moment.now()).item.title == "New"
