"""The worker: deliver the next mail, and the next. Each is three short transactions with the talking between."""

from __future__ import annotations

import logging
import signal
import threading
import time
import traceback
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from outreach import clock
from outreach.house import House
from outreach.mail import addresses, delivery, seats, transports
from outreach.mail.delivery import Claim, Settled
from outreach.mail.message import stitch
from outreach.mail.transports import Answer, Envelope, Fenced, Transport
from outreach.mail.verify import Mismatch, verify

IDLE = 0.5  # seconds between two looks at an empty outbox
AFTER_TROUBLE = 5.0  # seconds, when the database does not answer

log = logging.getLogger(__name__)


def deliver_next(house: House, transport: Transport, now: datetime, seat: int | None = None) -> bool:
    """Bring one mail to an end, or one step further; False when nothing is due or the server is left alone."""
    if transport.is_resting():
        return False
    with house.db.read() as session:
        if not delivery.is_waiting(session, now, seat):
            return False
    return deliver(house, transport, now, seat)


def deliver(
    house: House, transport: Transport, now: datetime, seat: int | None = None, only: int | None = None
) -> bool:
    """Claim, talk, record: the next mail, or `only` the one with this id when it is due."""
    begun = time.monotonic()
    with house.db.transaction() as session:
        delivery.reap(session, now, seat)
        claimed = delivery.claim(session, house, now, seat, transport.is_bound, only)
    if claimed is None or isinstance(claimed, Settled):
        return claimed is not None
    attempt = Attempt(house, claimed, now, begun)
    try:
        answer = attempt.made_with(transport)
    except Fenced:
        with house.db.transaction() as session:
            delivery.release(session, claimed, attempt.now())
        return True
    with house.db.transaction() as session:
        delivery.record(session, claimed, answer, attempt.now())
    log.info("mail %s, attempt %s: %s %s", claimed.id, claimed.n, answer.outcome, answer.code or "")
    return True


def work(house: House) -> None:
    """Deliver until SIGTERM or SIGINT; the mail that is under way is finished first (O-09)."""
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    with closing(transports.open_transport(house.settings)) as transport:
        while not stop.is_set():
            try:
                _work_from_a_seat(house, transport, stop)
            except Exception as trouble:  # the loop goes on; the row keeps its claim until it is reaped
                log.error("delivery stopped: %s", _place(trouble))
                stop.wait(AFTER_TROUBLE)


def _work_from_a_seat(house: House, transport: Transport, stop: threading.Event) -> None:
    with seats.taken(house) as seat:
        while not stop.is_set() and seat.is_held():
            if not deliver_next(house, transport, clock.now(), seat.number):
                stop.wait(IDLE)


class Attempt:
    """One try at one claim, with its own sense of time: the lease is held against a clock that nobody moves."""

    def __init__(self, house: House, claimed: Claim, now: datetime, begun: float) -> None:
        self.house = house
        self.claimed = claimed
        self._now, self._begun = now, begun
        self.is_out = False

    def now(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._begun)

    def made_with(self, transport: Transport) -> Answer:
        """What became of it. A fault of ours is the failure of this mail alone, never of those behind it (D-17)."""
        letter = self.claimed.letter
        try:
            raw = stitch(letter)
            verify(raw, letter)
            if self.claimed.bytes_hash not in (None, delivery.fingerprint(raw)):
                return Answer(transports.REJECTED, reply="not repeated: its bytes would differ")
            envelope = Envelope(letter.sender, addresses.wire(letter.to_address), letter.message_id, raw)
            return transport.deliver(envelope, lambda: self._mark(raw))
        except (Fenced, SQLAlchemyError):
            raise
        except (ValueError, Mismatch) as refused:
            return Answer(transports.REJECTED, reply=f"not sent: {refused}")
        except Exception as broken:  # recorded on the row
            outcome = transports.UNCERTAIN if self.is_out else transports.REJECTED
            log.error("mail %s: %s", self.claimed.id, _place(broken))
            return Answer(outcome, reply=f"broken: {_place(broken)}")

    def _mark(self, raw: bytes) -> None:
        """Commit the point of no return; the dot may follow only while the lease is ours, also after a pause."""
        if time.monotonic() - self._begun > delivery.CLAIM_LEASE.total_seconds():
            raise Fenced
        marking = time.monotonic()
        with self.house.db.transaction() as session:
            is_ours = delivery.mark(session, self.claimed, raw, self.now())
        if not is_ours or time.monotonic() - marking > delivery.DOT_LEASE.total_seconds():
            raise Fenced
        self.is_out = True


def _place(trouble: Exception) -> str:
    """Which fault, and where; its message stays out of the log, since it may hold an address (P-11)."""
    frame = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__} at {Path(frame.filename).name}:{frame.lineno}"
