"""The table of clearances: who was asked for which exact text, and what they decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.inquiries.models import Inquiry, Question
from outreach.inquiries.released.models import CorrectionDraft
from outreach.inquiries.stories.models import Story

GRANTED, REFUSED, CHANGE = "granted", "refused", "change"
BY_ACCOUNT, BY_LINK = "account", "link"


class Clearance(Model):
    """One approver asked for one text: an answer (`question_id`), or the whole reply of an inquiry; the answer of a
    story; a correction.

    `text` is what the approver was shown and `text_hash` its fingerprint: the clearance holds for nothing else.
    `latest_at` is when the answer is needed by the plan. An approver without an account decides by a signed link.
    """

    __tablename__ = "clearance"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    inquiry_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Inquiry.id), index=True)
    question_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Question.id, ondelete="CASCADE"), index=True)
    story_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Story.id), index=True)
    correction_id: Mapped[int | None] = mapped_column(Key, ForeignKey(CorrectionDraft.id), index=True)
    text: Mapped[str] = mapped_column(Text, info=personal("content"))
    text_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    approver_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    approver_name: Mapped[str] = mapped_column(String(120), info=personal("identity"))
    approver_email: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    key_id: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    asked_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    latest_at: Mapped[datetime | None] = mapped_column(Instant)
    decision: Mapped[str | None] = mapped_column(String(10), info=NOT_PERSONAL)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(10), info=NOT_PERSONAL)
    words: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    def is_open(self) -> bool:
        """Nobody has decided, and nobody has taken the request back."""
        return self.decision is None and self.withdrawn_at is None
