"""Read a file of people: what it is, its heads and its rows. What an officer uploads is parsed in a child process with
limits; a CSV on the command line is streamed. Columns that nobody needs to hold never come further than here."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Any

from outreach.contacts.imports import heads, refusals, tables, workbooks
from outreach.contacts.imports.cards import is_cards
from outreach.contacts.imports.refusals import FileRefused
from outreach.contacts.imports.tables import Table

BIGGEST = 10 * 1024 * 1024
WAIT = 60.0
LONGEST_LINE, MOST_TOLD = 4 << 20, 128 << 20
SAMPLE = 200
ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Opened:
    """A file that is being read. `dropped`: heads of columns that are not kept (IP, latitude, longitude). `rows`:
    number as a spreadsheet program shows it, and cells; blank ones are left out. Reading them may raise FileRefused."""

    format: str
    encoding: str
    delimiter: str
    content_hash: str
    head: list[str]
    dropped: list[str]
    rows: Iterator[tuple[int, list[str]]]


@contextmanager
def uploaded(stream: IO[bytes], encoding: str = "") -> Iterator[Opened]:
    """A file from a browser, 10 MB at most, parsed by a child that may not hurt anybody. Raises FileRefused."""
    stream.seek(0)
    content = stream.read(BIGGEST)
    if len(content) >= BIGGEST:
        raise FileRefused(refusals.TOO_BIG)
    with _child(content, encoding) as table:
        yield _opened(table, hashlib.sha256(content).hexdigest())


@contextmanager
def streamed(path: Path, encoding: str = "", delimiter: str = "") -> Iterator[Opened]:
    """A file on this machine: a CSV of any length, anything else as if it were uploaded. Raises FileRefused."""
    with path.open("rb") as stream:
        first = stream.read(4096)
        if workbooks.is_workbook(first) or is_cards(first):
            with uploaded(stream, encoding) as opened:
                yield opened
            return
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
        yield _opened(tables.read(stream, encoding, delimiter), digest)


def _opened(table: Table, digest: str) -> Opened:
    rows = table.rows
    first = list(islice(rows, SAMPLE))
    filled = next((place for place, row in enumerate(first) if any(map(str.strip, row))), None)
    if filled is None:
        raise FileRefused(refusals.EMPTY)
    has_head = not any("@" in cell for cell in first[filled])
    begins = filled + 1 if has_head else filled
    head = [" ".join(cell.split())[:120] for cell in first[filled]] if has_head else _letters(first)
    if len(head) > tables.MOST_COLUMNS:
        raise FileRefused(refusals.TOO_MANY_COLUMNS)
    kept = heads.kept(head, first[begins:])
    numbered = _numbered(chain(first[begins:], rows), begins + 1, kept if len(kept) < len(head) else None, len(head))
    return Opened(
        table.format, table.encoding, table.delimiter, digest, [head[place] for place in kept],
        [name for place, name in enumerate(head) if place not in set(kept)], numbered,
    )  # fmt: skip


def _numbered(
    rows: Iterable[list[str]], begins: int, kept: list[int] | None, width: int
) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number, without the columns that are not kept; cells beyond the head stay, to be told."""
    for number, row in enumerate(rows, start=begins):
        if not any(row) or not any(map(str.strip, row)):
            continue
        if kept is not None:
            beyond = row[width:]
            row = [row[place] if place < len(row) else "" for place in kept] + beyond
        if len(row) > tables.MOST_COLUMNS:
            raise FileRefused(refusals.TOO_MANY_COLUMNS)
        yield number, row


def _letters(rows: list[list[str]]) -> list[str]:
    """Heads for a table that has none, as spreadsheet programs call the columns: A … Z, AA …"""
    letters = [chr(code) for code in range(ord("A"), ord("Z") + 1)]
    names = letters + [a + b for a in letters for b in letters]
    return names[: min(max(map(len, rows)), len(names))]


@contextmanager
def _child(content: bytes, encoding: str) -> Iterator[Table]:
    """The table that the child tells of; whatever ends it before its last word refuses the file."""
    line = [sys.executable, "-m", "outreach.contacts.imports.child", encoding]
    with TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        with subprocess.Popen(line, cwd=ROOT, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            clock = Timer(WAIT, child.kill)
            clock.start()
            try:
                told = _told(child)
                what = next(told)
                yield Table(what["format"], told, what["encoding"], what["delimiter"])
            finally:
                clock.cancel()
                child.kill()


def _told(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    assert child.stdout is not None
    size = 0
    while line := child.stdout.readline(LONGEST_LINE):
        size += len(line)
        if not line.endswith(b"\n") or size > MOST_TOLD:
            break
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise FileRefused(said["refused"])
        if isinstance(said, dict) and "rows" in said:
            return
        yield said
    raise FileRefused(refusals.TOO_HEAVY)
