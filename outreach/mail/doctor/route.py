"""Whether mail gets there and back: MX for what comes back, PTR of where mail leaves from, TLS of the server we use."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address

from outreach.mail import smtp
from outreach.mail.doctor.nameserver import Address, addresses_of, reverse_name
from outreach.mail.doctor.patient import MISSING, OK, UNKNOWN, WRONG, Finding, Patient

RENEW_BEFORE = 14  # days


def way_back(who: Patient) -> Iterator[Finding]:
    """MX: bounces and replies find a server."""
    for domain in dict.fromkeys((who.domain, who.envelope)):
        what = f"MX of {domain}"
        records = [record.split()[-1] for record in who.ask(domain, "MX")]
        lost = [name for name in records if name == "." or not addresses_of(name, who.ask)]
        if not records:
            advice = f"Put an MX record at {domain} that names the server which takes its mail"
            yield Finding(MISSING, what, "no record, so that no reply and no bounce arrives", advice)
        elif lost:
            found = "the domain takes no mail" if lost == ["."] else f"{', '.join(lost)} has no address"
            yield Finding(WRONG, what, found, f"Put an MX record at {domain} that names a server with an A record")
        else:
            yield Finding(OK, what, ", ".join(records))


def way_there(who: Patient) -> Iterator[Finding]:
    """PTR: the address that mail leaves from has a name, and the name has the address."""
    addresses = [who.leaves_from] if who.leaves_from else _of_relay(who)
    if not addresses:
        advice = "Say with --leaves-from which address receivers see"
        yield Finding(UNKNOWN, "PTR", "where mail leaves from is not known here", advice)
    for address in addresses:
        names = [name.rstrip(".") for name in who.ask(reverse_name(address), "PTR")]
        confirmed = [name for name in names if address in addresses_of(name, who.ask)]
        if confirmed:
            yield Finding(OK, f"PTR of {address}", f"{confirmed[0]}, which leads back")
        elif names:
            kind = "A" if address.version == 4 else "AAAA"
            advice = f"Put this {kind} record at {names[0]}: {address}"
            yield Finding(WRONG, f"PTR of {address}", f"{names[0]} does not lead back to it", advice)
        else:
            at = reverse_name(address)
            advice = f"Ask the owner of the address to put this PTR record at {at}: {who.relay or who.domain}"
            yield Finding(MISSING, f"PTR of {address}", "no record", advice)


def encryption(who: Patient) -> Iterator[Finding]:
    """TLS: the server is reached as delivery does it, up to the encryption: no name and no password is said."""
    server = who.server
    if server is None:
        yield Finding(UNKNOWN, "TLS", "mail is written to files", "Set MAIL_URL to a mail server")
        return
    what = f"TLS of {server.host}:{server.port}"
    if server.scheme == "smtp+plain":
        advice = "See there that it encrypts what it sends on"
        yield Finding(UNKNOWN, what, "the server on this machine is reached in plain", advice)
        return
    try:
        connection = server.encrypted()
    except ssl.SSLCertVerificationError as wrong:
        advice = f"Give the server a certificate for {server.host} from an authority that this machine trusts"
        yield Finding(WRONG, what, f"its certificate does not hold: {wrong.verify_message.rstrip('.')}", advice)
    except smtplib.SMTPNotSupportedError:
        advice = "Turn on STARTTLS there, or use its smtps:// port in MAIL_URL"
        yield Finding(WRONG, what, "it offers no STARTTLS", advice)
    except (OSError, smtplib.SMTPException, ValueError) as wrong:
        yield Finding(WRONG, what, f"no connection: {smtp.why(wrong)}", "Check scheme, host and port in MAIL_URL")
    else:
        yield _certificate(connection, what, who.now)
        with suppress(OSError, smtplib.SMTPException):
            connection.quit()
        connection.close()


def _certificate(connection: smtplib.SMTP, what: str, now: datetime) -> Finding:
    sock = connection.sock
    assert isinstance(sock, ssl.SSLSocket)
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str((sock.getpeercert() or {})["notAfter"])), UTC)
    days = (ends - now).days
    if days < RENEW_BEFORE:
        advice = "Renew it, and let that happen by itself"
        return Finding(WRONG, what, f"its certificate ends on {ends:%Y-%m-%d}", advice)
    return Finding(OK, what, f"{sock.version()}, the certificate holds for {days} days")


def _of_relay(who: Patient) -> list[Address]:
    """The addresses of the configured server, unless it is this machine."""
    try:
        return [ip_address(who.relay)]
    except ValueError:
        return addresses_of(who.relay, who.ask) if who.relay else []
