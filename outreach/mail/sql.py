"""The few statements that thousands of mails a second go through, in each database's own words.

They are plain tuples on the driver's cursor, within the transaction of a Core connection: at that rate the mapping of
rows to objects costs more than the disk. What is rare (a refusal, a doubt) goes through the models.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from outreach.bulk import Row, stamp
from outreach.mail.models import WAITING

#: What says that the database does not answer.
TROUBLE = (SQLAlchemyError, sqlite3.Error, psycopg.Error)

Columns = Sequence[tuple[str, str]]

DUE = f"""
SELECT id, attempts, to_name, to_address, message_id, dated_at, own, form, bytes_hash, uncertains, scope, is_bulk,
    expires_at
FROM outbox_email WHERE {WAITING} AND {{}} AND next_at <= ? ORDER BY next_at, id LIMIT ?
"""  # noqa: S608
SEAT = "SELECT beat FROM mail_worker WHERE seat = ? AND fence = ?"
BEAT = "UPDATE mail_worker SET beat = beat + 1, beat_at = ?, held = ? WHERE seat = ?"
ACCEPT = """
UPDATE outbox_email SET state = 'accepted', reason = NULL, next_at = NULL, fence = NULL, accepted_at = ?
WHERE {} AND fence = ? AND state = 'sending'
"""
MARK = "UPDATE outbox_email SET state = 'sending', fence = ?, attempts = attempts + 1, bytes_hash = ? WHERE id = ?"
MARK_TOGETHER = """
UPDATE outbox_email SET state = 'sending', fence = %s, attempts = attempts + 1, bytes_hash = d.print
FROM unnest(%s::text[], %s::bigint[]) AS d(print, id) WHERE outbox_email.id = d.id
"""
ATTEMPT: Columns = (
    ("outbox_id", "bigint"), ("n", "int"), ("phase", "text"), ("code", "int"), ("reply", "text"), ("at", "timestamptz"),
)  # fmt: skip
COPY: Columns = (
    ("id", "bigint"), ("ref", "text"), ("to_address", "text"), ("form", "text"), ("own", "text"),
    ("message_id", "text"),
)  # fmt: skip


@lru_cache(maxsize=4096)
def instant(kept: Any) -> datetime:
    """What a driver gave for an instant, aware and in UTC."""
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if isinstance(kept, str) else kept.astimezone(UTC)


def is_seated(connection: Connection, seat: int, fence: int) -> bool:
    """Whether the seat is still this worker's; nobody can take it until the end of the transaction."""
    words = SEAT if connection.dialect.name == "sqlite" else f"{SEAT} FOR UPDATE"
    return _run(connection, words, (seat, fence)).fetchone() is not None


def beat(connection: Connection, seat: int, now: datetime, held: Iterable[int]) -> None:
    """Say that the worker on this seat lives, and what it holds from this commit on."""
    _run(connection, BEAT, (stamp(connection, now), json.dumps(sorted(held)), seat))


def due(connection: Connection, now: datetime, is_bulk: bool, limit: int) -> list[Row]:
    """The next mails to leave, held until the transaction ends; on PostgreSQL without those another one holds."""
    return _due(connection, f"is_bulk = {is_bulk}", now, limit)


def due_one(connection: Connection, now: datetime, mail_id: int) -> list[Row]:
    """This mail, when it is due."""
    return _due(connection, f"id = {mail_id:d}", now, 1)


def mark(connection: Connection, fence: int, marks: Sequence[tuple[str, int]]) -> None:
    """Set mails to `sending` in this worker's name; `marks`: fingerprint and id of each."""
    if connection.dialect.name == "sqlite":
        _run_many(connection, MARK, [(fence, print_, mail_id) for print_, mail_id in marks])
    else:
        _run(connection, MARK_TOGETHER, (fence, *_columns(marks)))


def accept(connection: Connection, fence: int, ids: Sequence[int], now: datetime) -> int:
    """Record that these arrived; how many were still this worker's to record."""
    at = stamp(connection, now)
    if connection.dialect.name == "sqlite":  # mails that were claimed together mostly stand together
        return sum(
            _run(connection, ACCEPT.format("id BETWEEN ? AND ?"), (at, *run, fence)).rowcount for run in _runs(ids)
        )
    return int(_run(connection, ACCEPT.format("id = ANY(?)"), (at, list(ids), fence)).rowcount)


def insert(connection: Connection, table: str, columns: Columns, rows: Sequence[Row], **same: Any) -> None:
    """Add rows; `same` are the columns whose value is the same in all of them."""
    names = ", ".join([*(name for name, _ in columns), *same])
    more = tuple(same.values())
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * (len(columns) + len(same)))
        words = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        _run_many(connection, words, [(*row, *more) for row in rows] if more else rows)
        return
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in columns)
    words = f"INSERT INTO {table} ({names}) SELECT d.*{', %s' * len(same)} FROM unnest({arrays}) AS d"  # noqa: S608
    _run(connection, words, (*more, *_columns(rows)))


def has_rows(connection: Connection, table: str) -> bool:
    """Whether there is anything in it."""
    return _run(connection, f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608


def is_halted(connection: Connection) -> bool:
    """Whether no digest may be claimed; whoever halts them waits until this transaction has ended."""
    if connection.dialect.name != "sqlite":  # there nobody else writes meanwhile
        _run(connection, "LOCK TABLE mail_halt IN SHARE MODE")
    return has_rows(connection, "mail_halt")


def _due(connection: Connection, which: str, now: datetime, limit: int) -> list[Row]:
    words = DUE.format(which) + ("" if connection.dialect.name == "sqlite" else "FOR UPDATE SKIP LOCKED")
    return list(_run(connection, words, (stamp(connection, now), limit)).fetchall())


def _run(connection: Connection, words: str, values: Row = ()) -> Any:
    """A cursor on which this was executed. The statements are written with SQLite's question marks."""
    cursor = connection.connection.cursor()
    cursor.execute(words if connection.dialect.name == "sqlite" else words.replace("?", "%s"), values)
    return cursor


def _run_many(connection: Connection, words: str, rows: Sequence[Row]) -> int:
    cursor = connection.connection.cursor()
    cursor.executemany(words, rows)
    return cursor.rowcount


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of numbers that follow one another."""
    runs: list[tuple[int, int]] = []
    for number in sorted(ids):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
