"""Tables of imports: the rows of a file as they came, what each changed, how heads were mapped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

NEW, UPDATES, SAME, DOUBT, REFUSED, STOPS = VERDICTS = ("new", "updates", "same", "doubt", "refused", "stops")
"""`stops`: marked as unsubscribed, so that the address becomes a suppression and nobody is taken in."""
LEAVE, TAKE, UPDATE, KEPT = DECISIONS = ("leave", "new", "update", "kept")
"""What an officer said of a row in doubt; `kept`: what the row made or changed was changed since, and stays."""

NOT_PLAIN = "verdict <> 'new' AND verdict <> ''"
"""Most rows are new: they have no place in the index by verdict, so whoever wants it says this."""


class ImportRow(Model):
    """One line of it, kept verbatim, with what became of it. `reasons`: field, value and reason of each problem, or of
    each value that it brings. `key`: what another line of the same person would share; only a line that may become or
    is somebody has one. `person_id`: whom it became, or in doubt, who it may be."""

    __tablename__ = "import_row"
    __table_args__ = (
        Index(
            "ix_import_row_key", "key",
            sqlite_where=text("key IS NOT NULL"), postgresql_where=text("key IS NOT NULL"),
        ),
        Index(
            "ix_import_row_verdict", "import_id", "verdict", "number",
            sqlite_where=text(NOT_PLAIN), postgresql_where=text(NOT_PLAIN),
        ),
    )  # fmt: skip

    import_id: Mapped[int] = mapped_column(Key, ForeignKey("contact_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[str] = mapped_column(Text, info=personal("content"))
    verdict: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    reasons: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info=personal("content"))
    key: Mapped[int | None] = mapped_column(BigInteger)
    decision: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("person.id"), index=True)


class ImportChange(Model):
    """What a row changed in a record that was there before: the values before and after. What it made is known by the
    `import_id` on the record itself."""

    __tablename__ = "import_change"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    import_id: Mapped[int] = mapped_column(Key, ForeignKey("contact_import.id"), index=True)
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("content"))
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("content"))


class ImportMapping(Model):
    """How a head was mapped last time, by the hash of its names."""

    __tablename__ = "import_mapping"

    head_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=NOT_PERSONAL)
    mapping: Mapped[dict[str, str]] = mapped_column(JSON, info=NOT_PERSONAL)
    used_at: Mapped[datetime] = mapped_column(Instant)
