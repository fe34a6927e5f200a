"""Reads over accounts."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account, Invitation


def names(session: Session) -> dict[int, str]:
    """Every account's name by id, ended ones too: old work keeps its author."""
    return {id_: name for id_, name in session.execute(select(Account.id, Account.name))}


def any_account(session: Session) -> bool:
    return session.scalar(select(Account.id).limit(1)) is not None


def by_email(session: Session, email: str) -> Account | None:
    """The account of this address, whatever its capitals."""
    address = email.replace("\0", "").strip().lower()  # PostgreSQL takes no NUL
    return session.scalar(select(Account).where(func.lower(Account.email) == address))


def active_with_role(session: Session, role: str) -> list[Account]:
    """Accounts that can sign in and hold the role, by name."""
    accounts = session.scalars(select(Account).where(Account.active).order_by(Account.name, Account.id))
    return [account for account in accounts if account.may_be(role)]


def all_accounts(session: Session) -> list[Account]:
    return list(session.scalars(select(Account).order_by(Account.id)))


def open_invitation(session: Session, token_hash: str) -> Invitation | None:
    """The invitation of this token hash that has not been used; its expiry is the caller's question."""
    return session.scalar(select(Invitation).where(Invitation.token_hash == token_hash, Invitation.used_at.is_(None)))
