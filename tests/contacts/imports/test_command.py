"""The command line takes lists of any length, and an import survives being killed at any point."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from config import ROOT, Settings
from outreach.contacts.imports.models import ImportRow
from outreach.contacts.models import ContactAddress, Import, Organisation, Person
from outreach.house import House
from tests.support.processes import LEASH, command, environment

ROWS = 8_000
OPTIONS = ("--source", "Press club", "--basis", "consent")


@pytest.fixture
def list_path(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    people = (f"Person No{n},person{n}@example.org,Outlet {n % 50}\n" for n in range(ROWS))
    path.write_text("Name,E-mail,Outlet\n" + "".join(people))
    return path


def killed(env: dict[str, str], is_far_enough: Callable[[], bool], *words: str) -> None:
    """Run a command and kill it (-9) when it is far enough, which must be before its end."""
    line = [sys.executable, "-c", LEASH, "-m", "outreach", *words]
    with subprocess.Popen(line, env=env, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        until = time.monotonic() + 120
        while not is_far_enough() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -9, "it was over before it was far enough"


def count(house: House, table: Any) -> int:
    with house.db.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def is_at(house: House, state: str, low: int, high: int) -> bool:
    with house.db.read() as session:
        held = session.scalar(select(Import))
        return held is not None and held.state == state and low < held.next_row < high


@pytest.mark.both
def test_an_import_killed_on_its_way_in_and_on_its_way_back_ends_whole(
    house: House, settings: Settings, list_path: Path
) -> None:
    env = environment(settings)
    killed(
        env, lambda: is_at(house, "applying", 300, ROWS), "contacts", "import", str(list_path), *OPTIONS, "--take-in"
    )
    assert 0 < count(house, Person) < ROWS
    assert command(env, "contacts", "go-on").returncode == 0
    assert [count(house, table) for table in (Person, ContactAddress, Organisation)] == [ROWS, ROWS, 50]
    with house.db.read() as session:
        assert session.scalars(select(Import)).one().counts == {"new": ROWS}
        assert len(set(session.scalars(select(ContactAddress.address_hash)))) == ROWS
    killed(env, lambda: is_at(house, "undoing", 0, ROWS - 300), "contacts", "undo", "1")
    assert 0 < count(house, Person) < ROWS
    assert command(env, "contacts", "go-on").returncode == 0
    assert [count(house, table) for table in (Person, ContactAddress, Organisation)] == [0, 0, 0]
    assert is_at(house, "undone", -1, 2)


def test_the_command_says_what_would_become_of_the_rows_and_keeps_nobody(
    house: House, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Ko;Pošta;IP\nĐorđe;dj@example.org;192.0.2.1\nNiko;nigde;\n".encode("cp1250"))
    done = command(
        environment(settings),
        "contacts",
        "import",
        str(path),
        *OPTIONS,
        "--column",
        "Ko=name",
        "--column",
        "Pošta=email",
    )
    assert done.returncode == 0, done.stderr
    for words in ("cp1250", "';'", "Ko: name", "Not kept at all: IP.", "1 new, 1 refused"):
        assert words in done.stdout
    assert count(house, Person) == 0


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        (b"", (), "no rows"),
        (b"Name\nAna\n", ("--column", "Who=name"), "no such column"),
        (b"Name\nAna\n", ("--column", "Name=iq"), "no such column"),
        (b"Colour\nred\n", (), "which column holds the name"),
    ],
)
def test_the_command_says_why_it_takes_nothing(
    house: House, settings: Settings, tmp_path: Path, content: bytes, more: tuple[str, ...], words: str
) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    done = command(environment(settings), "contacts", "import", str(tmp_path / "list.csv"), *OPTIONS, *more)
    assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    assert count(house, Person) == 0


def test_an_unknown_import_is_not_undone(settings: Settings) -> None:
    done = command(environment(settings), "contacts", "undo", "7")
    assert (done.returncode, "no import 7" in done.stderr) == (1, True)


def test_what_old_rows_said_is_forgotten_after_a_month(lists: Any, house: House, moment: Any) -> None:
    from outreach.contacts.imports import jobs

    lists.taken_in("Name,E-mail\nAna,ana@example.org\n")
    jobs.forget(house)
    with house.db.read() as session:
        assert "ana@example.org" in session.scalars(select(ImportRow.cells)).one()
    moment.moves(days=31)
    jobs.forget(house)
    with house.db.read() as session:
        assert session.scalars(select(ImportRow.cells)).one() == ""
    assert lists.undone(1).state == "undone"
    assert lists.people() == {}
