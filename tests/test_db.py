"""The database as every room uses it: one way to read, one way to write, no writer ever refused (O-01)."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from config import ROOT
from outreach import audit
from outreach.audit import AuditEntry
from outreach.db import Database
from outreach.rates import RateCount

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

#: What each writer process does: read, count up, note it, until its time is over; then it tells its commits.
WRITER = """
import sys, time
from pathlib import Path
from sqlalchemy import text
from outreach.db import Database
db = Database(sys.argv[1], Path(sys.argv[2]))
until, commits = time.monotonic() + float(sys.argv[3]), 0
while time.monotonic() < until:
    with db.transaction() as session:
        n = session.execute(text("SELECT n FROM counter")).scalar_one()
        session.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": "x" * 300})
        session.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
    commits += 1
print(commits)
"""

pytestmark = pytest.mark.both


def test_o01_eight_writer_processes_lose_nothing_and_none_is_refused(tmp_path: Path) -> None:
    url, lock = f"sqlite:///{tmp_path / 'counted.db'}", tmp_path / "write.lock"
    db = Database(url, lock)
    with db.transaction() as session:
        session.execute(text("CREATE TABLE counter (n INTEGER)"))
        session.execute(text("CREATE TABLE note (words TEXT)"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    command = [sys.executable, "-W", "error", "-c", WRITER, url, str(lock), "2"]
    writers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(8)
    ]
    results = [writer.communicate(timeout=60) for writer in writers]
    assert [wrong for _, wrong in results] == [""] * 8
    with db.read() as session:
        counted = session.execute(text("SELECT (SELECT n FROM counter), (SELECT count(*) FROM note)")).one()
    db.dispose()
    commits = [int(out) for out, _ in results]
    assert tuple(counted) == (sum(commits), sum(commits))
    assert min(commits) > 0


def is_free(folder: Path) -> tuple[bool, bool]:
    """Whether somebody else could take the writers' lock, and begin to write without asking for it."""
    with (
        (folder / "write.lock").open("a") as lock,
        closing(sqlite3.connect(folder / "held.db", timeout=0)) as other,
    ):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            in_queue = True
        except BlockingIOError:
            in_queue = False
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return in_queue, False
        return in_queue, True


def test_o01_a_writer_holds_the_queue_and_the_database_until_after_its_commit_and_a_reader_neither(
    tmp_path: Path,
) -> None:
    db = Database(f"sqlite:///{tmp_path / 'held.db'}", tmp_path / "write.lock")
    with db.transaction() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    with db.transaction():
        assert is_free(tmp_path) == (True, True)  # nothing was asked for yet
    with db.transaction() as session:
        session.execute(text("SELECT 1"))
        assert is_free(tmp_path) == (False, False)
    with db.read() as session:
        session.execute(text("SELECT * FROM note"))
        assert is_free(tmp_path) == (True, True)
    db.dispose()


def test_o01_a_writer_who_cannot_begin_holds_up_no_other(tmp_path: Path) -> None:
    """Somebody who does not queue, such as a tool of the administrator's, writes for longer than a writer waits."""
    db = Database(f"sqlite:///{tmp_path / 'held.db'}", tmp_path / "write.lock")
    with db.transaction() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    with db.writing_engine.connect() as connection, closing(sqlite3.connect(tmp_path / "held.db")) as stranger:
        connection.connection.cursor().execute("PRAGMA busy_timeout=10")
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            connection.begin()
        assert is_free(tmp_path) == (True, False)
        stranger.rollback()
        with connection.begin():
            connection.execute(text("INSERT INTO note VALUES ('at last')"))
    db.dispose()


def test_sqlite_is_opened_as_the_design_says(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'pragmas.db'}", tmp_path / "write.lock")
    with db.read() as session:
        found = {
            name: session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    db.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


def test_one_of_many_commits_does_not_wait_for_the_disk_and_the_next_of_its_own_does(database: Database) -> None:
    said = text("PRAGMA synchronous" if database.is_sqlite else "SHOW synchronous_commit")
    found = []
    if not database.is_sqlite:
        with database.transaction() as session:
            session.execute(text("SET synchronous_commit = on"))  # the tests' own server does without
    for is_bulk in (False, True, True, False):
        with database.transaction(is_bulk) as session:
            audit.record(session, NOON, "test.passed", "test:1")
            found.append(session.execute(said).scalar_one())
    waits, goes_on = (2, 1) if database.is_sqlite else ("on", "off")
    assert found == [waits, goes_on, goes_on, waits]


def test_what_many_wrote_is_in_the_file_when_one_of_its_own_begins(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'log.db'}", tmp_path / "write.lock")
    with db.transaction() as session:
        session.execute(text("CREATE TABLE note (words TEXT)"))
    with db.transaction(is_bulk=True) as session:
        session.execute(text("INSERT INTO note VALUES (hex(zeroblob(1000000)))"))
    with db.transaction() as session:
        session.execute(text("SELECT 1"))
        assert (tmp_path / "log.db").stat().st_size > 2_000_000
    db.dispose()


def test_a_transaction_that_fails_leaves_nothing_and_frees_the_way(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"), database.transaction() as session:
        audit.record(session, NOON, "test.failed", "test:1")
        session.flush()
        raise RuntimeError("half-way")
    with database.transaction() as session:
        audit.record(session, NOON, "test.passed", "test:2")
    with database.read() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["test.passed"]


def test_a_broken_rule_of_the_database_rolls_the_whole_unit_back(database: Database) -> None:
    twice = {"who": "a" * 64, "starts_at": NOON, "ends_at": NOON, "count": 1}
    with pytest.raises(IntegrityError), database.transaction() as session:
        audit.record(session, NOON, "test.before", "test:1")
        session.add(RateCount(**twice))
        session.flush()
        session.expunge_all()
        session.add(RateCount(**twice))
        session.flush()
    with database.read() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_instants_come_back_aware_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    belgrade_summer = timezone(timedelta(hours=2))
    with database.transaction() as session:
        audit.record(session, NOON.astimezone(belgrade_summer), "test.at", "test:1")
    with database.read() as session:
        at = session.scalars(select(AuditEntry.at)).one()
    assert (at, at.utcoffset()) == (NOON, timedelta(0))
    with pytest.raises(ValueError, match="time zone"), database.transaction() as session:
        audit.record(session, datetime(2026, 6, 1, 12), "test.at", "test:2")


def test_reading_writes_nothing(database: Database) -> None:
    with database.read() as session:
        audit.record(session, NOON, "test.read", "test:1")
    with database.read() as session:
        assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_itself_keeps_the_audit_append_only(database: Database, statement: str) -> None:
    with database.transaction() as session:
        audit.record(session, NOON, "test.kept", "test:1")
    with pytest.raises(Exception, match="append-only"), database.transaction() as session:
        session.execute(text(statement))
