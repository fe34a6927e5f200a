"""A copy of the database that opens: VACUUM INTO for SQLite, pg_dump for PostgreSQL; never a file copy (O-03)."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from outreach.house import House


class BackupError(Exception):
    """The copy could not be made or does not open."""


def backup(house: House, now: datetime, folder: Path) -> Path:
    """Write a checked copy into `folder`, named by the UTC instant; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"outreach-{now:%Y%m%dT%H%M%SZ}"
    target = folder / (f"{name}.db" if house.db.is_sqlite else f"{name}.dump")
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    if house.db.is_sqlite:
        _copy_sqlite(Path(str(house.db.url.database)), unfinished)
    else:
        _dump_postgresql(house, unfinished)
    unfinished.chmod(0o600)
    os.replace(unfinished, target)
    return target


def _copy_sqlite(source: Path, target: Path) -> None:
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    copy = sqlite3.connect(target)
    verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    copy.close()
    if verdict != "ok" or orphans:
        raise BackupError(f"the copy is not sound: {verdict}, {len(orphans)} rows without a parent")


def _dump_postgresql(house: House, target: Path) -> None:
    address = house.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = ["pg_dump", "--format=custom", f"--file={target}", f"--dbname={address}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupError("pg_dump is not installed; install PostgreSQL's client programs") from None
    if done.returncode:
        raise BackupError(done.stderr.strip())
