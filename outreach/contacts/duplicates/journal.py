"""What a merge does to rows of any table, written down so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import Column, Date, DateTime, LargeBinary, Select, Table, Time, and_, delete, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from outreach.contacts.duplicates.models import CHANGED, DROPPED, MOVED, MergeRow

Values = Mapping[str, Any]
NOTES = cast(Table, MergeRow.__table__)


class Journal:
    """Changes rows and notes each change under one merge, in order."""

    def __init__(self, session: Session, merge_id: int) -> None:
        self.session, self.merge_id = session, merge_id
        self._notes: list[dict[str, Any]] = []

    def move(self, column: Column[Any], rows: Sequence[Values], new: Any) -> None:
        """Point `column` of these rows, given by their primary keys, at `new`."""
        table, name = column.table, column.name
        for row in rows:
            self.session.execute(update(table).where(is_row(table, row)).values({name: new}))
        self.note_moved(column, rows, new)

    def note_moved(self, column: Column[Any], rows: Sequence[Values], new: Any) -> None:
        """Note what was already pointed at `new`; `rows` hold their primary keys and the column as they were."""
        table, name = column.table, column.name
        is_key = name in table.primary_key.columns
        for row in rows:
            key = {each.name: new if is_key and each.name == name else row[each.name] for each in table.primary_key}
            self._note(table, MOVED, key, {name: row[name]}, {name: new})

    def change(self, table: Table, row: Values, after: Values) -> None:
        """Give the row other values; only what differs is written and noted."""
        changed = {name: value for name, value in after.items() if row[name] != value}
        if changed:
            self.session.execute(update(table).where(is_row(table, row)).values(changed))
            self._note(table, CHANGED, key_of(table, row), {name: row[name] for name in changed}, changed)

    def drop(self, table: Table, row: Values) -> None:
        """Delete the row; all of it is noted."""
        self.session.execute(delete(table).where(is_row(table, row)))
        self._note(table, DROPPED, key_of(table, row), row, {})

    def _note(self, table: Table, action: str, key: Values, before: Values, after: Values) -> None:
        values: dict[str, Any] = {"merge_id": self.merge_id, "table_name": table.name, "action": action}
        values |= {"row_key": plain(key), "before": plain(before), "after": plain(after)}
        self._notes.append(values)

    def write(self) -> None:
        """Write down all that was noted."""
        self.session.execute(insert(NOTES), self._notes)
        self._notes = []


def rows_of(session: Session, wanted: Select[Any]) -> list[dict[str, Any]]:
    """Rows by column, apart from the session's objects."""
    return [{str(name): value for name, value in row.items()} for row in session.execute(wanted).mappings()]


def key_of(table: Table, row: Values) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key}


def is_row(table: Table, row: Values) -> ColumnElement[bool]:
    """Whether a row has this one's primary key."""
    return and_(*(column == row[column.name] for column in table.primary_key))


def plain(values: Values) -> dict[str, Any]:
    """Values as JSON can hold them."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def typed(table: Table, values: Values) -> dict[str, Any]:
    """The same values as the columns take them."""
    return {name: _typed(table.columns[name], value) for name, value in values.items() if name in table.columns}


def _typed(column: Column[Any], value: Any) -> Any:
    kind = getattr(column.type, "impl", column.type)
    readers: dict[type, Any] = {
        DateTime: datetime.fromisoformat, Date: date.fromisoformat, Time: time.fromisoformat,
        LargeBinary: bytes.fromhex,
    }  # fmt: skip
    read = next((read for of, read in readers.items() if isinstance(kind, of)), None)
    return value if value is None or read is None else read(value)
