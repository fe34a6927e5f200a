"""Tables for spreadsheet programs: CSV in UTF-8, which a cell can not use to make the program do anything.

A program that opens such a file takes a cell that begins with = + - or @ for a formula, and runs it. A text that begins
so, or after characters that the program skips before it looks, gets an apostrophe in front: shown as text, never run.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

CONTENT_TYPE = "text/csv; charset=utf-8"
RISKY = re.compile("[\\s\0'\"]*[-=+@＝＋－＠]|[\\t\\r\\n\0]")
LINES_AT_ONCE = 500
Cell = str | int | Decimal | date | None


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file: the line of heads, then the rows. Dates as 2025-11-24, None as nothing, numbers bare.

    It begins with a byte order mark, because without one Excel reads UTF-8 as something else. ValueError for a row that
    has not as many cells as the head.
    """
    return b"".join(streamed(head, rows))


def streamed(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same file in pieces of some hundred lines, so that one of any length is never held whole."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    for number, row in enumerate(chain([head], rows), start=1):
        if len(row) != len(head):
            raise ValueError(f"{len(row)} cells under {len(head)} heads")
        writer.writerow([_written(cell) for cell in row])
        if number % LINES_AT_ONCE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    """What was written since the last time."""
    written = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return written


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def harmless(text: str) -> str:
    """The text as a cell that no program takes for a formula."""
    return f"'{text}" if RISKY.match(text) else text
