"""Tables of the mail room: what waits to leave, its shared blocks, every attempt, and who is not mailed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

PENDING = "pending"
SENDING = "sending"
ACCEPTED = "accepted"
FAILED = "failed"
UNCERTAIN = "uncertain"
CANCELLED = "cancelled"
STATES = (PENDING, SENDING, ACCEPTED, FAILED, UNCERTAIN, CANCELLED)

FIRST_DELAYS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
LATER_DELAY = timedelta(hours=1)


def delay(times: int) -> timedelta:
    """How long to wait after the first, second … put-off: 5, 15, 30, then 60 minutes (D-18)."""
    return FIRST_DELAYS[times - 1] if 1 <= times <= len(FIRST_DELAYS) else LATER_DELAY


class MailBlock(Model):
    """Lines that many mails share, already in their transfer encoding. The hash is of the encoding and the text."""

    __tablename__ = "mail_block"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True, info=NOT_PERSONAL)
    encoding: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    body: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)


class OutboxEmail(Model):
    """A mail as a row: everything that decides its bytes, where it stands, and what is next.

    `text` and `html` are lists of ["block", hash] and ["own", text]. `fence` is the token of the claim that holds the
    row while it is `sending`; a result without it counts for nothing. `next_at` is empty when nothing more will be
    tried. `withdrawn` is why its owner cancelled it while it was `sending`. `uncertains` counts attempts whose outcome
    is unknown; a row with one keeps its bytes for ever.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (Index("ix_outbox_email_due", "state", "is_bulk", "next_at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), index=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    scope: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    is_bulk: Mapped[bool]
    to_address: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    to_name: Mapped[str | None] = mapped_column(String(200), info=personal("identity"))
    sender: Mapped[str] = mapped_column(String(254), info=NOT_PERSONAL)
    sender_name: Mapped[str] = mapped_column(String(200), info=NOT_PERSONAL)
    reply_to: Mapped[str | None] = mapped_column(String(254), info=NOT_PERSONAL)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    subject: Mapped[str] = mapped_column(String(200), info=personal("content"))
    headers: Mapped[list[list[str]]] = mapped_column(JSON, info=personal("secret"))
    text: Mapped[list[list[str]]] = mapped_column(JSON, info=personal("content"))
    html: Mapped[list[list[str]]] = mapped_column(JSON, info=personal("content"))
    encoding: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    message_id: Mapped[str] = mapped_column(String(200), unique=True, info=NOT_PERSONAL)
    dated_at: Mapped[datetime] = mapped_column(Instant)
    bytes_hash: Mapped[str | None] = mapped_column(String(64), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    withdrawn: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    fence: Mapped[str | None] = mapped_column(String(32), info=NOT_PERSONAL)
    seat: Mapped[int | None]
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    deferrals: Mapped[int] = mapped_column(default=0)
    uncertains: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)

    tries: Mapped[list[MailAttempt]] = relationship(order_by="MailAttempt.n", viewonly=True)

    def settle(self, state: str, reason: str | None = None) -> None:
        """Nothing more will be tried: let go of the claim and say why."""
        self.state, self.reason, self.next_at = state, reason, None
        self.fence = self.seat = self.lease_until = None

    def wait(self, until: datetime, reason: str | None = None) -> None:
        """Back to those that wait, `uncertain` when it may have arrived already; cancelled when it was withdrawn."""
        if self.withdrawn:
            return self.settle(CANCELLED, self.withdrawn)
        self.settle(UNCERTAIN if self.uncertains else PENDING, reason)
        self.next_at = until


class MailAttempt(Model):
    """One try: claimed, then dot (the point of no return), then accepted, deferred, rejected, uncertain or lost_safe.

    `reply` is what the server said, without addresses.
    """

    __tablename__ = "mail_attempt"
    __table_args__ = (UniqueConstraint("outbox_id", "n"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_email.id", ondelete="CASCADE"))
    n: Mapped[int]
    phase: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)


class Suppression(Model):
    """An address that is not mailed, as its keyed hash only (P-07): no `digests`, or nothing at `all` but answers."""

    __tablename__ = "suppression"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True, info=personal("contact"))
    scope: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)
