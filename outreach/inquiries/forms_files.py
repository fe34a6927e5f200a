"""What every public form that takes files has: the choice of new ones, and the ticks that remove what waits."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import MultipleFileField, SelectMultipleField

from outreach.language import mark


def fields() -> tuple[Any, Any]:
    """Files, and the keys of those that are to go."""
    return MultipleFileField(mark("Files (optional)")), SelectMultipleField(choices=[], validate_choice=False)


def chosen(form: Any) -> list[FileStorage]:
    """The files that were chosen now, without the empty part that a browser sends for none."""
    return [file for file in form.files.data or () if isinstance(file, FileStorage) and file.filename]
