"""Imports step by step: read into rows, looked at, applied, undone. Each step is a transaction of a quarter second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from outreach import clock
from outreach.contacts.imports import keeping, queries, steps
from outreach.contacts.imports.reading import Opened
from outreach.contacts.imports.refusals import EMPTY, FileRefused
from outreach.house import House

READ_AT_ONCE = 4_000
FIRST, LEAST, MOST = 400, 50, 4_000
WANTED, ALLOWED = 0.12, 0.16
"""Seconds that a step should take, and that the slowest of the last ones would have taken; a transaction may 0.25."""
T = TypeVar("T")


class Pace:
    """How many rows the next step does, by what the last ones took: a slow disk makes the steps smaller."""

    def __init__(self) -> None:
        self.rows = FIRST
        self._costs: deque[float] = deque(maxlen=16)

    def took(self, rows: int, seconds: float) -> None:
        """The last step did so many rows in so many seconds."""
        if rows:
            self._costs.append(max(seconds, 0.001) / rows)
            fits = min(WANTED * len(self._costs) / sum(self._costs), ALLOWED / max(self._costs))
            self.rows = max(LEAST, min(MOST, int(fits), rows * 2))


def read(house: House, opened: Opened, *, file_name: str, source: str, basis: str, actor_id: int | None) -> int:
    """Keep the rows of a file; the import's number. FileRefused, and nothing of it kept, when it cannot be read on."""
    with house.db.transaction() as session:
        held = keeping.begin(
            session, clock.now(), opened, file_name=file_name, source=source, basis=basis, actor_id=actor_id
        )
        import_id = held.id
    count = 0
    try:
        for batch in _batches(opened.rows, READ_AT_ONCE):
            with house.db.transaction(is_bulk=True) as session:
                keeping.add_rows(session, import_id, batch)
            count += len(batch)
        if not count:
            raise FileRefused(EMPTY)
    except FileRefused:
        with house.db.transaction() as session:
            keeping.discard(session, clock.now(), import_id, actor_id)
        run(house, import_id)
        raise
    with house.db.transaction() as session:
        keeping.finish_reading(session, clock.now(), import_id, count)
    return import_id


def go_on(house: House) -> None:
    """Go on with every import that is under way, until each is at its end."""
    with house.db.read() as session:
        waiting = queries.under_way(session)
    for import_id in waiting:
        run(house, import_id)


def run(house: House, import_id: int, seconds: float | None = None) -> None:
    """Do the steps of one import; with `seconds`, no more than fit into them, and the timetable does the rest."""
    begun, pace = time.monotonic(), Pace()
    while seconds is None or time.monotonic() - begun < seconds:
        with house.db.transaction(is_bulk=True) as session:
            session.connection()
            started = time.monotonic()  # from here on, others wait
            done = steps.step(session, house, clock.now(), import_id, pace.rows)
        pace.took(done, time.monotonic() - started)
        if not done and not _end(house, import_id):
            return


def _end(house: House, import_id: int) -> int:
    """Close it, on disk with all that was done; or do what came up meanwhile."""
    with house.db.transaction() as session:
        return steps.end(session, house, clock.now(), import_id, LEAST)


def forget(house: House) -> None:
    """Delete what rows of old imports said, and imports that were never read to their end."""
    while True:
        with house.db.transaction() as session:
            if not keeping.forget(session, clock.now()):
                return


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
