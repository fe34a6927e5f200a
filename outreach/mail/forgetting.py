"""Mails lose what they say about their recipient; that they were sent stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, LargeBinary, func, inspect, or_, update
from sqlalchemy.orm import Session

from outreach.mail.models import SENDING, OutboxEmail


def blank(session: Session, refs: Collection[str], addresses: Collection[str] = ()) -> None:
    """Empty every column that is declared personal of these owners' mails, and of those to these addresses in small
    letters; numbers, times and states stay.

    A mail that is leaving at this very moment keeps its words until it has left.
    """
    columns = [column for column in inspect(OutboxEmail).columns if column.info.get("personal")]
    theirs: ColumnElement[bool] = OutboxEmail.ref.in_(refs)
    if addresses:
        theirs = or_(theirs, func.lower(OutboxEmail.to_address).in_(addresses))
    mails = update(OutboxEmail).where(theirs, OutboxEmail.state != SENDING)
    emptied = {column.name: nothing(column) for column in columns}
    session.execute(mails.values(emptied), execution_options={"synchronize_session": False})


def nothing(column: Column[Any]) -> Any:
    """What stands in a column that says nothing any more."""
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        default: Any = column.default
        return default.arg(None) if default is not None and default.is_callable else []
    return b"" if isinstance(column.type, LargeBinary) else ""
