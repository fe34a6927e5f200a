"""What a server that refuses or is not there leads to: later, never, or the next one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from outreach.house import House
from outreach.mail.chunks import AHEAD
from outreach.mail.circuit import Circuit
from outreach.mail.jobs import deliver
from outreach.mail.models import MailForm, OutboxEmail
from tests.mail.letters import AT, words
from tests.mail.turns import Put, PutMany, Row, TalkingTo, alarms, deliver_all, phases


def test_d18_a_greylisted_mail_is_tried_after_5_15_30_and_60_minutes_then_hourly(
    open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo
) -> None:
    mail_id, at, waits = enqueued(), AT, []
    _, transport = talking_to("451_rcpt")
    for _ in range(6):
        assert deliver(open_house, transport, at)
        due = row_of(mail_id).next_at
        assert due is not None
        waits.append((due - at) / timedelta(minutes=1))
        assert not deliver(open_house, transport, due - timedelta(seconds=1))
        at = due
    assert waits == [5, 15, 30, 60, 60, 60]


def test_d18_it_is_delivered_once_when_the_server_relents(
    open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo
) -> None:
    mail_id = enqueued()
    sink, transport = talking_to("451_rcpt", "ok", each="mail")
    deliver(open_house, transport, AT)
    assert not deliver(open_house, transport, AT + timedelta(minutes=4))
    assert deliver(open_house, transport, AT + timedelta(minutes=6))
    assert (row_of(mail_id).state, phases(row_of(mail_id)), len(sink.kept)) == ("accepted", ["deferred", "accepted"], 1)


def test_d18_a_whole_greylisted_window_comes_back_five_minutes_later(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    ids = digests(20)
    sink, transport = talking_to(*["451_rcpt"] * 20, "ok", each="mail")
    deliver_all(open_house, transport, AT)
    assert {row_of(mail_id).state for mail_id in ids} == {"pending"}
    deliver_all(open_house, transport, AT + timedelta(minutes=5))
    assert {tuple(phases(row_of(mail_id))) for mail_id in ids} == {("deferred", "accepted")}
    assert len(sink.kept) == 20
    assert alarms(open_house) == []


def test_a_mail_whose_time_is_over_fails_and_says_so(
    open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo
) -> None:
    mail_id = enqueued(expires_at=AT + timedelta(hours=1))
    sink, transport = talking_to("451_rcpt")
    deliver(open_house, transport, AT)
    assert deliver(open_house, transport, AT + timedelta(hours=1))
    row = row_of(mail_id)
    assert (row.state, row.next_at) == ("failed", None)
    assert row.reason is not None
    assert row.reason.startswith("expired; last: 451 4.7.1 <(address)>")
    assert alarms(open_house) == ["mail.expired"]
    assert sink.kept == []


@pytest.mark.parametrize("fault", ["421_mail", "454_mail", "454_dot", "421_banner", "drop_connect"])
def test_d19_a_server_that_takes_no_mail_is_left_alone_and_costs_no_attempts_of_the_schedule(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo, fault: str
) -> None:
    ids = digests(20)
    sink, transport = talking_to(fault)
    assert deliver(open_house, transport, AT, window=64)
    assert transport.circuit.is_resting()
    assert transport.appetite() == 0
    assert not deliver(open_house, transport, AT, window=64)
    rows = [row_of(mail_id) for mail_id in ids]
    assert sum(row.attempts for row in rows) == 1  # one mail tried the server
    assert {(row.state, row.deferrals, row.fence) for row in rows} == {("pending", 0, None)}
    assert all(row.next_at is not None and row.next_at - AT < timedelta(minutes=1) for row in rows)
    assert sink.connections == 1


def test_d19_throttled_in_the_middle_everything_waits_and_one_mail_at_a_time_asks_again(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo, offers: tuple[str, ...]
) -> None:
    ids = digests(30)
    sink, transport = talking_to(
        *["ok"] * 10, *["454_dot"] * 5, "ok", each="mail", connections=2,
        circuit=Circuit(1 if "CHUNKING" in offers else 0.2),  # longer than a busy machine takes to hear the other connection
    )  # fmt: skip
    asked = []
    for n in range(400):
        if len(sink.kept) == 30:
            break
        was_resting, before = transport.circuit.rest > 0, len(sink.envelopes)
        if deliver(open_house, transport, AT + timedelta(seconds=15 * n), window=64) and was_resting:
            asked.append(len(sink.envelopes) - before)
        transport.results(0.1)
    rows = [row_of(mail_id) for mail_id in ids]
    assert {row.state for row in rows} == {"accepted"}
    assert {row.deferrals for row in rows} == {0}
    assert len(sink.kept) == 30
    assert len(asked) >= (1 if "CHUNKING" in offers else 2)  # there several are refused at once
    assert set(asked) == {1}


def test_d20_after_a_day_without_a_server_everything_leaves_once(
    open_house: House, digests: PutMany, enqueued: Put, row_of: Row, talking_to: TalkingTo
) -> None:
    ids = [*digests(40), enqueued()]
    sink, transport = talking_to("drop_connect", circuit=Circuit(0.001))
    for hour in range(24):
        for _ in range(3):
            deliver(open_house, transport, AT + timedelta(hours=hour), window=64)
            transport.results(0.002)
    assert {row_of(mail_id).state for mail_id in ids} == {"pending"}
    sink.faults[0] = "ok"
    transport.circuit = Circuit(0.001)
    deliver_all(open_house, transport, AT + timedelta(hours=24, minutes=1))
    rows = [row_of(mail_id) for mail_id in ids]
    assert {row.state for row in rows} == {"accepted"}
    assert {row.deferrals for row in rows} == {0}
    assert len(sink.kept) == len({kept.message_id for kept in sink.kept}) == 41


def test_d17_a_poison_mail_holds_up_nobody(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    refused, broken, good = enqueued("poison@example.org"), enqueued(), enqueued("good@example.org")
    short, lost = digests("short@example.org", "lost@example.org")
    with open_house.db.transaction() as session:
        row = session.get_one(OutboxEmail, broken)
        row.own = row.own.replace("Your inquiry is with us", "x\r\nBcc: other@example.org")
        session.get_one(OutboxEmail, short).own = "one value"
        gone = session.get_one(OutboxEmail, lost)
        form = session.get_one(MailForm, gone.form)
        session.add(MailForm(hash="0" * 32, content={**form.content, "text": [["block", "f" * 32]]}, created_at=AT))
        gone.form = "0" * 32
    huge = enqueued("huge@example.org", words=words(own="many words again and again, " * 80_000 + "\n"))
    sink, transport = talking_to("550_rcpt", "ok", each="mail")
    assert deliver(open_house, transport, AT)
    deliver_all(open_house, transport, AT)
    states = [row_of(mail_id).state for mail_id in (refused, broken, good, short, lost, huge)]
    assert states == ["failed", "failed", "accepted", "failed", "failed", "accepted"]
    assert row_of(broken).reason == "not sent: holds a line break or another control character"
    assert row_of(short).reason == "not sent: 1 own values for 2 places"
    assert row_of(lost).reason == "a block of its text is missing"
    assert sorted(kept.recipients[0] for kept in sink.kept) == ["good@example.org", "huge@example.org"]
    assert max(len(kept.raw) for kept in sink.kept) > 2_000_000
    assert sorted(alarms(open_house)) == ["mail.failed"] * 4 + ["mail.suppressed"]


def test_d17_one_slow_mail_does_not_hold_up_the_others(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    ids = digests(20)
    sink, transport = talking_to("ok", "hold_after_store", "ok", each="mail", dot_within=60)
    deliver(open_house, transport, AT)  # one alone: the server is known then
    with ThreadPoolExecutor() as pool:
        delivered = pool.submit(deliver_all, open_house, transport, AT, window=64)
        try:
            sink.wait_for(20 - AHEAD + 1)  # all but those that share its connection, before it has its answer
        finally:
            sink.released.set()
        delivered.result()
    assert {row_of(mail_id).state for mail_id in ids} == {"accepted"}
