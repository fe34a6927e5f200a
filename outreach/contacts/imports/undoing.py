"""Take back what rows of an import did, the last row first: people it made go, values it changed are what they were.

What somebody changed or built upon since is theirs: it stays, and the row says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, delete, false, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach.contacts import filing
from outreach.contacts.imports import known
from outreach.contacts.imports.entries import Reason
from outreach.contacts.imports.known import Record
from outreach.contacts.imports.models import NEW, UPDATES, ImportChange, ImportRow
from outreach.contacts.models import Affiliation, ContactAddress, Organisation, Person, PersonBeat
from outreach.db import Model
from outreach.language import mark
from outreach.mail.models import Suppression
from outreach.mail.suppressions import LISTED
from outreach.serbian import fold

CHANGED_SINCE = mark("Was changed since, and stays.")
TAKEN_SINCE = mark("There is another such place by now; this one stays.")
ENDED_SINCE = mark("This record was ended since; it stays as it is.")
USED_SINCE = mark("Somebody has worked with this record since; it stays.")
PARTS: tuple[Any, ...] = (ContactAddress, Affiliation, PersonBeat)
AT_ONCE = 500


@dataclass
class Undone:
    """`gone`: people who are no more; `kept`: by number of the row, what stays and why."""

    gone: set[int] = field(default_factory=set)
    kept: dict[int, list[Reason]] = field(default_factory=dict)


def reason(import_id: int) -> str:
    """The reason of a suppression that an import made, by which its undoing finds it."""
    return f"{LISTED}{import_id}"


def undo(session: Session, now: datetime, import_id: int, rows: Sequence[tuple[int, str, int | None]]) -> Undone:
    """Take back these rows (number, verdict, person), the highest number first."""
    undone = Undone()
    numbers = [number for number, _, _ in rows]
    touched = _restore(session, now, import_id, numbers, undone)
    made = {person_id: number for number, verdict, person_id in rows if verdict == NEW and person_id}
    undone.gone = _unmake(session, now, import_id, made, undone)
    changed = {
        person_id: number
        for number, verdict, person_id in rows
        if verdict == UPDATES and person_id and person_id not in made
    }
    _take_parts(session, import_id, changed, undone)
    filing.refile(session, (touched | set(changed)) - undone.gone)
    return undone


def tidy(session: Session, import_id: int) -> int:
    """At the end: organisations and suppressions that the import made and nobody needs; how many went this time."""
    is_used = [select(column).where(column == Organisation.id).exists() for column in _references(Organisation)]
    ours = select(Organisation.id).where(Organisation.import_id == import_id, Organisation.version == 1)
    idle = list(session.scalars(ours.where(~or_(*is_used)).limit(AT_ONCE)))
    session.execute(delete(Organisation).where(Organisation.id.in_(idle)))
    stopped = list(
        session.scalars(select(Suppression.id).where(Suppression.reason == reason(import_id)).limit(AT_ONCE))
    )
    session.execute(delete(Suppression).where(Suppression.id.in_(stopped)))
    return len(idle) + len(stopped)


def _restore(session: Session, now: datetime, import_id: int, numbers: Sequence[int], undone: Undone) -> set[int]:
    """Give values back what they were; the people that were changed by it."""
    span = and_(ImportChange.import_id == import_id, ImportChange.number.between(numbers[-1], numbers[0]))
    noted = list(session.scalars(select(ImportChange).where(span).order_by(ImportChange.id.desc())))
    for each in noted:
        record = known.load(session.connection(), [each.person_id]).get(each.person_id)
        kept = _restore_one(session, now, record, each) if record is not None else [["", "", ENDED_SINCE]]
        if kept:
            undone.kept[each.number] = kept
    session.execute(delete(ImportChange).where(span).execution_options(synchronize_session=False))
    return {each.person_id for each in noted}


def _restore_one(session: Session, now: datetime, record: Record, noted: ImportChange) -> list[Reason]:
    """What of it was changed since, and stays."""
    places = {place.id: place for place in record.places}
    kept: list[Reason] = []
    values: dict[str, Any] = {}
    for key, before in noted.before.items():
        table, _, rest = key.partition(":")
        if not rest:
            current = record.columns[key]
        else:
            place = places.get(int(rest.partition(":")[0]))
            current = None if place is None else place.title if rest.endswith(":title") else place.is_over
        if current != noted.after[key]:
            kept.append([key.rpartition(":")[2], str(current or "")[:300], CHANGED_SINCE])
        elif rest and not _restore_place(session, now, int(rest.partition(":")[0]), rest.endswith(":title"), before):
            kept.append([key.rpartition(":")[2], str(current or "")[:300], TAKEN_SINCE])
        elif not rest:
            values |= {key: before, **_beside(key, before)}
    values |= {"version": Person.version + 1, "changed_at": now}
    if record.columns["import_id"] != noted.import_id:
        session.execute(update(Person).where(Person.id == record.id).values(values))
    return kept


def _beside(key: str, value: Any) -> dict[str, Any]:
    """What goes with a column of a person."""
    if key == "name":
        return {"folded": fold(value)}
    return {"do_not_contact_at": None} if key == "do_not_contact" and not value else {}


def _restore_place(session: Session, now: datetime, affiliation_id: int, is_title: bool, before: Any) -> bool:
    """Whether it could be: somebody may have made a place since that is called what this one was."""
    values: dict[str, Any] = {"title": before} if is_title else {"ended_at": now if before else None}
    try:
        with session.begin_nested():
            session.execute(update(Affiliation).where(Affiliation.id == affiliation_id).values(values))
    except IntegrityError:
        return False
    return True


def _unmake(session: Session, now: datetime, import_id: int, made: dict[int, int], undone: Undone) -> set[int]:
    """Delete the people whom these rows made, but not who was changed or worked with since; who is gone."""
    wanted = select(Person.id).where(Person.id.in_(made), Person.import_id == import_id)
    ids = set(session.scalars(wanted))
    kept = set(session.scalars(wanted.where(or_(Person.version != 1, Person.changed_at != Person.created_at))))
    for column in _references(Person):
        used = select(column).distinct().where(column.in_(ids - kept), _is_not_ours(column.table, import_id))
        kept |= set(session.scalars(used))
    merged = made.keys() - ids  # their rows lead to another record by now
    undone.kept |= {made[person_id]: [["", "", USED_SINCE]] for person_id in kept | merged}
    gone = ids - kept
    session.execute(update(Person).where(Person.id.in_(gone)).values(ended_at=now))
    filing.refile(session, gone)
    session.execute(update(ImportRow).where(ImportRow.person_id.in_(gone)).values(person_id=None))
    for table in (ImportChange, *PARTS):
        session.execute(delete(table).where(table.person_id.in_(gone)))
    for column in _references(Person):
        if column.table.info.get("beside"):
            session.execute(delete(column.table).where(column.in_(gone)))
    session.execute(delete(Person).where(Person.id.in_(gone)))
    return gone


def _take_parts(session: Session, import_id: int, people: dict[int, int], undone: Undone) -> None:
    """Take away what was added to these people (number of the row by person), but not what somebody has changed since,
    nor a place that was closed: that is history."""
    for table in PARTS:
        added = and_(table.person_id.in_(people), table.import_id == import_id)
        for of_whom, told in _changed_since(session, table, added):
            undone.kept.setdefault(people[of_whom], []).append(told)
        session.execute(delete(table).where(added, _as_made(table)))


def _as_made(table: Any) -> Any:
    """Whether a row still is what the import made of it."""
    if table is PersonBeat:
        return true()
    is_same = table.changed_at.is_(None)
    return and_(is_same, Affiliation.ended_at.is_(None)) if table is Affiliation else is_same


def _changed_since(session: Session, table: Any, added: Any) -> Iterator[tuple[int, Reason]]:
    """Of whom, and what of it stays."""
    held = select(table).where(added, ~_as_made(table)).order_by(table.person_id)
    for row in session.scalars(held) if table is not PersonBeat else ():
        if isinstance(row, ContactAddress):
            yield row.person_id or 0, [row.kind, row.value, CHANGED_SINCE]
        else:
            said = ", ".join(filter(None, (row.organisation.name, row.title)))
            yield row.person_id, ["organisation", said, CHANGED_SINCE]


def _references(model: type[Model]) -> Iterator[Any]:
    """Every column anywhere that leads to this table, but those of an import's own rows."""
    wanted: Any = model.__table__
    for table in Model.metadata.sorted_tables:
        if table.name != ImportRow.__tablename__:
            yield from (key.parent for key in table.foreign_keys if key.column.table is wanted)


def _is_not_ours(table: Table, import_id: int) -> Any:
    """A row that speaks for keeping a person: of any table but those kept beside the record (`info["beside"]`), and
    not written by this import."""
    if table.info.get("beside"):
        return false()
    if "import_id" in table.columns and table.name != Person.__tablename__:
        return table.c.import_id.is_distinct_from(import_id)
    return true()
