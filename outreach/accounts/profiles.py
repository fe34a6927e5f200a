"""Change what an account says about itself, or end it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts import queries, sessions
from outreach.accounts.models import Account
from outreach.errors import NotFound


def change(
    session: Session, now: datetime, account_id: int, *, name: str, variant: str, has_shortcuts: bool = True
) -> Account:
    """Set the account's own name, the language and script its desk speaks, and whether single keys do things."""
    account = session.get_one(Account, account_id)
    account.name, account.variant, account.has_shortcuts = name, variant, has_shortcuts
    audit.record(session, now, "account.changed", f"account:{account_id}", actor_id=account_id, variant=variant)
    return account


def sign_out_everywhere(session: Session, now: datetime, account_id: int) -> None:
    """End every session of the account, this one too."""
    sessions.end_all(session, now, session.get_one(Account, account_id), "everywhere")
    audit.record(session, now, "account.signed_out_everywhere", f"account:{account_id}", actor_id=account_id)


def end(session: Session, now: datetime, email: str) -> Account:
    """End the account of this address and every session of it; NotFound when there is none."""
    account = queries.by_email(session, email)
    if account is None or not account.active:
        raise NotFound
    account.active, account.ended_at = False, now
    sessions.end_all(session, now, account, "account_ended")
    audit.record(session, now, "account.ended", f"account:{account.id}")
    return account
