"""Tables of inquiries: the inquiry, its numbered questions, its messages and the log of its moves."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import Account
from outreach.contacts.models import Person
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal
from outreach.inquiries.lines.models import Line
from outreach.inquiries.stories.models import Story
from outreach.mail.models import OutboxEmail

SCREENED, RECEIVED, ACCEPTED, WAITING = "screened", "received", "accepted", "waiting"
IN_CLEARANCE, ANSWERED, CLOSED = "in clearance", "answered", "closed"
DECLINED, REFERRED, DUPLICATE, WITHDRAWN = "declined", "referred", "duplicate", "withdrawn"
OPEN_STATES = (RECEIVED, ACCEPTED, WAITING, IN_CLEARANCE)
# Written out, not as parameters: only so does a database see that the partial indexes below serve a query.
IS_OPEN = text("state IN ('received', 'accepted', 'waiting', 'in clearance')")
IS_ANSWERED = text("state IN ('answered', 'closed') AND answered_at IS NOT NULL")
IS_SCREENED = text("state = 'screened'")

IN, OUT, NOTE = "in", "out", "note"
FORM, MAIL, CALL, PAGE = "form", "mail", "call", "page"
WILL, PARTLY, WONT = "will", "partly", "wont"
ERASED = "erased"
"""Why an inquiry ended whose journalist had everything about them erased: nothing can be done with it any more."""

EDIT_WINDOW = timedelta(minutes=15)
DUE_SOON = timedelta(hours=4)


class Inquiry(Model):
    """What one journalist asked us. No address of a machine and no browser is kept with it (F-24)."""

    __tablename__ = "inquiry"
    # The queue: what is open by its deadline with all that its counts ask, and by owner; the ends of the longer lists.
    # The bare state has no index: SQLite, which keeps no figures, would take it for the best of all.
    __table_args__ = (
        Index(
            "ix_inquiry_open_due", "deadline_at", "received_at", "id", "state", "owner_id", "snoozed_until",
            "last_in_at", "desk_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN,
        ),
        Index(
            "ix_inquiry_open_owner", "owner_id", "deadline_at", "received_at", "id", sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
        Index("ix_inquiry_answered", "answered_at", "id", sqlite_where=IS_ANSWERED, postgresql_where=IS_ANSWERED),
        Index("ix_inquiry_screened", "received_at", "id", sqlite_where=IS_SCREENED, postgresql_where=IS_SCREENED),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    reference: Mapped[str] = mapped_column(String(10), unique=True, info=NOT_PERSONAL)
    nonce: Mapped[str | None] = mapped_column(String(64), unique=True, info=NOT_PERSONAL)
    fingerprint: Mapped[str] = mapped_column(String(64), info=personal("content"))
    key_id: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    version: Mapped[int] = mapped_column(default=1)

    state: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    screened_reason: Mapped[str | None] = mapped_column(String(40), info=NOT_PERSONAL)
    owner_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Person.id), index=True)
    source: Mapped[str] = mapped_column(String(10), default=FORM, info=NOT_PERSONAL)
    logged_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    duplicate_of_id: Mapped[int | None] = mapped_column(Key, ForeignKey("inquiry.id"), index=True)
    story_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Story.id), index=True)

    needs: Mapped[list[str]] = mapped_column(JSON, info=personal("content"))
    subject: Mapped[str] = mapped_column(String(120), info=personal("content"))
    story: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    about: Mapped[str | None] = mapped_column(String(60), info=NOT_PERSONAL)
    details: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict, info=personal("content"))
    deadline_choice: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    deadline_day: Mapped[str] = mapped_column(String(60), default="", info=personal("content"))
    deadline_hour: Mapped[str] = mapped_column(String(60), default="", info=personal("content"))
    deadline_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    deadline_zone: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    deadline_repeats: Mapped[bool] = mapped_column(default=False)
    suspense_at: Mapped[datetime | None] = mapped_column(Instant)
    commit_by_at: Mapped[datetime | None] = mapped_column(Instant)
    publishes_anyway: Mapped[bool] = mapped_column(default=False)
    wants_notices: Mapped[bool] = mapped_column(default=False, server_default=false())
    publication_on: Mapped[date | None]
    terms_wanted: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)

    name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    outlet: Mapped[str] = mapped_column(String(120), info=personal("identity"))
    byline: Mapped[str] = mapped_column(String(300), default="", info=personal("identity"))
    email: Mapped[str] = mapped_column(String(254), info=personal("contact"))
    phone: Mapped[str] = mapped_column(String(60), default="", info=personal("contact"))
    channels: Mapped[list[str]] = mapped_column(JSON, info=personal("contact"))
    other_handle: Mapped[str] = mapped_column(String(120), default="", info=personal("contact"))
    reply_in: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    folded: Mapped[str] = mapped_column(Text, info=personal("content"))

    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    commitment: Mapped[str | None] = mapped_column(String(10), info=NOT_PERSONAL)
    commitment_words: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    committed_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_reason: Mapped[str | None] = mapped_column(String(40), info=NOT_PERSONAL)
    ended_words: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    snoozed_until: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    desk_at: Mapped[datetime | None] = mapped_column(Instant)
    last_in_at: Mapped[datetime] = mapped_column(Instant)
    draft: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=personal("content"))
    mail_thread: Mapped[str | None] = mapped_column(String(200), info=NOT_PERSONAL)

    questions: Mapped[list[Question]] = relationship(
        order_by="Question.number", cascade="all, delete-orphan", lazy="selectin"
    )
    messages: Mapped[list[InquiryMessage]] = relationship(order_by="InquiryMessage.id", cascade="all, delete-orphan")
    events: Mapped[list[InquiryEvent]] = relationship(order_by="InquiryEvent.id", cascade="all, delete-orphan")

    @property
    def ref(self) -> str:
        """The name that lower rooms keep for this inquiry: mails, interactions, audit."""
        return f"inquiry:{self.reference}"

    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_erased(self) -> bool:
        return self.ended_reason == ERASED

    def is_overdue(self, now: datetime) -> bool:
        """The deadline has passed and nothing was answered."""
        return self.is_open() and self.deadline_at is not None and self.deadline_at < now

    def was_answered_on_time(self) -> bool | None:
        """Whether the last answer left by the deadline; ``None`` without an answer or without a deadline."""
        return None if self.answered_at is None or self.deadline_at is None else self.answered_at <= self.deadline_at

    def is_due_soon(self, now: datetime) -> bool:
        """Less than four hours are left."""
        return self.is_open() and self.deadline_at is not None and now <= self.deadline_at < now + DUE_SOON

    def has_new_words(self) -> bool:
        """The journalist wrote after the desk last did something about it."""
        return self.last_in_at > self.received_at and (self.desk_at is None or self.last_in_at > self.desk_at)

    def is_snoozed(self, now: datetime) -> bool:
        """Put off until later; new words of the journalist bring it back at once, and the deadline never waits."""
        return (
            self.is_open() and self.snoozed_until is not None and self.snoozed_until > now and not self.has_new_words()
        )

    def lacks_commitment(self, now: datetime) -> bool:
        """By now the office should have said whether it will make the deadline, and it has not."""
        return self.is_open() and self.commitment is None and self.commit_by_at is not None and self.commit_by_at < now

    def can_be_edited(self, now: datetime) -> bool:
        """For 15 minutes, while nobody has taken it on, a correction replaces the text."""
        return self.state in (SCREENED, RECEIVED) and now < self.edit_until

    @property
    def edit_until(self) -> datetime:
        return self.received_at + EDIT_WINDOW


Index("ix_inquiry_email", func.lower(Inquiry.email))


class Question(Model):
    """One numbered part of an inquiry, and our words to it, last changed by `edited_by_id`.

    `source` is where the answer comes from; `terms` its own terms, where they differ from those of the reply.
    """

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("inquiry_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey("inquiry.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text, info=personal("content"))
    answer: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    source: Mapped[str] = mapped_column(String(300), default="", info=personal("content"))
    terms: Mapped[str | None] = mapped_column(String(20), info=NOT_PERSONAL)
    line_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Line.id), index=True)
    edited_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class InquiryMessage(Model):
    """Words in the thread: in (from the journalist), out (from us) or note (only we see it), by mail, call or page.

    `leaves_at`: until then an outgoing message can be taken back (`undone_at`). `quoted`: what a mail cites of earlier
    ones; `sender`: who wrote it, when it came from another address than the inquiry's own. `outbox_id` is the mail it
    left in, whose attempts say what the server answered. Each of `answers` is the question, our words and their terms.
    """

    __tablename__ = "inquiry_message"
    __table_args__ = (UniqueConstraint("inquiry_id", "nonce"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey("inquiry.id"), index=True)
    direction: Mapped[str] = mapped_column(String(4), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant)
    author_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    channel: Mapped[str] = mapped_column(String(10), default=PAGE, info=NOT_PERSONAL)
    body: Mapped[str] = mapped_column(Text, info=personal("content"))
    quoted: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    copies_to: Mapped[list[str]] = mapped_column(JSON, default=list, info=personal("contact"))
    sender: Mapped[str] = mapped_column(String(254), default="", info=personal("contact"))
    file_ids: Mapped[list[int]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    nonce: Mapped[str | None] = mapped_column(String(64), info=NOT_PERSONAL)
    outbox_id: Mapped[int | None] = mapped_column(Key, ForeignKey(OutboxEmail.id, ondelete="SET NULL"), index=True)
    leaves_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    terms: Mapped[str | None] = mapped_column(String(20), info=NOT_PERSONAL)
    attribution: Mapped[str] = mapped_column(String(200), default="", info=personal("content"))
    answers: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info=personal("content"))

    @property
    def said(self) -> list[tuple[str, str, str]]:
        """Each of its answers: the question, our words, and the terms they are on."""
        return [(one[0], one[1], (one[2] if len(one) > 2 else "") or self.terms or "") for one in self.answers]

    def is_public(self, now: datetime) -> bool:
        """Whether the journalist may see it: theirs, or ours once it has left."""
        return self.direction == IN or (self.direction == OUT and self.has_left(now))

    def has_left(self, now: datetime) -> bool:
        """Whether it may be shown to others: it was not taken back, and cannot be any more."""
        return self.undone_at is None and (self.leaves_at is None or self.leaves_at <= now)


class InquiryEvent(Model):
    """One move: who (nobody = the journalist or the system), when, from, to, in what words."""

    __tablename__ = "inquiry_event"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    inquiry_id: Mapped[int] = mapped_column(Key, ForeignKey("inquiry.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    verb: Mapped[str] = mapped_column(String(40), info=NOT_PERSONAL)
    from_state: Mapped[str | None] = mapped_column(String(20), info=NOT_PERSONAL)
    to_state: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    words: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
