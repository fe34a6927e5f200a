"""The process in which an uploaded file is parsed: `python -m outreach.contacts.imports.child ENCODING`, file on stdin.

It limits itself before it looks at a byte: whatever a file does to a parser, it does here, and the server does not grow
(F-16). It says in JSON, a line each: what the file is, every row as a list, and at the end how many there were; or
instead, at any point, why the file is refused.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

MEMORY, SECONDS = 512 * 1024 * 1024, 30


def limit() -> None:
    """From here on this process gets no more than this."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(encoding: str) -> None:
    """Read the file on stdin and tell of it; `encoding`: of a text, empty to guess it."""
    limit()
    from outreach.contacts.imports import refusals

    try:
        _tell(encoding)
    except refusals.FileRefused as refused:
        _say({"refused": refused.message})
    except (MemoryError, RecursionError):
        _say({"refused": refusals.TOO_HEAVY})


def _tell(encoding: str) -> None:
    from outreach.contacts.imports import cards, refusals, tables, workbooks

    content = sys.stdin.buffer.read()
    if workbooks.is_workbook(content):
        table = workbooks.read(content)
    elif cards.is_cards(content):
        table = cards.read(content, encoding)
    else:
        table = tables.read(io.BytesIO(content), encoding)
    _say({"format": table.format, "encoding": table.encoding, "delimiter": table.delimiter})
    number = 0
    for number, row in enumerate(table.rows, start=1):
        if len(row) > tables.MOST_COLUMNS:
            raise refusals.FileRefused(refusals.TOO_MANY_COLUMNS)
        if number > tables.MOST_ROWS + 1:
            raise refusals.FileRefused(refusals.TOO_MANY_ROWS)
        _say(row)
    _say({"rows": number})


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", write_through=False)
    main(sys.argv[1] if len(sys.argv) > 1 else "")
    sys.stdout.flush()
