"""An import from its upload to its end: begun with source and lawful basis, mapped, looked at, approved, undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from outreach import audit, bulk
from outreach.contacts.imports import heads
from outreach.contacts.imports.fields import BROKEN, FIELDS, MANY
from outreach.contacts.imports.models import DOUBT, LEAVE, TAKE, UPDATE, ImportMapping, ImportRow
from outreach.contacts.imports.reading import Opened
from outreach.contacts.models import (
    APPLYING,
    DISCARDED,
    DONE,
    LAWFUL_BASES,
    LOOKED_AT,
    LOOKING,
    MAPPING,
    READING,
    UNDOING,
    UNDONE,
    Import,
)
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.language import mark

NO_SOURCE = mark("Say where these people are from: no list without a source is taken in.")
NO_BASIS = mark("Say on what lawful basis we hold them: no list without one is taken in.")
NOTHING_MAPPED = mark("Say which column holds the name or the e-mail address.")
TWICE = mark("Only one column can hold this.")
NOT_NOW = mark("This import has gone on meanwhile. Load its page again.")
LEFT_OVER, KEPT_FOR = timedelta(days=1), timedelta(days=30)
ROW = ("import_id", "number", "cells", "verdict", "reasons", "decision")


def begin(
    session: Session, now: datetime, opened: Opened, *, file_name: str, source: str, basis: str, actor_id: int | None
) -> Import:
    """An import that is being read. Conflict without a source or a lawful basis (P-02)."""
    if not source.strip():
        raise Conflict("source", NO_SOURCE)
    if basis not in LAWFUL_BASES:
        raise Conflict("lawful_basis", NO_BASIS)
    made = Import(
        file_name=file_name[-200:], content_hash=opened.content_hash, format=opened.format, encoding=opened.encoding,
        delimiter=opened.delimiter, head=opened.head, dropped=opened.dropped, source=source.strip()[:120],
        lawful_basis=basis, state=READING, rows=0, actor_id=actor_id, uploaded_at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def add_rows(session: Session, import_id: int, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Keep these rows of it, word for word."""
    kept = [(import_id, number, bulk.dump(cells), "", "[]", "") for number, cells in rows]
    bulk.insert(session.connection(), "import_row", ROW, kept)


def finish_reading(session: Session, now: datetime, import_id: int, rows: int) -> Import:
    """All rows are kept: its columns can be mapped, as they were last time, or as their heads suggest."""
    held = get(session, import_id, READING)
    remembered = session.get(ImportMapping, heads.head_hash(held.head))
    held.mapping = remembered.mapping if remembered else heads.suggested(held.head)
    held.rows, held.state = rows, MAPPING
    audit.record(session, now, "import.uploaded", f"import:{held.id}", held.actor_id, rows=rows)
    return held


def map_columns(session: Session, now: datetime, import_id: int, mapping: Mapping[str, str]) -> Import:
    """Say what each column holds, by its number from 0; remembered for files with the same heads. It is looked at anew.

    Conflict when nothing would name anybody, or a field of one value got two columns.
    """
    held = get(session, import_id, MAPPING, LOOKING, LOOKED_AT)
    chosen = {
        place: field
        for place, field in mapping.items()
        if field in FIELDS and place.isdigit() and int(place) < len(held.head)
    }
    _check(chosen)
    chosen |= {place: field for place, field in heads.suggested(held.head).items() if field == BROKEN}
    held.mapping, held.state, held.next_row, held.counts = chosen, LOOKING, 0, {}
    session.merge(ImportMapping(head_hash=heads.head_hash(held.head), mapping=chosen, used_at=now))
    return held


def finish_mapping(session: Session, now: datetime, import_id: int) -> Import:
    """Look at it with the mapping that was suggested."""
    return map_columns(session, now, import_id, get(session, import_id, MAPPING).mapping)


def approve(session: Session, now: datetime, import_id: int, actor_id: int | None) -> Import:
    """Take it in, from the first row. Conflict-free: the same click twice is once."""
    held = get(session, import_id, LOOKED_AT, APPLYING, DONE)
    if held.state == LOOKED_AT:
        held.state, held.next_row, held.counts, held.approved_at = APPLYING, 0, {}, now
        audit.record(session, now, "import.approved", f"import:{held.id}", actor_id, source=held.source)
    return held


