"""Take people out of the register; the log has it before the first byte leaves (S-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.exports import sources, workbooks
from outreach.contacts.exports.files import XLSX
from outreach.contacts.exports.sources import FILTER, Source
from outreach.contacts.table.asked import Asked
from outreach.errors import Conflict
from outreach.language import mark

if TYPE_CHECKING:
    from outreach.house import House


TOO_MANY = mark("XLSX is for 50,000 people at most. Take CSV, which spreadsheet programs read too.")


def take_out(
    session: Session, house: House, now: datetime, source: Source, form: str, purpose: str, actor_id: int | None
) -> int:
    """Note who takes out how many, in which format and what for; how many. Raises as `counted` does."""
    count = counted(session, house, now, source, form)
    asked = _without_names(source.asked).query if source.kind == FILTER else None
    audit.record(
        session, now, "export.taken", source.ref, actor_id, count=count, format=form, filter=asked, purpose=purpose
    )
    return count


def counted(session: Session, house: House, now: datetime, source: Source, form: str) -> int:
    """How many it would hold. NotFound for no such set, Conflict("form") for more than the format is good for."""
    sources.name(session, source)
    count = sources.count(session, house, source, now)
    if form == XLSX and count > workbooks.MOST:
        raise Conflict("form", TOO_MANY)
    return count


def _without_names(asked: Asked) -> Asked:
    """The log holds nobody's name, and what is looked for may be one."""
    return replace(asked, filters=tuple((name, "…" if name == "q" else value) for name, value in asked.filters))
