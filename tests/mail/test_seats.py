"""Who sits on a seat, who takes over from whom, and what a worker taken for dead can still change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from outreach.house import House
from outreach.mail import delivery, seats
from outreach.mail.delivery import Unseated
from outreach.mail.jobs import Worker
from tests.mail.letters import AT
from tests.mail.turns import PutMany, Row, finish, phases, sending
from tests.support.processes import wait_until


def test_d06_a_worker_taken_for_dead_changes_nothing_any_more(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    ids = digests(3)
    slow, quick = worker(), worker()
    slow.turn()
    with open_house.db.read() as session:
        (seen,) = [beat for beat in delivery.beats(session) if beat.fence == slow.fence]
    with quick.connection.begin():
        assert delivery.unseat(quick.connection, seen, AT, "at_least") == 3
    for mail_id in ids:
        slow.transport.answers(mail_id, "rejected", 550, "no")  # type: ignore[attr-defined]
    slow.listen(0)
    with pytest.raises(Unseated):
        slow.turn()
    assert {(row_of(mail_id).state, *phases(row_of(mail_id))) for mail_id in ids} == {("uncertain", "uncertain")}
    quick.turn()
    finish(quick, "accepted", 250, "kept")
    with pytest.raises(Unseated):
        slow.turn()
    assert {(row_of(mail_id).state, *phases(row_of(mail_id))) for mail_id in ids} == {
        ("accepted", "uncertain", "accepted")
    }


def test_d06_a_worker_that_goes_on_beating_is_not_taken_for_dead(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    """However long a reply takes (D-21): the beat of its worker has moved since it was seen."""
    (mail_id,) = digests(1)
    alive, other = worker(), worker()
    alive.turn()
    with open_house.db.read() as session:
        (seen,) = [beat for beat in delivery.beats(session) if beat.fence == alive.fence]
    alive.turn()
    with other.connection.begin():
        assert delivery.unseat(other.connection, seen, AT + timedelta(days=1), "at_least") == 0
    finish(alive, "accepted", 250, "kept")
    assert phases(row_of(mail_id)) == ["accepted"]


def test_d06_only_a_beat_that_stands_still_longer_than_a_lease_is_taken_for_dead(
    open_house: House, digests: PutMany, worker: Callable[..., Worker]
) -> None:
    digests(2)
    paused, watch = worker(mail_lease=10), worker(mail_lease=10)
    paused.turn()
    moment = time.monotonic()
    watch.look_after_seats(moment)
    watch.look_after_seats(moment + 10.9)
    assert sending(open_house) == 2
    watch.look_after_seats(moment + 13)
    assert sending(open_house) == 0
    with pytest.raises(Unseated):
        paused.turn()


def test_the_next_owner_of_a_seat_takes_over_at_once(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    ids = digests(3)
    former = worker()
    former.turn()
    worker(number=60)
    assert sending(open_house) == 3
    successor = worker(number=former.seat.number)
    assert sending(open_house) == 0
    assert {(row_of(mail_id).state, *phases(row_of(mail_id))) for mail_id in ids} == {("uncertain", "uncertain")}
    assert {row_of(mail_id).next_at for mail_id in ids} == {AT}
    assert successor.fence != former.fence


def test_a_mail_over_which_workers_die_waits_its_turn_and_somebody_is_told(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    (mail_id,) = digests(1)
    for _ in range(2):
        worker(number=50).turn()
    worker(number=50)
    due = row_of(mail_id).next_at
    assert due == AT + timedelta(minutes=5)
    assert phases(row_of(mail_id)) == ["uncertain", "uncertain"]


def test_strays_of_a_database_that_was_put_back_are_found_at_the_start(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    (mail_id,) = digests(1)
    one = worker()
    one.turn()
    with open_house.db.transaction() as session:
        session.execute(text("DELETE FROM mail_worker"))
    worker(number=40)
    assert (row_of(mail_id).state, phases(row_of(mail_id))) == ("uncertain", ["uncertain"])


def test_seats_are_taken_one_by_one_and_come_free(house: House) -> None:
    with seats.taken(house) as first, seats.taken(house) as second:
        assert (first.number, second.number) == (1, 2)
        assert first.is_held()
        assert second.is_held()
    wait_until(lambda: not locks(house))  # PostgreSQL lets go once it sees that the connection is closed
    with seats.taken(house) as again:
        assert again.number == 1


def locks(house: House) -> int:
    """How many advisory locks this database has; SQLite has none, and its seats come free at once."""
    if house.db.is_sqlite:
        return 0
    of_this = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    with house.db.read() as session:
        return session.scalar(text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {of_this}")) or 0


@contextmanager
def all_locks_lost(house: House) -> Iterator[None]:
    """As when the database server was started anew: every advisory lock is gone with its connection."""
    with house.db.engine.connect() as other:
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    yield


def test_a_seat_whose_lock_is_lost_is_taken_again_unless_somebody_was_quicker(house: House) -> None:
    with seats.taken(house) as seat:
        assert seat.is_held()
        if house.db.is_sqlite:
            return  # a file's lock is lost with its process alone
        with all_locks_lost(house):
            assert seat.is_held()
            assert seat.is_held()
        with all_locks_lost(house), seats.taken(house) as quicker:
            assert quicker.number == seat.number
            assert not seat.is_held()
