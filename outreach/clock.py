"""The one clock. Only entry points read it; everything else is handed `now`.

Outside production an offset in seconds may stand in a file, so that real processes can be moved through days.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

_offset_file: Path | None = None


def configure(offset_file: Path | None) -> None:
    """Name the file that holds an offset in seconds, or None for the plain clock."""
    global _offset_file
    _offset_file = offset_file


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC) + _offset()


def _offset() -> timedelta:
    if _offset_file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(_offset_file.read_text() or 0))
    except FileNotFoundError:
        return timedelta()
