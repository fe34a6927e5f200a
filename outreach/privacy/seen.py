"""Who was looked at or taken out since an instant, by whom: what an office must know within 72 hours (P-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.audit import AuditEntry

VIEWED = ("person.read", "subscriber.read", "report.read")
TAKEN = (
    "export.taken", "file.read", "person.card_copied", "person.card_sent", "privacy.held",
    "report.exported",
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """One look or file. `count`: of how many records, 1 unless the log says more."""

    at: datetime
    who: str
    action: str
    obj: str
    count: int


def since(session: Session, instant: datetime, actor_id: int | None = None) -> Sequence[Seen]:
    """Everything that was looked at or taken out from this instant on, oldest first; by one colleague, or all."""
    wanted = (
        select(AuditEntry, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.at >= instant, AuditEntry.action.in_((*VIEWED, *TAKEN)))
        .order_by(AuditEntry.id)
    )
    if actor_id is not None:
        wanted = wanted.where(AuditEntry.actor_id == actor_id)
    return [
        Seen(entry.at, name or "-", entry.action, entry.obj, int(entry.detail.get("count", 1)))
        for entry, name in session.execute(wanted)
    ]
