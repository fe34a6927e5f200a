"""Documents on the desk: the list, the preview, publish and withdraw through the files. On both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.newsroom.models import DocumentVersion
from tests.newsroom.conftest import Newsroom
from tests.newsroom.test_facts import with_figures
from tests.support.client import PageClient

Staff = Callable[..., PageClient]


@pytest.fixture
def editor(staff: Staff) -> PageClient:
    return staff("editor")


@pytest.fixture
def draft(newsroom: Newsroom) -> Newsroom:
    """A newsroom with one draft update in both languages."""
    newsroom.starts()
    newsroom.writes("updates/2026/news.en.md", id="bbbbb", state="draft", title="The draft")
    newsroom.writes("updates/2026/news.sr.md", id="bbbbb", state="draft", title="Нацрт")
    newsroom.reads()
    return newsroom


def audited(newsroom: Newsroom) -> list[str]:
    with newsroom.house.db.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.obj == "document:bbbbb").order_by(AuditEntry.id))
        return [entry.action for entry in entries]


def test_the_list_names_states_languages_and_faults_with_file_and_line(draft: Newsroom, editor: PageClient) -> None:
    draft.writes("contact.en.md", id="ccccc", public_from="2026-11-24 10:00", title="Embargoed")
    draft.reads()
    draft.writes_raw("contact.en.md", b"---\nid: ccccc\nkind: no\n---\n")
    draft.writes_raw("Broken Name.en.md", b"")
    draft.reads()
    words = editor.get("/desk/documents").words
    for expected in (
        "The draft",
        "Draft",
        "Under embargo",
        "Tue 24 Nov 2026, 10:00 Belgrade",
        "contact.en.md, line 3",
        "missing",
    ):
        assert expected in words, expected
    assert "Broken Name.en.md, line 1" in words


def test_publish_rewrites_the_files_and_the_publication_is_noted_once(draft: Newsroom, editor: PageClient) -> None:
    page = editor.get("/desk/documents/bbbbb")
    assert page.h1 == "The draft"
    done = editor.submit(page, "publish")
    assert done.status_code == 200
    assert "Published." in done.text
    for language in ("en", "sr"):
        assert "state: published\n" in (draft.folder / f"updates/2026/news.{language}.md").read_text()
    assert draft.noted() == [("bbbbb", "first")]
    assert editor.get("/en/updates/2026/news").h1 == "The draft"
    assert audited(draft) == ["document.published"]
    with draft.house.db.read() as session:
        authors = session.scalars(select(DocumentVersion.author_id).where(DocumentVersion.is_current)).all()
    assert sum(author is not None for author in authors) == 2
    draft.reads()
    assert draft.noted() == [("bbbbb", "first")]


def test_one_language_may_be_published_before_the_other(draft: Newsroom, editor: PageClient) -> None:
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish", languages=["en"])
    assert "state: draft" in (draft.folder / "updates/2026/news.sr.md").read_text()
    page = editor.get("/cir/updates/2026/news")
    assert page.h1 == "The draft"
    assert "Нацрт" not in page.text


def test_publish_with_an_embargo_waits_for_its_instant(draft: Newsroom, editor: PageClient) -> None:
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish", embargo="2026-11-23 11:00")
    assert "public_from: 2026-11-23 11:00\n" in (draft.folder / "updates/2026/news.en.md").read_text()
    assert editor.get("/en/updates/2026/news").status_code == 404
    draft.moment.moves(hours=1)
    draft.reads()
    assert editor.get("/en/updates/2026/news").status_code == 200
    assert draft.publications()[-1].public_at - draft.moment.now() < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"embargo": "tomorrow"}, "Enter a date and time that exist"),
        ({"embargo": "2026-11-23 09:59"}, "This time is past"),
        ({"languages": []}, "Choose at least one language"),
    ],
)
def test_a_wrong_form_comes_back_and_changes_nothing(
    draft: Newsroom, editor: PageClient, values: dict[str, object], words: str
) -> None:
    answer = editor.submit(editor.get("/desk/documents/bbbbb"), "publish", **values)
    assert answer.status_code == 422
    assert words in answer.words
    assert str(values.get("embargo", "")) in answer.text
    assert "state: draft" in (draft.folder / "updates/2026/news.en.md").read_text()


def test_a_stale_save_is_refused_and_the_new_text_is_kept(draft: Newsroom, editor: PageClient) -> None:
    page = editor.get("/desk/documents/bbbbb")
    draft.writes("updates/2026/news.en.md", id="bbbbb", state="draft", title="Somebody else’s words")
    answer = editor.submit(page, "publish")
    assert answer.status_code == 409
    assert "The files have changed since you opened this page" in answer.words
    assert "Somebody else’s words" in (draft.folder / "updates/2026/news.en.md").read_text()
    draft.reads()
    again = editor.submit(page, "publish")
    assert again.status_code == 409
    assert again.h1 == "Somebody else’s words"
    assert draft.noted() == []
    assert editor.submit(again, "publish").status_code == 200
    assert draft.noted() == [("bbbbb", "first")]


def test_a_file_that_is_gone_is_a_stale_save(draft: Newsroom, editor: PageClient) -> None:
    page = editor.get("/desk/documents/bbbbb")
    (draft.folder / "updates/2026/news.sr.md").unlink()
    assert editor.submit(page, "publish").status_code == 409


def test_withdraw_leaves_a_stub_with_the_reason_and_can_be_taken_back(draft: Newsroom, editor: PageClient) -> None:
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish")
    empty = editor.submit(editor.get("/desk/documents/bbbbb"), "withdraw", **{"withdraw-reason_en": " "})
    assert empty.status_code == 422
    assert "Enter the reason" in empty.words
    reason = 'It named "the wrong" year: 2016 # not 2017'
    editor.submit(editor.get("/desk/documents/bbbbb"), "withdraw", **{"withdraw-reason_en": reason})
    page = editor.get("/cir/updates/2026/news")
    assert page.status_code == 410
    assert reason in page.words
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish")
    assert editor.get("/cir/updates/2026/news").h1 == "Нацрт"
    assert draft.noted() == [("bbbbb", "first")]
    assert audited(draft) == ["document.published", "document.withdrawn", "document.published"]


def test_only_editors_publish(draft: Newsroom, staff: Staff, client: PageClient) -> None:
    assert client.get("/desk/documents").status_code in (302, 303, 401)
    reader = staff("reader")
    page = reader.get("/desk/documents/bbbbb")
    assert page.status_code == 200
    assert page.soup.find("form", action="/desk/documents/bbbbb/publish") is None
    assert reader.post("/desk/documents/bbbbb/publish", data={}).status_code in (400, 403)
    assert draft.noted() == []


@pytest.mark.parametrize("document_id", ["zzzzz", "..", "%2e%2e", "bbbbb%00"])
def test_f18_an_unknown_document_is_not_found(draft: Newsroom, editor: PageClient, document_id: str) -> None:
    assert editor.get(f"/desk/documents/{document_id}").status_code == 404


def test_what_is_held_is_shown_and_released(newsroom: Newsroom, editor: PageClient) -> None:
    newsroom.starts()
    for letter in "abcdefghjkm":
        newsroom.writes_update(letter, letter * 5, title=f"Title {letter}")
    newsroom.reads()
    page = editor.get("/desk/documents")
    assert "11 publications are held" in page.words
    assert "Released to the digests." in editor.submit(page, "held", button="decision=release").text
    assert len(newsroom.noted()) == 11


def test_the_preview_speaks_the_variant_and_the_desk_its_officer_s_language(
    draft: Newsroom, editor: PageClient
) -> None:
    page = editor.get("/desk/documents/bbbbb?variant=lat")
    assert page.h1 == "Nacrt"
    assert "Publish" in page.words


def test_an_embargo_that_stands_is_kept_when_the_form_is_sent_again(draft: Newsroom, editor: PageClient) -> None:
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish", embargo="2026-11-25 06:00")
    editor.submit(editor.get("/desk/documents/bbbbb"), "publish")
    assert "public_from: 2026-11-25 06:00\n" in (draft.folder / "updates/2026/news.en.md").read_text()
    assert draft.noted() == []


def test_a_file_with_faults_is_not_published(draft: Newsroom, editor: PageClient) -> None:
    page = editor.get("/desk/documents/bbbbb")
    broken = draft.writes_raw("updates/2026/news.en.md", b"---\nid: bbbbb\nstate: draft\n---\n")
    draft.reads()
    answer = editor.submit(page, "publish")
    assert answer.status_code == 409
    assert "The files have faults" in answer.words
    assert b"published" not in broken.read_bytes()


def test_no_note_keeps_a_text_out_and_the_desk_shows_each_in_its_language(newsroom: Newsroom, staff: Staff) -> None:
    with_figures(newsroom)
    newsroom.writes("contact.en.md", "See [here](/nowhere), 28,000 in in all.", id="ccccc")
    report = newsroom.reads()
    assert (report.faults, report.changed) == ((), ("contact.en.md",))
    assert len(report.notes) == 6
    editor: PageClient = staff("editor")
    words = editor.get("/desk/documents").words
    assert "Notes on other files facts.toml, line 4 · Note: No text quotes the figure “arms”" in words
    assert "Files that are not taken in" not in words
    assert "contact.en.md, line 10 · Note: “28,000” is the figure “arms”: quote it as {{arms}}." in words
    editor.submit(editor.get("/desk/me"), "/desk/me", variant="cir")
    words = editor.get("/desk/documents").words
    assert "„28,000” је податак „arms”: наведите га као {{arms}}." in words
    assert "Веза „/nowhere” не води ни на једну страну сајта." in words