def take_in_unseen(session: Session, now: datetime, import_id: int) -> Import:
    """The same for whoever does not want to look first, on the command line."""
    held = get(session, import_id, LOOKING)
    held.state = LOOKED_AT
    return approve(session, now, import_id, held.actor_id)


def decide(session: Session, import_id: int, number: int | None, decision: str) -> int:
    """Say what becomes of a row in doubt, or of all that nothing was said of yet (None): take it as somebody new,
    update the one it may be, or leave it. How many rows that were."""
    held = get(session, import_id, LOOKED_AT)
    if decision not in (LEAVE, TAKE, UPDATE):
        raise ValueError(f"no such decision: {decision}")
    rows = update(ImportRow).where(ImportRow.import_id == held.id, ImportRow.verdict == DOUBT)
    rows = rows.where(ImportRow.number == number if number is not None else ImportRow.decision == "")
    done: Any = session.execute(rows.values(decision=decision))
    return int(done.rowcount)


def undo(session: Session, now: datetime, import_id: int, actor_id: int | None) -> Import:
    """Take it all back, from its last row."""
    held = get(session, import_id, APPLYING, DONE, UNDOING, UNDONE)
    if held.state in (APPLYING, DONE):
        last = session.scalar(select(func.max(ImportRow.number)).where(ImportRow.import_id == held.id))
        held.next_row = min(held.next_row, last or 0) if held.state == APPLYING else last or 0
        held.state, held.ended_at = UNDOING, None
        audit.record(session, now, "import.undo", f"import:{held.id}", actor_id)
    return held


def discard(session: Session, now: datetime, import_id: int, actor_id: int | None) -> Import:
    """Take nothing in; the rows are deleted."""
    held = get(session, import_id, READING, MAPPING, LOOKING, LOOKED_AT, DISCARDED)
    if held.state != DISCARDED:
        held.state, held.ended_at = DISCARDED, now
        audit.record(session, now, "import.discarded", f"import:{held.id}", actor_id)
    return held


def forget(session: Session, now: datetime) -> int:
    """Discard what was never read to its end, and delete what rows said a month after their import; how many."""
    stale = (Import.state == READING, Import.uploaded_at < now - LEFT_OVER)
    session.execute(update(Import).where(*stale).values(state=DISCARDED, ended_at=now))
    old = select(Import.id).where(Import.state.in_((DONE, UNDONE)), Import.ended_at < now - KEPT_FOR)
    rows = select(ImportRow.import_id, ImportRow.number).where(ImportRow.import_id.in_(old), ImportRow.cells != "")
    some = list(session.execute(rows.limit(2000)))
    for import_id in {each for each, _ in some}:
        numbers = [number for each, number in some if each == import_id]
        said = update(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number.in_(numbers))
        session.execute(said.values(cells="", reasons=[]))
    return len(some)


def drop_rows(session: Session, held: Import, most: int) -> int:
    """Delete the first rows of a discarded import; how many went."""
    rows = select(ImportRow.number).where(ImportRow.import_id == held.id).order_by(ImportRow.number).limit(most)
    numbers = list(session.scalars(rows))
    if numbers:
        span = (ImportRow.import_id == held.id, ImportRow.number <= numbers[-1])
        session.execute(delete(ImportRow).where(*span))
    return len(numbers)


def get(session: Session, import_id: int, *states: str) -> Import:
    """The import, held for this transaction. NotFound for none, IllegalMove when it is in another state."""
    held = session.get(Import, import_id, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound
    if held.state not in states:
        raise IllegalMove(NOT_NOW)
    return held


def _check(chosen: Mapping[str, str]) -> None:
    held = list(chosen.values())
    if not {"name", "given", "family", "email"} & set(held):
        raise Conflict("mapping", NOTHING_MAPPED)
    for place, field in chosen.items():
        if field not in MANY and held.count(field) > 1:
            raise Conflict(f"column-{place}", TWICE)
