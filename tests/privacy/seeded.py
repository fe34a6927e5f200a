"""One person in every table that may name a person: the metadata is walked, so a new table is seeded by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import JSON, Boolean, Column, Date, LargeBinary, String, Table, Text, func, insert, select, text
from sqlalchemy.orm import Session

from outreach.db import Instant, Model
from outreach.house import House
from outreach.operations import schema

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
STAFF = ("account", "account_role", "staff_session", "presence", "saved_view", "duty_turn")
"""Whose rows are a colleague's, though what a session remembers of a page may name the person."""
UNDER = {"contact_address": ("organisation_id",), "person": ("survivor_id",), "inquiry": ("duplicate_of_id",)}
"""Keys that stay empty: another owner than the person, and what was joined."""


def address(marker: str) -> str:
    return f"{marker}@example.org"


def name(marker: str) -> str:
    return f"Desk {marker.title()}"


def tables() -> list[Table]:
    """Those with a column about a person, and what they hang on."""
    return [table for table in schema.metadata().sorted_tables if is_wanted(table)]


def is_wanted(table: Table) -> bool:
    below = {key.column.table for other in Model.metadata.sorted_tables for key in other.foreign_keys}
    hangs = any(key.column.table.name in ("person", "subscriber", "inquiry") for key in table.foreign_keys)
    return is_personal(table) or table in below or hangs


def is_personal(table: Table) -> bool:
    return any(column.info.get("personal") is not None for column in table.columns)


def seed(session: Session, house: House, marker: str, staff: bool = False) -> dict[str, Any]:
    """A row in each table, hanging on one another; the primary keys by table. `staff`: they are a colleague themselves."""
    made: dict[str, Any] = {}
    for table in tables():
        whose = marker if staff or table.name not in STAFF else marker[::-1]
        row = {
            column.name: value(house, column, marker if column.name == "data" else whose, made)
            for column in table.columns
        }
        row = {key: each for key, each in row.items() if each is not None}
        first = next(iter(table.primary_key))
        if not first.foreign_keys and not isinstance(first.type, String):
            row[first.name] = (session.scalar(select(func.max(first))) or 0) + 1
        session.execute(insert(table).values(row))
        made[table.name] = row[first.name]
        if session.get_bind().dialect.name == "postgresql" and first.name == "id" and isinstance(row["id"], int):
            session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {row['id']})"))
    return made


def value(house: House, column: Column[Any], marker: str, made: dict[str, Any]) -> Any:
    """What stands in this column: the marker wherever it may, else whatever is allowed."""
    parents = [key.column for key in column.foreign_keys]
    if parents:
        parent = parents[0].table
        is_empty = parent is column.table or column.name in UNDER.get(column.table.name, ())
        return None if is_empty or parent.name not in made else made[parent.name]
    if column.name in ("ref", "obj") and column.table.name != "interaction":
        return (
            f"person:{made.get('person', 1)}"
            if column.table.name == "audit_entry"
            else f"{column.table.name}:{marker[1:]}"
        )
    if column.info.get("personal") is not None:
        return personal(house, column, marker)
    return plain(column, marker)


def personal(house: House, column: Column[Any], marker: str) -> Any:
    kind, said = column.info["personal"], f"{name(marker)}, {address(marker)}"
    if column.name in ("address_hash", "counted_as"):
        return house.address_hash(address(marker))
    if isinstance(column.type, JSON):
        return {"said": said} if is_mapping(column) else [said]
    if isinstance(column.type, LargeBinary):
        return said.encode()
    if kind == "contact" and (
        isinstance(column.type, Text)
        or column.name in ("email", "address", "value", "to_address", "approver_email", "sender")
    ):
        return address(marker)
    if kind == "secret":
        return (
            f"{marker[1:]} {column.table.name}"
            if not isinstance(column.type, Text)
            else f'{{"said": "{name(marker)}"}}'
        )
    if column.table.name == "person_index":
        return f" {name(marker).lower()} "
    return said if isinstance(column.type, Text) else name(marker)[: column.type.length or 300]


def is_mapping(column: Column[Any]) -> bool:
    return column.name in ("details", "draft", "before", "after", "proposed")


def plain(column: Column[Any], marker: str) -> Any:
    if column.nullable and not column.primary_key and column.name not in ("released_at", "approved_at", "confirmed_at"):
        return None
    if isinstance(column.type, Instant):
        return NOW
    if isinstance(column.type, Date):
        return date(2026, 11, 23)
    if isinstance(column.type, JSON):
        return {} if column.name in ("detail", "mapping", "counts", "row_key", "content") else []
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, LargeBinary):
        return b""
    if isinstance(column.type, String):
        return known(column, marker)
    return 1


def known(column: Column[Any], marker: str) -> str:
    """A code of ours where only such a one is understood, else letters of this row's own."""
    codes = {
        "state": "cancelled",
        "kind": "email",
        "variant": "en",
        "reply_in": "en",
        "hour": "08:00",
        "scope": "all",
        "action": "person.read",
    }
    longest = cast("String", column.type).length or 40
    if column.table.name == "inquiry" and column.name == "state":
        return "answered"
    if column.table.name == "press_list" or column.name not in codes:
        return f"{'ab'[marker != 'zanzibar']}{column.table.name}"[:longest]
    return codes[column.name][:longest]


def found(session: Session, marker: str) -> Iterator[tuple[str, tuple[Any, ...], list[str]]]:
    """Every row of the whole database that has the marker in it, and in which columns; secrets are nobody's to read."""
    for table in Model.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            hit = [column.name for column in table.columns if marker in text_of(row[column.name]).casefold()]
            if hit:
                yield table.name, tuple(row[column.name] for column in table.primary_key), hit


def text_of(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def raw(session: Session, marker: str) -> list[str]:
    """The same by the database's own words, column by column."""
    places = []
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            like = text(f"SELECT count(*) FROM {table.name} WHERE lower(CAST({column.name} AS TEXT)) LIKE :marker")
            if session.execute(like, {"marker": f"%{marker}%"}).scalar_one():
                places.append(f"{table.name}.{column.name}")
    return places
