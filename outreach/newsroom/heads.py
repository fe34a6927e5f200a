"""What the head of a content file may say, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0 o, 1 i l: read aloud and copied from paper
ID = re.compile(f"[{ID_LETTERS}]{{5}}")
KINDS = ("page", "update")
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
class Header:
    """What the head of one file says. Instants are UTC; `event_precision` is day, month or year."""

    id: str
    kind: str
    title: str
    summary: str
    state: str
    topics: tuple[str, ...] = ()
    public_from: datetime | None = None
    as_of: date | None = None
    as_of_reason: str | None = None
    event_on: date | None = None
    event_precision: str | None = None
    review_by: date | None = None
    withdrawn_reason: str | None = None
    changes: tuple[Change, ...] = ()
