"""D-07: several planners at once, in threads and in processes, on both databases. One issue per slot, each item once."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from config import ROOT
from outreach import clock
from outreach.db import Database
from outreach.digests import jobs, rounds
from outreach.digests.ledger import Plan
from outreach.digests.models import DigestIssue, DigestItem, DigestRecipient
from outreach.digests.rounds import Round
from outreach.house import House
from outreach.mail.models import OutboxEmail
from outreach.subscriptions.models import Subscriber, Subscription
from tests.digests import givens
from tests.digests.givens import MONDAY, published
from tests.support import quick
from tests.support.processes import environment

PEOPLE = 60


def readers(house: House, people: int) -> None:
    """Confirmed readers of all topics, in three variants, written at once."""
    now = clock.now()
    with house.db.transaction() as session:
        rows = [
            Subscriber(
                address=f"reader{n}@example.org", address_hash=house.address_hash(f"reader{n}@example.org"),
                variant=("en", "lat", "cir")[n % 3], hour="17:00", key_id=house.tokens.key_id, created_at=now, confirmed_at=now,
            )
            for n in range(people)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        session.add_all(
            Subscription(subscriber_id=row.id, topic="*", cadence="daily", requested_at=now, confirmed_at=now)
            for row in rows
        )


def assert_each_once(house: House, people: int, publications: int) -> None:
    with house.db.read() as session:
        copies = Counter(session.scalars(select(DigestRecipient.subscriber_id)))
        assert len(copies) == people
        assert set(copies.values()) == {1}
        pairs = Counter((item.subscriber_id, item.publication_id) for item in session.scalars(select(DigestItem)))
        assert len(pairs) == people * publications
        assert set(pairs.values()) == {1}
        mails = Counter(session.scalars(select(OutboxEmail.to_address).where(OutboxEmail.kind == "digest")))
        assert len(mails) == people
        assert set(mails.values()) == {1}
        assert session.scalars(select(func.count()).select_from(DigestIssue)).one() == 1
        copy = select(func.count()).select_from(DigestRecipient).where(DigestRecipient.outbox_id.is_(None))
        assert session.scalars(copy).one() == 0


@pytest.fixture
def full_house(house, moment):
    """Readers with two publications to get, a moment before the slot."""
    moment.is_at(MONDAY)
    givens.baseline(house)
    readers(house, PEOPLE)
    moment.moves(minutes=10)
    published(house, "one")
    published(house, "two", topics=["science"])
    moment.is_at(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    return house


def test_d07_threads_with_their_own_connections_plan_each_reader_once(full_house, moment, settings):
    moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    start, wrong = Barrier(4), []

    def run() -> None:
        own = House(
            full_house.settings,
            Database(settings.database, settings.var_dir / "write.lock"),
            full_house.tokens,
            full_house.office,
        )
        start.wait()
        try:
            for _ in range(3):
                jobs.forget(own)
                jobs.plan(own)
        except Exception as error:
            wrong.append(error)
        own.db.dispose()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert_each_once(full_house, PEOPLE, 2)


@contextlib.contextmanager
def planners(settings, folder: Path, processes: int, shots: int) -> Iterator[Callable[[int], None]]:
    """Real planner processes; what is yielded fires a shot, at which all of them plan, and waits until they have."""
    line = quick.line("tests.digests.planner", str(shots), str(folder))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(line, cwd=ROOT, env=environment(settings), **pipes) for _ in range(processes)]

    def ready() -> None:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready", process.communicate()[1]

    def fire(number: int) -> None:
        (folder / str(number)).touch()
        if number + 1 < shots:
            ready()

    ready()
    try:
        yield fire
        for process in started:
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 0, errors
    finally:
        for process in started:
            process.kill()
            process.communicate()


def test_d07_processes_at_a_starting_shot_plan_each_reader_once(full_house, moment, settings, tmp_path):
    with planners(settings, tmp_path, processes=3, shots=3) as fire:
        moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
        for shot in range(3):
            fire(shot)
    assert_each_once(full_house, PEOPLE, 2)


def assert_one_issue_for_each(house: House, moment, settings, folder: Path, processes: int, shots: int) -> None:
    """In every round something new leaves at once, and all planners see it at the same moment."""
    moment.is_at(MONDAY)
    givens.baseline(house)
    for n in range(5):
        givens.subscribed(house, f"reader{n}@example.org", givens.wish(cadence="immediately"))
    with planners(settings, folder, processes, shots) as fire:
        for shot in range(shots):
            published(house, f"news{shot}")
            moment.moves(minutes=11)
            fire(shot)
    with house.db.read() as session:
        copies = Counter(session.scalars(select(DigestRecipient.issue_id)))
        mails = Counter(session.scalars(select(OutboxEmail.to_address).where(OutboxEmail.kind == "digest")))
    assert list(copies.values()) == [5] * shots
    assert list(mails.values()) == [shots] * 5


def test_d07_planners_on_a_barrier_make_one_issue_of_each_slot(house, moment, settings, tmp_path):
    assert_one_issue_for_each(house, moment, settings, tmp_path, processes=3, shots=3)


@pytest.mark.prove
def test_d07_eight_planners_on_a_barrier_a_hundred_times(house, moment, settings, tmp_path):
    assert_one_issue_for_each(house, moment, settings, tmp_path, processes=8, shots=100)


def test_d08_a_batch_that_breaks_off_leaves_nothing_half_built(full_house, moment):
    """A batch that fails at its last step is as if it had never begun; the next run does it."""
    now = moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    plan = ready_plan(full_house, now)
    with pytest.raises(RuntimeError), full_house.db.transaction() as session:
        assert plan.enter(session, now, after=0, limit=20).served == 20
        raise RuntimeError("the power fails")
    with full_house.db.read() as session:
        for table in (DigestRecipient, DigestItem, OutboxEmail):
            assert session.scalars(select(func.count()).select_from(table)).one() == 0
    jobs.plan(full_house)
    assert_each_once(full_house, PEOPLE, 2)


def test_d08_planners_killed_anywhere_in_a_plan_leave_nothing_half_built(full_house, moment, settings, tmp_path):
    """Real processes die between the statements of a batch, again and again; the ledger is whole after each death."""
    moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    (tmp_path / "0").touch()
    line = quick.line("tests.digests.planner", "1", str(tmp_path))
    deaths = 0
    for chance in (1, *[0.6] * 7):
        env = environment(settings, FAILPOINT=f"in_plan:kill:{chance}")
        done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr
        deaths += done.returncode != 0
        assert_whole(full_house, 2)
    assert deaths > 0
    jobs.plan(full_house)
    assert_each_once(full_house, PEOPLE, 2)


def test_d16_a_stop_that_comes_after_the_editions_were_made_is_heard(full_house, moment):
    now = moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    plan = ready_plan(full_house, now)
    givens.stopped(full_house, 1)
    givens.changed(full_house, 2, givens.wish("science"))
    with full_house.db.transaction() as session:
        batch = plan.enter(session, now, after=0, limit=5)
    assert (batch.served, len(batch.missing)) == (4, 1), "the reader who changed needs an edition of their own"
    jobs.plan(full_house)
    with full_house.db.read() as session:
        items = Counter(session.scalars(select(DigestItem.subscriber_id)))
    assert (items[1], items[2], items[3]) == (0, 1, 2)


def ready_plan(house: House, now: datetime) -> Plan:
    """A pass over the round that is due, with every edition made."""
    turn = Round(rounds.slot_of(house.office, "daily", "17:00", now, False), "17:00")
    issue_id = jobs.freeze(house, turn, now)
    assert issue_id is not None
    plan = jobs.opened(house, turn, issue_id, now)
    assert plan is not None
    with house.db.transaction() as session:
        missing = plan.enter(session, now, after=0, limit=PEOPLE).missing
    jobs.make(house, plan, missing)
    return plan


def assert_whole(house: House, publications: int) -> None:
    """Whoever has a copy has all of it: the row, its mail, and every item."""
    with house.db.read() as session:
        copies = {row.subscriber_id: row.outbox_id for row in session.scalars(select(DigestRecipient))}
        items = Counter(session.scalars(select(DigestItem.subscriber_id)))
        mails = set(session.scalars(select(OutboxEmail.id).where(OutboxEmail.kind == "digest")))
    assert items == Counter(dict.fromkeys(copies, publications))
    assert set(copies.values()) == mails
