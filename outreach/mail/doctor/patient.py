"""Whose mail is looked at, and what is found about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.parser import BytesHeaderParser
from typing import NamedTuple

from config import Settings
from outreach.mail.doctor import dkim
from outreach.mail.doctor.dkim import Signature
from outreach.mail.doctor.nameserver import Address, Ask
from outreach.mail.smtp import LOOPBACK, Server

OK, MISSING, WRONG, UNKNOWN = "ok", "missing", "wrong", "unknown"

REPLY_WITHIN = 5.0  # seconds that the mail server has for each reply


class Finding(NamedTuple):
    """One line: what was looked at, what was found, and what to do about it."""

    state: str
    what: str
    found: str
    advice: str = ""

    def __str__(self) -> str:
        """No full stop at the end: what stands there may be copied into DNS as it is."""
        return f"{self.state:<7}  {self.what}: {self.found}" + (f". {self.advice}" if self.advice else "")


@dataclass(frozen=True)
class Patient:
    """Whose mail is looked at. Domains in lower case.

    `signatures`: of a mail as it arrived, None when none was given. `leaves_from`: where receivers see it come from.
    """

    domain: str  # of From
    envelope: str  # of MAIL FROM
    keys: tuple[str, ...]
    signatures: list[Signature] | None
    leaves_from: Address | None
    server: Server | None
    ask: Ask
    now: datetime

    @property
    def relay(self) -> str:
        """The host of a mail server elsewhere; empty when mail goes to this machine or to files."""
        return self.server.host if self.server and self.server.host not in LOOPBACK else ""


def patient(
    settings: Settings, ask: Ask, now: datetime, leaves_from: Address | None = None, received: bytes | None = None
) -> Patient:
    """The office's mail as it is configured, or as one mail of it arrived."""
    domain, envelope = _domain(settings.mail_from), _domain(settings.bounce_address or settings.mail_from)
    server = None if settings.mails_files else Server(settings.mail_url, domain, reply_within=REPLY_WITHIN)
    signatures = None
    keys = {settings.mail_dkim.lower()} - {""}
    if received is not None:
        signatures = dkim.signatures(received)
        keys |= {signature.key_at for signature in signatures}
        path = BytesHeaderParser().parsebytes(received).get("Return-Path", "")
        envelope = _domain(str(path).strip(" <>\r\n")) or envelope
    return Patient(domain, envelope, tuple(sorted(keys)), signatures, leaves_from, server, ask, now)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".")
