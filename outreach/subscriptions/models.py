"""Tables of subscribers, what they chose, what they agreed to, and the confirmation mails that are counted."""

from __future__ import annotations

import hashlib
from datetime import datetime, time

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.language import Variant

EVERYTHING = "*"
LIVE = text("ended_at IS NULL")


class Subscriber(Model):
    """An address that asked. One row per address for ever, so that links in old mails and the ledger stay true."""

    __tablename__ = "subscriber"
    __table_args__ = (
        UniqueConstraint("address_hash"),
        Index(
            "ix_subscriber_takes_urgent",
            "id",
            sqlite_where=text("takes_urgent = 1"),
            postgresql_where=text("takes_urgent"),
        ),
    )

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
    takes_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())

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

    `variant` is the page's, `wants_variant` the one that was chosen for the mails. For a list that was taken over,
    `wording` is what the list says was agreed to, `source` where that is kept, and both instants are its date.
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
    takes_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def version(self) -> str:
        """Names the exact wording: the same eight digits for the same words, and for no others."""
        return hashlib.sha256(self.wording.encode()).hexdigest()[:8]


class AddressChange(Model):
    """A new address that a subscriber typed. It is theirs once a button is pressed by whoever reads mail there."""

    __tablename__ = "address_change"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class ConfirmationMail(Model):
    """One mail that somebody's typing of an address set off; counted per mailbox against bombing (F-04).

    It asks to confirm either a consent or a change of address.
    """

    __tablename__ = "confirmation_mail"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    counted_as: Mapped[str] = mapped_column(String(64), index=True, info=personal("contact"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)
    address_change_id: Mapped[int | None] = mapped_column(
        ForeignKey("address_change.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


class ListImport(Model):
    """A list of subscribers from elsewhere, with the proof of their consent: uploaded, looked at, then taken in.

    `content` is the file, kept until it was taken in or for a day. `report` is [line, outcome] for every line that
    was dealt with, `next_line` the first that was not.
    """

    __tablename__ = "list_import"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    content_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    content: Mapped[str | None] = mapped_column(Text, info=personal("contact"))
    proof: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    uploaded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    next_line: Mapped[int] = mapped_column(default=0)
    report: Mapped[list[list[int | str]]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)

    @property
    def state(self) -> str:
        """looked at (nothing has happened yet), running, done, or discarded."""
        if self.ended_at is not None:
            return "done" if self.approved_at is not None else "discarded"
        return "running" if self.approved_at is not None else "looked at"
