"""The table of what people ask of their own record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outreach.accounts.models import Account
from outreach.contacts.models import Person
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

CORRECTION, ERASURE = KINDS = ("correction", "erasure")
DONE, REFUSED = OUTCOMES = ("done", "refused")
_OPEN = "settled_at IS NULL"


class CardRequest(Model):
    """What a person asks: a correction (`proposed`: new value by field; `words`: anything else) or to be erased.

    `outcome` is empty while it is open; `answer` is what staff say to a refusal, and the card shows it.
    """

    __tablename__ = "card_request"
    __table_args__ = (
        Index("ix_card_request_open", "asked_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(String(12), info=NOT_PERSONAL)
    proposed: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info=personal("identity"))
    words: Mapped[str] = mapped_column(Text, default="", info=personal("content"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    outcome: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    answer: Mapped[str] = mapped_column(Text, default="", info=personal("content"))

    person: Mapped[Person] = relationship()
