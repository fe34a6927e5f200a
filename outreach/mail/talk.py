"""One connection to a mail server that was greeted, whatever is said over it: writing what it takes, hearing replies.

Nothing here waits. How mails are worded is for the two that know more: `conversation` (DATA, which every server has)
and `chunks` (BDAT, where it is offered).
"""

from __future__ import annotations

import ssl
import time
from abc import ABC, abstractmethod
from collections import deque
from typing import Final

from outreach.mail import smtp
from outreach.mail.smtp import Link
from outreach.mail.transports import UNREACHED, Answer, Envelope, Results

MAIL: Final = "MAIL"
RCPT: Final = "RCPT"
DOT: Final = "."  # the end of a mail, after which only a reply says anything
RSET: Final = "RSET"

LONGEST_REPLY = 65536  # bytes

_CODES = {b"%d" % code: code for code in range(200, 600)}
_WOULD_BLOCK = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Over(Exception):
    """The conversation has ended; why."""


class Shift:
    """What all conversations of a worker share: mails that wait, and until when (time.monotonic()) a dot may leave."""

    def __init__(self) -> None:
        self.queue: deque[Envelope] = deque()
        self.done: Results = []
        self.until = float("inf")
        self.chunks_from = 0.0  # time.monotonic() before which no mail is sent ahead of a reply


class Talk(ABC):
    """What both ways have in common. `unsent`: what the connection has not taken yet."""

    def __init__(self, link: Link, shift: Shift, reply_within: float, dot_within: float) -> None:
        self.sock = link.sock
        self.takes_size, self.shift = link.takes_size, shift
        self.reply_within, self.dot_within = reply_within, dot_within
        self.unsent = b""
        self.dot_left = 0  # bytes of what is unsent, up to the end of the last dot in it
        self.completed = 0
        self.trouble: Answer | None = None  # the server said something that is not about one mail
        self.heard_at = time.monotonic()
        self._heard = b""
        self._lines: list[bytes] = []
        self._refusal: Answer | None = None  # of the mail whose replies come now

    @abstractmethod
    def is_idle(self) -> bool:
        """Whether a mail may be begun on it."""

    @abstractmethod
    def under_way(self) -> int:
        """How many mails are begun and have no answer."""

    @abstractmethod
    def is_sending(self) -> bool:
        """Whether a mail has left, or is leaving, and has no answer."""

    @abstractmethod
    def go_on(self) -> None:
        """Take the next mails of the queue, as far as there is room; raises Over."""

    @abstractmethod
    def end(self, why: str) -> list[Envelope]:
        """Hang up, and say of what was under way as much as is known; gives back what may be begun elsewhere."""

    def begin(self) -> None:
        """Start with the next mail, on a connection that is idle."""
        self.heard_at = time.monotonic()
        self.go_on()

    def flush(self) -> None:
        """Go on writing; raises Over when the connection is lost or the worker's time is."""
        data, left = self.unsent, self.dot_left
        self.unsent, self.dot_left = b"", 0
        self._write(data, left)

    def hear(self) -> None:
        """Take in what has come and act on it; raises Over at the end of the conversation."""
        if data := self._come():
            self._take_in(data)

    def _come(self) -> bytes:
        """What has come, or nothing; raises Over when the connection is lost."""
        try:
            data = self.sock.recv(65536)
        except _WOULD_BLOCK:
            return b""
        except OSError as wrong:
            raise Over(f"connection lost: {smtp.why(wrong)}") from None
        if not data:
            raise Over("connection lost: closed by the server")
        self.heard_at = time.monotonic()
        return data

    def is_overdue(self, moment: float) -> bool:
        """Whether a reply is waited for longer than it may take."""
        if self.is_idle():
            return False
        return moment - self.heard_at > (self.dot_within if self._awaits_dot() else self.reply_within)

    @abstractmethod
    def _awaits_dot(self) -> bool:
        """Whether the reply that is waited for may be that to a dot."""

    @abstractmethod
    def _take_in(self, data: bytes) -> None:
        """Act on what has come."""

    @abstractmethod
    def _reply(self, code: int, words: bytes) -> None:
        """Act on one reply that is whole."""

    def _keep(self, begun: bytes) -> None:
        """The beginning of a line whose end is still to come."""
        self._heard = begun
        if len(begun) > LONGEST_REPLY or len(self._lines) > 1000:
            raise Over("not a reply: it does not end")

    def _line(self, line: bytes) -> None:
        code, words = _CODES.get(line[:3]), line[4:]
        if code is None or line[3:4] not in b" -\r":
            raise Over(f"not a reply: {smtp.said(line)}")
        if line[3:4] == b"-":
            self._lines.append(words)
            return
        if self._lines:
            words = b" ".join([*self._lines, words])
            self._lines.clear()
        self._reply(code, words)

    def _write(self, data: bytes, dot_at: int = 0) -> None:
        """Write what the connection takes and keep the rest. `dot_at`: where in the data the last dot ends, or 0.

        Not one byte up to the end of a dot leaves after the worker's time: without its last byte a dot is none.
        """
        if self.unsent:
            self.dot_left = self.dot_left or (len(self.unsent) + dot_at if dot_at else 0)
            self.unsent += data
            return
        sent = 0
        try:
            while sent < len(data):
                if dot_at > sent and time.monotonic() > self.shift.until:
                    raise Over("the worker's time is over")
                sent += self.sock.send(data[sent:] if sent else data)
        except _WOULD_BLOCK:
            pass
        except OSError as wrong:
            raise Over(f"connection lost: {smtp.why(wrong)}") from None
        finally:
            self.unsent, self.dot_left = data[sent:], max(0, dot_at - sent)

    def _done(self, envelope: Envelope, answer: Answer) -> None:
        self.completed += answer.outcome != UNREACHED
        self.shift.done.append((envelope, answer))
