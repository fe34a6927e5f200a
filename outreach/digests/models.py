"""The ledger: issues and what they carry, one recipient row per subscriber and slot, one item row per subscriber and
publication. The two big tables are kept in the order in which planning writes them, so that the cost of a batch does
not grow with the years behind it; what a subscriber got is found through the issues, of which there are few.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model
from outreach.mail.models import OutboxEmail
from outreach.newsroom.models import Publication

PREPARED, SKIPPED = "prepared", "skipped"


class DigestIssue(Model):
    """One digest of one cadence for one slot, made when it closes, or earlier when an officer has a say in it.

    `closes_at`: what became public later is in the next issue; with several hours a day it moves on to the last one.
    `done`: the hours ("" when it leaves at once) whose readers have all been served; who comes later waits for the
    next slot.
    Held: nothing leaves until it is let go; if it never is, the next slot takes what it would have carried.
    `line_en`, `line_sr`: a sentence that an officer adds to every copy, the Serbian one in Cyrillic.
    """

    __tablename__ = "digest_issue"
    __table_args__ = (UniqueConstraint("cadence", "slot"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    cadence: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    slot: Mapped[str] = mapped_column(String(16), info=NOT_PERSONAL)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    done: Mapped[list[str]] = mapped_column(JSON, default=list, info=NOT_PERSONAL)
    line_en: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    line_sr: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)


class DigestIssueItem(Model):
    """One publication of an issue: frozen into it, perhaps dropped by an officer, carried once a copy has it.

    `said` is how each variant told it when it was last mailed, for the archive. A dropped one goes with no digest of
    this cadence until it is put back.
    """

    __tablename__ = "digest_issue_item"

    issue_id: Mapped[int] = mapped_column(ForeignKey("digest_issue.id"), primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey(Publication.id), primary_key=True, index=True)
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)
    carried_at: Mapped[datetime | None] = mapped_column(Instant)
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON, info=NOT_PERSONAL)


class DigestRecipient(Model):
    """One subscriber's copy of an issue, so one of each cadence and slot: prepared (its mail is in the outbox) or
    skipped with a reason.

    `subscriber_id` is no foreign key: it would need an index of its own, written at another place for each row.
    """

    __tablename__ = "digest_recipient"
    __table_args__ = ({"sqlite_with_rowid": False},)

    issue_id: Mapped[int] = mapped_column(ForeignKey("digest_issue.id"), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(Key, primary_key=True)
    variant: Mapped[str] = mapped_column(String(3), info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reason: Mapped[str | None] = mapped_column(String(80), info=NOT_PERSONAL)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey(OutboxEmail.id, ondelete="SET NULL"), index=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)


class DigestItem(Model):
    """One publication in one subscriber's digest: the pair is the key, whatever topic or cadence led to it."""

    __tablename__ = "digest_item"
    __table_args__ = ({"sqlite_with_rowid": False},)

    publication_id: Mapped[int] = mapped_column(ForeignKey(Publication.id), primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(Key, primary_key=True)
    issue_id: Mapped[int] = mapped_column(Key)


class DigestPulse(Model):
    """One row: when planning last looked at everything, and what the watch found when it last looked (D-11, D-23).

    `alarms` is a list of {"kind", "count", "since"}; `since` is ISO 8601 in UTC.
    """

    __tablename__ = "digest_pulse"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(Instant)
    watched_at: Mapped[datetime | None] = mapped_column(Instant)
    alarms: Mapped[list[dict[str, Any]]] = mapped_column(JSON, info=NOT_PERSONAL)
