"""The command line and the tick of the newsroom."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner, Result

from outreach.newsroom import commands, jobs
from tests.newsroom.conftest import Newsroom


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
    assert "1 files, 0 faults, 1 notes" in fine.output
    newsroom.writes_raw("other.en.md", b"---\nid: x\nkind: y\n---\n# a\n")
    wrong = run(environ, "check")
    assert wrong.exit_code == 1
    assert "other.en.md:2:" in wrong.output
    assert "other.en.md:3:" in wrong.output
    assert "other.en.md:5:" in wrong.output
    assert newsroom.publications() == []


def test_read_tells_what_it_found(newsroom: Newsroom, environ: dict[str, str]) -> None:
    newsroom.writes("contact.en.md", id="ccccc")
    assert "1 files, 1 changed, 1 publications as the baseline: nothing is mailed" in run(environ, "read").output
    assert "1 files, 0 changed, 0 publications" in run(environ, "read").output


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
