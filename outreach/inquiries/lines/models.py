"""The table of lines to take."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model

LINE, HOLDING = "line", "holding"


class Line(Model):
    """Agreed wording: a question in plain words and what we say to it; `holding` is what we say until there is more.

    `expires_on` is the last day it may be used unchecked; `checked_at` when somebody last said that it is still right.
    """

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    topic: Mapped[str] = mapped_column(String(40), default="", info=NOT_PERSONAL)
    question: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    text_en: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)
    text_sr: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)
    terms: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    attribution: Mapped[str] = mapped_column(String(200), default="", info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(String(300), default="", info=NOT_PERSONAL)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    expires_on: Mapped[date | None]
    checked_at: Mapped[datetime] = mapped_column(Instant)
    checked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    folded: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)

    def is_expired(self, today: date) -> bool:
        """It has to be checked before it is used again."""
        return self.expires_on is not None and self.expires_on < today
