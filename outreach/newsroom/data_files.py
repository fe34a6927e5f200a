"""The data files beside the Markdown, figures and map: taken in whole, or not at all while the last good one stays."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.language import mark
from outreach.newsroom import facts, places
from outreach.newsroom.facts import Facts
from outreach.newsroom.faults import Fault
from outreach.newsroom.files import FACTS, MAP, Folder
from outreach.newsroom.models import DataFile
from outreach.newsroom.places import Places


@dataclass(frozen=True)
class Data:
    facts: Facts = field(default_factory=Facts)
    places: Places = field(default_factory=Places)


def read(sources: Mapping[str, str]) -> Data:
    """The data of these texts by file name; ValueError for a text that is wrong."""
    return Data(
        facts.read(sources[FACTS]) if FACTS in sources else Facts(),
        places.read(sources[MAP]) if MAP in sources else Places(),
    )


def check(folder: Folder) -> tuple[dict[str, str], list[Fault]]:
    """The texts of the folder's data files that are in order, by name, and what is wrong with the others."""
    good, faults = {}, []
    for name, raw in folder.data.items():
        try:
            text = raw.decode("utf-8-sig")
            read({name: text})
            good[name] = text
        except ValueError as wrong:  # of the encoding, of TOML or of ours
            message = mark("The file cannot be used: {problem}.")
            faults.append(Fault(name, _line(raw, str(wrong)), message, {"problem": str(wrong).rstrip(".")}))
    return good, faults


def _line(raw: bytes, problem: str) -> int:
    """The line of the table that a problem names, or that TOML's own reader counted to; else the first."""
    if counted := re.search(r"\(at line (\d+)", problem):
        return int(counted[1])
    named = re.match(r"\[([\w.-]+?)(?:\.reason)?\]", problem)
    return facts.line_of(raw.decode("utf-8", "replace"), named[1]) if named else 1


def kept(session: Session) -> dict[str, str]:
    """The last good text of each data file, by name."""
    return {row.file: row.source for row in session.scalars(select(DataFile))}


def take(session: Session, now: datetime, good: Mapping[str, str]) -> tuple[str, ...]:
    """Keep these texts; returns the names of those that are new."""
    before = kept(session)
    fresh = tuple(name for name, text in good.items() if before.get(name) != text)
    for name in fresh:
        digest = hashlib.sha256(good[name].encode()).hexdigest()
        session.merge(DataFile(file=name, content_hash=digest, source=good[name], seen_at=now))
    return fresh
