"""The processes that a user's command starts: they come up, stay up, go down cleanly, and refuse what they must (recipes.md A, O-09)."""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from config import Settings
from tests.support.processes import Office, command, environment, wait_until

Start = Callable[..., Office]

#: Processes come and go alike on both databases; the whole journey runs on each.
one_engine = pytest.mark.parametrize("engine", ["sqlite"])


def ask(office: Office, request: bytes) -> bytes:
    """The status line that this very request gets."""
    with socket.create_connection(("127.0.0.1", office.port), timeout=60) as wire:
        wire.sendall(request)
        return wire.makefile("rb").readline().strip()


@one_engine
def test_what_has_died_is_started_again_and_a_signal_stops_all(office_processes: Start) -> None:
    office = office_processes()
    print(f"first start {office.started_in:.2f} s")
    for word in ("scheduler", "worker", "granian"):
        old = office.child(word)
        assert old is not None, word
        old.kill()
        wait_until(lambda old=old, word=word: office.child(word) not in (None, old), office.printed)
    wait_until(lambda: len(office.family()) >= 4 and office.answers(), office.printed)
    family = office.family()
    assert office.stop(signal.SIGINT) == 0, office.printed()
    assert [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
    begun = time.monotonic()
    office.start()
    print(f"second start {time.monotonic() - begun:.2f} s")
    assert office.stop(signal.SIGTERM) == 0, office.printed()
    assert "Traceback" not in office.printed(), office.printed()


@one_engine
def test_nothing_is_left_when_the_parent_itself_is_killed(office_processes: Start) -> None:
    office = office_processes()
    family = office.family()
    assert office.parent is not None
    office.parent.kill()
    office.parent.wait(60)
    wait_until(lambda: not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family), office.printed)


@one_engine
def test_make_run_tells_where_everything_is(office_processes: Start) -> None:
    office = office_processes()
    wait_until(lambda: "Ctrl-C" in office.printed(), office.printed)
    printed = office.printed()
    assert f"{office.url}/desk/" in printed
    assert f"{office.url}/staff/invitation/" in printed
    assert "SMTP" in printed


@one_engine
def test_f09_a_foreign_host_is_refused_and_bodies_have_a_length_and_a_limit(office_processes: Start) -> None:
    office = office_processes()
    post = b"POST /en/media/inquiry HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    assert b" 400" in ask(office, b"GET /en/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert b" 400" in ask(
        office, b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert b" 200" in ask(
        office, b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"
    )
    assert b" 411" in ask(office, post + b"Transfer-Encoding: chunked\r\n\r\n5\r\na=abc\r\n0\r\n\r\n")
    assert b" 413" in ask(office, post + b"Content-Length: 5000000000\r\n\r\n")
    assert b" 413" in ask(office, post + b"Content-Length: 300000\r\n\r\n" + b"a=" + b"b" * 299_998)


@one_engine
def test_help_lists_every_command_of_the_readme(settings: Settings) -> None:
    done = command(environment(settings), "--help")
    wanted = ["serve", "web", "worker", "scheduler", "migrate", "backup", "content", "staff", "digests", "mail", "demo"]
    assert (done.returncode, [word for word in wanted if f"  {word} " not in done.stdout]) == (0, [])


@one_engine
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("BASE_URL", "press.example.org"),
        ("MAIL_URL", "smtp+plain://mail.example.org"),
        ("PRODUCTION", "yes"),
        ("DATABASE_URL", "nonsense"),
        ("MAIL_FROM", "nobody"),
        ("WEB_WORKERS", "0"),
    ],
)
def test_a_bad_setting_stops_the_start_with_one_line_that_names_it(settings: Settings, name: str, value: str) -> None:
    done = command(environment(settings) | {name: value}, "serve")
    lines = done.stderr.strip().splitlines()
    assert (done.returncode != 0, len(lines), name in lines[-1] if lines else None) == (True, 1, True), done.stderr


@one_engine
def test_production_wants_its_keys_address_and_mail_server(settings: Settings) -> None:
    done = command({**environment(settings), "PRODUCTION": "1", "SECRET_KEY": "", "CLOCK_FILE": ""}, "serve")
    assert (done.returncode != 0, "SECRET_KEY" in done.stderr, len(done.stderr.strip().splitlines())) == (True, True, 1)


def test_o03_backup_writes_a_copy_that_opens(settings: Settings, tmp_path: Path) -> None:
    env = environment(settings)
    assert command(env, "migrate").returncode == 0
    done = command(env, "backup", "--to", str(tmp_path / "copies"))
    assert done.returncode == 0, done.stderr
    copy = next((tmp_path / "copies").iterdir())
    if copy.suffix == ".db":
        with sqlite3.connect(copy) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert opened.execute("SELECT count(*) FROM audit_entry").fetchone() is not None
        opened.close()
    else:
        assert subprocess.run(["pg_restore", "--list", copy], env=env, capture_output=True, check=False).returncode == 0


def test_demo_load_fills_the_desk_twice_is_once_and_clear_removes_it_all(settings: Settings) -> None:
    env = environment(settings)
    for words in (("migrate",), ("content", "read"), ("demo", "load"), ("demo", "load"), ("demo", "clear")):
        done = command(env, *words)
        assert (done.returncode, done.stderr) == (0, ""), f"{words}: {done.stderr}"
