"""Why a file is not taken at all, in a sentence for whoever brought it."""

from __future__ import annotations

from outreach.language import mark

TOO_BIG = mark("The file must be smaller than 10 MB. A larger CSV is taken in from the command line.")
EMPTY = mark("There are no rows in this file.")
NO_KIND = mark("The file must be a CSV, an Excel or OpenDocument table, or a vCard.")
NOT_READ = mark("This file cannot be read: it is damaged, or protected by a password.")
TOO_HEAVY = mark("This file takes more memory or time to read than any list of people does. Nothing of it was kept.")
UNSAFE = mark("This file is packed in a way that no list of people is. It was not opened.")
TOO_MANY_ROWS = mark("The file must have 100,000 rows or less. A longer CSV is taken in from the command line.")
TOO_MANY_COLUMNS = mark("The file must have 200 columns or less.")
NOT_ENCODED = mark("The letters of this file are not in the encoding that was chosen.")

ALL = (
    TOO_BIG, EMPTY, NO_KIND, NOT_READ, TOO_HEAVY, UNSAFE, TOO_MANY_ROWS, TOO_MANY_COLUMNS, NOT_ENCODED,
)  # fmt: skip


class FileRefused(ValueError):
    """A file that is not taken: `message` is one of the above."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
