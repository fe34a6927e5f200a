"""mail doctor as an administrator runs it, against a real DNS server and a real mail server (M-12)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import Settings
from tests.mail.servers import CERTIFICATES, LoopbackServer
from tests.mail.sink import Sink
from tests.mail.zone import DOMAIN, KEY_AT, LEAVES_FROM, zone
from tests.support.dns_server import DnsServer
from tests.support.moment import Moment
from tests.support.processes import command, environment

Run = subprocess.CompletedProcess[str]
Doctor = Callable[..., Run]


@pytest.fixture
def doctor(tmp_path: Path, content_dir: Path, moment: Moment) -> Iterator[Doctor]:
    """doctor(mail_url, …): the command with good records. It needs no database."""
    settings = Settings(var_dir=tmp_path, content_dir=content_dir, secret_key="k" * 32, address_pepper="p" * 32,
                        base_url="http://localhost", clock_file=moment.path)  # fmt: skip

    with DnsServer(zone()) as server:

        def run(mail_url: str, *words: str, resolver: str = server.address, **more: str) -> Run:
            given = {"MAIL_FROM": f"press@{DOMAIN}", "MAIL_DKIM": KEY_AT, "MAIL_URL": mail_url}
            trust = {"SSL_CERT_FILE": str(CERTIFICATES / "authority.pem")}
            line = ("mail", "doctor", "--resolver", resolver, "--leaves-from", LEAVES_FROM, *words)
            return command(environment(settings, **(given | trust | more)), *line)

        yield run


def tls_line(run: Run) -> str:
    assert run.stderr == ""
    return next(line for line in run.stdout.splitlines() if "TLS" in line)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_m12_all_in_order_ends_with_0_and_neither_signs_in_nor_sends(doctor: Doctor, scheme: str) -> None:
    with LoopbackServer(scheme) as server:
        run = doctor(server.url_for("office", "right%20p%40ss"))
        assert server.received == server.signed_in == server.attempts == []
    assert (run.returncode, run.stderr) == (0, "")
    assert {line.split()[0] for line in run.stdout.splitlines()} == {"ok"}
    assert len(run.stdout.splitlines()) == 9
    assert f"TLS of localhost:{server.port}: TLSv1.3, the certificate holds for " in tls_line(run)
    assert "right" not in run.stdout


@pytest.mark.parametrize(
    ("certificate", "told"),
    [("self-signed", "self-signed certificate"), ("other-name", "not valid for 'localhost'")],
)
def test_m12_a_bad_certificate_is_named(doctor: Doctor, certificate: str, told: str) -> None:
    with LoopbackServer("smtp", certificate) as server:
        run = doctor(server.url)
    assert run.returncode == 1
    assert tls_line(run).startswith(f"wrong    TLS of localhost:{server.port}: its certificate does not hold: ")
    assert told in tls_line(run)
    assert "Give the server a certificate for localhost" in tls_line(run)


def test_m12_a_certificate_that_ends_soon_is_named(doctor: Doctor, moment: Moment) -> None:
    moment.is_at(datetime(2125, 6, 5, tzinfo=UTC))
    with LoopbackServer("smtp") as server:
        run = doctor(server.url)
    assert run.returncode == 1
    assert "wrong    TLS" in tls_line(run)
    assert "its certificate ends on 2125-06-18. Renew it" in tls_line(run)


def test_m12_a_server_without_starttls_is_named(doctor: Doctor) -> None:
    with LoopbackServer("smtp", offers_tls=False) as server:
        run = doctor(server.url)
    assert run.returncode == 1
    assert "it offers no STARTTLS. Turn on STARTTLS there" in tls_line(run)


def test_a_server_that_is_not_there_is_named(doctor: Doctor) -> None:
    with Sink() as gone:
        port = gone.port
    run = doctor(f"smtp://localhost:{port}")
    assert run.returncode == 1
    assert "no connection: ConnectionRefusedError" in tls_line(run)


def test_what_cannot_be_known_is_no_fault(doctor: Doctor) -> None:
    with Sink() as sink:
        run = doctor(sink.url)
    assert (run.returncode, tls_line(run).split()[0]) == (0, "unknown")
    run = doctor("files:")
    assert (run.returncode, tls_line(run).split()[0]) == (0, "unknown")
    with DnsServer({}, failing=["*"]) as broken:
        run = doctor("files:", resolver=broken.address)
    assert run.returncode == 0
    assert {line.split()[0] for line in run.stdout.splitlines()} == {"unknown"}


def test_what_is_missing_ends_with_1(doctor: Doctor) -> None:
    with DnsServer({}) as empty:
        run = doctor("files:", resolver=empty.address)
    assert run.returncode == 1
    assert (
        f"\nmissing  SPF of {DOMAIN}: no record. Put this TXT record at {DOMAIN}: v=spf1 ip4:{LEAVES_FROM} -all\n"
        in run.stdout
    )


def test_m11_from_of_another_domain_than_the_key_ends_with_1(doctor: Doctor) -> None:
    run = doctor("files:", MAIL_FROM="press@other.example.net")
    assert run.returncode == 1
    assert f"wrong    DKIM and From: {DOMAIN} is not aligned with other.example.net" in run.stdout


@pytest.mark.parametrize("words", [("--leaves-from", "here"), ("--resolver", "dns.example.org")])
def test_what_is_no_address_is_refused(doctor: Doctor, words: tuple[str, str]) -> None:
    run = doctor("files:", *words)
    assert run.returncode == 1
    assert run.stderr.startswith("Error: ")
    assert words[1] in run.stderr
