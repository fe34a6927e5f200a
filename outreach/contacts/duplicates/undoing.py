"""Undo a merge wholly: both records are as they were, but for what came later, which stays with the survivor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Column, Table, Update, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing
from outreach.contacts.duplicates.journal import is_row, plain, rows_of, typed
from outreach.contacts.duplicates.merging import FIELDS, PEOPLE, bump
from outreach.contacts.duplicates.models import DROPPED, MOVED, Merge, MergeRow
from outreach.contacts.duplicates.repointing import references_to
from outreach.contacts.models import Person
from outreach.db import Instant, Model
from outreach.errors import IllegalMove, NotFound
from outreach.language import mark

UNDO_LATER_FIRST = mark("Another record was merged with this one later. Undo that merge first.")
CAME = ("at", "created_at", "received_at", "asked_at", "added_at")
AT_ONCE = 500
BARRED = ("do_not_contact", "do_not_contact_at", "do_not_contact_reason")
TOLD = frozenset((*FIELDS, *BARRED, "languages", "channels"))


@dataclass
class Undone:
    """`later`: how many entries came after the merge and stay with the survivor. `kept`: columns of the survivor that
    were changed after it and stay so. `stayed`: rows that stay with the survivor, since the other record has the same
    already. `lost`: rows that could not be put back, since somebody removed what they are of.
    """

    merge: Merge
    later: int = 0
    kept: list[str] = field(default_factory=list)
    stayed: int = 0
    lost: int = 0


def undo(session: Session, now: datetime, merge_id: int, actor_id: int | None) -> Undone:
    """Undo; a merge that was undone before stays undone. IllegalMove while a later merge of the survivor holds."""
    merge = session.get(Merge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFound
    done = Undone(merge)
    if merge.undone_at is not None:
        return done
    _refuse_out_of_order(session, merge)
    merge.undone_at, merge.undone_by = now, actor_id
    session.flush()
    _Restoring(session, done).run()
    _bar_both(session, now, merge)
    for person_id in (merge.survivor_id, merge.absorbed_id):
        bump(session, now, person_id)
    filing.refile(session, [merge.survivor_id, merge.absorbed_id])
    done.later = _came_later(session, merge)
    for person_id in (merge.survivor_id, merge.absorbed_id):
        audit.record(
            session, now, "person.merge_undone", f"person:{person_id}", actor_id, merge=merge.id, later=done.later
        )  # fmt: skip
    return done


class _Restoring:
    """Goes through what a merge did, backwards."""

    def __init__(self, session: Session, done: Undone) -> None:
        self.session, self.done = session, done
        self.renumbered: dict[tuple[str, Any], Any] = {}

    def run(self) -> None:
        noted = select(MergeRow).where(MergeRow.merge_id == self.done.merge.id).order_by(MergeRow.id.desc())
        for (name, action, *_), entries in groupby(self.session.scalars(noted).all(), _alike):
            table, run = Model.metadata.tables.get(name), list(entries)
            if table is None:
                self.done.lost += len(run)
            elif action == MOVED and len(table.primary_key) == 1:
                self._send_back(table, run)
            else:
                for entry in run:
                    (self._put_back if action == DROPPED else self._set_back)(table, entry)

    def _send_back(self, table: Table, run: Sequence[MergeRow]) -> None:
        """Point rows that were pointed at the survivor together at the absorbed again: there may be thousands."""
        (key,), ((name, new),) = table.primary_key, typed(table, run[0].after).items()
        old = self._today(table.c[name], typed(table, run[0].before)[name])
        for start in range(0, len(run), AT_ONCE):
            keys = [typed(table, entry.row_key)[key.name] for entry in run[start : start + AT_ONCE]]
            self.done.lost += len(keys) - len(rows_of(self.session, select(key).where(key.in_(keys)).with_for_update()))
            back = update(table).where(table.c[name] == new).values({name: old})
            if not self._fits(back.where(key.in_(keys))):
                self.done.stayed += sum(not self._fits(back.where(key == each)) for each in keys)

    def _fits(self, change: Update) -> bool:
        """Do it, unless somebody has made a row since that stands where one of these would go."""
        try:
            with self.session.begin_nested():
                self.session.execute(change)
        except IntegrityError:
            return False
        return True

    def _set_back(self, table: Table, entry: MergeRow) -> None:
        """Give a row its earlier values, but for those that somebody has changed since."""
        key = typed(table, entry.row_key)
        found = rows_of(self.session, select(table).where(is_row(table, key)).with_for_update())
        if not found:
            self.done.lost += 1
            return
        row, now = found[0], plain(found[0])
        ours = {name: value for name, value in entry.before.items() if now[name] == entry.after[name]}
        if table is PEOPLE and row["id"] == self.done.merge.survivor_id:
            self.done.kept += [name for name in entry.before if name not in ours and name in TOLD]
        if ours:
            values = {name: self._today(table.c[name], value) for name, value in typed(table, ours).items()}
            self.done.stayed += not self._fits(update(table).where(is_row(table, key)).values(values))

    def _put_back(self, table: Table, entry: MergeRow) -> None:
        """Insert a dropped row again, under another number when somebody got its own."""
        values = {name: self._today(table.c[name], value) for name, value in typed(table, entry.before).items()}
        number = table.autoincrement_column
        if number is not None and self.session.execute(select(number).where(is_row(table, values))).first():
            del values[number.name]
        try:
            with self.session.begin_nested():
                made = cast(Any, self.session.execute(insert(table).values(values)))
        except IntegrityError:
            self.done.lost += 1
            return
        if number is not None:
            self.renumbered[table.name, entry.before[number.name]] = made.inserted_primary_key[0]

    def _today(self, column: Column[Any], value: Any) -> Any:
        """A reference to a row that was put back under another number."""
        for key in column.foreign_keys:
            return self.renumbered.get((key.column.table.name, value), value)
        return value


def _alike(entry: MergeRow) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """What is the same in rows that one statement moved."""
    return entry.table, entry.action, entry.before, entry.after


def _refuse_out_of_order(session: Session, merge: Merge) -> None:
    people = {person.id: person for person in session.scalars(
        select(Person).where(Person.id.in_((merge.survivor_id, merge.absorbed_id))).with_for_update()
    )}  # fmt: skip
    later = select(Merge.id).where(Merge.survivor_id == merge.survivor_id, Merge.id > merge.id)
    if people[merge.survivor_id].ended_at or session.scalar(later.where(Merge.undone_at.is_(None))):
        raise IllegalMove(UNDO_LATER_FIRST)


def _bar_both(session: Session, now: datetime, merge: Merge) -> None:
    """Who of the two asked after the merge not to be contacted, nobody can tell: so neither is."""
    survivor, absorbed = (select(*(PEOPLE.c[name] for name in BARRED)).where(PEOPLE.c.id == each) for each in (
        merge.survivor_id, merge.absorbed_id
    ))  # fmt: skip
    (mine,), (theirs,) = rows_of(session, survivor), rows_of(session, absorbed)
    if (
        mine["do_not_contact"]
        and not theirs["do_not_contact"]
        and (mine["do_not_contact_at"] or now) >= merge.merged_at
    ):
        session.execute(update(PEOPLE).where(PEOPLE.c.id == merge.absorbed_id).values(mine))


def _came_later(session: Session, merge: Merge) -> int:
    """How many rows of any table were made for the survivor after the merge."""
    later = 0
    for column in references_to(PEOPLE):
        table = column.table
        at = next((table.c[name] for name in CAME if name in table.c and isinstance(table.c[name].type, Instant)), None)
        if at is not None:
            newer = select(func.count()).where(column == merge.survivor_id, at > merge.merged_at)
            later += session.execute(newer).scalar() or 0
    return later
