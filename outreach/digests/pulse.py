"""The planner's heartbeat. After a silence of months it is likelier that the clock jumped than that nobody was there:
then nothing is planned until somebody says that the clock is right (D-11)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.db import insert
from outreach.digests.models import DigestPulse

BEAT = timedelta(minutes=1)
LONGEST_SILENCE = timedelta(days=90)


def last(session: Session) -> datetime | None:
    """When planning last looked at everything; None before the first time."""
    return session.scalar(select(DigestPulse.planned_at).limit(1))


def is_silent(session: Session, now: datetime) -> bool:
    """Whether the last heartbeat is so long ago that nothing is planned."""
    beaten = last(session)
    return beaten is not None and now - beaten > LONGEST_SILENCE


def beat(session: Session, now: datetime) -> DigestPulse:
    """Note that planning is at work. It never goes back with the clock."""
    first = insert(session, DigestPulse).values(id=1, planned_at=now, alarms=[])
    session.execute(first.on_conflict_do_nothing())
    row = session.scalars(select(DigestPulse).with_for_update()).one()
    row.planned_at = max(row.planned_at, now)
    return row


def wake(session: Session, now: datetime, actor_id: int | None) -> None:
    """The clock is right: plan again, everything that was missed in one digest each."""
    if is_silent(session, now):
        beat(session, now)
        audit.record(session, now, "digest.clock_confirmed", "digest:pulse", actor_id)
