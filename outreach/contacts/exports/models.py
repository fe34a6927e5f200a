"""The table of files that wait for a second word, where the two-person rule is on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.contacts.exports.sources import Source
from outreach.contacts.table.asked import Asked
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

ALLOWED, REFUSED = "allowed", "refused"


class ExportRequest(Model):
    """Who wants to take out whom, in which format and what for; `count` is how many these were when it was asked.

    `kind`, `list_id` and `query` are the source. `outcome` is empty until a colleague has decided; `taken_at` is when
    the one file left.
    """

    __tablename__ = "export_request"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), info=NOT_PERSONAL)
    list_id: Mapped[int] = mapped_column(Key, default=0)
    query: Mapped[str] = mapped_column(String(8000), default="", info=personal("content"))
    form: Mapped[str] = mapped_column(String(5), info=NOT_PERSONAL)
    purpose: Mapped[str] = mapped_column(String(300), info=NOT_PERSONAL)
    count: Mapped[int]
    asked_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    asked_at: Mapped[datetime] = mapped_column(Instant, index=True)
    outcome: Mapped[str] = mapped_column(String(8), default="", info=NOT_PERSONAL)
    decided_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def source(self) -> Source:
        return Source(self.kind, self.list_id, Asked.from_query(self.query))
