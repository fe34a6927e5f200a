"""The two-person rule for files of more than one person: one asks, another allows, the first takes it once (S-20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.exports import sources, taking
from outreach.contacts.exports.models import ALLOWED, REFUSED, ExportRequest
from outreach.contacts.exports.sources import FILTER, Source
from outreach.errors import IllegalMove, NotFound
from outreach.language import mark

if TYPE_CHECKING:
    from outreach.house import House

WAITS_FOR = timedelta(days=3)
TAKEN_WITHIN = timedelta(hours=1)
NOT_OWN = mark("Two-person rule: a colleague allows your file.")
NOT_YOURS = mark("Only who asked for a file takes it.")
TOO_LATE = mark("Nobody decided within three days. Ask again.")
NOT_ALLOWED = mark("This file has not been allowed.")
TAKEN = mark("This file was taken already. Ask again for another one.")
OVER = mark("The hour in which it could be taken is over. Ask again.")
MORE = mark("There are more people in it now than were allowed. Ask again.")
DECISIONS = {"allow": ALLOWED, "refuse": REFUSED}
DECIDED = {ALLOWED: "export.allowed", REFUSED: "export.refused"}


def is_needed(session: Session, house: House, source: Source, now: datetime) -> bool:
    """Whether somebody else has to allow this file."""
    return house.settings.two_person_rule and sources.count(session, house, source, now) > 1


def ask(
    session: Session, house: House, now: datetime, source: Source, form: str, purpose: str, actor_id: int
) -> ExportRequest:
    """Ask a colleague to allow it; the same once more, while it waits, is one click. Raises as `taking.counted`."""
    query = source.asked.query if source.kind == FILTER else ""
    same = select(ExportRequest).filter_by(
        kind=source.kind, list_id=source.id, query=query, form=form, purpose=purpose, asked_by=actor_id, outcome=""
    )
    waiting = session.scalar(same.where(ExportRequest.asked_at > now - WAITS_FOR).limit(1))
    if waiting is not None:
        return waiting
    request = ExportRequest(
        kind=source.kind, list_id=source.id, query=query, form=form, purpose=purpose, asked_by=actor_id, asked_at=now,
        count=taking.counted(session, house, now, source, form), outcome="",
    )  # fmt: skip
    session.add(request)
    session.flush()
    _note(session, now, "export.asked", request, actor_id)
    return request


def decide(session: Session, now: datetime, request_id: int, outcome: str, actor_id: int) -> None:
    """Allow or refuse a colleague's file; the first decision holds. IllegalMove for one's own, or when it is late."""
    request = _held(session, request_id)
    if request.asked_by == actor_id:
        raise IllegalMove(NOT_OWN)
    if request.outcome:
        return
    if request.asked_at <= now - WAITS_FOR:
        raise IllegalMove(TOO_LATE)
    request.outcome, request.decided_by, request.decided_at = outcome, actor_id, now
    _note(session, now, DECIDED[outcome], request, actor_id)


def take(session: Session, house: House, now: datetime, request_id: int, actor_id: int) -> tuple[Source, str]:
    """Whom and in which format it holds; it is taken by this. IllegalMove with the reason when it may not be."""
    request = _held(session, request_id)
    refused = refusal(request, now, actor_id)
    if refused is None and sources.count(session, house, request.source, now) > request.count:
        refused = MORE
    if refused is not None:
        raise IllegalMove(refused)
    request.taken_at = now
    taking.take_out(session, house, now, request.source, request.form, request.purpose, actor_id)
    return request.source, request.form


def refusal(request: ExportRequest, now: datetime, actor_id: int | None) -> str | None:
    """Why this account cannot take it now; None when it can."""
    if request.asked_by != actor_id:
        return NOT_YOURS
    if request.outcome != ALLOWED or request.decided_at is None:
        return NOT_ALLOWED
    if request.taken_at is not None:
        return TAKEN
    return OVER if request.decided_at <= now - TAKEN_WITHIN else None


def lately(session: Session, now: datetime) -> Sequence[ExportRequest]:
    """What was asked for within three days, the latest first; a hundred at most."""
    asked = select(ExportRequest).where(ExportRequest.asked_at > now - WAITS_FOR)
    return session.scalars(asked.order_by(ExportRequest.id.desc()).limit(100)).all()


def _held(session: Session, request_id: int) -> ExportRequest:
    request = session.get(ExportRequest, request_id, with_for_update=True)
    if request is None:
        raise NotFound("export")
    return request


def _note(session: Session, now: datetime, action: str, request: ExportRequest, actor_id: int) -> None:
    detail = {"request": request.id, "count": request.count, "format": request.form, "purpose": request.purpose}
    audit.record(session, now, action, request.source.ref, actor_id, **detail)
