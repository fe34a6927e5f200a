"""The command line and the tick of the newsroom."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner, Result

from outreach.newsroom import commands, jobs
from tests.newsroom.conftest import Newsroom
from tests.newsroom.test_facts import with_figures


@pytest.fixture
def environ(newsroom: Newsroom) -> dict[str, str]:
    settings = newsroom.house.settings
    return {
        "DATABASE_URL": settings.database_url,
        "VAR_DIR": str(settings.var_dir),
        "CONTENT_DIR": str(settings.content_dir),
        "CLOCK_FILE": str(settings.clock_file),
    }


def run(environ: dict[str, str], *words: str) -> Result:
    return CliRunner(env={**os.environ, **environ}).invoke(commands.content, words)


def test_check_names_every_fault_and_fails(newsroom: Newsroom, environ: dict[str, str]) -> None:
    newsroom.writes("contact.en.md", id="ccccc", body="It is under way.")
    fine = run(environ, "check")
    assert fine.exit_code == 0
    assert "1 files, 0 faults, 2 notes" in fine.output
    newsroom.writes_raw("other.en.md", b"---\nid: x\nkind: y\n---\n# a\n")
    wrong = run(environ, "check")
    assert wrong.exit_code == 1
    assert "other.en.md:2:" in wrong.output
    assert "other.en.md:3:" in wrong.output
    assert "other.en.md:5:" in wrong.output
    assert newsroom.publications() == []


def test_check_names_each_fault_once_in_order_and_counts_them(newsroom: Newsroom, environ: dict[str, str]) -> None:
    with_figures(newsroom)
    newsroom.writes("b.en.md", "{{amrs}} and {{amrs}}\n\n[here](/nowhere), [here](/nowhere)", id="bbbbb")
    newsroom.writes("a.en.md", "It is under way.\n\nNow in in all.", id="ccccc")
    newsroom.writes("a.sr.md", "Речи.", id="ccccc", title="Наслов", summary="Увод.")
    done = run(environ, "check")
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "a.en.md:10: “under way” is true only today; give a date. (note)",
        "a.en.md:12: The word “in” stands here twice. (note)",
        "b.en.md:10: There is no figure named “amrs” in facts.toml (arms?).",
        "b.en.md:12: The link text “here” does not say where the link leads. (note)",
        "facts.toml:4: No text quotes the figure “arms”, and no project has it as its amount. (note)",
        "3 files, 1 faults, 4 notes",
    ]


def test_check_tells_the_day_by_the_clock(newsroom: Newsroom, environ: dict[str, str]) -> None:
    newsroom.writes("a.en.md", id="ccccc", review_by="2026-12-24")
    newsroom.writes("a.sr.md", "Речи.", id="ccccc", title="Наслов", summary="Увод.")
    assert "2 files, 0 faults, 0 notes" in run(environ, "check").output
    newsroom.moment.moves(days=1)
    assert "a.en.md:9: The day to look at this again, 2026-12-24, is near. (note)" in run(environ, "check").output


def test_read_tells_what_it_found(newsroom: Newsroom, environ: dict[str, str]) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    assert "1 files, 1 changed, 1 publications as the baseline: nothing is mailed" in run(environ, "read").output
    again = run(environ, "read").output
    assert "1 files, 0 changed, 0 publications" in again
    assert "1 notes: content check names them" in again


def test_the_tick_takes_in_what_is_new_and_is_quiet_otherwise(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    jobs.read_content(newsroom.house)
    assert len(newsroom.publications()) == 1
    newsroom.writes_raw("contact.en.md", b"")
    jobs.read_content(newsroom.house)
    jobs.read_content(newsroom.house)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["contact.en.md"]


def test_a_review_falls_due_by_the_tick_without_any_file_being_touched(newsroom: Newsroom) -> None:
    newsroom.writes("arms.en.md", id="bbbbb", review_by="2026-12-24")
    newsroom.writes("arms.sr.md", "Речи.", id="bbbbb", review_by="2026-12-24", title="Наслов", summary="Увод.")
    assert newsroom.reads().notes == ()
    assert not newsroom.is_stale()
    newsroom.moment.moves(days=1)
    assert newsroom.is_stale()
    report = newsroom.reads()
    assert (len(report.notes), report.changed, report.faults) == (2, (), ())
    assert not newsroom.is_stale()
    newsroom.moment.moves(days=31)
    assert newsroom.is_stale()
    assert ["is past" in str(note) for note in newsroom.reads().notes] == [True, True]
    assert not newsroom.is_stale()
