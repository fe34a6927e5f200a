"""How much each topic really brought of late, told before somebody subscribes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.newsroom.models import NOTED, Document, Generation, Publication

QUARTER = timedelta(days=91)
# A younger newsroom has no past to tell from.
YOUNGEST = timedelta(days=14)


@dataclass(frozen=True)
class Volume:
    """What digests carried since `since`, in all and by topic; `is_quarter` when that is three months ago."""

    since: datetime
    is_quarter: bool
    total: int
    by_topic: dict[str, int]

    def of(self, topic: str) -> int:
        return self.by_topic.get(topic, 0)


def last_quarter(session: Session, now: datetime) -> Volume | None:
    """What the last three months brought, or the time since the newsroom opened; None when that was just now.

    A publication with two topics counts for both, and once in the total.
    """
    opened = session.scalar(select(Generation.baseline_at).limit(1))
    if opened is None or now - opened < YOUNGEST:
        return None
    since = max(now - QUARTER, opened)
    rows = (
        select(Document.topics)
        .join(Publication, Publication.document_id == Document.id)
        .where(Publication.state == NOTED, Publication.public_at > since, Publication.public_at <= now)
        .where(Document.state == "published")
    )
    told = list(session.scalars(rows))
    by_topic = Counter(topic for topics in told for topic in set(topics))
    return Volume(since, since > opened, len(told), dict(by_topic))
