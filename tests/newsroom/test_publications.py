"""Each public moment is noted once, when it really happened (D-12). On both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.errors import NotFound
from outreach.language import Variant
from outreach.newsroom import publications
from outreach.newsroom.heads import ID_LETTERS
from tests.newsroom.conftest import MONDAY, Newsroom

CHANGE = "[{at: '2026-11-23 12:00', kind: %s, note: 'What is new.'}]"


def test_what_is_public_at_the_first_reading_is_the_baseline(newsroom: Newsroom) -> None:
    for number in range(15):
        newsroom.writes_update(f"u{number}", f"uuu2{ID_LETTERS[number]}", state="published")
    report = newsroom.reads()
    assert report.is_baseline
    assert len(report.noted) == 15
    assert report.held == ()
    assert {p.state for p in newsroom.publications()} == {"baseline"}
    assert newsroom.noted() == []


def test_an_empty_folder_is_no_baseline(newsroom: Newsroom) -> None:
    newsroom.reads()
    newsroom.writes("about/index.en.md", id="base2")
    assert newsroom.reads().is_baseline


def test_d12_a_backdated_file_is_noted_when_it_arrived_and_once(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.moment.moves(hours=2)
    newsroom.writes_update("late", "bbbbb", public_from="2026-11-01 09:00", as_of="2020-01-01")
    newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]
    assert abs(newsroom.publications()[-1].public_at - (MONDAY + timedelta(hours=2))) < timedelta(seconds=30)


def test_d12_an_embargo_lifts_by_itself_and_is_noted_at_its_instant(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb", public_from="2026-11-23 11:00", title="Lifted")
    newsroom.reads()
    lifts = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    library = newsroom.opened()
    with pytest.raises(NotFound):
        library.get("updates/2026/news", Variant.EN, lifts - timedelta(microseconds=1))
    with pytest.raises(NotFound):
        library.path_of("bbbbb")
    assert library.get("updates/2026/news", Variant.EN, lifts).item.title == "Lifted"
    assert library.search("lifted", Variant.EN, lifts - timedelta(seconds=1)).count == 0
    assert library.updates(Variant.EN, lifts - timedelta(seconds=1)) == []
    assert not newsroom.is_stale()
    assert newsroom.noted() == []
    newsroom.moment.is_at(lifts + timedelta(minutes=7))
    assert newsroom.is_stale()
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]
    assert newsroom.publications()[-1].public_at == lifts
    assert not newsroom.is_stale()


def test_the_later_embargo_of_two_languages_holds_for_both(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes("updates/2026/news.en.md", id="bbbbb")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", public_from="2026-11-23 18:00")
    newsroom.reads()
    assert newsroom.noted() == []
    with pytest.raises(NotFound):
        newsroom.opened().get("updates/2026/news", Variant.EN, newsroom.moment.now())


def test_a_draft_is_no_publication_until_it_is_published(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb", state="draft")
    newsroom.reads()
    assert newsroom.noted() == []
    newsroom.writes_update("news", "bbbbb", state="published")
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]


def test_a_late_translation_a_rename_and_a_minor_fix_are_none(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb")
    newsroom.reads()
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", title="Наслов")
    newsroom.reads()
    for language in ("en", "sr"):
        newsroom.moves(f"updates/2026/news.{language}.md", f"updates/2026/renamed.{language}.md")
    newsroom.reads()
    newsroom.writes("updates/2026/renamed.en.md", id="bbbbb", changes=CHANGE % "minor", body="A comma.")
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]
    assert newsroom.opened().moved("updates/2026/news") == "updates/2026/renamed"


@pytest.mark.parametrize("kind", ["change_note", "correction"])
def test_a_change_note_and_a_correction_are_one_each_in_both_languages(newsroom: Newsroom, kind: str) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb")
    newsroom.reads()
    newsroom.writes_update("news", "bbbbb", changes=CHANGE % kind)
    newsroom.reads()
    translated = (CHANGE % kind).replace("What is new.", "Шта је ново.")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", changes=translated)
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first"), ("bbbbb", kind)]
    last = newsroom.publications()[-1]
    assert (last.note_en, last.note_sr) == ("What is new.", "Шта је ново.")


def test_changes_from_before_the_first_publication_are_part_of_it(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb", changes=CHANGE % "correction")
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]
    page = newsroom.opened().get("updates/2026/news", Variant.EN, newsroom.moment.now())
    assert [(c.kind, c.note) for c in page.changes] == [("correction", "What is new.")]


def test_more_than_ten_at_once_are_held_with_an_alert_until_somebody_decides(newsroom: Newsroom) -> None:
    newsroom.starts()
    for number in range(11):
        newsroom.writes_update(f"u{number}", f"uuu2{ID_LETTERS[number]}")
    report = newsroom.reads()
    assert len(report.held) == 11
    assert newsroom.noted() == []
    with newsroom.house.db.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "publications.held")).one()
        assert entry.detail["count"] == 11
        assert len(newsroom.opened().updates(Variant.EN, newsroom.moment.now())) == 11
    with newsroom.house.db.transaction() as session:
        assert publications.decide_held(session, newsroom.moment.now(), True, None) == 11
    assert len(newsroom.noted()) == 11


def test_ten_at_once_are_not_held(newsroom: Newsroom) -> None:
    newsroom.starts()
    for number in range(10):
        newsroom.writes_update(f"u{number}", f"uuu2{ID_LETTERS[number]}")
    newsroom.reads()
    assert len(newsroom.noted()) == 10


def test_what_is_kept_back_is_never_mailed(newsroom: Newsroom) -> None:
    newsroom.starts()
    for number in range(11):
        newsroom.writes_update(f"u{number}", f"uuu2{ID_LETTERS[number]}")
    newsroom.reads()
    with newsroom.house.db.transaction() as session:
        publications.decide_held(session, newsroom.moment.now(), False, None)
    newsroom.reads()
    assert newsroom.noted() == []


def test_eligible_rows_come_by_topic_in_order(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("a", "bbbbb", topics="[security]")
    newsroom.reads()
    newsroom.moment.moves(minutes=1)
    newsroom.writes_update("b", "ccccc", topics="[office, science]")
    newsroom.reads()
    with newsroom.house.db.read() as session:
        found = [
            [p.document_id for p in publications.eligible(session, *topics)]
            for topics in ((), ("science",), ("reform",))
        ]
    assert found == [["bbbbb", "ccccc"], ["ccccc"], []]


def test_a_withdrawal_is_no_publication_and_a_digest_can_tell_it(newsroom: Newsroom) -> None:
    newsroom.starts()
    newsroom.writes_update("news", "bbbbb")
    newsroom.reads()
    newsroom.writes_update("news", "bbbbb", state="withdrawn", withdrawn_reason="It named the wrong year.")
    newsroom.reads()
    assert newsroom.noted() == [("bbbbb", "first")]
    with newsroom.house.db.read() as session:
        view = newsroom.opened().publication_view(session, newsroom.publications()[-1].id, Variant.EN)
    assert view is not None
    assert (view.is_withdrawn, view.reason, view.summary) == (True, "It named the wrong year.", "")
