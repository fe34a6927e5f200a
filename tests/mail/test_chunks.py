"""Mails in one piece (BDAT, RFC 3030): several on their way at once, each with its own answer, and when that is given up."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config import Settings
from outreach.mail.chunks import AHEAD
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Answer, Results, Transport, open_transport
from tests.mail.envelopes import envelope, outcome, sent
from tests.mail.sink import Sink

OFFERS = ("PIPELINING", "CHUNKING")


@contextmanager
def over_one_connection(*faults: str, each: str = "mail") -> Iterator[tuple[Sink, SmtpTransport]]:
    with Sink(*faults, offers=OFFERS, each=each) as sink:
        transport = SmtpTransport(sink.url, "example.org", connections=1, reply_within=60, dot_within=60)
        yield sink, transport
        transport.close()


def count(sink: Sink, command: str) -> int:
    return sum(line.startswith(command) for line in sink.commands)


@contextmanager
def by_hand(*, large: bytes = b"") -> Iterator[tuple[SmtpTransport, socket.socket]]:
    """Twenty mails for a server that says what the test lets it say; the first was accepted. `large`: of this text."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        transport = SmtpTransport(f"smtp+plain://127.0.0.1:{door.getsockname()[1]}", "example.org", connections=1)
        transport.take([envelope(0), *[envelope(n, **({"raw": large} if large else {})) for n in range(1, 20)]])
        transport.results(0.05)
        peer, _ = door.accept()
        with peer:
            peer.settimeout(5)
            peer.send(b"220 patient\r\n")
            peer.recv(100)
            peer.send(b"250-patient\r\n250-PIPELINING\r\n250 CHUNKING\r\n")
            assert pieces(heard(peer, transport, envelope(0).raw)) == 1
            peer.send(b"250 one\r\n" * 4)
            yield transport, peer
            transport.break_off()
            transport.close()


def test_after_the_first_mail_no_reply_is_waited_for() -> None:
    with by_hand() as (transport, peer):
        assert pieces(heard(peer, transport, envelope(AHEAD).raw)) == AHEAD
        assert transport.waiting() == 20 - 1 - AHEAD
        peer.send(b"250 two\r\n" * 4 * AHEAD)
        assert pieces(heard(peer, transport, envelope(2 * AHEAD).raw)) == AHEAD


def test_after_a_refusal_of_all_mails_those_on_their_way_are_heard() -> None:
    with by_hand() as (transport, peer):
        heard(peer, transport, envelope(AHEAD).raw)
        peer.send(b"250 ok\r\n454 4.7.0 throttled\r\n503 no MAIL\r\n503 no MAIL\r\n")
        [(first, answer)] = known(transport, 1)
        assert (first.id, answer) == (1, Answer("unreached", 454, "4.7.0 throttled"))
        peer.send(b"250 ok\r\n" * 4 * (AHEAD - 1))
        answers = {one.id: answer.outcome for one, answer in known(transport, 18)}
        assert [answers[n] for n in range(2, AHEAD + 1)] == ["accepted"] * (AHEAD - 1)
        assert {answers[n] for n in range(AHEAD + 1, 20)} == {"returned"}


def test_d06_a_mail_that_has_not_left_whole_when_the_time_is_over_never_does() -> None:
    with by_hand(large=b"Subject: large\r\n\r\n" + b"again and again and on\r\n" * 400_000) as (transport, peer):
        [(first, _)] = known(transport, 1)
        assert first.id == 0
        transport.until = time.monotonic() - 1
        came = b""
        peer.settimeout(0.2)
        answers = {}
        while not answers:
            came += peer.recv(1 << 20)
            answers = {one.id: answer.outcome for one, answer in transport.results(0)}
        assert answers == {1: "fenced"}
        assert came.count(b"BDAT") == 1
        assert len(came) < len(b"again and again and on\r\n" * 400_000)


def known(transport: Transport, number: int) -> Results:
    """What is known, as soon as it is of so many mails."""
    done: Results = []
    until = time.monotonic() + 20
    while len(done) < number and time.monotonic() < until:
        done += transport.results(0.05)
    assert len(done) == number
    return done


def heard(peer: socket.socket, transport: Transport, end: bytes) -> bytes:
    """What came up to this."""
    came = b""
    while end not in came:
        transport.results(0.02)
        peer.settimeout(0.05)
        try:
            came += peer.recv(1 << 20)
        except TimeoutError:
            continue
    return came


