"""Tables of mailings and of who got which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.contacts.models import Person
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.mail.models import OutboxEmail

ADVISORY, STATEMENT, INVITATION = KINDS = ("advisory", "statement", "invitation")
DRAFT, READY, RELEASED, SENT, STOPPED = STATES = ("draft", "ready", "released", "sent", "stopped")
PENDING, SKIPPED, ACCEPTED, FAILED, CANCELLED = OUTCOMES = ("pending", "skipped", "accepted", "failed", "cancelled")
IS_PENDING = "state = 'pending'"


class Mailing(Model):
    """What is mailed to a set of people; Serbian is written in Cyrillic, its Latin is derived.

    `to_kind` and `to_id` name a press list or a segment. `embargo_at` is the instant, told on the clocks of
    `embargo_zone` and `also_zone`. `ready` waits for a second word; `released` leaves from `leaves_at` on, planned up
    to `last_person_id`; `sent` is planned to the end.
    """

    __tablename__ = "mailing"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    subject_en: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    subject_sr: Mapped[str] = mapped_column(String(120), default="", info=NOT_PERSONAL)
    text_en: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)
    text_sr: Mapped[str] = mapped_column(Text, default="", info=NOT_PERSONAL)
    terms: Mapped[str] = mapped_column(String(12), default="", info=NOT_PERSONAL)
    embargo_at: Mapped[datetime | None] = mapped_column(Instant)
    embargo_zone: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    also_zone: Mapped[str] = mapped_column(String(60), default="", info=NOT_PERSONAL)
    to_kind: Mapped[str] = mapped_column(String(8), info=NOT_PERSONAL)
    to_id: Mapped[int] = mapped_column(Key)
    state: Mapped[str] = mapped_column(String(8), default=DRAFT, info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    changed_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    released_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    leaves_at: Mapped[datetime | None] = mapped_column(Instant)
    last_person_id: Mapped[int] = mapped_column(Key, default=0)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def ref(self) -> str:
        return f"mailing:{self.id}"

    @property
    def subject(self) -> str:
        """As staff read it."""
        return self.subject_en or self.subject_sr

    @property
    def is_written(self) -> bool:
        """Whether its words still change."""
        return self.state == DRAFT

    @property
    def authors(self) -> frozenset[int | None]:
        """Who wrote it: who made it, and who last changed its words."""
        return frozenset((self.created_by, self.changed_by))

    def has_begun(self, now: datetime) -> bool:
        """Whether the seconds in which nothing has left yet are over."""
        return self.leaves_at is not None and self.leaves_at <= now


class MailingRecipient(Model):
    """One person's copy of a mailing, or why there is none; never two to one person, nor two to one address.

    `address_hash` is empty for who is skipped. `outbox_id` is the mail; `reason` what the server said, or why not.
    """

    __tablename__ = "mailing_recipient"
    __table_args__ = (
        UniqueConstraint("mailing_id", "person_id"),
        UniqueConstraint("mailing_id", "address_hash", name="uq_mailing_recipient_address"),
        Index("ix_mailing_recipient_state", "mailing_id", "state", "id"),
        Index("ix_mailing_recipient_pending", "id", sqlite_where=text(IS_PENDING), postgresql_where=text(IS_PENDING)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    mailing_id: Mapped[int] = mapped_column(Key, ForeignKey(Mailing.id))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey(Person.id), index=True)
    address_hash: Mapped[str | None] = mapped_column(String(64), info=personal("contact"))
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    has_notice: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(9), info=NOT_PERSONAL)
    reason: Mapped[str] = mapped_column(String(300), default="", info=NOT_PERSONAL)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey(OutboxEmail.id, ondelete="SET NULL"), index=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
