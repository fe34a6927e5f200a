"""A mail server: connection, encryption and sign-in by smtplib, the conversation about one mail by ourselves.

Ours, because the point of no return must be recorded between the body and its final dot, and because smtplib sends a
recipient cut at a line break without a word. Encryption is required and checked against the system's certificates;
there is no way back to plain text (M-12). `smtp+plain://` exists for this machine alone.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from config import Settings
from outreach.mail.transports import ACCEPTED, DEFERRED, REJECTED, UNCERTAIN, UNREACHED, Answer, Envelope

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
REPLY_WITHIN = 60.0  # seconds, for each reply before the dot
DOT_WITHIN = 600.0  # seconds for the reply to the dot (RFC 5321, 4.5.3.2.6); less makes duplicates
SHORTEST_REST = 5.0
LONGEST_REST = 300.0
SERVER_TROUBLE = frozenset({421, 454, 530, 534, 535, 538})  # about the server or our sign-in, not about this mail

_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")


class _Refused(Exception):
    """A reply other than the one that was hoped for, at a stage: a command's first word, or "." for the dot."""

    def __init__(self, stage: str, code: int, reply: bytes) -> None:
        super().__init__(code)
        self.stage = stage
        self.code = code
        self.reply = _words(reply)


class SmtpTransport:
    """One connection, kept between mails and opened anew when the server closed it."""

    is_bound = True

    def __init__(
        self, url: str, helo: str, context: ssl.SSLContext | None = None,
        reply_within: float = REPLY_WITHIN, dot_within: float = DOT_WITHIN,
    ) -> None:  # fmt: skip
        """`helo`: the name we greet with, never the machine's own. `context` defaults to the system's trust."""
        parts = urlsplit(url)
        self.scheme, self.host = parts.scheme, parts.hostname or ""
        if self.scheme not in PORTS or (self.scheme == "smtp+plain" and self.host not in LOOPBACK):
            raise ValueError("MAIL_URL: plain SMTP is for this machine only")
        self.port = parts.port or PORTS[self.scheme]
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.helo = helo
        self.context = context or ssl.create_default_context()
        self.reply_within, self.dot_within = reply_within, dot_within
        self._smtp: smtplib.SMTP | None = None
        self.rest = 0.0  # seconds the server was last left alone for
        self._rests_until = 0.0

    @classmethod
    def open(cls, settings: Settings) -> SmtpTransport:
        return cls(settings.mail_url, settings.mail_from.rpartition("@")[2])

    def deliver(self, envelope: Envelope, before_dot: Callable[[], None]) -> Answer:
        answer = self._try(envelope, before_dot)
        if answer.outcome == UNREACHED:
            self.rest = min(max(self.rest * 2, SHORTEST_REST), LONGEST_REST)
        else:
            self.rest = 0.0
        self._rests_until = time.monotonic() + self.rest
        return answer

    def is_resting(self) -> bool:
        return time.monotonic() < self._rests_until

    def close(self) -> None:
        """Say goodbye when somebody still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _try(self, envelope: Envelope, before_dot: Callable[[], None]) -> Answer:
        try:
            smtp = self._connected()
        except _Refused as refused:
            self._hang_up()
            return Answer(UNREACHED, refused.code, refused.reply)
        except (OSError, smtplib.SMTPException, ValueError) as wrong:
            self._hang_up()
            return Answer(UNREACHED, reply=f"no connection: {_why(wrong)}")
        is_out = False

        def dot() -> None:
            nonlocal is_out
            before_dot()
            is_out = True

        try:
            return Answer(ACCEPTED, 250, _words(self._converse(smtp, envelope, dot)))
        except _Refused as refused:
            return self._refused(refused, is_out)
        except (OSError, smtplib.SMTPException, ValueError) as wrong:
            self._hang_up()
            return Answer(UNCERTAIN if is_out else DEFERRED, reply=f"connection lost: {_why(wrong)}")
        except BaseException:  # Fenced above all: the body is out without its dot, so this connection is of no more use
            self._hang_up()
            raise

    def _connected(self) -> smtplib.SMTP:
        """The open connection, reset, or a new one: greeted, encrypted and signed in."""
        if self._smtp is not None:
            try:
                _expect(self._smtp, "RSET", 250)
                return self._smtp
            except (_Refused, OSError, smtplib.SMTPException):
                self._hang_up()
        if self.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, self.helo, timeout=self.reply_within, context=self.context
            )
        else:
            smtp = smtplib.SMTP(self.host, self.port, self.helo, timeout=self.reply_within)
        self._smtp = smtp
        smtp.ehlo_or_helo_if_needed()
        if self.scheme == "smtp":
            smtp.starttls(context=self.context)  # raises when the server offers none
            smtp.ehlo()
        if self.user:
            smtp.login(self.user, self.password)
        return smtp

    def _converse(self, smtp: smtplib.SMTP, envelope: Envelope, dot: Callable[[], None]) -> bytes:
        size = f" SIZE={len(envelope.raw)}" if smtp.has_extn("size") else ""
        _expect(smtp, f"MAIL FROM:<{envelope.sender}>{size}", 250)
        _expect(smtp, f"RCPT TO:<{envelope.recipient}>", 250)
        _expect(smtp, "DATA", 354)
        smtp.send(stuffed(envelope.raw))
        dot()
        smtp.send(b".\r\n")
        assert smtp.sock is not None
        smtp.sock.settimeout(self.dot_within)
        code, reply = smtp.getreply()
        smtp.sock.settimeout(self.reply_within)
        if code != 250:
            raise _Refused(".", code, reply)
        return reply

    def _refused(self, refused: _Refused, is_out: bool) -> Answer:
        if refused.code in SERVER_TROUBLE and refused.stage == "MAIL":
            self._hang_up()
            return Answer(UNREACHED, refused.code, refused.reply)
        if 400 <= refused.code < 600:
            if refused.code == 421:
                self._hang_up()
            return Answer(DEFERRED if refused.code < 500 else REJECTED, refused.code, refused.reply)
        self._hang_up()  # no reply that SMTP knows: nothing more can be believed on this connection
        return Answer(UNCERTAIN if is_out else DEFERRED, None, f"not a reply: {refused.code}")

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()


def stuffed(raw: bytes) -> bytes:
    """The message as DATA takes it: a second dot before every line that begins with one (RFC 5321, 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", raw)


def _expect(smtp: smtplib.SMTP, command: str, wanted: int) -> None:
    code, reply = smtp.docmd(command)
    if code != wanted:
        raise _Refused(command.split()[0], code, reply)


def _words(reply: bytes) -> str:
    """What a server said, for our records: one line, without addresses (P-11)."""
    said = " ".join(reply.decode("utf-8", "replace").split())
    return _ADDRESS.sub("(address)", said)[:400]


def _why(wrong: Exception) -> str:
    code = getattr(wrong, "smtp_code", None)
    said = getattr(wrong, "smtp_error", b"") or str(getattr(wrong, "strerror", None) or "")
    words = _words(said if isinstance(said, bytes) else said.encode())
    return " ".join(str(part) for part in (type(wrong).__name__, code, words) if part)
