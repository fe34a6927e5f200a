"""Tables of how the desk works together: who is at which inquiry now, and views of the queue kept by name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model
from outreach.inquiries.models import Inquiry


class Presence(Model):
    """An officer who has a workspace open, and the place in it that is being written in ("answers-1")."""

    __tablename__ = "presence"

    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey(Inquiry.id, ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey(Account.id), primary_key=True)
    place: Mapped[str] = mapped_column(String(20), default="", info=NOT_PERSONAL)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class SavedView(Model):
    """A view of the queue that an officer kept by name: its tab and its filter."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey(Account.id), index=True)
    name: Mapped[str] = mapped_column(String(60), info=NOT_PERSONAL)
    view: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    typed: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    is_starred: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
