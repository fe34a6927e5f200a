"""Workers are killed and paused again and again while the server fails in every way; then the server's log is laid beside
the ledger. The server's log is the ground truth. A short run belongs to every test run; the long ones are run by hand."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from outreach.house import House
from outreach.mail.models import OutboxEmail
from tests.mail.sink import Kept, Sink
from tests.mail.test_worker import worker
from tests.support.moment import Moment

FAULTS = (
    "drop_connect", "421_mail", "450_mail", "451_rcpt", "550_rcpt", "550_rcpt_354", "451_data", "drop_in_data", "451_dot", "554_dot",
    "421_dot", "drop_before_store", "drop_after_store", "garbage", "half_reply", "drop_after_reply",
)  # fmt: skip
OVER = ("accepted", "failed", "cancelled")
LEASE = 2  # seconds


def rows(house: House) -> list[OutboxEmail]:
    with house.db.read() as session:
        return list(session.scalars(select(OutboxEmail).options(selectinload(OutboxEmail.tries))))


@dataclass
class Seen:
    """What was seen while workers were killed: how many mails were marked, and what was done with when one woke up."""

    marked: list[int] = field(default_factory=list)
    done: list[tuple[float, set[str]]] = field(default_factory=list)


def run(house: House, moment: Moment, log: Path, sink: Sink, rng: random.Random, kills: int) -> Seen:
    """Kill or pause one of two workers at a time, then let the others finish; the clock is moved past every waiting time."""
    seen = Seen()
    with ExitStack() as stack:
        start = lambda: stack.enter_context(worker(house, log, sink.url, MAIL_LEASE=str(LEASE)))  # noqa: E731
        pair = [start() for _ in range(2)]
        time.sleep(3)
        for n in range(kills):
            time.sleep(rng.uniform(0.05, 1.5))
            moment.moves(minutes=6)
            victim = rng.randrange(2)
            if n % 4 == 3:  # longer than its lease, and it lives on
                pair[victim].send_signal(signal.SIGSTOP)
                time.sleep(LEASE + 2)
                seen.done.append((time.time(), {row.message_id for row in rows(house) if row.state == "accepted"}))
                pair[victim].send_signal(signal.SIGCONT)
                continue
            pair[victim].send_signal(signal.SIGKILL)
            pair[victim].wait(10)
            seen.marked.append(sum(row.state == "sending" for row in rows(house)))
            pair[victim] = start()
        sink.faults.clear()
        sink.faults.append("ok")
        until = time.monotonic() + 120 + kills
        while any(row.state not in OVER for row in rows(house)):
            assert time.monotonic() < until, Counter((row.state, row.reason) for row in rows(house))
            moment.moves(minutes=6)
            time.sleep(0.3)
    return seen


def faults_of(house: House, kept: list[Kept], own: dict[int, str], seen: Seen) -> Counter[str]:
    """Every broken promise, by its number in reliability.md 1.2."""
    copies: dict[str, list[Kept]] = {}
    for each in kept:
        copies.setdefault(each.message_id, []).append(each)
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
        broken["late dot"] += any(
            each.at > woke and row.message_id in done for each in mine for woke, done in seen.done
        )
    broken["I9 unknown mail"] += len(copies)
    return +broken


def prove(
    house: House, digests: Callable[..., list[int]], moment: Moment, log: Path, seed: int, mails: int, kills: int,
    pipelining: bool,
) -> None:  # fmt: skip
    rng = random.Random(seed)
    ids = digests(mails, now=moment.now())
    own = {mail_id: f"for reader-{n}@example.org alone" for n, mail_id in enumerate(ids)}
    script = [rng.choice(FAULTS) if rng.random() < 0.3 else "ok" for _ in range(mails)]
    with Sink(*script, "ok", pipelining=pipelining, each="mail") as sink:
        seen = run(house, moment, log, sink, rng, kills)
        assert faults_of(house, sink.kept, own, seen) == {}
        assert len(sink.kept) >= mails / 2
    assert max(seen.marked, default=0) <= 2 * 64


def test_d01_d02_d03_d04_d05_hold_while_workers_are_killed(
    open_house: House, digests: Callable[..., list[int]], moment: Moment, tmp_path: Path, pipelining: bool
) -> None:
    prove(open_house, digests, moment, tmp_path / "log", seed=1, mails=400, kills=5, pipelining=pipelining)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_d01_d02_d03_d04_d05_hold_over_a_thousand_kills(
    open_house: House, digests: Callable[..., list[int]], moment: Moment, tmp_path: Path, seed: int, pipelining: bool
) -> None:
    prove(open_house, digests, moment, tmp_path / "log", seed, mails=5_000, kills=100, pipelining=pipelining)
