"""Mails lose what they say about their recipient; that they were sent stays."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, LargeBinary, func, inspect, or_, select, update
from sqlalchemy.orm import Session

from outreach.mail.models import SENDING, OutboxEmail


def blank(session: Session, refs: Collection[str], addresses: Collection[str] = (), ids: Collection[int] = ()) -> None:
    """Empty every column that is declared personal of these owners' mails, of those to these addresses in small
    letters, and of these; numbers, times and states stay.

    A mail that is leaving at this very moment keeps its words until it has left.
    """
    columns = [column for column in inspect(OutboxEmail).columns if column.info.get("personal")]
    mails = update(OutboxEmail).where(_of(refs, addresses) | OutboxEmail.id.in_(ids), OutboxEmail.state != SENDING)
    emptied = {column.name: nothing(column) for column in columns}
    session.execute(mails.values(emptied), execution_options={"synchronize_session": False})


def leaving(session: Session, refs: Collection[str], addresses: Collection[str]) -> list[int]:
    """Which of these mails keep their words for now."""
    mails = select(OutboxEmail.id).where(_of(refs, addresses), OutboxEmail.state == SENDING)
    return list(session.scalars(mails.order_by(OutboxEmail.id)))


def _of(refs: Collection[str], addresses: Collection[str]) -> ColumnElement[bool]:
    return or_(OutboxEmail.ref.in_(refs), *([func.lower(OutboxEmail.to_address).in_(addresses)] if addresses else ()))


def nothing(column: Column[Any]) -> Any:
    """What stands in a column that says nothing any more."""
    if column.nullable:
        return None
    if isinstance(column.type, JSON):
        default: Any = column.default
        return default.arg(None) if default is not None and default.is_callable else []
    return b"" if isinstance(column.type, LargeBinary) else ""
