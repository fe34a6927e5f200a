"""The tables of released answers, and of their corrections as long as they are drafted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
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


class CorrectionDraft(Model):
    """The correction of an answer, one for the whole desk, kept so that it can be cleared before it leaves.

    Each of `wordings` is the old words, the right ones, and the notice; old words that stay are left out of `changed`.
    `told` are the codes of the answers whose holders are to be told. The words were last changed by `edited_by_id`.
    """

    __tablename__ = "correction_draft"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    answer_id: Mapped[int] = mapped_column(Key, ForeignKey(ReleasedAnswer.id), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    wordings: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info=personal("content"))
    told: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    edited_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    created_at: Mapped[datetime] = mapped_column(Instant)

    answer: Mapped[ReleasedAnswer] = relationship()

    @property
    def changed(self) -> list[list[str]]:
        """The wordings that the correction changes."""
        return [wording for wording in self.wordings if wording[0] != wording[1]]
