"""Tables as XLSX: every cell is typed as text, so that no program takes one for a formula or a link (F-17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter

MOST_ROWS = 1_048_575  # of a sheet, below its head
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(out: IO[bytes], folder: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the whole file; what does not fit on a sheet goes on the next. Memory stays flat: rows wait in `folder`."""
    with xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder, **TEXT_ONLY}) as book:
        sheet, number = None, 0
        bold = book.add_format({"bold": True})
        for row in rows:
            if sheet is None or number == MOST_ROWS:
                sheet, number = _sheet(book, head, bold), 0
            number += 1
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
        if sheet is None:
            _sheet(book, head, bold)


def _sheet(book: Any, head: Sequence[str], bold: object) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(head) - 1, 18)
    for column, name in enumerate(head):
        sheet.write_string(0, column, name, bold)
    return sheet
