"""Tables of subscribers, what they chose, what they agreed to, and the confirmation mails that are counted."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.language import Variant

EVERYTHING = "*"
LIVE = text("ended_at IS NULL")


class Subscriber(Model):
    """An address that asked. One row per address for ever, so that links in old mails and the ledger stay true."""

    __tablename__ = "subscriber"
    __table_args__ = (UniqueConstraint("address_hash"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address: Mapped[str | None] = mapped_column(String(320), info=personal("contact"))
    address_hash: Mapped[str | None] = mapped_column(String(64), info=personal("contact"))
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    hour: Mapped[str] = mapped_column(String(5), info=NOT_PERSONAL)
    key_id: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_until: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_reason: Mapped[str | None] = mapped_column(String(40), info=NOT_PERSONAL)

    @property
    def is_live(self) -> bool:
        """Confirmed and not ended; a pause does not end it."""
        return self.confirmed_at is not None and self.ended_at is None

    def is_paused(self, now: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > now

    @property
    def reads(self) -> Variant:
        return Variant.of(self.variant)

    @property
    def at(self) -> time:
        """The hour of dated digests, on the clock of the office."""
        return time.fromisoformat(self.hour)

    @property
    def ref(self) -> str:
        """How rows of other rooms name this subscriber."""
        return f"subscriber:{self.id}"


class Subscription(Model):
    """One topic (or `*`, all of them) at one cadence. A changed cadence changes the row; a dropped topic ends it."""

    __tablename__ = "subscription"
    __table_args__ = (
        Index("uq_subscription_live", "subscriber_id", "topic", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_subscription_cadence", "cadence", sqlite_where=LIVE, postgresql_where=LIVE),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    topic: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    cadence: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_reason: Mapped[str | None] = mapped_column(String(40), info=NOT_PERSONAL)

    @property
    def state(self) -> str:
        """requested, confirmed or ended."""
        if self.ended_at is not None:
            return "ended"
        return "confirmed" if self.confirmed_at is not None else "requested"

    def end(self, now: datetime, reason: str) -> None:
        self.ended_at, self.ended_reason = now, reason


class Consent(Model):
    """What was agreed to, in the words that were shown, in which language and where; no IP address (P-01).

    `variant` is the page's, `wants_variant` the one that was chosen for the mails.
    """

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    wording: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    wants_variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    topics: Mapped[list[str]] = mapped_column(JSON, info=NOT_PERSONAL)
    cadence: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    hour: Mapped[str] = mapped_column(String(5), info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(String(120), info=NOT_PERSONAL)
    method: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class ConfirmationMail(Model):
    """One mail that somebody's typing of an address set off; counted per mailbox against bombing (F-04)."""

    __tablename__ = "confirmation_mail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    counted_as: Mapped[str] = mapped_column(String(64), index=True, info=personal("contact"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
