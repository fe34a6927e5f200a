"""The desk keeps its lines: a new one, other words, „checked: still right“, the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries.lines.models import Line
from outreach.language import Variant, mark
from outreach.serbian import fold

VALID_FOR = timedelta(days=90)
"""How long a check holds, from the day it is made."""
CHANGED = mark("Somebody changed this line while you were writing. Compare, then save again.")


@dataclass(frozen=True)
class Said:
    """What the form of a line carries, already clean and checked."""

    kind: str
    topic: str
    question: str
    text_en: str
    text_sr: str
    terms: str
    attribution: str
    source: str
    owner_id: int | None
    expires_on: date | None


def get(session: Session, line_id: int, *, to_write: bool = False) -> Line:
    """One line, an ended one too. Raises ``NotFound``."""
    line = session.get(Line, line_id, with_for_update=to_write)
    if line is None:
        raise NotFound(str(line_id))
    return line


def keep(session: Session, house: House, now: datetime, said: Said, actor_id: int) -> Line:
    """A new line; whoever writes it down has checked it. The same words twice are one line."""
    line = Line(checked_at=now, checked_by_id=actor_id, created_at=now)
    _write(line, house, said)
    same = select(Line).where(Line.folded == line.folded, Line.kind == line.kind, Line.ended_at.is_(None))
    earlier = session.scalar(same.order_by(Line.id))
    if earlier is not None:
        return earlier
    session.add(line)
    session.flush()
    audit.record(session, now, "line.kept", f"line:{line.id}", actor_id)
    return line


def change(
    session: Session, house: House, now: datetime, line_id: int, version: int, said: Said, actor_id: int
) -> Line:
    """Other words for a line, which count as checked. Raises ``Conflict`` when somebody was faster."""
    line = get(session, line_id, to_write=True)
    if line.version != version:
        raise Conflict("version", CHANGED)
    _write(line, house, said)
    line.version += 1
    line.checked_at, line.checked_by_id = now, actor_id
    audit.record(session, now, "line.changed", f"line:{line.id}", actor_id)
    return line


def check(session: Session, house: House, now: datetime, line: Line, actor_id: int) -> None:
    """Somebody says that it is still right: it holds for another three months, if it has an end at all."""
    today = now.astimezone(house.office.zone).date()
    if line.expires_on is not None:
        line.expires_on = max(line.expires_on, today + VALID_FOR)
    line.checked_at, line.checked_by_id = now, actor_id
    line.version += 1
    audit.record(session, now, "line.checked", f"line:{line.id}", actor_id)


def end(session: Session, now: datetime, line: Line, actor_id: int) -> bool:
    """Take a line out of use; what was said with it stays. ``False`` when that was done before."""
    if line.ended_at is not None:
        return False
    line.ended_at = now
    line.version += 1
    audit.record(session, now, "line.ended", f"line:{line.id}", actor_id)
    return True


def _write(line: Line, house: House, said: Said) -> None:
    line.kind, line.topic, line.question = said.kind, said.topic, said.question
    line.text_en, line.text_sr = said.text_en, said.text_sr
    line.terms, line.attribution, line.source = said.terms, said.attribution, said.source
    line.owner_id, line.expires_on = said.owner_id, said.expires_on
    topic = (house.office.topic_name(said.topic, variant) for variant in (Variant.EN, Variant.CIR))
    line.folded = fold(" ".join([said.question, said.text_en, said.text_sr, said.source, *topic]))
