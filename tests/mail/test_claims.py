"""Who may send a mail, and until when: turns, fences, seats, beats, and what stops a mail on its way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.house import House
from outreach.mail import outbox, suppressions
from outreach.mail.jobs import Worker, deliver
from outreach.mail.models import MailAttempt, MailWorker, OutboxEmail
from outreach.mail.transports import FilesTransport
from tests.mail.letters import AT
from tests.mail.turns import Put, PutMany, Row, finish, phases, sending


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
    while deliver(open_house, transport, AT):
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


def test_two_workers_never_claim_the_same_mail(
    open_house: House, digests: PutMany, worker: Callable[..., Worker]
) -> None:
    ids = set(digests(60))
    crew = [worker(window=10) for _ in range(4)]
    threads = [threading.Thread(target=one.turn) for one in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
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
