"""What nobody waits for any more: remembered by a process, so that a round does not ask anew about years of news.

It decides nothing. A publication is in it only after the ledger was asked about every subscriber, and everything is
asked again after a day, so that a case nobody thought of would cost a day and never a mail.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.digests import waiting
from outreach.subscriptions.stopping import UNDO_FOR

REMEMBERED_FOR = timedelta(days=1)
# Who stopped this recently may take it back, and is asked about as well.
STOPPED = UNDO_FOR + timedelta(hours=1)
SECONDS = 0.5  # of asking at one go; the rest comes the next time


class Settled:
    """The ids of settled publications, each with the topics it had then."""

    def __init__(self) -> None:
        self._topics: dict[int, tuple[str, ...]] = {}
        self._begun_at: datetime | None = None

    def __contains__(self, publication_id: object) -> bool:
        return publication_id in self._topics

    def __len__(self) -> int:
        return len(self._topics)

    def __iter__(self) -> Iterator[int]:
        return iter(self._topics)

    def look(self, session: Session, now: datetime) -> None:
        """Ask about what is not settled yet, the oldest first; reads only."""
        if self._begun_at is None or abs(now - self._begun_at) > REMEMBERED_FOR:
            self._topics.clear()
            self._begun_at = now
        until = time.monotonic() + SECONDS
        for one in waiting.publications(session, now):
            if self._topics.get(one.id, one.topics) != one.topics:
                del self._topics[one.id]  # it has become news to others
            if one.id not in self._topics and waiting.is_settled(session, one, now - STOPPED):
                self._topics[one.id] = one.topics
            if time.monotonic() > until:
                return
