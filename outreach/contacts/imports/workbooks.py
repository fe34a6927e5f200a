"""Excel and OpenDocument tables. Only ever called in the child process (`child`), which has limits of its own.

What is packed is looked at before it is opened: how much it says it holds, what it is called, and that its XML brings
no definitions of its own (F-16).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from outreach.contacts.imports import refusals, tables
from outreach.contacts.imports.refusals import FileRefused
from outreach.contacts.imports.tables import Table

MEMBERS, UNPACKED, RATIO = 200, 50 * 1024 * 1024, 100
PIECE = 1 << 16
DEFINITIONS = (b"<!DOCTYPE", b"<!ENTITY")
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    return content.startswith((OLD, PACKED))


def read(content: bytes) -> Table:
    """The first sheet with anything in it. FileRefused for what is no table, damaged, or not safe to open."""
    kind = "xls" if content.startswith(OLD) else _checked(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                if sheet.width > tables.MOST_COLUMNS:
                    raise FileRefused(refusals.TOO_MANY_COLUMNS)
                if sheet.height:
                    return Table(kind, _rows(sheet))
    except (CalamineError, OSError, ValueError) as wrong:
        if isinstance(wrong, FileRefused):
            raise
        raise FileRefused(refusals.NOT_READ) from None
    raise FileRefused(refusals.EMPTY)


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        yield [_written(cell) for cell in row]


def _written(cell: object) -> str:
    """A cell as a reader would type it: a whole number without its point, a day as 2026-05-03."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | datetime | time | timedelta):
        return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell).replace("\0", "")


def _checked(content: bytes) -> str:
    """What kind of packed table it is; FileRefused for one that must not be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
            names = [member.filename for member in members]
            if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED:
                raise FileRefused(refusals.UNSAFE)
            if any(map(_is_trick, names)) or any(map(_is_dense, members)) or any(m.flag_bits & 1 for m in members):
                raise FileRefused(refusals.UNSAFE)
            for member in members:
                _look_through(packed, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as wrong:
        if isinstance(wrong, FileRefused):
            raise
        raise FileRefused(refusals.NOT_READ) from None
    if "content.xml" in names:
        return "ods"
    if not any(name.startswith("xl/workbook.") for name in names):
        raise FileRefused(refusals.NO_KIND)
    return "xlsx"


def _is_trick(name: str) -> bool:
    """A name that would lead out of the folder it is unpacked to. (Nothing is: but who writes so means no good.)"""
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name or "\\" in name


def _is_dense(member: zipfile.ZipInfo) -> bool:
    return member.file_size > PIECE and member.file_size > RATIO * max(member.compress_size, 1)


def _look_through(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack to nowhere: sizes and sums must be as told, and no XML may define anything."""
    with packed.open(member) as stream:
        before = b""
        while piece := stream.read(PIECE):
            seen = (before + piece).replace(b"\0", b"").upper()
            if any(each in seen for each in DEFINITIONS):
                raise FileRefused(refusals.UNSAFE)
            before = piece[-64:]
