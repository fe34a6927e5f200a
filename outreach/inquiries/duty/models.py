"""Tables of duty: the rota, and which reminders were given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model


class DutyTurn(Model):
    """An officer on duty from one instant to another. Where turns overlap, the one that began last counts."""

    __tablename__ = "duty_turn"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey(Account.id), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Reminder(Model):
    """A reminder that was given, so that it is given once: `ref` is what it was about, `kind` of what it reminded."""

    __tablename__ = "reminder"

    ref: Mapped[str] = mapped_column(String(80), primary_key=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True, info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)
