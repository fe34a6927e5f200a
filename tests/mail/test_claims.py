"""Who may send a mail, and until when: claims, leases, fences, seats, and what stops a mail on its way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from outreach.house import House
from outreach.mail import delivery, jobs, outbox, seats, suppressions
from outreach.mail.delivery import Claim, Settled
from outreach.mail.jobs import deliver_next
from outreach.mail.models import MailAttempt, OutboxEmail
from outreach.mail.transports import ACCEPTED, Answer, Envelope, Fenced, FilesTransport
from tests.mail.letters import AT

Row = Callable[[int], OutboxEmail]
Put = Callable[..., int]


def claimed(house: House, **given: Any) -> Claim:
    with house.db.transaction() as session:
        claim = delivery.claim(session, house, given.get("now", AT), given.get("seat"), is_bound=False)
    assert isinstance(claim, Claim)
    return claim


def phases(row: OutboxEmail) -> list[str]:
    return [attempt.phase for attempt in row.tries]


def test_single_mails_go_ahead_of_digests(open_house: House, enqueued: Put, tmp_path: Any) -> None:
    digest = enqueued("subscriber@example.org", scope="digests")
    receipt = enqueued("reporter@example.org", now=AT + timedelta(minutes=1))
    assert [claimed(open_house, now=AT + timedelta(minutes=2)).id for _ in range(2)] == [receipt, digest]


def test_d16_what_is_cancelled_or_suppressed_before_the_claim_is_not_sent(
    open_house: House, enqueued: Put, row_of: Row, tmp_path: Any
) -> None:
    stopped, suppressed, asked = (
        enqueued(ref="subscriber:12"),
        enqueued("bounced@example.org", scope="digests"),
        enqueued("bounced@example.org", scope="always"),
    )
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


def test_d16_what_is_cancelled_between_claim_and_dot_stops_before_the_dot(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    mail_id = enqueued(ref="subscriber:12")
    claim = claimed(open_house)
    with open_house.db.transaction() as session:
        assert outbox.cancel(session, "subscriber:12", "stopped", AT) == 1
    with open_house.db.transaction() as session:
        assert not delivery.mark(session, claim, b"raw", AT)
        assert delivery.release(session, claim, AT)
    assert (row_of(mail_id).state, row_of(mail_id).reason, phases(row_of(mail_id))) == (
        "cancelled",
        "stopped",
        ["lost_safe"],
    )


def test_d16_what_is_cancelled_after_the_dot_is_not_repeated(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued(ref="subscriber:12")
    claim = claimed(open_house)
    with open_house.db.transaction() as session:
        assert delivery.mark(session, claim, b"raw", AT)
    with open_house.db.transaction() as session:
        outbox.cancel(session, "subscriber:12", "stopped", AT)
        delivery.record(session, claim, Answer("uncertain"), AT)
    assert (row_of(mail_id).state, phases(row_of(mail_id))) == ("cancelled", ["uncertain"])


def test_d06_a_worker_that_stood_still_past_its_lease_changes_nothing(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    mail_id = enqueued()
    slow = claimed(open_house)
    later = AT + delivery.CLAIM_LEASE + timedelta(seconds=1)
    with open_house.db.transaction() as session:
        assert delivery.reap(session, later, None) == 1
    quick = claimed(open_house, now=later)
    with open_house.db.transaction() as session:
        assert not delivery.mark(session, slow, b"raw", later)
        assert not delivery.record(session, slow, Answer(ACCEPTED, 250), later)
        assert not delivery.release(session, slow, later)
    assert (row_of(mail_id).state, row_of(mail_id).fence) == ("sending", quick.fence)
    with open_house.db.transaction() as session:
        assert delivery.mark(session, quick, b"raw", later)
        assert delivery.record(session, quick, Answer(ACCEPTED, 250), later)
    assert (row_of(mail_id).state, phases(row_of(mail_id))) == ("accepted", ["lost_safe", "accepted"])


def test_d21_the_lease_at_the_dot_outlasts_the_longest_wait_for_a_reply(open_house: House, enqueued: Put) -> None:
    enqueued()
    claim = claimed(open_house)
    with open_house.db.transaction() as session:
        delivery.mark(session, claim, b"raw", AT)
    with open_house.db.transaction() as session:
        assert delivery.reap(session, AT + timedelta(seconds=659), None) == 0
        assert delivery.reap(session, AT + timedelta(seconds=661), None) == 1


def test_the_next_owner_of_a_seat_takes_over_at_once(open_house: House, enqueued: Put, row_of: Row) -> None:
    before, after = enqueued(), enqueued()
    claimed(open_house, seat=3)
    beyond = claimed(open_house, seat=3)
    with open_house.db.transaction() as session:
        delivery.mark(session, beyond, b"raw", AT)
    with open_house.db.transaction() as session:
        assert delivery.reap(session, AT, 4) == 0
        assert delivery.reap(session, AT, 3) == 2
    assert (row_of(before).state, phases(row_of(before))) == ("pending", ["lost_safe"])
    assert (row_of(after).state, phases(row_of(after))) == ("uncertain", ["uncertain"])
    assert row_of(before).next_at == row_of(after).next_at == AT


def test_a_mail_over_which_workers_die_waits_its_turn(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued()
    for _ in range(3):
        claimed(open_house, seat=1)
        with open_house.db.transaction() as session:
            delivery.reap(session, AT, 1)
    due = row_of(mail_id).next_at
    assert due is not None
    assert due > AT


def test_two_workers_never_claim_the_same_mail(open_house: House, enqueued: Put) -> None:
    ids = {enqueued() for _ in range(4)}
    assert {claimed(open_house, seat=n).id for n in range(4)} == ids
    with open_house.db.transaction() as session:
        assert delivery.claim(session, open_house, AT, 5, is_bound=False) is None


def test_settled_rows_are_told_from_claims(open_house: House, enqueued: Put) -> None:
    mail_id = enqueued(expires_at=AT)
    with open_house.db.transaction() as session:
        assert delivery.claim(session, open_house, AT, None, is_bound=False) == Settled(mail_id, "failed")
        assert session.scalars(select(MailAttempt)).all() == []


def test_d06_a_worker_paused_longer_than_its_lease_sends_no_dot_though_nobody_took_over(
    open_house: House, enqueued: Put, row_of: Row, tmp_path: Path
) -> None:
    mail_id = enqueued()
    paused = jobs.Attempt(
        open_house, claimed(open_house), AT, time.monotonic() - delivery.CLAIM_LEASE.total_seconds() - 1
    )
    transport = FilesTransport(tmp_path / "mail")
    with pytest.raises(Fenced):
        paused.made_with(transport)
    assert list(transport.folder.iterdir()) == []
    assert phases(row_of(mail_id)) == ["claimed"]


def test_d17_a_fault_of_ours_is_known_not_sent_before_the_dot_and_uncertain_after_it(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    class Broken(FilesTransport):
        def __init__(self, is_late: bool) -> None:
            self.is_late = is_late

        def deliver(self, envelope: Envelope, before_dot: Callable[[], None]) -> Answer:
            if self.is_late:
                before_dot()
            raise ZeroDivisionError(f"over {envelope.recipient}")

    early, late = enqueued(), enqueued()
    assert jobs.deliver(open_house, Broken(False), AT, only=early)
    assert jobs.deliver(open_house, Broken(True), AT, only=late)
    assert (row_of(early).state, row_of(late).state) == ("failed", "uncertain")
    assert (row_of(early).reason or "").startswith("broken: ZeroDivisionError at test_claims.py:")


def test_a_seat_whose_lock_is_lost_says_so(house: House) -> None:
    with seats.taken(house) as seat:
        assert seat.is_held()
        if not house.db.is_sqlite:  # a file's lock is lost with its process alone
            with house.db.engine.connect() as other:
                other.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    )
                )
            assert not seat.is_held()
