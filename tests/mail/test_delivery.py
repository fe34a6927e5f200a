"""One mail at a time, from claim to result, and what each answer of a server leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.house import House
from outreach.mail.jobs import deliver_next
from outreach.mail.models import MailBlock, OutboxEmail
from outreach.mail.smtp import SmtpTransport
from outreach.mail.transports import FilesTransport
from tests.mail.letters import AT, words
from tests.mail.sink import Sink

Row = Callable[[int], OutboxEmail]
Put = Callable[..., int]


@contextmanager
def talking_to(*faults: str) -> Iterator[tuple[Sink, SmtpTransport]]:
    with Sink(*faults) as sink:
        transport = SmtpTransport(sink.url, "example.org", reply_within=5, dot_within=5)
        try:
            yield sink, transport
        finally:
            transport.close()


def phases(row: OutboxEmail) -> list[str]:
    return [attempt.phase for attempt in row.tries]


def alarms(house: House) -> list[str]:
    with house.db.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_accepted_mail_is_done(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued()
    with talking_to("ok") as (sink, transport):
        assert deliver_next(open_house, transport, AT)
        assert not deliver_next(open_house, transport, AT)
    row = row_of(mail_id)
    assert (row.state, row.next_at, row.fence, phases(row)) == ("accepted", None, None, ["accepted"])
    assert (row.tries[0].code, row.tries[0].reply) == (250, "kept")
    assert row.accepted_at is not None
    assert row.accepted_at >= AT
    assert len(sink.kept) == 1


def test_d03_one_recipient_per_envelope_and_only_its_own_words(open_house: House, enqueued: Put) -> None:
    names = [f"reader-{n}" for n in range(6)]
    for name in names:
        enqueued(f"{name}@example.org", words=words(own=f"for {name} only\n"))
    with talking_to("ok") as (sink, transport):
        while deliver_next(open_house, transport, AT):
            pass
    assert sorted(kept.recipients for kept in sink.kept) == [(f"{name}@example.org",) for name in names]
    for kept in sink.kept:
        mine = kept.recipients[0].partition("@")[0]
        told = [name for name in names if f"for {name} only".encode() in kept.raw]
        assert told == [mine]
        assert b"\r\nCc:" not in kept.raw
        assert b"\r\nBcc:" not in kept.raw


@pytest.mark.parametrize(
    ("fault", "state", "phase"),
    [
        ("drop_connect", "pending", "deferred"), ("421_banner", "pending", "deferred"), ("421_mail", "pending", "deferred"),
        ("454_mail", "pending", "deferred"), ("450_mail", "pending", "deferred"), ("550_mail", "failed", "rejected"),
        ("451_rcpt", "pending", "deferred"), ("550_rcpt", "failed", "rejected"), ("451_data", "pending", "deferred"),
        ("drop_in_data", "uncertain", "uncertain"),  # so short that its dot was out before the drop was felt
        ("451_dot", "pending", "deferred"), ("421_dot", "pending", "deferred"),
        ("554_dot", "failed", "rejected"), ("drop_before_store", "uncertain", "uncertain"), ("drop_after_store", "uncertain", "uncertain"),
        ("garbage", "uncertain", "uncertain"), ("half_reply", "uncertain", "uncertain"), ("drop_after_reply", "accepted", "accepted"),
    ],
)  # fmt: skip
def test_d05_the_ledger_says_what_is_known(
    open_house: House, enqueued: Put, row_of: Row, fault: str, state: str, phase: str
) -> None:
    mail_id = enqueued()
    with talking_to(fault) as (sink, transport):
        assert deliver_next(open_house, transport, AT)
    row = row_of(mail_id)
    assert (row.state, phases(row)) == (state, [phase])
    if sink.kept:
        assert state in ("accepted", "uncertain")
    if state == "accepted":
        assert sink.kept
    assert (row.next_at is None) == (state in ("accepted", "failed"))
    assert "@" not in repr([(attempt.reply, row.reason) for attempt in row.tries])  # P-11
    assert alarms(open_house) == (["mail.failed"] if state == "failed" else [])


def test_d18_a_greylisted_mail_is_tried_after_5_15_30_and_60_minutes_then_hourly(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    mail_id, at, waits = enqueued(), AT, []
    with talking_to("451_rcpt") as (_, transport):
        for _ in range(6):
            assert deliver_next(open_house, transport, at)
            due = row_of(mail_id).next_at
            assert due is not None
            waits.append(round((due - at).total_seconds() / 60))
            assert not deliver_next(open_house, transport, due - timedelta(seconds=1))
            at = due
    assert waits == [5, 15, 30, 60, 60, 60]


def test_d18_it_is_delivered_once_when_the_server_relents(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued()
    with talking_to("451_rcpt") as (sink, transport):
        deliver_next(open_house, transport, AT)
        transport.close()
        sink.faults[0] = "ok"
        assert deliver_next(open_house, transport, AT + timedelta(minutes=6))
    assert (row_of(mail_id).state, phases(row_of(mail_id)), len(sink.kept)) == ("accepted", ["deferred", "accepted"], 1)


def test_a_mail_whose_time_is_over_fails_and_says_so(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued(expires_at=AT + timedelta(hours=1))
    with talking_to("451_rcpt") as (sink, transport):
        deliver_next(open_house, transport, AT)
        assert deliver_next(open_house, transport, AT + timedelta(hours=1))
    row = row_of(mail_id)
    assert (row.state, row.next_at) == ("failed", None)
    assert row.reason is not None
    assert row.reason.startswith("expired; last: 451 4.7.1 <(address)>")
    assert alarms(open_house) == ["mail.expired"]
    assert sink.kept == []


def test_d19_a_server_that_takes_no_mail_is_left_alone_and_costs_no_attempts_of_the_schedule(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    first, second = enqueued(), enqueued()
    with talking_to("421_mail") as (_, transport):
        assert deliver_next(open_house, transport, AT)
        assert transport.is_resting()
        assert not deliver_next(open_house, transport, AT)
    assert row_of(second).attempts == 0
    row = row_of(first)
    assert (row.state, row.deferrals) == ("pending", 0)
    assert row.next_at is not None
    assert row.next_at - AT < timedelta(minutes=1)


def test_d17_a_poison_mail_holds_up_nobody(open_house: House, enqueued: Put, row_of: Row) -> None:
    refused, broken, good = enqueued("poison@example.org"), enqueued(), enqueued("good@example.org")
    with open_house.db.transaction() as session:
        row = session.get_one(OutboxEmail, broken)
        row.subject = "x\r\nBcc: other@example.org"
        session.add(MailBlock(hash="0" * 32, encoding="quoted-printable", body=b"", created_at=AT))
    lost = enqueued("lost@example.org")
    with open_house.db.transaction() as session:
        session.get_one(OutboxEmail, lost).text = [["block", "f" * 32]]
    with talking_to("550_rcpt", "ok") as (sink, transport):
        deliver_next(open_house, transport, AT)
        transport.close()
        while deliver_next(open_house, transport, AT):
            pass
    assert [row_of(mail_id).state for mail_id in (refused, broken, good, lost)] == [
        "failed",
        "failed",
        "accepted",
        "failed",
    ]
    assert row_of(broken).reason == "not sent: holds a line break or another control character"
    assert [kept.recipients for kept in sink.kept] == [("good@example.org",)]
    assert alarms(open_house) == ["mail.failed"] * 3


def test_d04_after_an_uncertain_attempt_the_repeat_has_identical_bytes(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    mail_id = enqueued()
    with talking_to("drop_after_store", "ok") as (sink, transport):
        deliver_next(open_house, transport, AT)
        assert row_of(mail_id).state == "uncertain"
        assert deliver_next(open_house, transport, AT + timedelta(hours=3))
    assert (row_of(mail_id).state, phases(row_of(mail_id))) == ("accepted", ["uncertain", "accepted"])
    assert len({kept.raw for kept in sink.kept}) == 1
    assert len(sink.kept) == 2


def test_d04_a_repeat_that_would_differ_is_not_sent(open_house: House, enqueued: Put, row_of: Row) -> None:
    mail_id = enqueued()
    with talking_to("drop_after_store", "ok") as (sink, transport):
        deliver_next(open_house, transport, AT)
        with open_house.db.transaction() as session:
            session.get_one(OutboxEmail, mail_id).subject = "Another subject"
        deliver_next(open_house, transport, AT + timedelta(hours=3))
    assert (row_of(mail_id).state, row_of(mail_id).reason) == ("failed", "not repeated: its bytes would differ")
    assert len(sink.kept) == 1


def test_from_the_second_repeat_on_an_uncertain_mail_raises_an_alarm(
    open_house: House, enqueued: Put, row_of: Row
) -> None:
    mail_id, at, heard = enqueued(expires_at=AT + timedelta(hours=5)), AT, []
    with talking_to("drop_after_store") as (sink, transport):
        for _ in range(3):
            assert deliver_next(open_house, transport, at)
            heard.append(alarms(open_house).count("mail.uncertain_again"))
            at += timedelta(hours=1)
        assert heard == [0, 1, 2]
        assert deliver_next(open_house, transport, AT + timedelta(hours=5))
    row = row_of(mail_id)
    assert (row.state, row.next_at, row.uncertains) == ("uncertain", None, 3)
    assert len(sink.kept) == 3  # D-02: never more copies than logged uncertain attempts allow
    assert not deliver_next(open_house, transport, AT + timedelta(days=9))


@pytest.mark.parametrize(
    ("production", "allow", "state"),
    [
        (False, (), "cancelled"),
        (False, ("*@example.com",), "cancelled"),
        (False, ("*@example.org",), "accepted"),
        (True, (), "accepted"),
    ],
)
def test_d25_outside_production_a_real_server_is_told_of_nobody_but_the_allowed(
    open_house: House, enqueued: Put, row_of: Row, production: bool, allow: tuple[str, ...], state: str
) -> None:
    mail_id = enqueued()
    settings = replace(open_house.settings, mail_allow=allow)
    with talking_to("ok") as (sink, transport):
        if production:
            real = {"mail_url": sink.url, "mail_from": "press@example.com", "duty_address": "duty@example.com"}
            settings = replace(settings, production=True, base_url="https://press.example.org", clock_file=None, **real)
        assert deliver_next(replace(open_house, settings=settings), transport, AT)
    row = row_of(mail_id)
    assert (row.state, row.reason) == (state, None if state == "accepted" else "not allowed outside production")
    assert len(sink.kept) == len(sink.envelopes) == (state == "accepted")


def test_d25_files_are_never_bound(house: House, enqueued: Put, row_of: Row, tmp_path: Any) -> None:
    mail_id = enqueued("anybody@example.com")
    assert house.settings.mail_allow == ()
    assert deliver_next(house, FilesTransport(tmp_path / "mail"), AT)
    assert row_of(mail_id).state == "accepted"


def test_p11_logs_carry_numbers_not_addresses(
    open_house: House, enqueued: Put, caplog: pytest.LogCaptureFixture
) -> None:
    enqueued("somebody.in.particular@example.org")
    caplog.set_level("DEBUG")
    with talking_to("550_rcpt") as (_, transport):
        deliver_next(open_house, transport, AT)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("outreach")]
    assert any("rejected 550" in line for line in said)
    assert not any("@" in line for line in said)
