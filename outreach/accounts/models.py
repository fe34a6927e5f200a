"""Tables of accounts: staff, their roles, their invitations and their signed-in sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Index, String, Text, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

ROLES = ("reader", "officer", "approver", "editor", "contacts", "data_protection", "admin")

INVITATION_LIVES = timedelta(days=2)
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)


class Account(Model):
    """A member of staff who may sign in. Accounts end; they are not deleted."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    name: Mapped[str] = mapped_column(String(120), info=personal("identity"))
    password: Mapped[str] = mapped_column(String(255), info=personal("secret"))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, info=personal("secret"))
    variant: Mapped[str] = mapped_column(String(3), default="en", info=NOT_PERSONAL)
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    held_roles: Mapped[list[AccountRole]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    __table_args__ = (Index("uq_account_email", func.lower(email), unique=True),)

    @property
    def roles(self) -> list[AccountRole]:
        """What this account may be; each has a `name` out of ROLES."""
        return self.held_roles

    def may_be(self, role: str) -> bool:
        return any(held.name == role for held in self.held_roles)


class AccountRole(Model):
    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True, info=NOT_PERSONAL)


class Invitation(Model):
    """A one-time link to a new account; only the hash of its token is kept."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info=personal("secret"))
    email: Mapped[str | None] = mapped_column(String(254), info=personal("contact"))
    name: Mapped[str | None] = mapped_column(String(120), info=personal("identity"))
    roles: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    invited_by: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"), index=True)

    @property
    def role_names(self) -> list[str]:
        return self.roles.split()

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


class StaffSession(Model):
    """One signed-in browser. The cookie holds a random key, the row its hash, so a leaked table opens nothing."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=personal("secret"))
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"), index=True)
    data: Mapped[str] = mapped_column(Text, info=personal("secret"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_reason: Mapped[str | None] = mapped_column(String(20), info=NOT_PERSONAL)

    def is_live(self, now: datetime) -> bool:
        """Not ended, used within IDLE and begun within ABSOLUTE (S-04)."""
        return self.ended_at is None and now - self.seen_at < IDLE and now - self.created_at < ABSOLUTE
