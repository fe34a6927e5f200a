"""The worker as a process of its own: killed where it hurts, paused, stopped as a user stops it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from config import ROOT
from outreach.house import House
from outreach.mail.chunks import AHEAD
from tests.mail.letters import words
from tests.mail.sink import Sink
from tests.mail.turns import Put, PutMany, Row, phases
from tests.support import quick
from tests.support.moment import Moment
from tests.support.processes import environment, wait_until


@contextmanager
def worker(house: House, log: Path, mail_url: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m outreach worker`, gone at the end."""
    settings = replace(house.settings, mail_url=mail_url)
    env = environment(settings, MAIL_ALLOW="*@example.org", **more)
    with log.open("ab") as out:
        process = subprocess.Popen(quick.line("outreach", "worker"), env=env, cwd=ROOT, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.kill()
            process.wait(60)


def test_o09_a_worker_delivers_and_stops_at_sigterm(
    open_house: House,
    enqueued: Put,
    digests: PutMany,
    row_of: Row,
    moment: Moment,
    tmp_path: Path,
    offers: tuple[str, ...],
) -> None:
    mail_id = enqueued(now=moment.now())
    many = digests(100, now=moment.now())
    with Sink("ok", offers=offers) as sink, worker(open_house, tmp_path / "log", sink.url) as process:
        sink.wait_for(101)
        wait_until(lambda: all(row_of(one).state == "accepted" for one in (mail_id, *many)))
        second = enqueued(now=moment.now())
        sink.wait_for(102)
        wait_until(lambda: row_of(second).state == "accepted")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    told = (tmp_path / "log").read_text()
    assert f"mail {mail_id}, attempt 1: accepted 250" in told
    assert "digests accepted: " in told
    assert "@" not in told  # P-11
    with open_house.db.read() as session:
        assert session.execute(text("SELECT count(*) FROM mail_worker")).scalar_one() == 0


def test_o09_sigterm_finishes_the_mails_under_way_and_gives_the_others_back(
    open_house: House, digests: PutMany, row_of: Row, moment: Moment, tmp_path: Path, offers: tuple[str, ...]
) -> None:
    ids = digests(40, now=moment.now())
    # The first alone; then each connection has one that waits for its answer, and the next, or one write full of them.
    most = 1 + (AHEAD if "CHUNKING" in offers else 2) * 3
    with (
        Sink("ok", "hold_dot", offers=offers, each="mail") as sink,
        worker(open_house, tmp_path / "log", sink.url, MAIL_CONNECTIONS="3") as process,
    ):
        sink.wait_for(3)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: sum(row_of(mail_id).state == "pending" for mail_id in ids) >= len(ids) - most)
        sink.released.set()
        assert process.wait(60) == 0
        rows = [row_of(mail_id) for mail_id in ids]
        assert {row.state for row in rows} == {"accepted", "pending"}
        assert sum(row.state == "accepted" for row in rows) == len(sink.kept) <= most
        assert {row.attempts for row in rows if row.state == "pending"} == {0}


def test_d06_killed_before_any_dot_left_the_window_is_uncertain_and_delivered_once(
    open_house: House, digests: PutMany, row_of: Row, moment: Moment, tmp_path: Path, offers: tuple[str, ...]
) -> None:
    """Marked is marked: nobody can tell a worker that died before the dot from one that died after it."""
    ids = digests(5, now=moment.now())
    with Sink("hold_rcpt", "ok", offers=offers) as sink:
        with worker(open_house, tmp_path / "log", sink.url) as process:
            sink.wait_for_envelope()
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)
        held = [mail_id for mail_id in ids if row_of(mail_id).state == "sending"]
        assert held
        with worker(open_house, tmp_path / "log", sink.url):
            sink.wait_for(5)
            wait_until(lambda: all(row_of(mail_id).state == "accepted" for mail_id in ids))
        assert {tuple(phases(row_of(mail_id))) for mail_id in held} == {("uncertain", "accepted")}
        assert len(sink.kept) == 5


def test_d04_killed_after_the_dot_it_is_uncertain_and_repeated_with_identical_bytes(
    open_house: House, enqueued: Put, row_of: Row, moment: Moment, tmp_path: Path, offers: tuple[str, ...]
) -> None:
    mail_id = enqueued(now=moment.now(), words=words(own="Упит 25-48271-3\n"))
    with Sink("hold_after_store", "ok", offers=offers) as sink:
        with worker(open_house, tmp_path / "log", sink.url) as process:
            sink.wait_for(1)
            assert (row_of(mail_id).state, phases(row_of(mail_id))) == ("sending", [])
            os.kill(process.pid, signal.SIGKILL)
            process.wait(60)
        with worker(open_house, tmp_path / "log", sink.url):
            first, second = sink.wait_for(2)
            wait_until(lambda: row_of(mail_id).state == "accepted")
        assert phases(row_of(mail_id)) == ["uncertain", "accepted"]
        assert first == second
        assert len(sink.kept) == 2


def test_d06_a_worker_paused_past_its_lease_sends_no_dot_when_it_wakes(
    open_house: House, digests: PutMany, row_of: Row, moment: Moment, tmp_path: Path, offers: tuple[str, ...]
) -> None:
    """Stopped with its mails marked; another takes over after a lease and delivers; the first wakes and says nothing more."""
    ids = digests(6, now=moment.now())
    with Sink("ok", offers=offers) as sink:
        pausing = {"MAIL_LEASE": "2", "FAILPOINT": "after_claim:pause"}
        with worker(open_house, tmp_path / "log", sink.url, **pausing) as paused:
            wait_until(lambda: any(row_of(mail_id).state == "sending" for mail_id in ids))
            with worker(open_house, tmp_path / "other", sink.url, MAIL_LEASE="2"):
                wait_until(lambda: all(row_of(mail_id).state == "accepted" for mail_id in ids))
                wait_until(lambda: "another worker took over from this one" in (tmp_path / "log").read_text())
                paused.send_signal(signal.SIGTERM)
                paused.wait(60)
    assert len(sink.kept) == len({kept.message_id for kept in sink.kept}) == 6


def test_o02_a_database_that_was_away_for_a_moment_costs_no_mail_and_no_copy(
    open_house: House, digests: PutMany, row_of: Row, moment: Moment, tmp_path: Path
) -> None:
    if open_house.db.is_sqlite:
        return  # a file does not go away
    ids = digests(30, now=moment.now())
    with Sink("slow_dot", offers=("PIPELINING",)) as sink, worker(open_house, tmp_path / "log", sink.url) as process:
        sink.wait_for(3)
        with open_house.db.engine.connect() as admin:
            admin.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        wait_until(lambda: all(row_of(mail_id).state == "accepted" for mail_id in ids))
        assert process.poll() is None
    assert len(sink.kept) == 30
