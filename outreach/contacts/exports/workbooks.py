"""Tables as XLSX: every cell is typed as text, so that no program takes one for a formula or a link (F-17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

MOST = 50_000
"""People in one file. It is made whole before its first byte leaves, a second for some thousand of them, and a sheet
has an end; a spreadsheet program reads CSV of any size too."""
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(out: IO[bytes], folder: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write the whole file. Memory stays flat: rows wait in `folder`."""
    with xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": folder, **TEXT_ONLY}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 18)
        bold = book.add_format({"bold": True})
        for column, name in enumerate(head):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, column, cell)
