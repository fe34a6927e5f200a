"""What people refused, in a file beside the database, so that a restored backup undoes none of it (O-06, P-08).

One line of JSON for each: when, what (`suppressed`, `stopped`, `objected`, `erased`) and the keyed hashes of the
addresses; nothing else. Lines are only added. A `mark` says how far the log of the database had been read: when that
entry is not in the database, the database is older than the file, and what follows the last mark that it knows is said
to it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from outreach.audit import AuditEntry
from outreach.contacts.models import ContactAddress
from outreach.house import House
from outreach.mail.models import Suppression
from outreach.mail.suppressions import REPLACED
from outreach.subscriptions.models import Subscriber

MARK, SUPPRESSED, STOPPED, OBJECTED, ERASED = "mark", "suppressed", "stopped", "objected", "erased"
DONE = "privacy.erased"
"""What the log calls an erasure."""
SETTLED = timedelta(seconds=10)
RECENT = 65_536
"""Bytes at the end of the file, in which a mark that the database knows is found unless it is older than the file."""
STOPS, OBJECTIONS = ("subscription.stopped", "subscription.erased"), ("person.stopped",)


@dataclass(frozen=True)
class Line:
    """`at`: the instant in ISO 8601. A mark has the numbers of the last log entry and the last suppression
    seen, an erasure that of its own entry."""

    at: str
    what: str
    hashes: tuple[str, ...] = ()
    scope: str = ""
    reason: str = ""
    entry: int = 0
    suppression: int = 0

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)


def path(house: House) -> Path:
    return house.settings.var_dir / "refusals.jsonl"


def read(house: House, last: int = 0) -> Iterator[Line]:
    """Every line in order, or those in so many of the last bytes; one that was cut off by a crash is passed over."""
    if not path(house).exists():
        return
    with path(house).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - last) if last else 0)
        for written in file:
            try:
                said: Any = json.loads(written)
            except ValueError:
                continue
            if not isinstance(said, dict):
                continue  # the end of a number, where the reading began within a line
            yield Line(**(said | {"hashes": tuple(said.get("hashes", ()))}))


def note_erased(session: Session, house: House, hashes: Collection[str]) -> None:
    """Write the erasure that the log has just noted down once it is certain, that is after this transaction."""
    noted = select(AuditEntry.id, AuditEntry.at).where(AuditEntry.action == DONE)
    entry = session.execute(noted.order_by(AuditEntry.id.desc()).limit(1)).one()
    line = Line(entry.at.isoformat(), ERASED, tuple(hashes), entry=entry.id)
    event.listen(session, "after_commit", lambda _session: add(house, [line]), once=True)


def add(house: House, lines: Collection[Line]) -> None:
    """Add lines to the file; they are on the disk when this returns."""
    text = "".join(json.dumps({name: value for name, value in asdict(line).items() if value}) + "\n" for line in lines)
    path(house).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(house), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, ("\n" + text if _is_cut(path(house)) else text).encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def after_mark(session: Session, lines: Sequence[Line]) -> tuple[Line | None, list[Line]]:
    """The last mark that this database knows, and every line after it; no mark and all lines when it knows none."""
    for place in range(len(lines) - 1, -1, -1):
        if lines[place].what == MARK and is_known(session, lines[place]):
            return lines[place], list(lines[place + 1 :])
    return None, list(lines)


def is_known(session: Session, line: Line) -> bool:
    """Whether the entry that a line names is in the log of this database; one that names none tells nothing."""
    return not line.entry or session.scalar(select(AuditEntry.at).where(AuditEntry.id == line.entry)) == line.when


def mark(session: Session, house: House, now: datetime) -> Line:
    """Where the database stands. On PostgreSQL entries may become visible after later ones, so it lags behind."""
    until = now if house.db.is_sqlite else now - SETTLED
    entries = select(AuditEntry.id, AuditEntry.at).where(AuditEntry.at <= until)
    entry = session.execute(entries.order_by(AuditEntry.id.desc()).limit(1)).one_or_none()
    suppression = session.scalar(select(func.max(Suppression.id)).where(Suppression.at <= until)) or 0
    number, at = (entry.id, entry.at) if entry is not None else (0, now)
    return Line(at.isoformat(), MARK, entry=number, suppression=suppression)


def news(session: Session, seen: Line, here: Line) -> list[Line]:
    """What was refused from one mark to another."""
    entries = select(AuditEntry).where(AuditEntry.id > seen.entry, AuditEntry.id <= here.entry)
    refused = entries.where(AuditEntry.action.in_((*STOPS, *OBJECTIONS, REPLACED))).order_by(AuditEntry.id)
    fresh = select(Suppression).where(Suppression.id > seen.suppression, Suppression.id <= here.suppression)
    lines = [_line(session, entry) for entry in session.scalars(refused)]
    return [
        *(line for line in lines if line.hashes),
        *(_suppressed(row) for row in session.scalars(fresh.order_by(Suppression.id))),
    ]


def _suppressed(row: Suppression) -> Line:
    return Line(row.at.isoformat(), SUPPRESSED, (row.address_hash,), row.scope, row.reason)


def _line(session: Session, entry: AuditEntry) -> Line:
    number = int(entry.obj.partition(":")[2])
    if entry.action == REPLACED:
        row = session.get(Suppression, number)
        return _suppressed(row) if row is not None else Line(entry.at.isoformat(), SUPPRESSED)
    if entry.action in STOPS:
        held = select(Subscriber.address_hash).where(Subscriber.id == number)
    else:
        held = select(ContactAddress.address_hash).where(ContactAddress.person_id == number)
    hashes = tuple(hashed for hashed in session.scalars(held) if hashed)
    what = STOPPED if entry.action in STOPS else OBJECTED
    return Line(entry.at.isoformat(), what, hashes, reason=str(entry.detail.get("reason", "")))


def _is_cut(file: Path) -> bool:
    """Whether the last line was not written to its end."""
    with file.open("rb") as written:
        written.seek(0, os.SEEK_END)
        if not written.tell():
            return False
        written.seek(-1, os.SEEK_END)
        return written.read() != b"\n"
