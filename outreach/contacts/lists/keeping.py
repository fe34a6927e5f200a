"""Keep press lists and segments, put people on a list and take them off. Each is safe to do twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import matching
from outreach.contacts.lists.models import LIST, SEGMENT, PressList, PressListMember, Segment
from outreach.contacts.models import Person
from outreach.db import insert
from outreach.errors import Conflict, NotFound
from outreach.language import mark

NO_NAME = mark("Give it a name.")
TAKEN = mark("Another one has this name.")
STALE = mark("Somebody else changed this meanwhile. Compare, then save again.")
NOTHING_ASKED = mark("A segment needs at least one filter.")
KEPT = {LIST: "list.kept", SEGMENT: "segment.kept"}
CHANGED = {LIST: "list.changed", SEGMENT: "segment.changed"}
ENDED = {LIST: "list.ended", SEGMENT: "segment.ended"}
Kept = TypeVar("Kept", PressList, Segment)


def keep_list(session: Session, now: datetime, name: str, purpose: str, actor_id: int | None) -> PressList:
    """A new list; the living one of that name if it is for the same. Raises Conflict for a name that is taken."""
    same: PressList | None = _named(session, PressList, name)
    if same is not None:
        if same.purpose != purpose:
            raise Conflict("name", TAKEN)
        return same
    made = PressList(name=name, purpose=purpose, created_at=now, created_by=actor_id)
    return _made(session, now, made, LIST, actor_id)


def keep_segment(session: Session, now: datetime, name: str, query: str, has_filters: bool,
                 actor_id: int | None) -> Segment:  # fmt: skip
    """A filter kept by name. `query`: as `Asked.query` writes it. Raises Conflict for a name that is taken, and for a
    segment of everybody."""
    if not has_filters:
        raise Conflict("query", NOTHING_ASKED)
    same: Segment | None = _named(session, Segment, name)
    if same is not None:
        if same.query != query:
            raise Conflict("name", TAKEN)
        return same
    made = Segment(name=name, query=query, created_at=now, created_by=actor_id)
    return _made(session, now, made, SEGMENT, actor_id)


def change(session: Session, now: datetime, kept: PressList | Segment, version: int, name: str, about: str,
           actor_id: int | None) -> None:  # fmt: skip
    """Another name, and what a list is for (`about`) or what a segment asks. Raises Conflict."""
    if kept.version != version:
        raise Conflict("version", STALE)
    same = _named(session, type(kept), name)
    if same is not None and same.id != kept.id:
        raise Conflict("name", TAKEN)
    kept.name, kept.version = name, kept.version + 1
    if isinstance(kept, PressList):
        kept.purpose = about
    else:
        kept.query = about
    audit.record(session, now, CHANGED[_kind(kept)], _ref(kept), actor_id)


def end(session: Session, now: datetime, kept: PressList | Segment, actor_id: int | None) -> None:
    """It is used no more; who was in it stays written down."""
    if kept.ended_at is None:
        kept.ended_at, kept.ended_by = now, actor_id
        audit.record(session, now, ENDED[_kind(kept)], _ref(kept), actor_id)


def get(session: Session, kind: str, id_: int, to_write: bool = False) -> PressList | Segment:
    """The living one of this id. Raises NotFound."""
    table: type[Any] = PressList if kind == LIST else Segment
    kept: PressList | Segment | None = session.get(table, id_, with_for_update=to_write or None)
    if kept is None or kept.ended_at is not None:
        raise NotFound(f"{kind} {id_}")
    return kept


def add(session: Session, now: datetime, list_id: int, person_ids: Collection[int], actor_id: int | None) -> int:
    """Put people on the list; how many were not on it. Whoever is unknown or has ended is left out."""
    get(session, LIST, list_id)
    living = set(session.scalars(select(Person.id).where(Person.id.in_(person_ids), Person.ended_at.is_(None))))
    on_it = select(PressListMember.person_id).filter_by(list_id=list_id, ended_at=None)
    fresh = sorted(living - set(session.scalars(on_it.where(PressListMember.person_id.in_(living)))))
    if not fresh:
        return 0
    rows = [{"list_id": list_id, "person_id": id_, "added_at": now, "added_by": actor_id} for id_ in fresh]
    again = {"added_at": now, "added_by": actor_id, "ended_at": None, "ended_by": None}
    put = insert(session, PressListMember).values(rows)
    session.execute(put.on_conflict_do_update(index_elements=["list_id", "person_id"], set_=again))
    audit.record(session, now, "list.added", f"list:{list_id}", actor_id, people=fresh)
    return len(fresh)


def remove(session: Session, now: datetime, list_id: int, person_ids: Collection[int], actor_id: int | None) -> int:
    """Take people off the list; how many were on it."""
    get(session, LIST, list_id)
    on_it = select(PressListMember.person_id).filter_by(list_id=list_id, ended_at=None)
    gone = sorted(session.scalars(on_it.where(PressListMember.person_id.in_(person_ids))))
    if gone:
        off = update(PressListMember).filter_by(list_id=list_id).where(PressListMember.person_id.in_(gone))
        session.execute(off.values(ended_at=now, ended_by=actor_id))
        audit.record(session, now, "list.removed", f"list:{list_id}", actor_id, people=gone)
    return len(gone)


def _named(session: Session, table: type[Any], name: str) -> Any:
    if not name:
        raise Conflict("name", NO_NAME)
    matching.alone_with(session, f"{table.__tablename__} {name}")
    return session.scalar(select(table).where(table.name == name, table.ended_at.is_(None)))


def _made(session: Session, now: datetime, made: Kept, kind: str, actor_id: int | None) -> Kept:
    session.add(made)
    session.flush()
    audit.record(session, now, KEPT[kind], f"{kind}:{made.id}", actor_id)
    return made


def _kind(kept: PressList | Segment) -> str:
    return LIST if isinstance(kept, PressList) else SEGMENT


def _ref(kept: PressList | Segment) -> str:
    return f"{_kind(kept)}:{kept.id}"
