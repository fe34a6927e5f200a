"""What the head of a content file may say, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from outreach.newsroom.localtime import PartialDate

ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o, 1 i l: read aloud and copied from paper
ID = re.compile(f"[{ID_LETTERS}]{{5}}")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
PAGE, UPDATE, PROGRAMME, PROJECT, FACT_SHEET = KINDS = ("page", "update", "programme", "project", "fact-sheet")
FOLDERS = {UPDATE: "updates", PROGRAMME: "programmes", PROJECT: "projects", FACT_SHEET: "fact-sheets"}
"""The folder that documents of a kind lie in; pages lie anywhere else."""
TYPES = ("news", "statement", "advisory", "milestone")
STATUSES = ("completed", "under-way", "not-stated")
STATES = ("draft", "published", "withdrawn")
CHANGE_KINDS = ("change_note", "correction", "minor")


@dataclass(frozen=True)
class Change:
    """One dated change. `key` is its time as written: the change is the same one as long as this stays."""

    key: str
    at: datetime
    kind: str
    note: str


@dataclass(frozen=True)
class Record:
    """What is on record of a project. What the source does not give is None; `duration` is in whole years,
    `amount` names a figure, `place` a place of the map."""

    status: str = "not-stated"
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    duration: int | None = None
    amount: str | None = None
    place: str | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Header:
    """What the head of one file says. Instants are UTC. `type` and `is_urgent` are those of an update, `record` that
    of a project; `programme` is the slug of the programme that the document belongs to, `source` a source of the
    figures."""

    id: str
    kind: str
    title: str
    summary: str
    state: str
    topics: tuple[str, ...] = ()
    public_from: datetime | None = None
    as_of: date | None = None
    as_of_reason: str | None = None
    event_on: PartialDate | None = None
    review_by: date | None = None
    withdrawn_reason: str | None = None
    changes: tuple[Change, ...] = ()
    type: str | None = None
    is_urgent: bool = False
    programme: str | None = None
    source: str | None = None
    record: Record | None = None
