"""Tables of press lists, who is on them, and segments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.contacts.models import Person
from outreach.db import NOT_PERSONAL, Instant, Key, Model

LIST, SEGMENT = KINDS = ("list", "segment")
IS_KEPT = text("ended_at IS NULL")


class PressList(Model):
    """A hand-kept set of people. `purpose`: what it is for; an ended one is used no more."""

    __tablename__ = "press_list"
    __table_args__ = (Index("uq_press_list_name", "name", unique=True, sqlite_where=IS_KEPT, postgresql_where=IS_KEPT),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    purpose: Mapped[str] = mapped_column(String(300), default="", info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)


class PressListMember(Model):
    """A person on a list, since when and by whom. Taken off, the row stays with `ended_at`; put on again, it lives."""

    __tablename__ = "press_list_member"
    __table_args__ = (UniqueConstraint("list_id", "person_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    list_id: Mapped[int] = mapped_column(Key, ForeignKey(PressList.id))
    person_id: Mapped[int] = mapped_column(Key, ForeignKey(Person.id), index=True)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)


class Segment(Model):
    """A saved filter, evaluated whenever it is used; also a saved view of the table. `query`: its address's query, in
    the one way of writing it that `table.asked` gives."""

    __tablename__ = "segment"
    __table_args__ = (Index("uq_segment_name", "name", unique=True, sqlite_where=IS_KEPT, postgresql_where=IS_KEPT),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(80), info=NOT_PERSONAL)
    query: Mapped[str] = mapped_column(Text, info=NOT_PERSONAL)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id), index=True)
