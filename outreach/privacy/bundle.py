"""Everything that is held about a person as one document: plain values for JSON, and the same for a page to read.

What belongs to others is left out: secrets, which colleague did it, and the addresses and names of third persons.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.privacy import mentions, reach
from outreach.privacy.subjects import Subject


def made(session: Session, house: House, now: datetime, subject: Subject) -> dict[str, Any]:
    """The whole of it: `held` by table, and `named_in`: where texts of others name them, without those texts.

    Instants are in UTC, as 2026-11-23T09:00:00Z; states and kinds are the codes that are stored.
    """
    theirs = reach.rows(session, subject)
    named = mentions.find(session, subject, theirs)
    return {
        "made_at": _plain(now),
        "office": house.office.names.en,
        "about": {"addresses": list(subject.addresses), "names": list(subject.names), "records": list(subject.refs)},
        "held": {
            table.name: [_said(table, row, subject.known) for row in rows] for table, rows in theirs.items() if rows
        },
        "named_in": [
            {"table": mention.table, "row": [_plain(part) for part in mention.key], "columns": list(mention.columns)}
            for mention in named
        ],
    }


def note(
    session: Session, now: datetime, subject: Subject, document: dict[str, Any], form: str, actor_id: int | None
) -> None:
    """The log says that it was made, of whom, and of how many rows (P-12)."""
    count = sum(len(rows) for rows in document["held"].values())
    audit.record(session, now, "privacy.held", subject.ref, actor_id, rows=count, format=form)


def _said(table: Table, row: reach.Row, known: Collection[str]) -> dict[str, Any]:
    others = _is_of_another(table, row, known)
    return {
        column.name: _plain(_without_others(row[column.name], known))
        for column in table.columns
        if not _is_left_out(column) and not (others and column.info.get("personal") in ("identity", "contact"))
    }


def _is_left_out(column: Column[Any]) -> bool:
    is_staff = column.name == "actor_id" or reach.is_by_staff(column)
    return is_staff or column.info.get("personal") == "secret"


def _is_of_another(table: Table, row: reach.Row, known: Collection[str]) -> bool:
    """Whether a row that hangs on one of theirs is addressed to, or written by, somebody else."""
    if table.name in ("person", "inquiry", "subscriber", "account", "contact_address"):
        return False
    contacts = [row[column.name] for column in table.columns if column.info.get("personal") == "contact"]
    return any(isinstance(value, str) and "@" in value and value.casefold() not in known for value in contacts)


def _without_others(value: Any, known: Collection[str]) -> Any:
    """Of a list of addresses only their own."""
    if isinstance(value, list) and any(isinstance(each, str) and "@" in each for each in value):
        return [each for each in value if not (isinstance(each, str) and "@" in each and each.casefold() not in known)]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}Z"
    if isinstance(value, date):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else value
