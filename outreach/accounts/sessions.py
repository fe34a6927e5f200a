"""Signed-in sessions: begin, look up, keep alive, end. The cookie's key is random; only its hash is stored (S-04)."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts.models import ABSOLUTE, Account, StaffSession

SEEN_EVERY = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)


def begin(session: Session, now: datetime, account_id: int, data: dict[str, Any]) -> str:
    """Begin a session for a newly signed-in account; returns the key for the cookie, which is told nowhere else."""
    key = secrets.token_urlsafe(32)
    session.add(
        StaffSession(key_hash=key_hash(key), account_id=account_id, data=json.dumps(data), created_at=now, seen_at=now)
    )
    audit.record(session, now, "account.signed_in", f"account:{account_id}", actor_id=account_id)
    return key


def find(session: Session, key: str, now: datetime) -> tuple[StaffSession, Account] | None:
    """The live session of this key with its account, or None; an ended account's sessions are dead at once."""
    row = session.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(StaffSession.key_hash == key_hash(key))
    ).first()
    if row is None or not row[0].is_live(now) or not row[1].active:
        return None
    return row[0], row[1]


def keep(session: Session, session_id: int, now: datetime, data: dict[str, Any] | None = None) -> None:
    """Write down that the session was used now, and its data when that changed."""
    values: dict[str, Any] = {"seen_at": now}
    if data is not None:
        values["data"] = json.dumps(data)
    live = update(StaffSession).where(StaffSession.id == session_id, StaffSession.ended_at.is_(None))
    session.execute(live.values(values))


def end(session: Session, session_id: int, now: datetime, account_id: int) -> None:
    """End one session, because its owner signed out."""
    _end_where(session, now, "signed_out", StaffSession.id == session_id)
    audit.record(session, now, "account.signed_out", f"account:{account_id}", actor_id=account_id)


def end_all(session: Session, now: datetime, account: Account, reason: str) -> None:
    """End every session of the account ("everywhere", "account_ended") and change what cookies are bound to."""
    account.fs_uniquifier = secrets.token_hex(32)
    _end_where(session, now, reason, StaffSession.account_id == account.id)


def forget(session: Session, now: datetime) -> None:
    """Delete rows of sessions that cannot live any more, a month after they began."""
    session.execute(delete(StaffSession).where(StaffSession.created_at < now - ABSOLUTE - KEPT_FOR))


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _end_where(session: Session, now: datetime, reason: str, which: Any) -> None:
    live = update(StaffSession).where(which, StaffSession.ended_at.is_(None))
    session.execute(live.values(ended_at=now, ended_reason=reason, data="{}"))
