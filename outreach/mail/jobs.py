"""The worker: one turn after the other, and the talking between. A turn is one transaction that records what is known
of earlier mails and claims and marks the next, so that at no instant more than a window of mails is marked and not
recorded."""

from __future__ import annotations

import gc
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from sqlalchemy import Connection

from outreach import clock
from outreach.house import House
from outreach.mail import claims, delivery, failpoints, seats, sql, transports
from outreach.mail.claims import NOTHING, Window
from outreach.mail.cupboard import Cupboard
from outreach.mail.delivery import Beat, Unseated
from outreach.mail.inbound import returns
from outreach.mail.seats import Seat
from outreach.mail.transports import ACCEPTED, Results, Transport

IDLE = 0.5  # seconds between two looks at an empty outbox
RECORD_WITHIN = 0.2  # seconds that a result waits for company
AFTER_TROUBLE = 5.0  # seconds, when the database does not answer
LAST_REPLIES = 10.0  # seconds that a worker that is asked to stop waits for replies

log = logging.getLogger(__name__)


def work(house: House) -> None:
    """Deliver until SIGTERM or SIGINT; the mails that are under way are finished first (O-09)."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    failpoints.arm(house.settings)
    with closing(transports.open_transport(house.settings)) as transport:
        while not stop.is_set():
            try:
                with seated(house, transport) as worker:
                    worker.run(stop)
            except Unseated:
                log.error("another worker took over from this one")
                transport.break_off()
            except Exception as trouble:  # the loop goes on; what is marked is reaped from the next seat
                log.error("delivery stopped: %s", claims.place(trouble))
                transport.break_off()
                stop.wait(AFTER_TROUBLE)


def deliver(house: House, transport: Transport, now: datetime, only: int | None = None, window: int = 1) -> int:
    """Send one window of what is due, or `only` the mail with this id; how many rows were taken up."""
    with seated(house, transport, window, lambda: now) as worker:
        taken = worker.turn(only).looked_at
        while worker.held:
            worker.listen(1.0)
            worker.turn(claims_more=False)
        return taken


@contextmanager
def seated(
    house: House, transport: Transport, window: int | None = None, now: Callable[[], datetime] = clock.now
) -> Iterator[Worker]:
    """A worker on a seat of its own."""
    with seats.taken(house) as seat, house.db.writing_engine.connect() as connection:
        worker = Worker(house, transport, connection, seat, window or house.settings.mail_window, now)
        worker.sit()
        yield worker
        worker.leave()


class Worker:
    """One process that delivers. `held`: the mails that are marked as its own and not recorded yet."""

    def __init__(
        self, house: House, transport: Transport, connection: Connection, seat: Seat, window: int,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.house, self.transport, self.connection, self.seat = house, transport, connection, seat
        self.window, self.now = window, now
        self.lease, self.policy = house.settings.mail_lease, house.settings.mail_policy
        self.cupboard = Cupboard()
        self.fence = 0
        self.held: set[int] = set()
        self.results: Results = []
        self._seen: dict[Beat, float] = {}  # since when each beat has stood where it stands
        self.is_unsure = self.found_nothing = False
        self._turned_at = self._looked_at = self._watched_at = self._rests_until = 0.0
        self._accepted, self._told_at = 0, 0.0

    def sit(self) -> None:
        with self.connection.begin():
            self.fence = delivery.sit(self.connection, self.seat.number, self.now(), self.policy)
        with self.house.db.read() as session:
            has_strays = delivery.has_strays(session)
        if has_strays:
            with self.connection.begin():
                delivery.reap_strays(self.connection, self.now(), self.policy)

    def leave(self) -> None:
        """Give up the seat. What is still held stays written down there, and whoever comes next reaps it."""
        if not self.held:
            with self.connection.begin():
                delivery.leave(self.connection, self.seat.number, self.fence)

    def run(self, stop: threading.Event) -> None:
        """Deliver until told to stop, then wait a little for the replies that are still to come."""
        gc.freeze()  # what is loaded stays; looking through it for circles takes an eighth of a large window's time
        while not stop.is_set():
            self._step()
        self.results += self.transport.give_back(lambda envelope: True)
        until = time.monotonic() + LAST_REPLIES
        while self.held and time.monotonic() < until:
            if self.results:
                self.turn(claims_more=False)
            self.listen(RECORD_WITHIN)
        self._tell_digests()

    def turn(self, only: int | None = None, claims_more: bool = True) -> Window:
        """Record what is known, and claim and mark the next, in one commit. Raises Unseated; then nothing was done."""
        if self.results:
            failpoints.reach(failpoints.BEFORE_RECORD)
        begun, now = time.monotonic(), self.now()
        was_unsure, self.is_unsure = self.is_unsure, True
        with self.connection.begin():
            if not sql.is_seated(self.connection, self.seat.number, self.fence):
                raise Unseated
            if was_unsure:
                delivery.disown(self.connection, self.seat.number, self.fence, self.held, now)
            if claims_more and self.transport.waiting():
                self._make_way(now)
            delivery.record(self.connection, self.fence, self.results, now, self.policy)
            returns.note_refusals(self.connection, self.house, self.results, now)
            window = self._claim(now, only) if claims_more else NOTHING
            held = self.held.difference([envelope.id for envelope, _ in self.results])
            held.update([envelope.id for envelope in window.envelopes])
            sql.beat(self.connection, self.seat.number, now, held)
        self.is_unsure = False
        self.transport.until = begun + self.lease
        self._turned_at, self.held = begun, held
        self._tell()
        self.results = []
        if window.envelopes:
            failpoints.reach(failpoints.AFTER_CLAIM)
            self.transport.take(window.envelopes)
        return window

    def listen(self, seconds: float) -> None:
        self.results += self.transport.results(seconds)

    def _claim(self, now: datetime, only: int | None) -> Window:
        room = min(self.window - len(self.held) + len(self.results), self.transport.appetite())
        if room <= 0:
            return NOTHING
        window = claims.claim(
            self.connection, self.house, self.cupboard, self.fence, now, room, self.transport.is_bound, only
        )
        self.found_nothing = not window.has_more
        return window

    def _make_way(self, now: datetime) -> None:
        """What its owner cancelled and is not begun goes back, and digests do where single mails would have to wait."""
        gone = delivery.withdrawn(self.connection, self.fence, self.held)
        self.results += self.transport.give_back(lambda envelope: envelope.id in gone)
        room = self.window - len(self.held) + len(self.results)
        singles = claims.single_mails(self.connection, now, self.window)
        if singles > room:
            self.results += self.transport.give_back(lambda envelope: envelope.is_bulk, singles - room)

    def _step(self) -> None:
        moment = time.monotonic()
        if moment > self._rests_until:
            try:
                self.look_after_seats(moment)
                if self._is_turn_due(moment):
                    self.turn()
                    if not self.held:
                        return  # nothing is to be heard; there may be more to do, or a stop to heed
            except sql.TROUBLE as trouble:  # what is known is kept until the database answers again
                log.error("no database: %s", claims.place(trouble))
                self._rests_until = moment + AFTER_TROUBLE
        self.listen(RECORD_WITHIN if self.held else IDLE)

    def _is_turn_due(self, moment: float) -> bool:
        since = moment - self._turned_at
        if since > self.lease / 3:
            return True  # for the beat alone
        if self.results and (since > RECORD_WITHIN or len(self.results) == len(self.held)):
            return True
        if (
            self.transport.waiting()
            or not self.transport.appetite()
            or len(self.held) - len(self.results) >= self.window
        ):
            return False
        return not self.found_nothing or self._is_anything_due(moment)

    def _is_anything_due(self, moment: float) -> bool:
        if moment - self._looked_at < IDLE:
            return False
        self._looked_at = moment
        with self.house.db.read() as session:
            return claims.is_waiting(session, self.now())

    def look_after_seats(self, moment: float) -> None:
        """Our own must still be ours. A worker whose beat has not moved for longer than a lease is taken for dead."""
        if moment - self._watched_at < min(1.0, self.lease / 4):
            return
        self._watched_at = moment
        if not self.seat.is_held():
            raise Unseated
        with self.house.db.read() as session:
            beats = delivery.beats(session)
        self._seen = {who: self._seen.get(who, moment) for who in beats}
        for who, since in self._seen.items():
            if who.seat != self.seat.number and moment - since > self.lease + 1:
                with self.connection.begin():
                    delivery.unseat(self.connection, who, self.now(), self.policy)

    def _tell(self) -> None:
        for envelope, answer in self.results:
            if envelope.is_bulk and answer.outcome == ACCEPTED:
                self._accepted += 1
            else:
                log.info("mail %s, attempt %s: %s %s", envelope.id, envelope.n, answer.outcome, answer.code or "")
        if time.monotonic() - self._told_at > 1:
            self._tell_digests()

    def _tell_digests(self) -> None:
        if self._accepted:
            log.info("digests accepted: %s", self._accepted)
        self._accepted, self._told_at = 0, time.monotonic()
