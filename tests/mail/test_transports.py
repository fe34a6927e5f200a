"""The contract of a transport, the same for every one of them, over real servers on loopback."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from outreach.mail.circuit import Circuit
from outreach.mail.message import stitch
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Answer, Envelope, FilesTransport, Transport, open_transport
from tests.mail.letters import letter
from tests.mail.servers import LoopbackServer, trusting_the_test_authority
from tests.mail.sink import Sink

WAYS = ("files", "smtp+plain", "smtp", "smtps", "pipelining", "lock-step")


@dataclass
class Way:
    """A transport and what arrived at its other end."""

    transport: Transport
    arrived: Callable[[], list[bytes]]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Way]:
    with ExitStack() as stack:
        if request.param == "files":
            files = FilesTransport(tmp_path / "mail")
            yield Way(files, lambda: [file.read_bytes() for file in sorted(files.folder.glob("*.eml"))])
            return
        if request.param in ("pipelining", "lock-step"):
            sink = stack.enter_context(Sink("ok", pipelining=request.param == "pipelining"))
            arrived = lambda: [unstuffed(kept.raw) for kept in sorted(sink.kept, key=lambda kept: kept.message_id)]  # noqa: E731
            url = sink.url
        else:
            server = stack.enter_context(LoopbackServer(request.param))
            arrived = lambda: sorted(received.data for received in server.received)  # noqa: E731
            url = server.url
        transport = SmtpTransport(url, "example.org", trusting_the_test_authority(), reply_within=5, dot_within=5)
        stack.callback(transport.close)
        yield Way(transport, arrived)


TalkingTo = Callable[..., Any]


def unstuffed(raw: bytes) -> bytes:
    return raw.replace(b"\r\n.", b"\r\n") if not raw.startswith(b".") else raw[1:].replace(b"\r\n.", b"\r\n")


def envelope(n: int = 0, raw: bytes | None = None, **given: Any) -> Envelope:
    message_id = f"mail-{n}@example.org"
    made = raw or stitch(letter(message_id=message_id))
    return Envelope("press@example.org", "reader@example.org", message_id, made, id=n, **given)


def sent(transport: Transport, *envelopes: Envelope, seconds: float = 20) -> dict[int, Answer]:
    """What became of each, by its id; every one comes back exactly once."""
    transport.take(envelopes)
    found: dict[int, Answer] = {}
    until = time.monotonic() + seconds
    while len(found) < len(envelopes):
        assert time.monotonic() < until, f"{len(found)} of {len(envelopes)} came back"
        for one, answer in transport.results(0.2):
            assert one.id not in found
            found[one.id] = answer
    assert transport.waiting() == 0
    return found


def outcome(transport: Transport, one: Envelope) -> str:
    return sent(transport, one)[one.id].outcome


def test_a_mail_arrives_as_it_was_written(way: Way) -> None:
    assert outcome(way.transport, envelope()) == "accepted"
    assert way.arrived() == [envelope().raw]


def test_several_mails_arrive_whole_and_once(way: Way) -> None:
    many = [envelope(n) for n in range(30)]
    assert {answer.outcome for answer in sent(way.transport, *many).values()} == {"accepted"}
    assert way.arrived() == sorted(each.raw for each in many)


def test_d06_nothing_leaves_after_the_workers_time_and_the_next_mail_does(way: Way) -> None:
    assert outcome(way.transport, envelope(1)) == "accepted"
    way.transport.until = time.monotonic() - 1
    answers = sent(way.transport, *[envelope(n) for n in range(2, 8)], seconds=3) if is_files(way) else late(way)
    assert {answer.outcome for answer in answers.values()} <= {"fenced", "returned"}
    assert len(way.arrived()) == 1
    way.transport.until = math.inf
    assert outcome(way.transport, envelope(9)) == "accepted"
    assert way.arrived() == sorted(envelope(n).raw for n in (1, 9))


def is_files(way: Way) -> bool:
    return isinstance(way.transport, FilesTransport)


def late(way: Way) -> dict[int, Answer]:
    """Six mails for which the time is over; those that were never begun are asked back."""
    way.transport.take([envelope(n) for n in range(2, 8)])
    found = {}
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        found.update({one.id: answer for one, answer in way.transport.results(0.05)})
    found.update({one.id: answer for one, answer in way.transport.give_back(lambda one: True)})
    way.transport.break_off()
    return found


def test_what_is_not_begun_can_be_asked_back_the_last_first(way: Way) -> None:
    way.transport.take([envelope(1), envelope(2, is_bulk=True), envelope(3, is_bulk=True), envelope(4, is_bulk=True)])
    back = way.transport.give_back(lambda one: one.is_bulk, 2)
    assert [(one.id, answer.outcome) for one, answer in back] == [(4, "returned"), (3, "returned")]
    assert way.transport.waiting() == 2
    way.transport.break_off()
    assert way.transport.waiting() == 0
    assert outcome(way.transport, envelope(5)) == "accepted"
    assert way.arrived() == [envelope(5).raw]


@pytest.mark.parametrize(
    "body", [b".\r\n", b"..\r\n.\r\n", b"a\r\n.\r\nMAIL FROM:<x@example.org>\r\n", b".hidden\r\n\r\n.\r\n.\r\n"]
)
def test_m21_lines_that_begin_with_dots_stay_one_message(way: Way, body: bytes) -> None:
    one = envelope(raw=b"Subject: dots\r\n\r\n" + body)
    assert outcome(way.transport, one) == "accepted"
    assert way.arrived() == [one.raw]


def test_a_large_mail_arrives_whole(way: Way) -> None:
    one = envelope(
        raw=b"Subject: large\r\n\r\n"
        + b"seventy characters of nothing in particular, again and again and on\r\n" * 40_000
    )
    assert outcome(way.transport, one) == "accepted"
    assert way.arrived() == [one.raw]


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    transport = FilesTransport(tmp_path / "mail")
    sent(transport, envelope(1))
    sent(transport, envelope(1))
    assert [file.name for file in transport.folder.iterdir()] == ["mail-1@example.org.eml"]
    (transport.folder / "mail-1@example.org.eml").unlink()
    transport.folder.rmdir()
    assert outcome(transport, envelope(1)) == "unreached"


@pytest.mark.parametrize(
    "address", ["x@y.example\r\nRCPT TO:<v@example.org>", "x@y.example\nDATA", "x@y.example> SIZE=1"]
)
def test_m08_a_recipient_with_a_line_break_is_not_cut_but_refused(talking_to: TalkingTo, address: str) -> None:
    sink, transport = talking_to("ok")
    bad = Envelope("press@example.org", address, "m@example.org", b"x\r\n", id=1)
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
    sent(transport)
    while len(sink.kept) < 14:
        transport.results(0.2)
    order = [kept.message_id for kept in sink.kept]
    assert order[:2] == ["mail-20@example.org", "mail-21@example.org"]
    assert order[2:] == [f"mail-{n}@example.org" for n in range(12)]


def test_a_refused_mail_and_the_next_are_one_write_and_the_server_never_hears_a_nested_mail() -> None:
    """Refused at RCPT and at DATA: RSET and the next envelope go together; refused but asked for DATA: a lone dot."""
    with Sink("ok", "550_rcpt", "ok", "550_rcpt_354", "550_mail", "ok", pipelining=True, each="mail") as sink:
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
            peer.settimeout(5)
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
    sink, transport = talking_to("ok", "hold_after_store", reply_within=0.2, dot_within=1.2, each="mail")
    assert outcome(transport, envelope(1)) == "accepted"
    begun = time.monotonic()
    answers = sent(transport, envelope(2))
    assert (answers[2].outcome, len(sink.kept)) == ("uncertain", 2)
    assert time.monotonic() - begun > 1.1
    assert SmtpTransport("smtp+plain://127.0.0.1:1", "example.org").dot_within == 600


def test_a_server_that_says_nothing_takes_no_mail(talking_to: TalkingTo) -> None:
    _, transport = talking_to("hold_rcpt", reply_within=0.3)
    answer = sent(transport, envelope(1))[1]
    assert answer.outcome in ("deferred", "unreached")
    assert answer.reply.startswith("no reply within")


def test_d19_the_rest_grows_and_ends_with_the_first_success(talking_to: TalkingTo) -> None:
    circuit = Circuit(0.01)
    sink, transport = talking_to("drop_connect", circuit=circuit)
    rests = []
    for _ in range(5):
        assert outcome(transport, envelope()) == "unreached"
        rests.append(round(circuit.rest, 3))
        while circuit.is_resting():
            assert transport.appetite() == 0
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


@pytest.mark.parametrize(
    ("url", "scheme", "port"),
    [
        ("smtp://mail.example.org", "smtp", 587),
        ("smtps://mail.example.org", "smtps", 465),
        ("smtp+plain://127.0.0.1", "smtp+plain", 25),
        ("smtp://u%40x:p%2Fw@mail.example.org:2525", "smtp", 2525),
    ],
)
def test_mail_url_names_the_transport(url: str, scheme: str, port: int) -> None:
    transport = open_transport(Settings(mail_url=url, mail_connections=3))
    assert isinstance(transport, SmtpTransport)
    server = transport.server
    assert (server.scheme, server.port, transport.is_bound, transport.connections) == (scheme, port, True, 3)
    if "@" in url:
        assert (server.user, server.password) == ("u@x", "p/w")
    transport.close()


def test_without_a_server_mail_goes_to_files(tmp_path: Path) -> None:
    transport = open_transport(Settings(var_dir=tmp_path))
    assert isinstance(transport, FilesTransport)
    assert (transport.folder, transport.is_bound) == (tmp_path / "mail", False)


def test_an_answer_keeps_what_the_server_said_without_addresses(talking_to: TalkingTo) -> None:
    _, transport = talking_to("550_rcpt")
    assert sent(transport, envelope(1))[1] == Answer("rejected", 550, "5.1.1 <(address)>: unknown")
