"""The steps of an import: each looks at, applies or takes back the next rows, whole or not at all.

A step finds by itself where the one before it ended, holding the import's row meanwhile. So any process may do the
next one, a crash costs no more than the last ones, and none is done twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import audit, bulk
from outreach.contacts import matching
from outreach.contacts.imports import judging, keeping, making, undoing, updating
from outreach.contacts.imports.entries import Entry, Interpreter
from outreach.contacts.imports.judging import Row, Verdict
from outreach.contacts.imports.making import Stamp
from outreach.contacts.imports.models import KEPT, NEW, STOPS, UPDATES, ImportRow
from outreach.contacts.models import APPLYING, DISCARDED, DONE, LOOKED_AT, LOOKING, UNDOING, UNDONE, Import
from outreach.mail import suppressions

if TYPE_CHECKING:
    from outreach.house import House

Step = Callable[[Session, "House", datetime, Import, int], int]
_ROW = (("verdict", "text"), ("reasons", "json"), ("key", "bigint"), ("person_id", "bigint"))


def step(session: Session, house: House, now: datetime, import_id: int, most: int) -> int:
    """The next rows of an import that is under way, `most` at the most; how many were done, 0 when none are left."""
    held = session.get(Import, import_id, with_for_update=True, populate_existing=True)
    doing: Step | None = _STEPS.get(held.state) if held else None
    return doing(session, house, now, held, most) if doing and held else 0


def end(session: Session, house: House, now: datetime, import_id: int, most: int) -> int:
    """Close an import that has no rows left; if there are some yet, it is a step like any other."""
    done = step(session, house, now, import_id, most)
    held = session.get(Import, import_id)
    if done or held is None or held.state not in _ENDS:
        return done
    held.state, noted = _ENDS[held.state]
    if noted:
        held.ended_at = now
        told = {KEPT: held.counts.get(KEPT, 0)} if held.state == UNDONE else held.counts
        audit.record(session, now, noted, f"import:{held.id}", held.actor_id, **told)
    return 0


def _look(session: Session, house: House, now: datetime, held: Import, most: int) -> int:
    rows, entries = _next(session, house, held, most)
    if not rows:
        return 0
    verdicts = judging.judge(session.connection(), held.id, rows, entries)
    _write(session, held, rows, entries, verdicts)
    return len(rows)


def _apply(session: Session, house: House, now: datetime, held: Import, most: int) -> int:
    matching.alone_with(session, "imports of contacts")
    rows, entries = _next(session, house, held, most)
    if not rows:
        return 0
    verdicts = judging.judge(session.connection(), held.id, rows, entries)
    done = _cut(verdicts)
    rows, entries, verdicts = rows[:done], entries[:done], verdicts[:done]
    stamp = Stamp(held, now, str(bulk.stamp(session.connection(), now)))
    fresh = [(verdict, entry) for verdict, entry in zip(verdicts, entries, strict=True) if verdict.verdict == NEW]
    ids = making.make(session, stamp, [entry for _, entry in fresh])
    for (verdict, _), person_id in zip(fresh, ids, strict=True):
        verdict.person_id = person_id
    updating.apply(session, stamp, [
        (row.number, verdict.record, verdict.changes)
        for row, verdict in zip(rows, verdicts, strict=True) if verdict.record and verdict.changes
    ])  # fmt: skip
    stopped = [entry for verdict, entry in zip(verdicts, entries, strict=True) if verdict.verdict == STOPS]
    hashes = {address[3] for entry in stopped for address in entry.addresses if address[0] == "email"}
    suppressions.suppress_hashed(session, hashes, suppressions.DIGESTS, undoing.reason(held.id), now)
    _write(session, held, rows, entries, verdicts)
    return len(rows)


def _undo(session: Session, house: House, now: datetime, held: Import, most: int) -> int:
    last = select(ImportRow.number, ImportRow.verdict, ImportRow.person_id)
    last = last.where(ImportRow.import_id == held.id, ImportRow.number <= held.next_row)
    rows = [(row[0], row[1], row[2]) for row in session.execute(last.order_by(ImportRow.number.desc()).limit(most))]
    if not rows:
        return undoing.tidy(session, held.id)
    undone = undoing.undo(session, now, held.id, rows)
    span = (ImportRow.import_id == held.id, ImportRow.number.between(rows[-1][0], rows[0][0]))
    session.execute(update(ImportRow).where(*span).values(cells="", key=None, reasons=[]))
    for number, reasons in undone.kept.items():
        kept = update(ImportRow).where(ImportRow.import_id == held.id, ImportRow.number == number)
        session.execute(kept.values(decision=KEPT, reasons=reasons))
    held.counts = dict(Counter(held.counts) + Counter({KEPT: len(undone.kept)}))
    held.next_row = rows[-1][0] - 1
    return len(rows)


def _drop(session: Session, house: House, now: datetime, held: Import, most: int) -> int:
    return keeping.drop_rows(session, held, most)


_STEPS: dict[str, Step] = {LOOKING: _look, APPLYING: _apply, UNDOING: _undo, DISCARDED: _drop}
_ENDS = {LOOKING: (LOOKED_AT, ""), APPLYING: (DONE, "import.done"), UNDOING: (UNDONE, "import.undone")}


def _next(session: Session, house: House, held: Import, most: int) -> tuple[list[Row], list[Entry]]:
    """The next rows as they are kept, and what they say."""
    columns = (ImportRow.number, ImportRow.cells, ImportRow.decision, ImportRow.person_id)
    wanted = select(*columns).where(ImportRow.import_id == held.id, ImportRow.number >= held.next_row)
    rows = [Row(*values) for values in session.execute(wanted.order_by(ImportRow.number).limit(most))]
    interpreter = Interpreter(house, held.head, held.mapping)
    said = (json.loads(row.cells) if row.cells else [] for row in rows)  # of whoever was erased, nothing is left
    return rows, [interpreter.entry(row.number, cells) for row, cells in zip(rows, said, strict=True)]


def _cut(verdicts: Sequence[Verdict]) -> int:
    """How many of them can be applied together: a person stands in one batch once, so that a later row sees what an
    earlier one has made of the record."""
    seen: set[int] = set()
    for place, verdict in enumerate(verdicts):
        if verdict.waits or (verdict.changes and verdict.person_id in seen):
            return place
        if verdict.verdict == UPDATES and verdict.person_id:
            seen.add(verdict.person_id)
    return len(verdicts)


def _write(
    session: Session, held: Import, rows: Sequence[Row], entries: Sequence[Entry], verdicts: Sequence[Verdict]
) -> None:
    """Note the verdicts on the rows, and how far the import is."""
    told = [
        (
            verdict.verdict, bulk.dump(verdict.reasons) if verdict.reasons else "[]",
            entry.key if verdict.verdict in (NEW, UPDATES) else None, verdict.person_id, row.number,
        )
        for row, entry, verdict in zip(rows, entries, verdicts, strict=True)
    ]  # fmt: skip
    bulk.change(session.connection(), "import_row", _ROW, f"import_id = {held.id:d}", told)
    held.counts = dict(Counter(held.counts) + Counter(verdict.verdict for verdict in verdicts))
    held.next_row = rows[-1].number + 1
