"""CSV as a stream: its encoding, its delimiter, and row after row, however long the file is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from outreach.contacts.imports import encodings, refusals
from outreach.contacts.imports.refusals import FileRefused

PIECE = 1 << 20
LONGEST_CELL = 1 << 16
MOST_COLUMNS, MOST_ROWS = 200, 100_000


@dataclass(frozen=True)
class Table:
    """What a file is and its rows, one by one: the first holds the heads, where there are any."""

    format: str
    rows: Iterator[list[str]]
    encoding: str = ""
    delimiter: str = ""


def read(stream: IO[bytes], encoding: str = "", delimiter: str = "") -> Table:
    """A CSV from a stream that can be rewound; what is not given is guessed. Reading the rows raises FileRefused."""
    stream.seek(0)
    encoding = encoding or encodings.guess(iter(lambda: stream.read(PIECE), b""))
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        sample = text.read(encodings.SAMPLE)
    except UnicodeError:
        raise FileRefused(refusals.NOT_ENCODED) from None
    delimiter = delimiter or encodings.delimiter(sample)
    text.seek(0)
    return Table("csv", _rows(text, delimiter), encoding, delimiter)


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num == 1 and row and row[0].lstrip("\ufeff").lower().startswith("sep="):
                continue
            yield [cell.replace("\0", "") for cell in row] if "\0" in "".join(row) else row
    except UnicodeError:
        raise FileRefused(refusals.NOT_ENCODED) from None
    except csv.Error:
        raise FileRefused(refusals.NOT_READ) from None
    finally:
        text.detach()
