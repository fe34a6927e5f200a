"""Tables of the mail room: what waits to leave, what it shares, every attempt, the workers, and who is not mailed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

PENDING = "pending"
SENDING = "sending"
ACCEPTED = "accepted"
FAILED = "failed"
UNCERTAIN = "uncertain"
CANCELLED = "cancelled"
STATES = (PENDING, SENDING, ACCEPTED, FAILED, UNCERTAIN, CANCELLED)

# Mails of which something will be tried, and those that ended otherwise than accepted. A query that says so in these
# very words finds them by the index over them. Neither names the state: so marking a mail touches no index.
IS_OPEN = "next_at IS NOT NULL"
HAS_ENDED = "next_at IS NULL AND accepted_at IS NULL"
WAITING = f"outbox_email.{IS_OPEN} AND outbox_email.state IN ('pending', 'uncertain')"

FIRST_DELAYS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
LATER_DELAY = timedelta(hours=1)


def delay(times: int) -> timedelta:
    """How long to wait after the first, second … put-off: 5, 15, 30, then 60 minutes (D-18)."""
    return FIRST_DELAYS[times - 1] if 1 <= times <= len(FIRST_DELAYS) else LATER_DELAY


class MailBlock(Model):
    """What many mails share, lines or a file, already in its transfer encoding. The hash is of what it says."""

    __tablename__ = "mail_block"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True, info=NOT_PERSONAL)
    encoding: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    body: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)


class MailForm(Model):
    """All that many mails share: sender, headers, which blocks in which order, and where own values stand.

    Content-addressed and never changed. `content` is described in `forms.Form`; nothing in it concerns a person.
    """

    __tablename__ = "mail_form"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True, info=NOT_PERSONAL)
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)


class OutboxEmail(Model):
    """A mail as a row: everything that decides its bytes, where it stands, and what is next.

    `form` is what it shares with others, `own` its own values in the order of their numbers, U+001F between them.
    `bytes_hash` is the fingerprint of its bytes, from the first attempt on. `fence` is that of the worker who holds
    the row while it is `sending`: from the commit that set it, the final dot may be out, so it is also the mark of the
    point of no return; a result without it counts for nothing. `next_at` is empty when nothing more will be tried, and
    stays what it was while the mail is `sending`, so that marking it touches no index.
    `withdrawn` is why its owner cancelled it while it was `sending`. `uncertains` counts attempts whose outcome is
    unknown; a row with one keeps its bytes for ever. `copy_of` is the mail that this one is somebody's copy of.
    """

    __tablename__ = "outbox_email"
    __table_args__ = (
        Index(
            "ix_outbox_email_due",
            "is_bulk",
            "next_at",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),  # fmt: skip
        Index("ix_outbox_email_ended", "id", sqlite_where=text(HAS_ENDED), postgresql_where=text(HAS_ENDED)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), index=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    scope: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    is_bulk: Mapped[bool]
    to_address: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    to_name: Mapped[str | None] = mapped_column(String(200), info=personal("identity"))
    form: Mapped[str] = mapped_column(String(32), info=NOT_PERSONAL)
    own: Mapped[str] = mapped_column(Text, info=personal("content"))
    message_id: Mapped[str] = mapped_column(String(200), unique=True, info=NOT_PERSONAL)
    dated_at: Mapped[datetime] = mapped_column(Instant)
    bytes_hash: Mapped[str | None] = mapped_column(String(32), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    withdrawn: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    fence: Mapped[int | None] = mapped_column(BigInteger)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    deferrals: Mapped[int] = mapped_column(default=0)
    uncertains: Mapped[int] = mapped_column(default=0)
    copy_of: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)

    tries: Mapped[list[MailAttempt]] = relationship(order_by="MailAttempt.n", viewonly=True)

    def settle(self, state: str, reason: str | None = None) -> None:
        """Nothing more will be tried: let go of the claim and say why."""
        self.state, self.reason, self.next_at, self.fence = state, reason, None, None

    def wait(self, until: datetime | None, reason: str | None = None) -> None:
        """Back to those that wait, `uncertain` when it may have arrived already; cancelled when it was withdrawn.

        Without an instant nothing is tried until somebody decides.
        """
        if self.withdrawn:
            return self.settle(CANCELLED, self.withdrawn)
        self.settle(UNCERTAIN if self.uncertains else PENDING, reason)
        self.next_at = until


class MailAttempt(Model):
    """One try and what became of it: accepted, deferred, rejected, uncertain or lost_safe (the dot was not sent).

    Written together with the result: while a mail is under way, its row in the outbox is the mark. `reply` is what the
    server said, without addresses.
    """

    __tablename__ = "mail_attempt"
    __table_args__ = ({"sqlite_with_rowid": False},)

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox_email.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    code: Mapped[int | None]
    reply: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)


class MailWorker(Model):
    """Who sits on a seat, and which mails it holds. `beat` goes on with each turn; one that stands still is dead.

    `held` has the ids of mails that are `sending` with this fence, so that nobody has to look for them.
    """

    __tablename__ = "mail_worker"

    seat: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fence: Mapped[int] = mapped_column(BigInteger)
    beat: Mapped[int] = mapped_column(BigInteger)
    beat_at: Mapped[datetime] = mapped_column(Instant)
    held: Mapped[list[int]] = mapped_column(JSON, info=NOT_PERSONAL)


class MailHalt(Model):
    """While there is one, no digest is claimed: `ref` was withdrawn, and those that wait may tell of it.

    Written in the transaction of the withdrawal, so that nothing is claimed after it (D-13); removed by whoever has
    taken those mails back.
    """

    __tablename__ = "mail_halt"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)


class Suppression(Model):
    """An address that is not mailed, as its keyed hash only (P-07): no `digests`, or nothing at `all` but answers."""

    __tablename__ = "suppression"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), unique=True, info=personal("contact"))
    scope: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)


BOUNCE = "bounce"
COMPLAINT = "complaint"
UNSUBSCRIBE = "unsubscribe"
AUTO_REPLY = "auto-reply"
REPLY = "reply"
OTHER = "other"
KINDS = (BOUNCE, COMPLAINT, UNSUBSCRIBE, AUTO_REPLY, REPLY, OTHER)

NEW = "new"
SETTLED = "settled"
UNMATCHED = "unmatched"

HARD = "hard"
SOFT = "soft"

IS_UNSETTLED = "settled_at IS NULL"


class MailInbound(Model):
    """A mail that came in: what it is, which of ours it is about, and what became of it.

    `new` waits for the room whose business it is, `unmatched` for a person. The mail itself (`raw`) is kept for as long
    as it waits, and no longer. `fingerprint` makes the same mail one row, by whatever way it comes twice. `status` and
    `diagnostic` are the report's, without addresses; `token` is what a mail that wants to stop a subscription names, or
    the number of the address that a reply came to.
    """

    __tablename__ = "mail_inbound"
    __table_args__ = (
        Index(
            "ix_mail_inbound_unsettled",
            "id",
            sqlite_where=text(IS_UNSETTLED),
            postgresql_where=text(IS_UNSETTLED),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    fingerprint: Mapped[str] = mapped_column(String(32), unique=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str | None] = mapped_column(String(40), info=NOT_PERSONAL)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_email.id", ondelete="SET NULL"), index=True)
    weight: Mapped[str | None] = mapped_column(String(4), info=NOT_PERSONAL)
    status: Mapped[str | None] = mapped_column(String(12), info=NOT_PERSONAL)
    diagnostic: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    address_hash: Mapped[str | None] = mapped_column(String(64), index=True, info=personal("contact"))
    token: Mapped[str | None] = mapped_column(String(200), info=personal("secret"))
    raw: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal("content"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    def settle(self, now: datetime, reason: str) -> None:
        """Nothing more is to be done about it; the mail itself goes."""
        self.state, self.reason, self.settled_at = SETTLED, reason, now
        self.raw = self.token = None

    def wait(self, reason: str) -> None:
        """Let a person look at it."""
        self.state, self.reason = UNMATCHED, reason


class MailboxRead(Model):
    """When the mailbox was last read to its end, and when and why it last could not be. One row."""

    __tablename__ = "mailbox_read"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
    failed_at: Mapped[datetime | None] = mapped_column(Instant)
    fault: Mapped[str | None] = mapped_column(String(200), info=NOT_PERSONAL)
