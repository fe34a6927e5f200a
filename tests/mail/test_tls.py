"""Encryption is required and checked; there is no way back to plain text (M-12)."""

from __future__ import annotations

import pytest

from outreach.mail.message import stitch
from outreach.mail.relay import SmtpTransport
from outreach.mail.smtp import Server
from outreach.mail.transports import Answer, Envelope
from tests.mail.letters import letter
from tests.mail.servers import LoopbackServer, trusting_the_test_authority
from tests.mail.sink import Sink

MAIL = Envelope("press@example.org", "reader@example.org", "m@example.org", (stitch(letter()),))


def tried(url: str, count: int = 1) -> tuple[set[str], str]:
    """What became of so many mails, and what the last answer said."""
    transport = SmtpTransport(url, "example.org", trusting_the_test_authority(), reply_within=60, dot_within=60)
    transport.take([MAIL._replace(id=n) for n in range(count)])
    answers: list[Answer] = []
    while len(answers) < count:
        answers += [answer for _, answer in transport.results(0.5)]
    transport.close()
    return {answer.outcome for answer in answers}, answers[0].reply


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("certificate", ["self-signed", "other-name"])
def test_m12_a_bad_certificate_gets_no_mail_and_no_password(scheme: str, certificate: str) -> None:
    with LoopbackServer(scheme, certificate) as server:
        outcomes, reply = tried(server.url_for("office", "right%20p%40ss"))
        assert outcomes == {"unreached"}
        assert "SSLCertVerificationError" in reply
        assert server.received == server.signed_in == server.attempts == []


def test_m12_a_server_without_starttls_gets_no_mail_and_no_password() -> None:
    with LoopbackServer("smtp", offers_tls=False) as server:
        outcomes, reply = tried(server.url_for("office", "right%20p%40ss"))
        assert outcomes == {"unreached"}
        assert "SMTPNotSupportedError" in reply
        assert server.received == server.signed_in == server.attempts == []


def test_m12_a_plain_server_behind_smtps_gets_nothing() -> None:
    with Sink("ok") as sink:
        outcomes, _ = tried(f"smtps://localhost:{sink.port}")
        assert (outcomes, sink.kept) == ({"unreached"}, [])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_m12_with_a_good_certificate_the_office_signs_in_and_sends(scheme: str) -> None:
    with LoopbackServer(scheme) as server:
        outcomes, _ = tried(server.url_for("office", "right%20p%40ss"), count=25)
        assert outcomes == {"accepted"}
        assert set(server.signed_in) == {("office", "right p@ss")}
        assert [received.data for received in server.received] == [MAIL.raw] * 25


def test_m12_a_wrong_password_sends_nothing_and_is_told_without_it() -> None:
    with LoopbackServer("smtp") as server:
        outcomes, reply = tried(server.url_for("office", "wrong"))
        assert (outcomes, server.received) == ({"unreached"}, [])
        assert "SMTPAuthenticationError 535" in reply
        assert "wrong" not in reply


@pytest.mark.parametrize(
    "url", ["smtp+plain://mail.example.org", "smtp+plain://10.0.0.1:25", "http://localhost", "smtp+plain://"]
)
def test_m12_plain_smtp_is_for_this_machine_alone(url: str) -> None:
    with pytest.raises(ValueError, match="this machine"):
        Server(url, "example.org")
