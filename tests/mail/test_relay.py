"""Conversations with a server, with PIPELINING and without, and when it is left alone."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from outreach.mail.circuit import Circuit
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Answer, Envelope
from tests.mail.envelopes import envelope, outcome, sent
from tests.mail.sink import Sink
from tests.mail.turns import TalkingTo


@pytest.mark.parametrize(
    "address", ["x@y.example\r\nRCPT TO:<v@example.org>", "x@y.example\nDATA", "x@y.example> SIZE=1"]
)
def test_m08_a_recipient_with_a_line_break_is_not_cut_but_refused(talking_to: TalkingTo, address: str) -> None:
    sink, transport = talking_to("ok")
    bad = Envelope("press@example.org", address, "m@example.org", (b"x\r\n",), id=1)
    answers = sent(transport, bad, envelope(2))
    assert [answers[n].outcome for n in (1, 2)] == ["rejected", "accepted"]
    assert sink.envelopes == ["reader@example.org"]


def test_a_connection_lost_in_a_long_body_is_known_not_accepted(talking_to: TalkingTo) -> None:
    sink, transport = talking_to("drop_in_data", "ok")
    long = envelope(raw=b"Subject: long\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 70 * 200_000 + b"\r\n")
    assert outcome(transport, long) == "deferred"
    assert outcome(transport, envelope()) == "accepted"
    assert len(sink.kept) == 1


def test_a_connection_that_the_server_closed_between_two_mails_is_opened_again(talking_to: TalkingTo) -> None:
    sink, transport = talking_to("drop_after_reply")
    assert [outcome(transport, envelope(n)) for n in range(3)] == ["accepted"] * 3
    assert len(sink.kept) == 3
    answers = sent(transport, *[envelope(n) for n in range(10, 30)])
    assert {answer.outcome for answer in answers.values()} == {"accepted"}
    assert len(sink.kept) == 23


def test_single_mails_go_ahead_of_digests_that_are_not_begun(talking_to: TalkingTo) -> None:
    sink, transport = talking_to("ok", connections=1)
    transport.take([envelope(n, is_bulk=True) for n in range(10)])
    transport.take([envelope(20), envelope(21)])
    transport.take([envelope(n, is_bulk=True) for n in range(10, 12)])
    answers = sent(transport, already=14)
    assert {answer.outcome for answer in answers.values()} == {"accepted"}
    order = [kept.message_id for kept in sink.kept]
    assert order[:2] == ["mail-20@example.org", "mail-21@example.org"]
    assert order[2:] == [f"mail-{n}@example.org" for n in range(12)]


def test_a_refused_mail_and_the_next_are_one_write_and_the_server_never_hears_a_nested_mail() -> None:
    """Refused at RCPT and at DATA: RSET and the next envelope go together; refused but asked for DATA: a lone dot."""
    with Sink("ok", "550_rcpt", "ok", "550_rcpt_354", "550_mail", "ok", offers=("PIPELINING",), each="mail") as sink:
        transport = SmtpTransport(sink.url, "example.org", connections=1)
        answers = sent(transport, *[envelope(n) for n in range(8)])
        transport.close()
    outcomes = [answers[n].outcome for n in range(8)]
    assert sorted(outcomes) == ["accepted"] * 5 + ["rejected"] * 3
    assert sink.connections == 1
    assert len(sink.kept) == 5
    assert sink.commands.count("RSET") == 2
    assert [answers[n].code for n in range(8) if answers[n].outcome == "rejected"] == [550, 550, 550]


def test_without_pipelining_every_command_waits_for_the_reply_before() -> None:
    """The server reads byte by byte what has come, and there is never more than one command."""
    early: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        transport = SmtpTransport(f"smtp+plain://127.0.0.1:{door.getsockname()[1]}", "example.org", connections=1)
        transport.take([envelope(n) for n in range(3)])
        transport.results(0.05)
        peer, _ = door.accept()
        answers: dict[int, Answer] = {}
        with peer:
            peer.settimeout(60)
            peer.send(b"220 careful\r\n")
            in_data, heard = False, b""
            while len(answers) < 3:
                for one, answer in transport.results(0.02):
                    answers[one.id] = answer
                try:
                    peer.settimeout(0.02)
                    heard += peer.recv(65536)
                except TimeoutError:
                    continue
                end = b"\r\n.\r\n" if in_data else b"\r\n"
                if end not in heard:
                    continue
                command, _, rest = heard.partition(end)
                early += [rest] if rest else []
                heard = rest
                in_data = command.startswith(b"DATA") and not in_data
                peer.send(b"354 go\r\n" if in_data else b"250 ok\r\n")
        transport.close()
    assert early == []
    assert {answer.outcome for answer in answers.values()} == {"accepted"}


def test_d21_the_dot_waits_longer_than_other_replies(talking_to: TalkingTo) -> None:
    _, transport = talking_to("ok", "slow_dot", reply_within=0.8, dot_within=30, each="mail")  # the dot takes a second
    assert [outcome(transport, envelope(n)) for n in (1, 2)] == ["accepted", "accepted"]
    with closing(SmtpTransport("smtp+plain://127.0.0.1:1", "example.org")) as other:
        assert other.dot_within == 600


def test_a_dot_that_is_not_answered_in_its_time_leaves_it_uncertain(talking_to: TalkingTo) -> None:
    sink, transport = talking_to("ok", "hold_after_store", dot_within=1, each="mail")
    assert [outcome(transport, envelope(n)) for n in (1, 2)] == ["accepted", "uncertain"]
    assert len(sink.kept) == 2


def test_a_server_that_says_nothing_takes_no_mail(talking_to: TalkingTo, offers: tuple[str, ...]) -> None:
    _, transport = talking_to("hold_rcpt", reply_within=0.3, dot_within=0.3)
    answer = sent(transport, envelope(1))[1]
    assert answer.outcome in (("uncertain",) if "CHUNKING" in offers else ("deferred", "unreached"))
    assert answer.reply.startswith("no reply within")


def test_d19_the_rest_grows_and_ends_with_the_first_success(talking_to: TalkingTo) -> None:
    circuit = Circuit(0.01)
    sink, transport = talking_to("drop_connect", circuit=circuit)
    rests = []
    for _ in range(5):
        assert outcome(transport, envelope()) == "unreached"
        rests.append(round(circuit.rest, 3))
        while circuit.is_resting():
            assert transport.appetite() == 0 or not circuit.is_resting()  # it may end between the two questions
            transport.results(0.01)
        assert transport.appetite() == 1  # one mail asks again
    assert rests == [0.01, 0.02, 0.04, 0.08, 0.16]
    sink.faults[0] = "ok"
    assert outcome(transport, envelope()) == "accepted"
    assert circuit.rest == 0
    assert transport.appetite() > 64


def test_d19_the_longest_rest_is_five_minutes_and_several_complaints_count_once() -> None:
    circuit = Circuit()
    rests = []
    for _ in range(8):
        circuit.opens()
        circuit.opens()
        rests.append(circuit.rest)
        circuit._until = 0.0
    assert rests == [5, 10, 20, 40, 80, 160, 300, 300]


def test_a_server_that_takes_few_connections_keeps_those_it_takes(talking_to: TalkingTo) -> None:
    sink, transport = talking_to("ok", "ok", "421_banner", connections=6)
    assert outcome(transport, envelope(0)) == "accepted"
    answers = sent(transport, *[envelope(n) for n in range(1, 60)])
    assert {answer.outcome for answer in answers.values()} == {"accepted"}
    assert not transport.circuit.is_resting()
    assert 2 <= sink.connections <= 3


def test_an_answer_keeps_what_the_server_said_without_addresses(talking_to: TalkingTo) -> None:
    _, transport = talking_to("550_rcpt")
    assert sent(transport, envelope(1))[1] == Answer("rejected", 550, "5.1.1 <(address)>: unknown")
