"""Who did what to which record, when. Rows are added and never changed; they carry ids, not personal values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, String, event, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model
from outreach.prepared import Prepared


class AuditEntry(Model):
    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_id: Mapped[int | None] = mapped_column(Key)
    action: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    obj: Mapped[str] = mapped_column(String(120), index=True, info=NOT_PERSONAL)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)


def record(session: Session, now: datetime, action: str, obj: str, actor_id: int | None = None, **detail: Any) -> None:
    """Add one entry, e.g. record(session, now, "inquiry.accepted", "inquiry:26-10432-7", actor_id=3)."""
    entry = {"at": now, "action": action, "obj": obj, "actor_id": actor_id, "detail": detail}
    _ENTRY.add(session, entry)


_ENTRY = Prepared(insert(AuditEntry))


# The database itself refuses to change or remove an entry.
APPEND_ONLY = {
    "sqlite": [
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only()",
    ],
}
for _dialect, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(AuditEntry.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]
