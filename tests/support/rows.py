"""One plausible row in every table, made from the metadata alone, for tests that need data and do not care which."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    func,
    insert,
    select,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def fill(connection: Connection, metadata: MetaData) -> dict[str, int]:
    """Add a row to every table, parents first; how many rows each table has then."""
    made: dict[tuple[str, str], Any] = {}
    for table in metadata.sorted_tables:
        values = {column.name: _value(column, made) for column in table.columns if not _is_alternative(column)}
        connection.execute(insert(table).values({name: value for name, value in values.items() if value is not None}))
        made.update({(table.name, name): value for name, value in values.items()})
    return count(connection, metadata.sorted_tables)


def count(connection: Connection, tables: list[Table]) -> dict[str, int]:
    return {table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def _value(column: Column[Any], made: dict[tuple[str, str], Any]) -> Any:
    for key in column.foreign_keys:
        return made.get((key.column.table.name, key.column.name))  # a table's own key: not made yet, so None
    kind = column.type
    plain = {Boolean: True, Integer: 1, Time: time(12), Date: date(2026, 6, 1), JSON: {}, LargeBinary: b"\x00"}
    if isinstance(getattr(kind, "impl", kind), DateTime):
        return NOON
    if isinstance(kind, String):
        return column.name[: kind.length or 20]
    return next((value for of, value in plain.items() if isinstance(kind, of)), None)


def _is_alternative(column: Column[Any]) -> bool:
    """Where a CHECK wants one of several owners: all owners but the first."""
    owners = [c for c in column.table.columns if c.foreign_keys and c.nullable]
    has_check = any(isinstance(rule, CheckConstraint) for rule in column.table.constraints)
    return has_check and column in owners[1:]
