"""Tables of duplicates: what records are compared by, pairs that may be one person, merges and what each changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outreach.accounts.models import Account
from outreach.contacts.models import BESIDE
from outreach.db import NOT_PERSONAL, Instant, Key, Model, personal

SAME, DIFFERENT, UNSURE = JUDGEMENTS = ("same", "different", "unsure")
LIKELY, POSSIBLE = BANDS = ("likely", "possible")
MOVED, CHANGED, DROPPED = ("moved", "changed", "dropped")


class PersonKey(Model):
    """A living person shares a key with everybody who must be compared with them. A key is a hash (see `keys`)."""

    __tablename__ = "person_key"
    __table_args__ = ({"sqlite_with_rowid": False, "info": BESIDE},)

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        Key, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Uncompared(Model):
    """A person whose keys were filed since the last comparison."""

    __tablename__ = "person_uncompared"
    __table_args__ = ({"info": BESIDE},)

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class CandidatePair(Model):
    """Two records that may be one person. `low_id` is the older record. `reasons`: pairs of a code and what is shared.

    A judgement holds as long as no reason is found that was not among those it was passed on, `judged_on`.
    """

    __tablename__ = "candidate_pair"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        Index("ix_candidate_pair_queue", "judgement", "score", "id"),
        {"info": BESIDE},
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    low_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    band: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    reasons: Mapped[list[list[str]]] = mapped_column(JSON, info=personal("contact"))
    found_at: Mapped[datetime] = mapped_column(Instant)
    judgement: Mapped[str] = mapped_column(String(10), default="", info=NOT_PERSONAL)
    judged_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    judged_at: Mapped[datetime | None] = mapped_column(Instant)
    judged_on: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info=personal("contact"))


class Merge(Model):
    """One record taken into another. Its two people are history: a later merge does not repoint them (`stays`)."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    survivor_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True, info={"stays": True})
    absorbed_id: Mapped[int] = mapped_column(Key, ForeignKey("person.id"), index=True, info={"stays": True})
    merged_at: Mapped[datetime] = mapped_column(Instant, index=True)
    merged_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[int | None] = mapped_column(Key, ForeignKey(Account.id))


class MergeRow(Model):
    """What a merge did to one row of any table, in order: repointed it, changed values in it, or dropped it.

    `row_key`: its primary key after the merge, by column. `before`: the values that were changed, or the whole row when
    it was dropped; `after`: what the merge made of them. Instants and dates stand as ISO words.
    """

    __tablename__ = "merge_row"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    merge_id: Mapped[int] = mapped_column(Key, ForeignKey("merge.id"), index=True)
    table: Mapped[str] = mapped_column("table_name", String(63), info=NOT_PERSONAL)
    action: Mapped[str] = mapped_column(String(10), info=NOT_PERSONAL)
    row_key: Mapped[dict[str, Any]] = mapped_column(JSON, info=NOT_PERSONAL)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("content"))
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("content"))
