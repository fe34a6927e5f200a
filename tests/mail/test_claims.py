"""Who may send a mail, and until when: turns, fences, seats, beats, and what stops a mail on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from outreach.house import House
from outreach.mail import delivery, outbox, seats, suppressions
from outreach.mail.delivery import Unseated
from outreach.mail.jobs import Worker, deliver, deliver_next
from outreach.mail.models import SENDING, MailAttempt, MailWorker, OutboxEmail
from outreach.mail.transports import Answer, FilesTransport
from tests.mail.letters import AT

Row = Callable[[int], OutboxEmail]
Put = Callable[..., int]
PutMany = Callable[..., list[int]]


class Hands(FilesTransport):
    """A transport that does nothing by itself: a test says what became of the mails it was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.said: list[Any] = []

    @property
    def given(self) -> list[int]:
        return [envelope.id for envelope in self._queue]

    def answers(self, mail_id: int, *answer: Any) -> None:
        envelope = next(envelope for envelope in self._queue if envelope.id == mail_id)
        self._queue.remove(envelope)
        self.said.append((envelope, Answer(*answer)))

    def results(self, seconds: float) -> Any:
        said, self.said = self.said, []
        return said


@pytest.fixture
def worker(open_house: House, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """worker(window=3): one that is seated and takes its turns when told to."""
    with ExitStack() as stack:

        def made(window: int = 64, number: int | None = None, **settings: Any) -> Worker:
            house = replace(open_house, settings=replace(open_house.settings, **settings))
            connection = stack.enter_context(house.db.writing_engine.connect())
            taken = stack.enter_context(seats.taken(house))
            seat = taken if number is None else type("Seat", (), {"number": number, "is_held": lambda self: True})()
            one = Worker(house, Hands(tmp_path / "mail"), connection, seat, window, lambda: AT)
            one.sit()
            return one

        yield made


def phases(row: OutboxEmail) -> list[str]:
    return [attempt.phase for attempt in row.tries]


def finish(worker: Worker, *answer: Any) -> None:
    """Everything it holds ended so, and is recorded."""
    for mail_id in list(worker.transport.given):  # type: ignore[attr-defined]
        worker.transport.answers(mail_id, *answer)  # type: ignore[attr-defined]
    worker.listen(0)
    worker.turn(claims_more=False)


def sending(house: House) -> int:
    with house.db.read() as session:
        return len(session.scalars(select(OutboxEmail.id).where(OutboxEmail.state == SENDING)).all())


def test_a_turn_marks_what_it_claims_and_never_more_than_the_window(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    ids = digests(10)
    one = worker(window=4)
    one.turn()
    assert one.transport.given == ids[:4]  # type: ignore[attr-defined]
    assert sending(open_house) == 4
    one.turn()
    assert sending(open_house) == 4
    one.transport.answers(ids[0], "accepted", 250, "kept")  # type: ignore[attr-defined]
    one.transport.answers(ids[1], "deferred", 451, "later")  # type: ignore[attr-defined]
    one.listen(0)
    assert sending(open_house) == 4
    one.turn()
    assert one.held == set(ids[2:6])
    assert sending(open_house) == 4
    assert (row_of(ids[0]).state, row_of(ids[1]).state, row_of(ids[2]).state) == ("accepted", "pending", "sending")
    assert row_of(ids[2]).fence == one.fence
    finish(one, "accepted", 250, "kept")


def test_the_seat_says_which_mails_are_held(open_house: House, digests: PutMany, worker: Callable[..., Worker]) -> None:
    ids = digests(3)
    one = worker()
    one.turn()
    with open_house.db.read() as session:
        seat = session.scalars(select(MailWorker)).one()
        assert (seat.seat, seat.fence, seat.held) == (one.seat.number, one.fence, ids)
    finish(one, "accepted", 250, "kept")
    with open_house.db.read() as session:
        assert session.scalars(select(MailWorker.held)).one() == []
    one.leave()
    with open_house.db.read() as session:
        assert session.scalars(select(MailWorker)).all() == []


def test_single_mails_go_ahead_of_digests(
    open_house: House, enqueued: Put, digests: PutMany, worker: Callable[..., Worker]
) -> None:
    waiting = digests(3)
    receipt = enqueued("reporter@example.org", now=AT - timedelta(seconds=1))
    one = worker(window=2)
    one.turn()
    assert one.transport.given == [receipt, waiting[0]]  # type: ignore[attr-defined]


def test_d17_digests_that_are_not_begun_make_way_for_single_mails(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    waiting = digests(3)
    one = worker(window=3)
    one.turn()
    receipt = enqueued()
    one.turn()
    assert one.held == {*waiting[:2], receipt}
    assert sending(open_house) == 3
    assert (row_of(waiting[2]).state, row_of(waiting[2]).attempts) == ("pending", 0)


def test_d16_what_is_cancelled_or_suppressed_before_the_claim_is_not_sent(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, tmp_path: Path
) -> None:
    stopped = enqueued(ref="subscriber:12")
    (suppressed,) = digests("bounced@example.org")
    asked = enqueued("bounced@example.org", scope="always")
    with open_house.db.transaction() as session:
        outbox.cancel(session, "subscriber:12", "stopped", AT)
        suppressions.suppress(session, open_house, "bounced@example.org", "all", "hard bounce", AT)
    transport = FilesTransport(tmp_path / "mail")
    while deliver_next(open_house, transport, AT):
        pass
    assert [row_of(mail_id).state for mail_id in (stopped, suppressed, asked)] == ["cancelled", "cancelled", "accepted"]
    assert row_of(suppressed).reason == "suppressed"
    assert row_of(suppressed).attempts == 0
    assert len(list(transport.folder.iterdir())) == 1


def test_d16_what_is_cancelled_between_claim_and_dot_and_not_begun_goes_back(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    stopped, other = digests("a@example.org", "b@example.org")
    one = worker()
    one.turn()
    with open_house.db.transaction() as session:
        assert outbox.cancel(session, "subscriber:a@example.org", "stopped", AT) == 1
    one.turn()
    assert one.transport.given == [other]  # type: ignore[attr-defined]
    assert (row_of(stopped).state, row_of(stopped).reason, row_of(stopped).attempts) == ("cancelled", "stopped", 0)


@pytest.mark.parametrize(
    ("outcome", "state"), [("uncertain", "cancelled"), ("deferred", "cancelled"), ("accepted", "accepted")]
)
def test_d16_what_is_cancelled_after_the_dot_is_not_repeated(
    open_house: House, enqueued: Put, row_of: Row, worker: Callable[..., Worker], outcome: str, state: str
) -> None:
    mail_id = enqueued(ref="subscriber:12")
    one = worker()
    one.turn()
    with open_house.db.transaction() as session:
        outbox.cancel(session, "subscriber:12", "stopped", AT)
    finish(one, outcome, None, "")
    assert (row_of(mail_id).state, phases(row_of(mail_id))) == (state, [outcome])


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


def test_two_workers_never_claim_the_same_mail(
    open_house: House, digests: PutMany, worker: Callable[..., Worker]
) -> None:
    ids = set(digests(60))
    crew = [worker(window=10) for _ in range(4)]
    threads = [threading.Thread(target=one.turn) for one in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    held = [mail_id for one in crew for mail_id in one.held]
    assert len(held) == len(set(held)) == 40
    assert set(held) < ids


def test_settled_rows_are_looked_at_and_not_sent(open_house: House, enqueued: Put, row_of: Row, tmp_path: Path) -> None:
    mail_id = enqueued(expires_at=AT)
    assert deliver(open_house, FilesTransport(tmp_path / "mail"), AT) == 1
    assert row_of(mail_id).state == "failed"
    with open_house.db.read() as session:
        assert session.scalars(select(MailAttempt)).all() == []


def test_d06_what_a_late_worker_did_not_dot_is_lost_safe(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    (mail_id,) = digests(1)
    one = worker()
    one.turn()
    finish(one, "fenced", None, "the worker's time is over")
    row = row_of(mail_id)
    assert (row.state, row.uncertains, row.next_at, phases(row)) == ("pending", 0, AT, ["lost_safe"])


def test_what_was_never_begun_comes_back_as_if_it_had_not_been_claimed(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    (mail_id,) = digests(1)
    one = worker()
    one.turn()
    finish(one, "returned")
    row = row_of(mail_id)
    assert (row.state, row.attempts, row.next_at, phases(row)) == ("pending", 0, AT, [])
    one.turn()
    finish(one, "accepted", 250, "kept")
    assert phases(row_of(mail_id)) == ["accepted"]


def test_the_time_a_dot_may_leave_ends_a_lease_after_the_turn_began(
    open_house: House, digests: PutMany, worker: Callable[..., Worker]
) -> None:
    digests(1)
    one = worker(mail_lease=7)
    begun = time.monotonic()
    one.turn()
    assert begun + 7 <= one.transport.until <= time.monotonic() + 7
    time.sleep(0.02)
    before = one.transport.until
    one.turn()
    assert one.transport.until > before


def test_a_deleted_row_costs_its_neighbours_nothing(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    first, gone, last = digests(3)
    one = worker()
    one.turn()
    with open_house.db.transaction() as session:
        session.delete(session.get_one(OutboxEmail, gone))
    finish(one, "accepted", 250, "kept")
    assert [row_of(mail_id).state for mail_id in (first, last)] == ["accepted", "accepted"]
    assert [phases(row_of(mail_id)) for mail_id in (first, last)] == [["accepted"], ["accepted"]]


def test_o02_a_commit_whose_answer_was_lost_is_made_good(
    open_house: House, digests: PutMany, row_of: Row, worker: Callable[..., Worker]
) -> None:
    """Whether the first of two records went through or not, each mail has one attempt and nothing stays marked."""
    ids = digests(6)
    one = worker(window=3)
    one.turn()
    for mail_id in ids[:3]:
        one.transport.answers(mail_id, "accepted", 250, "kept")  # type: ignore[attr-defined]
    one.listen(0)
    known, results = set(one.held), list(one.results)
    one.turn()  # it went through, and claimed three more …
    one.held, one.results, one.is_unsure = known, results, True  # … but this worker never heard of it
    one.transport.break_off()
    one.turn(claims_more=False)
    assert [row_of(mail_id).state for mail_id in ids] == ["accepted"] * 3 + ["pending"] * 3
    assert [len(row_of(mail_id).tries) for mail_id in ids] == [1] * 3 + [0] * 3


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
    with seats.taken(house) as again:
        assert again.number == 1


@contextmanager
def all_locks_lost(house: House) -> Iterator[None]:
    """As when the database server was started anew: every advisory lock is gone with its connection."""
    with house.db.engine.connect() as other:
        other.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
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
