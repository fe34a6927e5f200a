"""One measurement in a process of its own; prints one line of JSON.

Arguments: ours, dry or utils; the number of rows; the address of an empty PostgreSQL database, or nothing for SQLite.

`ours` takes a CSV in (and then writes the very rows it made once more: by executemany into a fresh SQLite file with the
same tables and indexes, by COPY into the emptied tables of PostgreSQL: the limit). `utils` writes them by sqlite-utils.
"""

from __future__ import annotations

import contextlib
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import field
from sqlalchemy import event, text

import config
from outreach import clock
from outreach.contacts.imports import jobs, keeping, queries, reading
from outreach.db import Database, QueuedConnection
from outreach.house import House
from outreach.operations import schema

WITHOUT_LIMIT = 300_000
"""From so many rows on, only the import itself is measured: the limit's rows would have to lie in memory."""


@contextlib.contextmanager
def office(folder: Path, url: str) -> Iterator[House]:
    env = {"VAR_DIR": str(folder), "DATABASE_URL": url, "PRODUCTION": "0"}
    house = House.open(config.load(env))
    schema.upgrade(house.db)
    yield house
    house.db.dispose()


def longest(db: Database) -> list[float]:
    """Seconds that others waited for the longest writing transaction from now on, its commit included; the only item.

    On SQLite, while it held the writers' lock; on PostgreSQL, until its connection was back.
    """
    held, begun = [0.0], {}

    def begins(connection: Any) -> None:
        begun[id(connection)] = time.perf_counter()

    def ends(connection: Any, *_: Any) -> None:
        held[0] = max(held[0], time.perf_counter() - begun.pop(id(connection), time.perf_counter()))

    if not db.is_sqlite:
        event.listen(db.engine, "begin", lambda connection: begins(connection.connection.driver_connection))
        event.listen(db.engine, "checkin", ends)
        return held
    # Others wait for the lock, and no event tells of it; so taking and leaving it is timed where it is done.
    take, leave = QueuedConnection.take, QueuedConnection.leave
    QueuedConnection.take = lambda self: (take(self), begins(self))  # type: ignore[method-assign]
    QueuedConnection.leave = lambda self: (leave(self), ends(self))  # type: ignore[method-assign]
    return held


def taken_in(house: House, path: Path, is_dry: bool) -> dict[str, Any]:
    """From the file to people on record, or to a verdict on every row."""
    worst, wall, cpu = longest(house.db), time.perf_counter(), time.process_time()
    with reading.streamed(path) as opened:
        number = jobs.read(house, opened, file_name=path.name, source="benchmark", basis="consent", actor_id=None)
    read = time.perf_counter() - wall
    with house.db.transaction() as session:
        held = keeping.finish_mapping(session, clock.now(), number)
        if not is_dry:
            keeping.take_in_unseen(session, clock.now(), held.id)
    jobs.run(house, number)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    with house.db.read() as session:
        counts = queries.get(session, number).counts
    return {"seconds": wall, "cpu": cpu, "read": read, "longest": worst[0], "resident": resident(), **counts}


def written(house: House) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """What an import wrote, by table in the order in which it can be written again: columns and rows."""
    found = {}
    with house.db.engine.connect() as connection:
        for table in schema.metadata().sorted_tables:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table.name}")  # noqa: S608 -- a table of ours
            columns = list(rows.keys())
            if kept := [tuple(map(_as_kept, row)) for row in rows]:
                found[table.name] = (columns, kept)
    return found


def by_executemany(rows: dict[str, Any], db: Database) -> float:
    begun = time.perf_counter()
    with db.writing_engine.begin() as connection:
        cursor = connection.connection.cursor()
        for table, (columns, values) in rows.items():
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)  # noqa: S608
    return time.perf_counter() - begun


def by_copy(rows: dict[str, Any], db: Database) -> float:
    with db.writing_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {', '.join(rows)} CASCADE"))
    begun = time.perf_counter()
    with db.writing_engine.begin() as connection:
        cursor = connection.connection.cursor()
        for table, (columns, values) in rows.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
    return time.perf_counter() - begun


def by_sqlite_utils(rows: dict[str, Any], path: Path, has_wal: bool) -> float:
    """Its usual insert_all, a hundred rows a transaction, into tables with all our indexes, the full-text ones too.

    `has_wal`: with the write-ahead log that our tables come with; it makes none by itself.
    """
    import sqlite_utils

    db = sqlite_utils.Database(str(path))
    if not has_wal:
        db.disable_wal()
    dicts = {
        table: [dict(zip(columns, row, strict=True)) for row in values] for table, (columns, values) in rows.items()
    }
    begun = time.perf_counter()
    for table, values in dicts.items():
        db[table].insert_all(values)
    return time.perf_counter() - begun


def _as_kept(cell: Any) -> Any:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else cell


def resident() -> float:
    """The most memory this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(what: str, count: int, url: str = "") -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="import-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        field.write(folder / "list.csv", count)
        house = stack.enter_context(office(folder, url))
        gc.freeze()  # as the timetable does when it begins
        told = taken_in(house, folder / "list.csv", what == "dry")
        if what == "dry" or count >= WITHOUT_LIMIT:
            return told
        rows = written(house)
        if url:
            return told | {"limit": by_copy(rows, house.db)}
        if what == "utils":
            for key, has_wal in (("utils", False), ("utils_wal", True)):
                stack.enter_context(office(folder / key, "")).db.dispose()
                cpu = time.process_time()
                told[key] = by_sqlite_utils(rows, folder / key / "outreach.db", has_wal)
                told[f"{key}_cpu"] = time.process_time() - cpu
            return told
        other = stack.enter_context(office(folder / "other", ""))
        cpu = time.process_time()
        return told | {"limit": by_executemany(rows, other.db), "limit_cpu": time.process_time() - cpu}


print(json.dumps(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])))
