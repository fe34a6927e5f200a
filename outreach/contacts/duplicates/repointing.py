"""Point every reference to one row at another, in whatever table: the foreign keys of the metadata are walked.

Rooms above are reached without being known. A column whose `info` says `stays` is left alone: it
is history, or made anew when the two are filed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint, Table, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError

from outreach.contacts.duplicates.journal import Journal, Values, is_row, rows_of
from outreach.db import Model

ENDS = ("ended", "removed", "to_on")
"""Columns that begin so say that something is over; what is over in one record is not made so in the other."""
GOES_ON = {"affiliation": ("ended_at", "to_on")}
"""Of which table a row is not over when it is not in one of the two records."""
EMPTY: tuple[Any, ...] = (None, "", [], {})


def references_to(target: Table) -> Iterator[Column[Any]]:
    """Every column that refers to a row of this table and does not stay."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            if not column.info.get("stays") and any(key.column.table is target for key in column.foreign_keys):
                yield column


def repoint(journal: Journal, target: Table, old: Any, new: Any) -> None:
    """Repoint all references from row `old` of `target` to row `new`.

    Where the survivor already has such a row (the same address, the same list), the two become one: what is empty in
    the one that stays is filled from the other, and all that refers to the other follows.
    """
    for column in references_to(target):
        keys = [*column.table.primary_key, column]
        rows = rows_of(journal.session, select(*keys).where(column == old))
        if not rows:
            continue
        if _unique_with(column):
            for row in rows:
                _move_or_unite(journal, column, row, new)
        else:
            journal.session.execute(update(column.table).where(column == old).values({column.name: new}))
            journal.note_moved(column, rows, new)


def _move_or_unite(journal: Journal, column: Column[Any], row: Values, new: Any) -> None:
    try:
        with journal.session.begin_nested():
            journal.move(column, [row], new)
    except IntegrityError:
        table = column.table
        (whole,) = rows_of(journal.session, select(table).where(is_row(table, row)))
        rival = _rival(journal, column, whole, new)
        if rival is None:
            raise
        _unite(journal, column, whole, rival)


def _rival(journal: Journal, column: Column[Any], row: Values, new: Any) -> Values | None:
    """The survivor's row that stands where this one would go."""
    table = column.table
    for columns in _unique_with(column):
        same = [each == (new if each is column else row[each.name]) for each in columns]
        found = rows_of(journal.session, select(table).where(*same).limit(1))
        if found:
            return found[0]
    return None


def _unite(journal: Journal, column: Column[Any], row: Values, rival: Values) -> None:
    table = column.table
    fill = {
        each.name: row[each.name]
        for each in table.columns
        if rival[each.name] in EMPTY and row[each.name] not in EMPTY
        if not (each.primary_key or each.foreign_keys or each.name.startswith(ENDS))
    }
    over = [name for name in GOES_ON.get(table.name, ()) if rival[name] is not None]
    if over and all(row[name] is None for name in GOES_ON[table.name]):
        fill |= dict.fromkeys(over)
    journal.change(table, rival, fill)
    if len(table.primary_key) == 1:
        (key,) = table.primary_key
        repoint(journal, table, row[key.name], rival[key.name])
    journal.drop(table, row)


def _unique_with(column: Column[Any]) -> list[list[Column[Any]]]:
    """The columns of each rule of uniqueness in which this one takes part."""
    table = column.table
    rules = [
        list(rule.columns) for rule in table.constraints if isinstance(rule, UniqueConstraint | PrimaryKeyConstraint)
    ]
    rules += [list(index.columns) for index in table.indexes if index.unique]
    return [columns for columns in rules if column in columns]
