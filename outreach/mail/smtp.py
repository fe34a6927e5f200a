"""A mail server: where it is, how it is reached, and what its replies mean. Connecting, encryption and sign-in are
smtplib's; the socket is then taken over for a conversation of our own.

Ours, because the instant of the final dot must be known, and because smtplib sends a recipient cut at a line break
without a word. Encryption is required and checked against the system's certificates; there is no way back to plain text
(M-12). `smtp+plain://` exists for this machine alone.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from outreach.mail.transports import DEFERRED, REJECTED, UNREACHED, Answer

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
REPLY_WITHIN = 60.0  # seconds, for each reply before the dot
DOT_WITHIN = 600.0  # seconds for the reply to the dot (RFC 5321, 4.5.3.2.6); less makes duplicates

#: About the server, our sign-in or our rate, whatever they are the reply to (D-19).
TROUBLE = frozenset({421, 454, 530, 534, 535, 538})

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_THROTTLED = re.compile(r"4\.7\.[0-9]+ ")


@dataclass
class Link:
    """A connection that was greeted, encrypted and signed in, with what the server offers on it."""

    sock: socket.socket
    pipelines: bool
    takes_chunks: bool  # as they come, one after the other
    takes_size: bool


class Server:
    """What MAIL_URL names."""

    def __init__(
        self, url: str, helo: str, context: ssl.SSLContext | None = None, reply_within: float = REPLY_WITHIN
    ) -> None:
        """`helo`: the name we greet with, never the machine's own. `context` defaults to the system's trust."""
        parts = urlsplit(url)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        if self.scheme not in PORTS or (self.scheme == "smtp+plain" and self.host not in LOOPBACK):
            raise ValueError("MAIL_URL: plain SMTP is for this machine only")
        self.port = parts.port or PORTS[self.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.helo = helo
        self._context = context
        self.reply_within = reply_within

    @property
    def context(self) -> ssl.SSLContext:
        """Made when it is first needed: reading the system's certificates takes a while."""
        self._context = self._context or ssl.create_default_context()
        return self._context

    def connect(self) -> Link:
        """A new connection; raises OSError, SMTPException or ValueError when there is none to be had."""
        smtp = self.encrypted()
        try:
            if self.user:
                smtp.login(self.user, self.password)
            return _taken_over(smtp)
        except BaseException:
            smtp.close()
            raise

    def encrypted(self) -> smtplib.SMTP:
        """A connection on which nothing was said yet that others may not hear; raises as `connect` does."""
        smtp = self._opened()
        try:
            smtp.ehlo_or_helo_if_needed()
            if self.scheme == "smtp":
                smtp.starttls(context=self.context)  # raises when the server offers none
                smtp.ehlo()
            return smtp
        except BaseException:
            smtp.close()
            raise

    def _opened(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, self.helo, timeout=self.reply_within, context=self.context)
        return smtplib.SMTP(self.host, self.port, self.helo, timeout=self.reply_within)


def _taken_over(smtp: smtplib.SMTP) -> Link:
    """Its socket, which smtplib then knows nothing of any more."""
    sock = smtp.sock
    assert sock is not None
    if smtp.file is not None:
        smtp.file.close()
    smtp.file = smtp.sock = None
    sock.setblocking(False)
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    pipelines = smtp.has_extn("pipelining")
    return Link(sock, pipelines, pipelines and smtp.has_extn("chunking"), smtp.has_extn("size"))


def refusal(stage: str, code: int, reply: str) -> Answer:
    """What a reply of 400 to 599 says of a mail; `stage` is the command it answers, "." for the dot.

    4.7.x is about our rate, except at RCPT, where it is the greylisting of one recipient.
    """
    if code in TROUBLE or (code < 500 and stage != "RCPT" and _THROTTLED.match(reply)):
        return Answer(UNREACHED, code, reply)
    return Answer(DEFERRED if code < 500 else REJECTED, code, reply)


def stuffed(raw: bytes) -> bytes:
    """The message as DATA takes it: a second dot before every line that begins with one (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", raw)


def said(reply: bytes) -> str:
    """What a server said, for our records: one line, without addresses (P-11)."""
    words = reply.decode("utf-8", "replace").strip()
    if not words.isprintable() or "  " in words:
        words = " ".join(words.split())
    return (_ADDRESS.sub("(address)", words) if "@" in words else words)[:400]


def why(wrong: BaseException) -> str:
    """Why there is no connection, in the server's words where it had any."""
    code = getattr(wrong, "smtp_code", None)
    words = getattr(wrong, "smtp_error", b"") or str(getattr(wrong, "strerror", None) or "")
    told = said(words if isinstance(words, bytes) else words.encode())
    return " ".join(str(part) for part in (type(wrong).__name__, code, told) if part)
