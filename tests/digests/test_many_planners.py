"""D-07: several planners at once, in threads and in processes, on both databases. One issue per slot, each item once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from config import ROOT
from outreach import clock
from outreach.db import Database
from outreach.digests import jobs, queries
from outreach.digests.models import DigestIssue, DigestItem, DigestRecipient
from outreach.house import House
from outreach.mail.models import OutboxEmail
from outreach.subscriptions.models import Subscriber, Subscription
from tests.digests import givens
from tests.digests.givens import MONDAY, published
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
                jobs._finished.clear()
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


def test_d07_processes_at_a_starting_shot_plan_each_reader_once(full_house, moment, settings, tmp_path):
    shot = tmp_path / "shot"
    line = [sys.executable, "-m", "tests.digests.planner", "3", str(shot)]
    started = [
        subprocess.Popen(
            line, cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    shot.touch()
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert_each_once(full_house, PEOPLE, 2)


def test_d08_a_plan_that_breaks_off_leaves_nothing_half_built(full_house, moment):
    """A batch that fails at its last step is as if it had never begun; the next run does it."""
    moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    [turn] = [one for one in _turns(full_house)]
    with full_house.db.read() as session:
        ids = queries.due(session, turn, clock.now(), after=0, limit=20)
        drafts = jobs.ledger.draft(session, full_house, turn, clock.now(), ids)
    with pytest.raises(RuntimeError), full_house.db.transaction() as session:
        assert jobs.ledger.plan(session, full_house, turn, clock.now(), drafts) == 20
        raise RuntimeError("the power fails")
    with full_house.db.read() as session:
        for table in (DigestIssue, DigestRecipient, DigestItem, OutboxEmail):
            assert session.scalars(select(func.count()).select_from(table)).one() == 0
    jobs.plan(full_house)
    assert_each_once(full_house, PEOPLE, 2)


def test_d16_a_stop_that_comes_between_draft_and_plan_is_heard(full_house, moment):
    moment.is_at(datetime(2026, 11, 23, 16, 1, tzinfo=UTC))
    [turn] = _turns(full_house)
    with full_house.db.read() as session:
        ids = queries.due(session, turn, clock.now(), after=0, limit=5)
        drafts = jobs.ledger.draft(session, full_house, turn, clock.now(), ids)
    givens.stopped(full_house, ids[0])
    givens.changed(full_house, ids[1], givens.wish("science"))
    with full_house.db.transaction() as session:
        assert jobs.ledger.plan(session, full_house, turn, clock.now(), drafts) == 3
    jobs.plan(full_house)
    with full_house.db.read() as session:
        one = select(func.count()).select_from(DigestItem).where(DigestItem.subscriber_id == ids[0])
        assert session.scalars(one).one() == 0
        one = select(func.count()).select_from(DigestItem).where(DigestItem.subscriber_id == ids[1])
        assert session.scalars(one).one() == 1, "only what is wanted now"


def _turns(house):
    with house.db.read() as session:
        return queries.rounds(session, house.office, clock.now())
