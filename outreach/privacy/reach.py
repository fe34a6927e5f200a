"""Every row that is a person's, in whatever room: the metadata is walked, so that no table can be forgotten.

A row is theirs when it is one of their records, when it hangs on a row of theirs by a key, when its `ref` names one of
their records, or when a column declared as contact holds their address or its hash.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, String, Table, Text, func, or_, select
from sqlalchemy.orm import Session

from outreach.db import Model
from outreach.language import mark
from outreach.privacy.subjects import Subject

Row = Mapping[str, Any]
Rows = dict[Table, list[Row]]
REFS = ("ref", "obj")
ROOMS = {
    "accounts": mark("Staff"), "audit": mark("Log"), "briefings": mark("Mailings"), "contacts": mark("Contacts"),
    "digests": mark("Digests"), "inquiries": mark("Inquiries"), "mail": mark("Mail"),
    "newsroom": mark("Documents"), "rates": mark("Limits"), "subscriptions": mark("Subscribers"),
}  # fmt: skip


def rows(session: Session, subject: Subject) -> Rows:
    """The rows of each table that are theirs, with every column, parents before children."""
    roots = roots_of(subject)
    found: Rows = {}
    for table in Model.metadata.sorted_tables:
        which: list[ColumnElement[bool]]
        if table.name in roots:
            which = [next(iter(table.primary_key)).in_(roots[table.name])] if roots[table.name] else []
        else:
            which = [*_by_value(table, subject), *_by_ref(table, subject), *_by_key(table, found, roots)]
        if which:
            order = list(table.primary_key)
            theirs = [row._mapping for row in session.execute(select(table).where(or_(*which)).order_by(*order))]
            if theirs:
                found[table] = [dict(row) for row in theirs]
    _leave_out_undone_merges(found)
    return found


def roots_of(subject: Subject) -> dict[str, tuple[int, ...]]:
    """The tables of records, and which of them are theirs."""
    return {
        "person": subject.people, "subscriber": subject.subscribers, "inquiry": subject.inquiries,
        "account": subject.accounts,
    }  # fmt: skip


def rooms(held: Collection[str]) -> dict[str, list[str]]:
    """These tables by the words for the room that keeps them, in the order in which they are given."""
    models = [mapper.class_ for mapper in Model.registry.mappers]
    kept_in = {model.__tablename__: model.__module__.split(".")[1] for model in models}
    found: dict[str, list[str]] = {}
    for name in held:
        found.setdefault(ROOMS[kept_in[name]], []).append(name)
    return found


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    """What tells this row from all others of its table."""
    return tuple(row[column.name] for column in table.primary_key)


def _by_value(table: Table, subject: Subject) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        is_line = isinstance(column.type, String) and not isinstance(column.type, Text)
        if is_line and column.info.get("personal") == "contact":
            if subject.addresses:
                yield func.lower(column).in_(subject.addresses)
            if subject.hashes:
                yield column.in_(subject.hashes)


def _by_ref(table: Table, subject: Subject) -> Iterator[ColumnElement[bool]]:
    for name in REFS:
        column = table.columns.get(name)
        if (
            column is not None
            and subject.refs
            and not any(key.column.table.name == "person" for key in table.foreign_keys)
        ):
            yield column.in_(subject.refs)


def _by_key(table: Table, found: Rows, roots: Mapping[str, tuple[int, ...]]) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        keys = [key.column for key in column.foreign_keys]
        if not keys:
            numbers = roots.get(column.name.removesuffix("_id"), ()) if column.name.endswith("_id") else ()
            if numbers:
                yield column.in_(numbers)
        for parent in keys:
            if parent.table in found and parent.table is not table and not is_by_staff(column):
                yield column.in_([row[parent.name] for row in found[parent.table]])


def is_by_staff(column: Column[Any]) -> bool:
    """Whether it says which colleague did something; a column that must be filled says whose row it is."""
    return bool(column.nullable) and any(key.column.table.name == "account" for key in column.foreign_keys)


def _leave_out_undone_merges(found: Rows) -> None:
    """A merge that was undone joined two people: of it only what it changed in their own rows is theirs."""
    by_name = {table.name: table for table in found}
    merges, lines = by_name.get("merge"), by_name.get("merge_row")
    if merges is None or lines is None:
        return
    undone = {row["id"] for row in found[merges] if row["undone_at"] is not None}
    own = {(table.name, key_of(table, row)) for table in found for row in found[table]}
    found[lines] = [
        row
        for row in found[lines]
        if row["merge_id"] not in undone or (row["table_name"], tuple(row["row_key"].values())) in own
    ]
