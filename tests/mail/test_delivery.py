"""From claim to result: what each answer of a server leads to, one mail at a time and in windows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from outreach.house import House
from outreach.mail.circuit import Circuit
from outreach.mail.jobs import deliver
from outreach.mail.models import OutboxEmail
from outreach.mail.relay import CONNECTIONS
from outreach.mail.transports import FilesTransport
from tests.mail.letters import AT, words
from tests.mail.turns import Put, PutMany, Row, TalkingTo, alarms, deliver_all, phases


def test_an_accepted_mail_is_done(open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo) -> None:
    mail_id = enqueued()
    sink, transport = talking_to("ok")
    assert deliver(open_house, transport, AT)
    assert not deliver(open_house, transport, AT)
    row = row_of(mail_id)
    assert (row.state, row.next_at, row.fence, phases(row)) == ("accepted", None, None, ["accepted"])
    assert (row.tries[0].code, row.tries[0].reply) == (250, "kept")
    assert row.accepted_at is not None
    assert row.accepted_at >= AT
    assert len(sink.kept) == 1


def test_a_whole_window_leaves_and_every_mail_has_its_receipt(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    ids = digests(150)
    sink, transport = talking_to("ok")
    assert deliver(open_house, transport, AT, window=64) == 1  # a server that is not known yet
    assert deliver(open_house, transport, AT, window=64) == 64
    deliver_all(open_house, transport, AT)
    assert {row_of(mail_id).state for mail_id in ids} == {"accepted"}
    assert {tuple(phases(row_of(mail_id))) for mail_id in ids} == {("accepted",)}
    assert sorted(kept.recipients[0] for kept in sink.kept) == sorted(f"reader-{n}@example.org" for n in range(150))
    assert 1 < sink.connections <= CONNECTIONS


@pytest.mark.parametrize("how", ["one by one", "in windows"])
def test_d03_one_recipient_per_envelope_and_only_its_own_words(
    open_house: House, enqueued: Put, digests: PutMany, talking_to: TalkingTo, how: str
) -> None:
    names = [f"reader-{n}" for n in range(30)]
    if how == "in windows":
        digests(30)
    else:
        for name in names:
            enqueued(f"{name}@example.org", words=words(own=f"for {name}@example.org alone\n"))
    sink, transport = talking_to("ok")
    deliver_all(open_house, transport, AT)
    assert sorted(kept.recipients for kept in sink.kept) == sorted((f"{name}@example.org",) for name in names)
    for kept in sink.kept:
        told = [name for name in names if f"for {name}@example.org alone".encode() in kept.raw]
        assert told == [kept.recipients[0].partition("@")[0]]
        assert b"\r\nCc:" not in kept.raw
        assert b"\r\nBcc:" not in kept.raw


FAULTS = [
    ("drop_connect", "pending", "deferred"), ("421_banner", "pending", "deferred"), ("421_mail", "pending", "deferred"),
    ("454_mail", "pending", "deferred"), ("450_mail", "pending", "deferred"), ("550_mail", "failed", "rejected"),
    ("451_rcpt", "pending", "deferred"), ("550_rcpt", "failed", "rejected"), ("550_rcpt_354", "failed", "rejected"),
    ("451_data", "pending", "deferred"),
    ("drop_in_data", "uncertain", "uncertain"),  # so short that its dot was out before the drop was felt
    ("451_dot", "pending", "deferred"), ("421_dot", "pending", "deferred"), ("454_dot", "pending", "deferred"),
    ("554_dot", "failed", "rejected"), ("drop_before_store", "uncertain", "uncertain"), ("drop_after_store", "uncertain", "uncertain"),
    ("garbage", "uncertain", "uncertain"), ("half_reply", "uncertain", "uncertain"), ("drop_after_reply", "accepted", "accepted"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "state", "phase"), FAULTS)
def test_d05_the_ledger_says_what_is_known(
    open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo, fault: str, state: str, phase: str
) -> None:
    mail_id = enqueued()
    sink, transport = talking_to(fault)
    assert deliver(open_house, transport, AT)
    row = row_of(mail_id)
    assert (row.state, phases(row)) == (state, [phase])
    if sink.kept:
        assert state in ("accepted", "uncertain")
    if state == "accepted":
        assert sink.kept
    assert (row.next_at is None) == (state in ("accepted", "failed"))
    assert "@" not in repr([(attempt.reply, row.reason) for attempt in row.tries])  # P-11
    told = ["mail.failed", "mail.suppressed"] if fault.startswith("550_rcpt") else ["mail.failed"]
    assert alarms(open_house) == (told if state == "failed" else [])


@pytest.mark.parametrize(("fault", "state"), [(fault, state) for fault, state, _ in FAULTS])
def test_d05_d17_a_fault_in_the_middle_of_a_window_is_that_mails_alone(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo, fault: str, state: str
) -> None:
    """The mails before and behind it are accepted, on its connection or another, each with one copy."""
    ids = digests(12)
    sink, transport = talking_to("ok", "ok", "ok", fault, "ok", each="mail", circuit=Circuit(0.01), connections=1)
    for n in range(10):
        if not deliver(open_house, transport, AT + timedelta(seconds=15 * n), window=64):
            transport.results(0.02)  # the server is left alone for a moment
    states = Counter(row_of(mail_id).state for mail_id in ids)
    copies = Counter(kept.recipients[0] for kept in sink.kept)
    if state == "failed" or fault in ("450_mail", "451_rcpt", "451_data", "451_dot"):
        assert states == {"accepted": 11, state: 1}
    else:  # tried again at once: it was the server's fault, or nobody can say
        assert states == {"accepted": 12}
    assert all(row_of(mail_id).attempts <= 3 for mail_id in ids)
    unsure = Counter(
        f"reader-{n}@example.org" for n, mail_id in enumerate(ids) if "uncertain" in phases(row_of(mail_id))
    )
    assert all(count <= 1 + unsure[address] for address, count in copies.items())
    assert len(copies) == states["accepted"]


def test_d04_after_an_uncertain_attempt_the_repeat_has_identical_bytes(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    ids = [enqueued(), *digests(3)]
    sink, transport = talking_to(*["drop_after_store"] * 4, "ok", each="mail", connections=4)
    for hour in range(4):
        deliver_all(open_house, transport, AT + timedelta(hours=hour))
    rows = [row_of(mail_id) for mail_id in ids]
    assert {(row.state, phases(row)[-1]) for row in rows} == {("accepted", "accepted")}
    assert sum(phases(row).count("uncertain") for row in rows) == 4
    assert len(sink.kept) == 8
    assert len({kept.raw for kept in sink.kept}) == 4


def test_a_mail_that_certainly_never_arrived_leaves_though_its_bytes_are_made_otherwise_by_now(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    """As after an upgrade: only a mail that may have arrived must be repeated as it was."""
    [mail_id] = digests(1)
    sink, transport = talking_to("451_rcpt", "ok", each="mail")
    deliver(open_house, transport, AT)
    with open_house.db.transaction() as session:
        row = session.get_one(OutboxEmail, mail_id)
        row.own = row.own.replace("key0", "key1")
    deliver_all(open_house, transport, AT + timedelta(hours=3))
    assert (row_of(mail_id).state, len(sink.kept)) == ("accepted", 1)


@pytest.mark.parametrize("kind", ["single", "digest"])
def test_d04_a_repeat_that_would_differ_is_not_sent(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, talking_to: TalkingTo, kind: str
) -> None:
    mail_id = enqueued() if kind == "single" else digests(1)[0]
    sink, transport = talking_to("drop_after_store", "ok", each="mail")
    deliver(open_house, transport, AT)
    with open_house.db.transaction() as session:
        row = session.get_one(OutboxEmail, mail_id)
        row.own = row.own.replace("inquiry", "question").replace("key0", "key1")
    deliver_all(open_house, transport, AT + timedelta(hours=3))
    assert (row_of(mail_id).state, row_of(mail_id).reason) == ("failed", "not repeated: its bytes would differ")
    assert len(sink.kept) == 1


def test_from_the_second_repeat_on_an_uncertain_mail_raises_an_alarm(
    open_house: House, enqueued: Put, row_of: Row, talking_to: TalkingTo
) -> None:
    mail_id, at, heard = enqueued(expires_at=AT + timedelta(hours=5)), AT, []
    sink, transport = talking_to("drop_after_store")
    for _ in range(3):
        assert deliver(open_house, transport, at)
        heard.append(alarms(open_house).count("mail.uncertain_again"))
        at += timedelta(hours=1)
    assert heard == [0, 1, 2]
    assert deliver(open_house, transport, AT + timedelta(hours=5))
    row = row_of(mail_id)
    assert (row.state, row.next_at, row.uncertains) == ("uncertain", None, 3)
    assert len(sink.kept) == 3  # D-02: never more copies than logged uncertain attempts allow
    assert not deliver(open_house, transport, AT + timedelta(days=9))


@pytest.mark.parametrize("fault", ["drop_before_store", "drop_after_store"])
def test_d02_under_hold_nothing_is_repeated_unless_somebody_says_so(
    open_house: House, digests: PutMany, row_of: Row, talking_to: TalkingTo, fault: str
) -> None:
    from outreach.mail import outbox

    holding = replace(open_house, settings=replace(open_house.settings, mail_policy="hold"))
    (mail_id,) = digests(1)
    sink, transport = talking_to(fault, "ok", each="mail")
    deliver(holding, transport, AT)
    deliver_all(holding, transport, AT + timedelta(hours=9))
    assert (row_of(mail_id).state, row_of(mail_id).next_at) == ("uncertain", None)
    assert alarms(holding) == ["mail.held"]
    assert len(sink.kept) == (fault == "drop_after_store")
    with holding.db.transaction() as session:
        assert outbox.repeat(session, mail_id, AT + timedelta(hours=9))
    deliver_all(holding, transport, AT + timedelta(hours=9))
    assert phases(row_of(mail_id)) == ["uncertain", "accepted"]
    with holding.db.transaction() as session:
        assert not outbox.repeat(session, mail_id, AT + timedelta(hours=10))


def test_d24_a_server_that_knows_the_stable_id_keeps_one_copy(
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, talking_to: TalkingTo
) -> None:
    settings = replace(open_house.settings, mail_idempotency_header="X-Idempotency-Key")
    house = replace(open_house, settings=settings)
    ids = digests(6, house=house)
    faults = ["drop_after_store", "drop_before_store"] * 3
    sink, transport = talking_to(*faults, "ok", each="mail", honours="X-Idempotency-Key", connections=6)
    for hour in range(3):
        deliver_all(house, transport, AT + timedelta(hours=hour))
    assert {row_of(mail_id).state for mail_id in ids} == {"accepted"}
    assert sum(phases(row_of(mail_id)).count("uncertain") for mail_id in ids) == 6
    assert [kept.header("X-Idempotency-Key") for kept in sink.kept] == [kept.message_id for kept in sink.kept]
    assert len(sink.kept) == 6


def test_without_a_setting_there_is_no_idempotency_header(
    open_house: House, digests: PutMany, talking_to: TalkingTo
) -> None:
    digests(1)
    sink, transport = talking_to("ok")
    deliver(open_house, transport, AT)
    assert b"dempotency" not in sink.kept[0].raw


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
    open_house: House, enqueued: Put, digests: PutMany, row_of: Row, talking_to: TalkingTo,
    production: bool, allow: tuple[str, ...], state: str,
) -> None:  # fmt: skip
    ids = [enqueued(), *digests(2)]
    settings = replace(open_house.settings, mail_allow=allow)
    sink, transport = talking_to("ok")
    if production:
        real = {"mail_url": sink.url, "mail_from": "press@example.com", "duty_address": "duty@example.com"}
        settings = replace(settings, production=True, base_url="https://press.example.org", clock_file=None, **real)
    deliver_all(replace(open_house, settings=settings), transport, AT)
    for mail_id in ids:
        row = row_of(mail_id)
        assert (row.state, row.reason) == (state, None if state == "accepted" else "not allowed outside production")
    assert len(sink.kept) == len(sink.envelopes) == (3 if state == "accepted" else 0)


def test_d25_files_are_never_bound(house: House, enqueued: Put, row_of: Row, tmp_path: Any) -> None:
    mail_id = enqueued("anybody@example.com")
    assert house.settings.mail_allow == ()
    assert deliver(house, FilesTransport(tmp_path / "mail"), AT)
    assert row_of(mail_id).state == "accepted"


def test_p11_logs_carry_numbers_not_addresses(
    open_house: House, enqueued: Put, caplog: pytest.LogCaptureFixture, talking_to: TalkingTo
) -> None:
    enqueued("somebody.in.particular@example.org")
    caplog.set_level("DEBUG")
    _, transport = talking_to("550_rcpt")
    deliver(open_house, transport, AT)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("outreach")]
    assert any("rejected 550" in line for line in said)
    assert not any("@" in line for line in said)
