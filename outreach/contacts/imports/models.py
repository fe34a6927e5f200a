"""Tables of imports: the rows of a file as they came, what each changed, how heads were mapped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

NEW, UPDATES, SAME, DOUBT, REFUSED = VERDICTS = ("new", "updates", "same", "doubt", "refused")


class ImportRow(Model):
    """One line of it, kept verbatim, with what became of it. `reasons`: field, value and reason of each problem."""

    __tablename__ = "import_row"

    import_id: Mapped[int] = mapped_column(Key, ForeignKey("contact_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[str] = mapped_column(Text, info=personal("content"))
    verdict: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    reasons: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info=personal("content"))
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
