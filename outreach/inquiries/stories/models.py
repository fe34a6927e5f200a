"""The table of stories; each inquiry names the one it belongs to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal


class Story(Model):
    """What several outlets ask about at once. `release_at` is the one instant at which the answer leaves to all.

    `text` is the answer for those who read English, `text_sr` for those who read Serbian, in either script; both were
    last changed by `edited_by_id`.
    """

    __tablename__ = "story"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    text: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    text_sr: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    terms: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    attribution: Mapped[str] = mapped_column(String(200), default="", info=personal("content"))
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    edited_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    created_at: Mapped[datetime] = mapped_column(Instant)
    release_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
