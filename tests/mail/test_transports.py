"""The contract of a transport, the same for every one of them, over real servers on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import Settings
from outreach.mail.message import stitch
from outreach.mail.smtp import SmtpTransport
from outreach.mail.transports import Answer, Envelope, Fenced, FilesTransport, Transport, open_transport
from tests.mail.letters import letter
from tests.mail.servers import LoopbackServer, trusting_the_test_authority
from tests.mail.sink import Sink

WAYS = ("files", "smtp+plain", "smtp", "smtps")


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
        server = stack.enter_context(LoopbackServer(request.param))
        transport = SmtpTransport(
            server.url, "example.org", trusting_the_test_authority(), reply_within=5, dot_within=5
        )
        stack.callback(transport.close)
        yield Way(transport, lambda: [received.data for received in server.received])


@pytest.fixture
def smtp_to() -> Iterator[Callable[..., SmtpTransport]]:
    """A transport to a sink, closed at the end."""
    with ExitStack() as stack:

        def opened(sink: Sink, reply_within: float = 5, dot_within: float = 5) -> SmtpTransport:
            transport = SmtpTransport(sink.url, "example.org", reply_within=reply_within, dot_within=dot_within)
            stack.callback(transport.close)
            return transport

        yield opened


SmtpTo = Callable[..., SmtpTransport]


def envelope(n: int = 0, raw: bytes | None = None) -> Envelope:
    message_id = f"mail-{n}@example.org"
    return Envelope("press@example.org", "reader@example.org", message_id, raw or stitch(letter(message_id=message_id)))


def nothing() -> None:
    pass


def test_a_mail_arrives_as_it_was_written(way: Way) -> None:
    sent = envelope()
    assert way.transport.deliver(sent, nothing).outcome == "accepted"
    assert way.arrived() == [sent.raw]


def test_several_mails_arrive_one_by_one(way: Way) -> None:
    sent = [envelope(n) for n in range(5)]
    assert {way.transport.deliver(each, nothing).outcome for each in sent} == {"accepted"}
    assert way.arrived() == [each.raw for each in sent]


def test_the_point_of_no_return_is_told_once_and_before_anything_is_there(way: Way) -> None:
    seen: list[int] = []
    way.transport.deliver(envelope(), lambda: seen.append(len(way.arrived())))
    assert seen == [0]


def test_d06_a_fenced_mail_does_not_leave_and_the_next_one_does(way: Way) -> None:
    def fence() -> None:
        raise Fenced

    with pytest.raises(Fenced):
        way.transport.deliver(envelope(1), fence)
    assert way.arrived() == []
    assert way.transport.deliver(envelope(2), nothing).outcome == "accepted"
    assert way.arrived() == [envelope(2).raw]


def test_whatever_goes_wrong_at_the_mark_stops_the_mail(way: Way) -> None:
    def break_down() -> None:
        raise RuntimeError("no database")

    with pytest.raises(RuntimeError):
        way.transport.deliver(envelope(1), break_down)
    assert way.transport.deliver(envelope(2), nothing).outcome == "accepted"
    assert way.arrived() == [envelope(2).raw]


@pytest.mark.parametrize(
    "body", [b".\r\n", b"..\r\n.\r\n", b"a\r\n.\r\nMAIL FROM:<x@example.org>\r\n", b".hidden\r\n\r\n.\r\n.\r\n"]
)
def test_m21_lines_that_begin_with_dots_stay_one_message(way: Way, body: bytes) -> None:
    sent = envelope(raw=b"Subject: dots\r\n\r\n" + body)
    assert way.transport.deliver(sent, nothing).outcome == "accepted"
    assert way.arrived() == [sent.raw]


def test_a_large_mail_arrives_whole(way: Way) -> None:
    sent = envelope(
        raw=b"Subject: large\r\n\r\n"
        + b"seventy characters of nothing in particular, again and again and on\r\n" * 20_000
    )
    assert way.transport.deliver(sent, nothing).outcome == "accepted"
    assert way.arrived() == [sent.raw]


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    transport = FilesTransport(tmp_path / "mail")
    transport.deliver(envelope(1), lambda: None)
    transport.deliver(envelope(1), lambda: None)
    assert [file.name for file in transport.folder.iterdir()] == ["mail-1@example.org.eml"]
    (transport.folder / "mail-1@example.org.eml").unlink()
    transport.folder.rmdir()
    assert transport.deliver(envelope(1), lambda: None).outcome == "unreached"


@pytest.mark.parametrize("address", ["x@y.example\r\nRCPT TO:<v@example.org>", "x@y.example\nDATA"])
def test_m08_a_recipient_with_a_line_break_is_not_cut_but_refused(smtp_to: SmtpTo, address: str) -> None:
    with Sink("ok") as sink:
        transport = smtp_to(sink)
        answer = transport.deliver(Envelope("press@example.org", address, "m@example.org", b"x\r\n"), nothing)
        assert answer.outcome == "deferred"
        assert sink.envelopes == sink.kept == []


def test_a_connection_lost_in_a_long_body_is_known_not_accepted(smtp_to: SmtpTo) -> None:
    with Sink("drop_in_data", "ok") as sink:
        transport = smtp_to(sink)
        long = envelope(raw=b"Subject: long\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 70 * 100_000 + b"\r\n")
        assert transport.deliver(long, nothing).outcome == "deferred"
        assert transport.deliver(envelope(), nothing).outcome == "accepted"
        assert len(sink.kept) == 1


def test_a_connection_that_the_server_closed_between_two_mails_is_opened_again(smtp_to: SmtpTo) -> None:
    with Sink("drop_after_reply") as sink:
        transport = smtp_to(sink)
        assert [transport.deliver(envelope(n), nothing).outcome for n in range(3)] == ["accepted"] * 3
        assert len(sink.kept) == 3


def test_d21_the_dot_waits_longer_than_other_replies(smtp_to: SmtpTo) -> None:
    with Sink("hold_after_store") as sink:
        transport = smtp_to(sink, reply_within=0.2, dot_within=0.6)
        answer = transport.deliver(envelope(), nothing)
        assert (answer.outcome, len(sink.kept)) == ("uncertain", 1)
    assert SmtpTransport("smtp+plain://127.0.0.1:1", "example.org").dot_within == 600


def test_d19_the_rest_grows_and_ends_with_the_first_success(smtp_to: SmtpTo) -> None:
    with Sink("drop_connect") as sink:
        transport = smtp_to(sink)
        rests = []
        for _ in range(8):
            assert transport.deliver(envelope(), nothing).outcome == "unreached"
            assert transport.is_resting()
            rests.append(transport.rest)
        assert rests == [5, 10, 20, 40, 80, 160, 300, 300]
        sink.faults[0] = "ok"
        assert transport.deliver(envelope(), nothing).outcome == "accepted"
        assert not transport.is_resting()


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
    transport = open_transport(Settings(mail_url=url))
    assert isinstance(transport, SmtpTransport)
    assert (transport.scheme, transport.port, transport.is_bound) == (scheme, port, True)
    if "@" in url:
        assert (transport.user, transport.password) == ("u@x", "p/w")


def test_without_a_server_mail_goes_to_files(tmp_path: Path) -> None:
    transport = open_transport(Settings(var_dir=tmp_path))
    assert isinstance(transport, FilesTransport)
    assert (transport.folder, transport.is_bound) == (tmp_path / "mail", False)


def test_an_answer_keeps_what_the_server_said_without_addresses(smtp_to: SmtpTo) -> None:
    with Sink("550_rcpt") as sink:
        transport = smtp_to(sink)
        assert transport.deliver(envelope(), nothing) == Answer("rejected", 550, "5.1.1 <(address)>: unknown")
