"""The worker as a process of its own: killed where it hurts, stopped as a user stops it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from config import ROOT
from outreach.house import House
from outreach.mail import seats
from outreach.mail.models import OutboxEmail
from tests.mail.letters import words
from tests.mail.sink import Sink
from tests.support.moment import Moment
from tests.support.processes import environment, wait_until

Row = Callable[[int], OutboxEmail]
Put = Callable[..., int]


@contextmanager
def worker(house: House, log: Path, mail_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m outreach worker`, gone at the end."""
    settings = replace(house.settings, mail_url=mail_url)
    env = environment(settings, MAIL_ALLOW="*@example.org")
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "outreach", "worker"], env=env, cwd=ROOT, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)


def phase_of(row: OutboxEmail) -> list[str]:
    return [attempt.phase for attempt in row.tries]


def test_o09_a_worker_delivers_and_stops_at_sigterm(
    open_house: House, enqueued: Put, row_of: Row, moment: Moment, tmp_path: Path
) -> None:
    mail_id = enqueued(now=moment.now())
    with Sink("ok") as sink, worker(open_house, tmp_path / "log", sink.url) as process:
        sink.wait_for(1)
        wait_until(lambda: row_of(mail_id).state == "accepted", 10)
        second = enqueued(now=moment.now())
        begun = time.monotonic()
        sink.wait_for(2)
        assert time.monotonic() - begun < 2
        wait_until(lambda: row_of(second).state == "accepted", 10)
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
    told = (tmp_path / "log").read_text()
    assert f"mail {mail_id}, attempt 1: accepted 250" in told
    assert "@" not in told  # P-11


def test_o09_sigterm_finishes_the_mail_under_way(
    open_house: House, enqueued: Put, row_of: Row, moment: Moment, tmp_path: Path
) -> None:
    first, second = enqueued(now=moment.now()), enqueued(now=moment.now())
    with Sink("slow_dot") as sink, worker(open_house, tmp_path / "log", sink.url) as process:
        sink.wait_for(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert (row_of(first).state, row_of(second).state) == ("accepted", "pending")


def test_d06_killed_before_the_dot_it_is_lost_safe_and_delivered_once(
    open_house: House, enqueued: Put, row_of: Row, moment: Moment, tmp_path: Path
) -> None:
    mail_id = enqueued(now=moment.now())
    with Sink("hold_rcpt", "ok") as sink:
        with worker(open_house, tmp_path / "log", sink.url) as process:
            sink.wait_for_envelope()
            assert (row_of(mail_id).state, phase_of(row_of(mail_id))) == ("sending", ["claimed"])
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
        with worker(open_house, tmp_path / "log", sink.url):
            sink.wait_for(1)
            wait_until(lambda: row_of(mail_id).state == "accepted", 10)
        assert phase_of(row_of(mail_id)) == ["lost_safe", "accepted"]
        assert len(sink.kept) == 1


def test_d04_killed_after_the_dot_it_is_uncertain_and_repeated_with_identical_bytes(
    open_house: House, enqueued: Put, row_of: Row, moment: Moment, tmp_path: Path
) -> None:
    mail_id = enqueued(now=moment.now(), words=words(own="Упит 25-48271-3\n"))
    with Sink("hold_after_store", "ok") as sink:
        with worker(open_house, tmp_path / "log", sink.url) as process:
            sink.wait_for(1)
            assert (row_of(mail_id).state, phase_of(row_of(mail_id))) == ("sending", ["dot"])
            os.kill(process.pid, signal.SIGKILL)
            process.wait(10)
        with worker(open_house, tmp_path / "log", sink.url):
            first, second = sink.wait_for(2)
            wait_until(lambda: row_of(mail_id).state == "accepted", 10)
        assert phase_of(row_of(mail_id)) == ["uncertain", "accepted"]
        assert first == second
        assert len(sink.kept) == 2


def test_seats_are_taken_one_by_one_and_come_free(house: House) -> None:
    with seats.taken(house) as first, seats.taken(house) as second:
        assert (first.number, second.number) == (1, 2)
        assert first.is_held()
        assert second.is_held()
    with seats.taken(house) as again:
        assert again.number == 1
