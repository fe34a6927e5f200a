"""The ledger: issues, one recipient row per subscriber and slot, one item row per subscriber and publication."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model
from outreach.mail.models import OutboxEmail
from outreach.newsroom.models import Publication
from outreach.subscriptions.models import Subscriber

PREPARED, SKIPPED = "prepared", "skipped"


class DigestIssue(Model):
    """One digest of one cadence for one slot: made with its first recipient, so that none is ever empty.

    `closes_at`: what became public later is in the next issue. With several hours a day it moves on to the last one.
    """

    __tablename__ = "digest_issue"
    __table_args__ = (UniqueConstraint("cadence", "slot"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    cadence: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    slot: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    closes_at: Mapped[datetime] = mapped_column(Instant)


class DigestRecipient(Model):
    """One subscriber's copy of an issue: prepared (its mail is in the outbox) or skipped with a reason."""

    __tablename__ = "digest_recipient"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "cadence", "slot"),
        Index("ix_digest_recipient_issue", "issue_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("digest_issue.id"))
    subscriber_id: Mapped[int] = mapped_column(ForeignKey(Subscriber.id))
    cadence: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    slot: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str | None] = mapped_column(String(80), info=NOT_PERSONAL)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey(OutboxEmail.id, ondelete="SET NULL"), index=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)


class DigestItem(Model):
    """One publication in one subscriber's digest: the pair is unique, whatever topic or cadence led to it."""

    __tablename__ = "digest_item"
    __table_args__ = (UniqueConstraint("subscriber_id", "publication_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("digest_recipient.id"), index=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey(Subscriber.id))
    publication_id: Mapped[int] = mapped_column(ForeignKey(Publication.id), index=True)
