"""Who must still be told that we hold their data (GDPR Article 14; the Serbian law, ZZPL, Article 24).

Whoever wrote to us was told then and there. Anybody else is told by the first mail, and a month after we got the data
at the latest.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.models import FROM_THEMSELVES, Person

WITHIN = timedelta(days=30)


def is_due(person: Person, now: datetime) -> bool:
    """Whether a mail that leaves now must carry the notice: the data came from somebody else, and nobody told them."""
    is_held = person.ended_at is None and person.created_at <= now
    return is_held and person.noticed_at is None and person.source not in FROM_THEMSELVES


def is_late(person: Person, now: datetime) -> bool:
    """Whether the month has passed without a notice."""
    return is_due(person, now) and person.created_at + WITHIN <= now


def mark_given(session: Session, now: datetime, person_ids: Collection[int], actor_id: int | None = None) -> None:
    """These people have been told; whoever was told before keeps the earlier day. Twice is once."""
    untold = update(Person).where(Person.id.in_(person_ids), Person.noticed_at.is_(None)).values(noticed_at=now)
    told = session.scalars(untold.returning(Person.id)).all()
    for person_id in told:
        audit.record(session, now, "person.noticed", f"person:{person_id}", actor_id)
