"""Many rows at once, by the driver: executemany on SQLite, COPY and arrays on PostgreSQL, within the transaction of a
connection.

Values are as the database keeps them: `stamp` for an instant, `dump` for JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

Row = tuple[Any, ...]

dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def stamp(connection: Connection, instant: datetime) -> Any:
    """An instant as the driver takes it: SQLite keeps it as text in UTC. COPY takes its `str` far faster."""
    return _text(instant) if connection.dialect.name == "sqlite" else instant


@lru_cache(maxsize=16)
def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def fresh_ids(connection: Connection, table: str, number: int) -> list[int]:
    """Ids for so many rows that are added in this transaction."""
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":  # nobody else writes meanwhile
        (last,) = cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()  # noqa: S608 -- a table of ours
        return list(range(last + 1, last + 1 + number))
    sequence = "SELECT pg_get_serial_sequence(%s, 'id')::regclass AS name OFFSET 0"  # asked once, not for each row
    words = f"SELECT nextval(name) FROM ({sequence}) AS sequence, generate_series(1, %s)"  # noqa: S608 -- our own words
    return [row[0] for row in cursor.execute(words, (table, number)).fetchall()]


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Add rows; each has a value for every column."""
    if not rows:
        return
    cursor, names = connection.connection.cursor(), ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608
        return
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def change(
    connection: Connection, table: str, columns: Sequence[tuple[str, str]], key: str, rows: Sequence[Row]
) -> None:
    """Change rows by their number: `columns` are names and PostgreSQL's types; each row holds the values and then its
    number. `key`: the condition within which a number is one row's."""
    if not rows:
        return
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        sets = ", ".join(f"{name} = ?" for name, _ in columns)
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key} AND number = ?", rows)  # noqa: S608
        return
    sets = ", ".join(f"{name} = d.{name}" for name, _ in columns)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind in (*columns, ("number", "int")))
    names = ", ".join(name for name, _ in (*columns, ("number", "int")))
    words = f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS d({names}) WHERE {key} AND {table}.number = d.number"  # noqa: S608
    cursor.execute(words, list(map(_array, zip(*rows, strict=True))))


def among(connection: Connection, words: str, wanted: Iterable[Any], *more: Any) -> list[Row]:
    """The rows of a SELECT whose first `?` is IN many values (text or numbers); `more`: what the others stand for."""
    values = list(wanted)
    if not values:
        return []
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        asked = words.replace("IN ?", "IN (SELECT value FROM json_each(?))")
        return list(cursor.execute(asked, (json.dumps(values), *more)).fetchall())
    kind = "text" if isinstance(values[0], str) else "bigint"
    asked = words.replace("IN ?", f"= ANY(%s::{kind}[])").replace("?", "%s")
    # A prepared plan knows nothing of the values: of a small table, it would hold each row against each of hundreds of
    # words, one by one. Numbers it looks up by the index, which is right for them even before there are statistics.
    asking: Any = cursor.execute
    return list(asking(asked, (_array(values), *more), prepare=None if kind == "bigint" else False).fetchall())


def _array(values: Sequence[Any]) -> str:
    """An array in PostgreSQL's words; the driver takes three times as long to write it."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if type(value) is not str:
        return "NULL" if value is None else str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
