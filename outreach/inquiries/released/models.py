"""The table of released answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import Inquiry, InquiryMessage, Question
from outreach.inquiries.stories.models import Story


class ReleasedAnswer(Model):
    """One answer as it left: the memory of the desk and what `/check/<code>` knows.

    `released_at` is the instant it left the house; before it the answer can be taken back and is shown nowhere.
    `superseded_by_id` is the answer that corrects it, `correction` the reason in words.
    `text_hash` is the same for the same words in either script. `folded` holds the search key of the text in its first
    line, that of the question in its second.
    """

    __tablename__ = "released_answer"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True, info=NOT_PERSONAL)
    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey(Inquiry.id), index=True)
    message_id: Mapped[int] = mapped_column(Key, ForeignKey(InquiryMessage.id), index=True)
    question_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Question.id, ondelete="SET NULL"), index=True)
    line_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Line.id), index=True)
    story_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Story.id), index=True)
    question: Mapped[str] = mapped_column(Text, info=personal("content"))
    text: Mapped[str] = mapped_column(Text, info=personal("content"))
    text_hash: Mapped[str] = mapped_column(String(64), index=True, info=NOT_PERSONAL)
    terms: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    attribution: Mapped[str] = mapped_column(String(200), default="", info=personal("content"))
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    released_at: Mapped[datetime] = mapped_column(Instant, index=True)
    released_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    superseded_by_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("released_answer.id", ondelete="SET NULL"), index=True
    )
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
    correction: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    folded: Mapped[str] = mapped_column(Text, info=personal("content"))

    inquiry: Mapped[Inquiry] = relationship(foreign_keys=[inquiry_id])
    superseded_by: Mapped[ReleasedAnswer | None] = relationship(remote_side=[id])

    def is_current(self, now: datetime) -> bool:
        """No other words have left the house in its place."""
        return self.superseded_by_id is None or (self.superseded_at is not None and self.superseded_at > now)
