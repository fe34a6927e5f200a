"""Statements in the database's own words, for the few that every inquiry goes through.

SQLAlchemy works out at each execution what a statement means, which takes ten times as long as a row or two take the
database. Here that is done once; from then on the driver's cursor is all, within the session's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Insert, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


class Prepared:
    """Values are given by name: a parameter's or, of an INSERT, a column's; the model's defaults fill in the others.

    Answers come as the driver gives them, so let it ask for numbers and words, not for instants.
    """

    def __init__(self, statement: Insert | Select[Any]) -> None:
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def scalar(self, session: Session, **values: Any) -> Any:
        """Run it; the first column of the first row, None without one."""
        rows = self._run(session, [values]).fetchall()  # to the end: before that an INSERT is not over
        return rows[0][0] if rows else None

    def column(self, session: Session, **values: Any) -> list[Any]:
        """Run it; the first column of every row."""
        return [row[0] for row in self._run(session, [values]).fetchall()]

    def add(self, session: Session, *rows: Mapping[str, Any]) -> None:
        """Insert the rows."""
        self._run(session, rows)

    def _run(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> Any:
        """The cursor on which it was run. The driver's errors come as SQLAlchemy's of the same name."""
        connection = session.connection()
        ready, cursor = self._in(connection.dialect), connection.connection.cursor()
        values = [ready.values(row) for row in rows]
        try:
            if len(values) == 1:
                cursor.execute(ready.words, values[0])
            else:
                cursor.executemany(ready.words, values)
        except (sqlite3.Error, psycopg.Error) as error:
            raise DBAPIError.instance(ready.words, None, error, Exception) from error
        return cursor

    def _in(self, dialect: Dialect) -> _Ready:
        ready = self._ready.get(dialect.name)
        if ready is None:
            ready = self._ready[dialect.name] = _Ready(self._statement, dialect)
        return ready


class _Ready:
    """A statement's words in one dialect, and how values become the driver's."""

    def __init__(self, statement: Insert | Select[Any], dialect: Dialect) -> None:
        table: Any = statement.table if isinstance(statement, Insert) else None
        columns = [] if table is None else [each for each in table.columns if each is not table.autoincrement_column]
        compiled: Any = statement.compile(dialect=dialect, column_keys=[each.key for each in columns] or None)
        self.words = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        self._usual = {name: bound.effective_value for name, bound in compiled.binds.items() if not bound.required}
        self._made = {}
        for column in columns:
            self._usual[column.key] = column.default.arg if column.default and column.default.is_scalar else None
            if column.default and column.default.is_callable:
                self._made[column.key] = column.default.arg
        self._written = {
            name: written
            for name, bound in compiled.binds.items()
            if (written := bound.type.dialect_impl(dialect).bind_processor(dialect))
        }

    def values(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        every = {**self._usual, **given}
        for name, make in self._made.items():
            if name not in given:
                every[name] = make(None)
        for name, written in self._written.items():
            every[name] = written(every[name])
        return every if self._order is None else [every[name] for name in self._order]
