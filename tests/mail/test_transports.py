"""The contract of a transport, the same for every one of them, over real servers on loopback."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import Settings
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Answer, FilesTransport, Transport, open_transport
from tests.mail.conftest import OFFERS
from tests.mail.envelopes import envelope, outcome, sent, unstuffed
from tests.mail.servers import LoopbackServer, trusting_the_test_authority
from tests.mail.sink import Sink

WAYS = ("files", "smtp+plain", "smtp", "smtps", *OFFERS)


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
        if request.param in OFFERS:
            sink = stack.enter_context(Sink("ok", offers=OFFERS[request.param]))
            as_sent = bytes if request.param == "chunking" else unstuffed
            arrived = lambda: [as_sent(kept.raw) for kept in sorted(sink.kept, key=lambda kept: kept.message_id)]  # noqa: E731
            url = sink.url
        else:
            server = stack.enter_context(LoopbackServer(request.param))
            arrived = lambda: sorted(received.data for received in server.received)  # noqa: E731
            url = server.url
        transport = SmtpTransport(url, "example.org", trusting_the_test_authority(), reply_within=60, dot_within=60)
        stack.callback(transport.close)
        yield Way(transport, arrived)


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
