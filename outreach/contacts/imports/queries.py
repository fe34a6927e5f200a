"""Reads over imports, ready for a template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from outreach.contacts.imports.models import DOUBT, KEPT, NEW, NOT_PLAIN, REFUSED, ImportRow
from outreach.contacts.models import APPLYING, DISCARDED, LOOKING, UNDOING, Import, Person
from outreach.errors import NotFound

PER_PAGE = 50
MOST_PROBLEMS = 50_000


@dataclass(frozen=True)
class Line:
    """One row of an import as a page shows it; `person`: the name of whom it became, or may be."""

    number: int
    cells: list[str]
    verdict: str
    reasons: list[list[str]]
    decision: str
    person_id: int | None
    person: str


@dataclass(frozen=True)
class Lines:
    """One page of rows."""

    lines: list[Line] = field(default_factory=list)
    page: int = 1
    has_more: bool = False


def latest(session: Session, limit: int = 50) -> list[Import]:
    """Imports, the newest first; those discarded are not shown."""
    wanted = select(Import).where(Import.state != DISCARDED).order_by(Import.id.desc()).limit(limit)
    return list(session.scalars(wanted))


def get(session: Session, import_id: int) -> Import:
    held = session.get(Import, import_id)
    if held is None or held.state == DISCARDED:
        raise NotFound
    return held


def under_way(session: Session) -> list[int]:
    """Imports that a job has to go on with, the oldest first."""
    has_rows = select(ImportRow.number).where(ImportRow.import_id == Import.id).exists()
    doing = or_(Import.state.in_((LOOKING, APPLYING, UNDOING)), and_(Import.state == DISCARDED, has_rows))
    return list(session.scalars(select(Import.id).where(doing).order_by(Import.id)))


def twin(session: Session, held: Import) -> Import | None:
    """An earlier import of the very same file that was not undone or discarded."""
    same = select(Import).where(Import.content_hash == held.content_hash, Import.id < held.id)
    return session.scalar(same.where(Import.state.in_((APPLYING, "done"))).order_by(Import.id.desc()).limit(1))


def examples(session: Session, held: Import, most: int = 3) -> list[str]:
    """What stands in each column: its first different values among the first rows, on one line."""
    rows = select(ImportRow.cells).where(ImportRow.import_id == held.id).order_by(ImportRow.number).limit(50)
    under = [cells_under(held.head, json.loads(cells)) for cells in session.scalars(rows) if cells]
    columns = [
        list(dict.fromkeys(" ".join(row[place].split())[:60] for row in under)) for place in range(len(held.head))
    ]
    return [" · ".join([value for value in values if value][:most]) for values in columns]


def lines(session: Session, import_id: int, verdict: str, page: int) -> Lines:
    """Rows of one verdict ("": all of them; "kept": what an undoing left), in their order."""
    wanted = _of(import_id, verdict).order_by(ImportRow.number).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE)
    rows = list(session.scalars(wanted))
    people = [row.person_id for row in rows if row.person_id]
    names = {id_: name for id_, name in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))}
    shown = [
        Line(
            row.number, json.loads(row.cells) if row.cells else [], row.verdict, row.reasons, row.decision,
            row.person_id, names.get(row.person_id or 0, ""),
        )
        for row in rows[:PER_PAGE]
    ]  # fmt: skip
    return Lines(shown, page, len(rows) > PER_PAGE)


def last_number(session: Session, import_id: int) -> int:
    """The number of its last row: how far there is to go."""
    return session.scalar(select(func.max(ImportRow.number)).where(ImportRow.import_id == import_id)) or 0


def undecided(session: Session, import_id: int) -> int:
    """How many rows are in doubt and nothing was said of them."""
    rows = _of(import_id, DOUBT).where(ImportRow.decision == "").subquery()
    return session.scalar(select(func.count()).select_from(rows)) or 0


def problems(session: Session, import_id: int) -> Iterator[Line]:
    """Rows that were refused or are in doubt, with what they say."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, text(NOT_PLAIN))
    wanted = wanted.where(ImportRow.verdict.in_((REFUSED, DOUBT))).order_by(ImportRow.number).limit(MOST_PROBLEMS)
    for row in session.scalars(wanted.execution_options(yield_per=500)):
        cells = json.loads(row.cells) if row.cells else []
        yield Line(row.number, cells, row.verdict, row.reasons, row.decision, row.person_id, "")


def _of(import_id: int, verdict: str) -> Select[ImportRow]:
    rows = select(ImportRow).where(ImportRow.import_id == import_id)
    if verdict == KEPT:
        return rows.where(ImportRow.decision == KEPT)
    if not verdict:
        return rows
    return rows.where(ImportRow.verdict == verdict, *(() if verdict == NEW else (text(NOT_PLAIN),)))


def cells_under(head: Sequence[str], cells: Sequence[str]) -> list[str]:
    """As many cells as there are heads; what stands further to the right joins the last."""
    padded = [*cells[: len(head)], *("" for _ in range(len(head) - len(cells)))]
    beyond = " ".join(cells[len(head) :])
    return [*padded[:-1], f"{padded[-1]} {beyond}"] if beyond and padded else padded
