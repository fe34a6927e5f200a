"""Workers are killed again and again while the server fails in every way; then the server's log is laid beside the ledger.

The server's log is the ground truth. A short run belongs to every test run; the long one is run by hand (make prove).
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach.house import House
from outreach.mail.models import OutboxEmail
from tests.mail.letters import words
from tests.mail.sink import Kept, Sink
from tests.mail.test_worker import worker
from tests.support.moment import Moment

FAULTS = (
    "drop_connect", "421_banner", "421_mail", "450_mail", "451_rcpt", "550_rcpt", "451_data", "drop_in_data", "451_dot", "554_dot",
    "421_dot", "drop_before_store", "drop_after_store", "slow_dot", "garbage", "half_reply", "drop_after_reply",
)  # fmt: skip
OVER = ("accepted", "failed", "cancelled")


def rows(house: House) -> list[OutboxEmail]:
    with house.db.read() as session:
        return list(session.scalars(select(OutboxEmail).options(selectinload(OutboxEmail.tries))))


def run(house: House, moment: Moment, log: Path, sink: Sink, rng: random.Random, kills: int) -> None:
    """Kill one of two workers at a time, then let the others finish; the clock is moved past every waiting time."""
    with ExitStack() as stack:
        pair = [stack.enter_context(worker(house, log, sink.url)) for _ in range(2)]
        time.sleep(3)
        for _ in range(kills):
            time.sleep(rng.uniform(0.05, 1.5))
            moment.moves(minutes=6)  # further than a lease, nearer than the wait for a dot
            victim = rng.randrange(2)
            pair[victim].send_signal(signal.SIGKILL)
            pair[victim].wait(10)
            pair[victim] = stack.enter_context(worker(house, log, sink.url))
        sink.faults.clear()
        sink.faults.append("ok")
        until = time.monotonic() + 120 + kills
        while any(row.state not in OVER for row in rows(house)):
            assert time.monotonic() < until, Counter((row.state, row.reason) for row in rows(house))
            moment.moves(minutes=6)
            time.sleep(0.3)


def faults_of(house: House, kept: list[Kept], own: dict[int, str]) -> Counter[str]:
    """Every broken promise, by its number in reliability.md 1.2."""
    copies: dict[str, list[Kept]] = {}
    for each in kept:
        copies.setdefault(each.raw.partition(b"Message-ID: <")[2].partition(b">")[0].decode(), []).append(each)
    broken: Counter[str] = Counter()
    for row in rows(house):
        mine = copies.pop(row.message_id, [])
        unsure = sum(attempt.phase == "uncertain" for attempt in row.tries)
        broken["I1 lost"] += row.state == "accepted" and not mine
        broken["I2 unexplained copy"] += max(0, len(mine) - 1 - unsure)
        broken["I3 cross-talk"] += any(
            each.recipients != (row.to_address,) or own[row.id].encode() not in each.raw for each in mine
        )
        broken["I4 differing bytes"] += len({each.sha for each in mine}) > 1
        broken["I5 lie"] += bool(mine) and row.state != "accepted" and not unsure
        broken["uncounted"] += unsure != row.uncertains or len(row.tries) != row.attempts
    broken["I9 unknown mail"] += len(copies)
    return +broken


def prove(
    house: House, enqueued: Callable[..., int], moment: Moment, log: Path, seed: int, mails: int, kills: int
) -> None:
    rng = random.Random(seed)
    own = {}
    for n in range(mails):
        mail_id = enqueued(f"reader-{n}@example.org", now=moment.now(), words=words(own=f"for reader {n} alone\n"))
        own[mail_id] = f"for reader {n} alone"
    script = [rng.choice(FAULTS) if rng.random() < 0.5 else "ok" for _ in range(kills * 20)]
    with Sink(*script, "ok") as sink:
        run(house, moment, log, sink, rng, kills)
        assert faults_of(house, sink.kept, own) == {}
        assert len(sink.kept) >= mails / 2


def test_d01_d02_d03_d04_d05_hold_while_workers_are_killed(
    open_house: House, enqueued: Callable[..., int], moment: Moment, tmp_path: Path
) -> None:
    prove(open_house, enqueued, moment, tmp_path / "log", seed=1, mails=60, kills=4)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_d01_d02_d03_d04_d05_hold_over_a_thousand_kills(
    open_house: House, enqueued: Callable[..., int], moment: Moment, tmp_path: Path, seed: int
) -> None:
    prove(open_house, enqueued, moment, tmp_path / "log", seed=seed, mails=1_000, kills=200)