def pieces(came: bytes) -> int:
    """How many mails it is made of, each as its BDAT says."""
    number = 0
    while came:
        words = re.match(rb"RSET\r\nMAIL FROM:<\S+>\r\nRCPT TO:<\S+>\r\nBDAT (\d+) LAST\r\n", came)
        assert words, came[:80]
        came = came[words.end() + int(words[1]) :]
        number += 1
    return number


def test_a_refused_mail_leaves_nothing_behind_for_the_next() -> None:
    refused = ("550_rcpt", "451_rcpt", "550_mail", "450_mail", "451_data", "554_dot")
    with over_one_connection("ok", *[one for fault in refused for one in (fault, "ok")]) as (sink, transport):
        answers = sent(transport, *[envelope(n) for n in range(16)])
        assert (sink.connections, count(sink, "DATA"), count(sink, "BDAT")) == (1, 0, 16)
    outcomes = [answers[n].outcome for n in range(13)]
    assert outcomes[1::2] == ["rejected", "deferred", "rejected", "deferred", "deferred", "rejected"]
    assert set(outcomes[::2]) == {"accepted"}
    assert [answers[n].code for n in range(1, 13, 2)] == [550, 451, 550, 450, 451, 554]
    assert [kept.message_id for kept in sink.kept] == [
        f"mail-{n}@example.org" for n in range(16) if answers[n].outcome == "accepted"
    ]


def test_what_had_left_whole_is_in_doubt_when_the_server_hangs_up_and_then_replies_are_waited_for() -> None:
    with over_one_connection("ok", "drop_after_store", "ok") as (sink, transport):
        answers = sent(transport, *[envelope(n) for n in range(30)])
        outcomes = [answers[n].outcome for n in range(30)]
        assert outcomes == ["accepted", *["uncertain"] * AHEAD, *["accepted"] * (29 - AHEAD)]
        assert (count(sink, "BDAT"), count(sink, "DATA")) == (2, 29 - AHEAD)


def test_a_server_that_does_not_know_what_it_offers_is_asked_once() -> None:
    with over_one_connection("502_bdat", "ok", each="connection") as (sink, transport):
        assert outcome(transport, envelope(1)) == "deferred"
        assert [outcome(transport, envelope(n)) for n in (2, 3)] == ["accepted", "accepted"]
        assert (count(sink, "BDAT"), count(sink, "DATA")) == (1, 2)


def test_behind_a_421_what_had_left_whole_is_in_doubt_and_nothing_else_is_begun() -> None:
    with over_one_connection("ok", "ok", "421_mail", "ok") as (sink, transport):
        answers = sent(transport, *[envelope(n) for n in range(12)])
    assert [answers[n].outcome for n in range(3)] == ["accepted", "accepted", "unreached"]
    assert {answers[n].outcome for n in range(3, AHEAD + 1)} == {"uncertain"}
    assert {answers[n].outcome for n in range(AHEAD + 1, 12)} == {"returned"}
    assert len(sink.kept) == 2


@pytest.mark.parametrize("end", ["garbage", "drop_after_store", "half_reply"])
def test_d02_a_server_that_says_421_and_reads_on_keeps_no_mail_that_is_called_unread(end: str) -> None:
    with over_one_connection("ok", "421_dot", "ok", end, "ok") as (sink, transport):
        answers = sent(transport, *[envelope(n) for n in range(8)])
    kept = {kept.message_id for kept in sink.kept}
    assert kept >= {"mail-2@example.org", "mail-3@example.org"}
    told = {f"mail-{n}@example.org" for n in range(8) if answers[n].outcome in ("accepted", "uncertain")}
    assert kept <= told


def test_a_mail_that_is_kept_though_its_recipient_was_refused_is_in_doubt() -> None:
    with over_one_connection("550_rcpt_250", "ok") as (_, transport):
        assert outcome(transport, envelope(1)) == "uncertain"


def test_under_the_policy_hold_every_mail_waits_for_its_replies() -> None:
    with Sink(offers=OFFERS) as sink:
        for policy, ways in (("at_least", (1, 0)), ("hold", (1, 1))):
            transport = open_transport(Settings(mail_url=sink.url, mail_policy=policy))
            assert outcome(transport, envelope(1)) == "accepted"
            assert (count(sink, "BDAT"), count(sink, "DATA")) == ways
            transport.close()


def test_a_server_without_pipelining_is_told_nothing_ahead() -> None:
    with Sink(offers=("CHUNKING",)) as sink:
        transport = SmtpTransport(sink.url, "example.org")
        assert outcome(transport, envelope(1)) == "accepted"
        transport.close()
    assert count(sink, "BDAT") == 0
