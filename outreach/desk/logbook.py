"""The log as the desk reads it: entries of the audit, newest first, by who, what and which record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from outreach.audit import AuditEntry

PER_PAGE = 100


@dataclass(frozen=True)
class LogPage:
    entries: list[AuditEntry]
    total: int
    page: int

    @property
    def newer(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def older(self) -> int | None:
        return self.page + 1 if self.page * PER_PAGE < self.total else None


def entries(session: Session, *, actor_id: int | None, action: str, obj: str, page: int) -> LogPage:
    """One page of the entries that fit all of the filters; an empty filter fits everything.

    `action` and `obj` fit from their beginning: "inquiry" finds "inquiry.accepted" and "inquiry:26-10432-7".
    """
    wanted: Select[AuditEntry] = select(AuditEntry)
    if actor_id is not None:
        wanted = wanted.where(AuditEntry.actor_id == actor_id)
    if action:
        wanted = wanted.where(AuditEntry.action.startswith(action, autoescape=True))
    if obj:
        wanted = wanted.where(AuditEntry.obj.startswith(obj, autoescape=True))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = wanted.order_by(AuditEntry.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    return LogPage(list(session.scalars(rows)), total, page)


def rooms(session: Session) -> list[str]:
    """The first words of every action on record ("inquiry" of "inquiry.accepted"), for the filter."""
    actions = session.scalars(select(AuditEntry.action).distinct())
    return sorted({action.split(".")[0] for action in actions})
