"""Tables of the newsroom. The words themselves come from files; what is kept here can tell what was public when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.db import NOT_PERSONAL, Instant, Key, Model

FIRST, CHANGE_NOTE, CORRECTION = "first", "change_note", "correction"
NOTED, BASELINE, HELD = "noted", "baseline", "held"


class Document(Model):
    """A page or an update, whatever it is called and wherever its files lie: the id in its head is what it is.

    `state` is what a reader finds: draft (nothing yet), published (from `public_from` on), withdrawn (a stub with the
    reason) or gone (the files were taken away after it was public). `is_urgent`: its first publication and its
    corrections may reach those who allow it at once.
    """

    __tablename__ = "document"

    id: Mapped[str] = mapped_column(String(5), primary_key=True, info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    path: Mapped[str] = mapped_column(String(200), index=True, info=NOT_PERSONAL)
    state: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    topics: Mapped[list[str]] = mapped_column(JSON, info=NOT_PERSONAL)
    public_from: Mapped[datetime | None] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    is_urgent: Mapped[bool] = mapped_column(default=False, server_default=false())

    def is_public(self, now: datetime) -> bool:
        """Published, and the embargo is over."""
        return self.state == "published" and (self.public_from is None or self.public_from <= now)


class DocumentVersion(Model):
    """One text of a document in one language, as it was seen: kept whole, with its author when one is known."""

    __tablename__ = "document_version"
    __table_args__ = (
        Index(
            "uq_document_version_current",
            "document_id",
            "language",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True, info=NOT_PERSONAL)
    language: Mapped[str] = mapped_column(String(2), info=NOT_PERSONAL)
    file: Mapped[str] = mapped_column(String(220), info=NOT_PERSONAL)
    content_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    author_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    seen_at: Mapped[datetime] = mapped_column(Instant)
    is_current: Mapped[bool] = mapped_column(default=True)


class Publication(Model):
    """One public moment of a document, noted once when it really happened: the unit that a digest carries.

    `key` is "first" or the time of the change as its author wrote it. `state`: noted (digests may carry it), baseline
    (was public before anybody could subscribe) or held (too many at once, until somebody releases them).
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("document_id", "key", name="uq_publication_document_id_key"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True, info=NOT_PERSONAL)
    key: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    kind: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    public_at: Mapped[datetime] = mapped_column(Instant, index=True)
    state: Mapped[str] = mapped_column(String(20), info=NOT_PERSONAL)
    note_en: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)
    note_sr: Mapped[str | None] = mapped_column(Text, info=NOT_PERSONAL)


class Generation(Model):
    """The one row that every page asks for: raised in the transaction of any change, so that a cache can trust it.

    `folder_hash` is the folder as it was last read; `next_change_at` is the next embargo that
    lifts or review that falls due.
    """

    __tablename__ = "generation"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    folder_hash: Mapped[str] = mapped_column(String(64), default="", info=NOT_PERSONAL)
    next_change_at: Mapped[datetime | None] = mapped_column(Instant)
    baseline_at: Mapped[datetime | None] = mapped_column(Instant)


class DataFile(Model):
    """The last good text of a data file of the folder (figures, map), so that a broken one changes no page."""

    __tablename__ = "data_file"

    file: Mapped[str] = mapped_column(String(40), primary_key=True, info=NOT_PERSONAL)
    content_hash: Mapped[str] = mapped_column(String(64), info=NOT_PERSONAL)
    source: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class ContentFault(Model):
    """A fault of the last reading, so that the desk can show it; the whole set is replaced by each reading."""

    __tablename__ = "content_fault"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    file: Mapped[str] = mapped_column(String(220), info=NOT_PERSONAL)
    line: Mapped[int]
    message: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)
    is_blocking: Mapped[bool] = mapped_column(default=True)
