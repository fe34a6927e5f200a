"""Encryption is required and checked; there is no way back to plain text (M-12)."""

from __future__ import annotations

import pytest

from outreach.mail.message import stitch
from outreach.mail.smtp import SmtpTransport
from outreach.mail.transports import Envelope
from tests.mail.letters import letter
from tests.mail.servers import LoopbackServer, trusting_the_test_authority
from tests.mail.sink import Sink

MAIL = Envelope("press@example.org", "reader@example.org", "m@example.org", stitch(letter()))


def tried(url: str) -> tuple[str, str, list[str]]:
    reached: list[str] = []
    transport = SmtpTransport(url, "example.org", trusting_the_test_authority(), reply_within=5, dot_within=5)
    answer = transport.deliver(MAIL, lambda: reached.append("dot"))
    transport.close()
    return answer.outcome, answer.reply, reached


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("certificate", ["self-signed", "other-name"])
def test_m12_a_bad_certificate_gets_no_mail_and_no_password(scheme: str, certificate: str) -> None:
    with LoopbackServer(scheme, certificate) as server:
        outcome, reply, reached = tried(server.url_for("office", "right%20p%40ss"))
        assert (outcome, reached) == ("unreached", [])
        assert "SSLCertVerificationError" in reply
        assert server.received == server.signed_in == server.attempts == []


def test_m12_a_server_without_starttls_gets_no_mail_and_no_password() -> None:
    with LoopbackServer("smtp", offers_tls=False) as server:
        outcome, reply, reached = tried(server.url_for("office", "right%20p%40ss"))
        assert (outcome, reached) == ("unreached", [])
        assert "SMTPNotSupportedError" in reply
        assert server.received == server.signed_in == server.attempts == []


def test_m12_a_plain_server_behind_smtps_gets_nothing() -> None:
    with Sink("ok") as sink:
        outcome, _, reached = tried(f"smtps://localhost:{sink.port}")
        assert (outcome, reached, sink.kept) == ("unreached", [], [])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_m12_with_a_good_certificate_the_office_signs_in_and_sends(scheme: str) -> None:
    with LoopbackServer(scheme) as server:
        outcome, _, reached = tried(server.url_for("office", "right%20p%40ss"))
        assert (outcome, reached) == ("accepted", ["dot"])
        assert server.signed_in == [("office", "right p@ss")]
        assert [received.data for received in server.received] == [MAIL.raw]


def test_m12_a_wrong_password_sends_nothing_and_is_told_without_it() -> None:
    with LoopbackServer("smtp") as server:
        outcome, reply, reached = tried(server.url_for("office", "wrong"))
        assert (outcome, reached, server.received) == ("unreached", [], [])
        assert "SMTPAuthenticationError 535" in reply
        assert "wrong" not in reply


@pytest.mark.parametrize(
    "url", ["smtp+plain://mail.example.org", "smtp+plain://10.0.0.1:25", "http://localhost", "smtp+plain://"]
)
def test_m12_plain_smtp_is_for_this_machine_alone(url: str) -> None:
    with pytest.raises(ValueError, match="this machine"):
        SmtpTransport(url, "example.org")
