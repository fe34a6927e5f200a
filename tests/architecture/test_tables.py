"""Every table is what the migrations make, and every column with words says whether it is about a person."""

from __future__ import annotations

from sqlalchemy import JSON, Column, LargeBinary, PrimaryKeyConstraint, String, Table, UniqueConstraint

from outreach.db import PERSONAL_KINDS, Instant
from outreach.operations import schema

WORDS = (String, JSON, LargeBinary)


def tables() -> list[Table]:
    return list(schema.metadata().tables.values())


def columns() -> list[tuple[str, Column[object]]]:
    return [(f"{table.name}.{column.name}", column) for table in tables() for column in table.columns]


def test_every_column_with_words_is_classified_personal_or_not() -> None:
    unknown = object()
    kinds = {name: column.info.get("personal", unknown) for name, column in columns() if isinstance(column.type, WORDS)}
    assert [name for name, kind in kinds.items() if kind not in (*PERSONAL_KINDS, None)] == []


def test_every_instant_is_aware_and_named_so() -> None:
    named = [(name, column) for name, column in columns() if name.endswith(("_at", ".at"))]
    assert [name for name, column in named if not isinstance(column.type, Instant)] == []
    assert [
        name
        for name, c in columns()
        if isinstance(c.type, Instant) and not name.endswith(("_at", ".at", "_until", "_from"))
    ] == []


def test_every_constraint_has_a_name_that_a_migration_can_use() -> None:
    nameless = [
        (table.name, type(rule).__name__) for table in tables() for rule in table.constraints if rule.name is None
    ]
    assert nameless == []


def test_every_foreign_key_that_a_merge_or_an_erasure_follows_has_an_index() -> None:
    """They walk the keys backwards; without an index each step reads a whole table. Accounts end and never go."""
    for table in tables():
        unique = [rule for rule in table.constraints if isinstance(rule, UniqueConstraint | PrimaryKeyConstraint)]
        firsts = {next(iter(group.columns)).name for group in (*table.indexes, *unique)}
        keys = [key for key in table.foreign_keys if key.column.table.name != "account"]
        assert [f"{table.name}.{key.parent.name}" for key in keys if key.parent.name not in firsts] == []
