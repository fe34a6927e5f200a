"""A newsroom whose editor writes, moves and breaks files, and whose job reads them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from outreach.house import House
from outreach.newsroom import intake, library
from outreach.newsroom.intake import Report
from outreach.newsroom.library import Library
from outreach.newsroom.models import Publication
from tests.support.moment import Moment

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Newsroom:
    """content_dir holds office.toml alone at first; `moment` is the clock."""

    house: House
    folder: Path
    moment: Moment

    def writes(self, file: str, body: str = "Some words.\n", **head: str) -> Path:
        """A whole file; entries of the head are YAML as given, None leaves a default out."""
        kind = "update" if file.startswith("updates/") else "page"
        entries = {
            "id": "aaaaa",
            "kind": kind,
            "title": "A title",
            "summary": "A summary.",
            "topics": "[office]",
            "state": "published",
            "as_of": "2026-11-23",
        } | head
        lines = "\n".join(f"{name}: {value}" for name, value in entries.items() if value is not None)
        return self.writes_raw(file, f"---\n{lines}\n---\n{body}".encode())

    def writes_raw(self, file: str, raw: bytes) -> Path:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    def writes_update(self, name: str, document_id: str, **head: str) -> Path:
        return self.writes(f"updates/2026/{name}.en.md", id=document_id, **head)

    def moves(self, old: str, new: str) -> None:
        (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / old).rename(self.folder / new)

    def reads(self, author_id: int | None = None) -> Report:
        with self.house.db.transaction() as session:
            return intake.read_content(session, self.house, self.moment.now(), author_id)

    def is_stale(self) -> bool:
        with self.house.db.read() as session:
            return intake.is_stale(session, self.house, self.moment.now())

    def opened(self) -> Library:
        with self.house.db.read() as session:
            return library.opened(session, self.house)

    def publications(self) -> list[Publication]:
        with self.house.db.read() as session:
            return list(session.scalars(select(Publication).order_by(Publication.id)))

    def noted(self) -> list[tuple[str, str]]:
        """(document, kind) of what digests may carry."""
        return [(p.document_id, p.kind) for p in self.publications() if p.state == "noted"]

    def starts(self) -> None:
        """A first reading with one page, so that the baseline is behind us."""
        self.writes("about/index.en.md", id="base2")
        assert self.reads().is_baseline


@pytest.fixture
def content_dir(tmp_path: Path) -> Path:
    """The office alone; what a test publishes comes to it."""
    folder = tmp_path / "content"
    folder.mkdir()
    shutil.copyfile(ROOT / "content" / "office.toml", folder / "office.toml")
    return folder


@pytest.fixture
def newsroom(house: House, content_dir: Path, moment: Moment) -> Newsroom:
    """An empty newsroom on a Monday at 10:00 in Belgrade."""
    moment.is_at(MONDAY)
    return Newsroom(house, content_dir, moment)


@pytest.fixture
def delivered(house: House, moment: Moment) -> None:
    """The content that is delivered, read without a fault."""
    with house.db.transaction() as session:
        assert intake.read_content(session, house, moment.now()).faults == ()


@pytest.fixture
def changed(newsroom: Newsroom) -> Newsroom:
    """An update on science, changed an hour later and corrected an hour after that; then a change to a page."""
    newsroom.starts()
    changes = []
    newsroom.writes_update("news", "bbbbb", title="News & more", topics="[science]")
    newsroom.reads()
    for kind, note in (("change_note", "A date is new."), ("correction", "The year was wrong.")):
        newsroom.moment.moves(hours=1)
        changes.append(f"{{at: '2026-11-23 1{len(changes) + 1}:00', kind: {kind}, note: '{note}'}}")
        newsroom.writes_update(
            "news", "bbbbb", title="News & more", topics="[science]", changes=f"[{','.join(changes)}]"
        )
        newsroom.reads()
    newsroom.moment.moves(hours=1)
    newsroom.writes(
        "about/index.en.md",
        id="base2",
        title="About",
        changes="[{at: '2026-11-23 13:00', kind: change_note, note: 'New.'}]",
    )
    newsroom.reads()
    return newsroom
