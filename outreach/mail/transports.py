"""The ways a finished mail can leave: as a file, or to a mail server. All keep the same contract.

A transport takes envelopes, each one mail to one recipient, and gives every one of them back with what is known of it.
An error before the final dot means that the mail was certainly not accepted; after it only a valid reply says anything,
and without one the outcome is `uncertain`. No dot leaves after the instant its worker may not pass (`until`).
"""

from __future__ import annotations

import math
import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, Protocol

from config import Settings

ACCEPTED = "accepted"
DEFERRED = "deferred"  # this mail: not now
REJECTED = "rejected"  # this mail: never
UNCERTAIN = "uncertain"  # nobody can say
UNREACHED = "unreached"  # the server took no mail at all: says nothing about this one
FENCED = "fenced"  # begun, but its dot was held back: the worker's time was over
RETURNED = "returned"  # never begun

ALL = 1_000_000  # an appetite that the window alone limits


class Envelope(NamedTuple):
    """One mail to one recipient; addresses in ASCII, lines ended by CRLF and not yet dot-stuffed.

    Its bytes are kept in `parts`, most of which many mails share, and joined when they leave: a window of mails that
    were joined beforehand is as many megabytes of memory to be written and fetched again. `id` and `n` are the mail's
    and its attempt's in the ledger. `is_dotless`: no line of it begins with a dot.
    """

    sender: str
    recipient: str
    message_id: str
    parts: tuple[bytes, ...]
    id: int = 0
    n: int = 1
    is_bulk: bool = False
    is_dotless: bool = False

    @property
    def raw(self) -> bytes:
        return b"".join(self.parts)


class Answer(NamedTuple):
    """What became of a mail, with the server's reply, which holds no address."""

    outcome: str
    code: int | None = None
    reply: str = ""


Results = list[tuple[Envelope, Answer]]


class Transport(Protocol):
    is_bound: bool  # whether MAIL_ALLOW decides, outside production, whom it may reach
    until: float  # time.monotonic() after which no final dot may leave

    def take(self, envelopes: Iterable[Envelope]) -> None:
        """Send these; single mails ahead of digests that were not begun."""

    def results(self, seconds: float) -> Results:
        """Work for at most so long, or until something is known; each envelope comes back once."""

    def appetite(self) -> int:
        """How many more it would begin at once if it had them; 0 while the server is left alone."""

    def waiting(self) -> int:
        """How many were taken and not begun."""

    def give_back(self, wanted: Callable[[Envelope], bool], most: int = ALL) -> Results:
        """Return at most so many of those that were not begun, the last to go first."""

    def break_off(self) -> None:
        """Hang up; what is under way is forgotten. It may be used again."""

    def close(self) -> None: ...


class FilesTransport:
    """Each mail as var/mail/<message id>.eml, whole or not at all."""

    is_bound = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.until = math.inf
        self._queue: deque[Envelope] = deque()
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, envelopes: Iterable[Envelope]) -> None:
        self._queue.extend(envelopes)

    def results(self, seconds: float) -> Results:
        done = [(envelope, self._write(envelope)) for envelope in self._queue]
        self._queue.clear()
        if not done:
            time.sleep(seconds)
        return done

    def appetite(self) -> int:
        return ALL

    def waiting(self) -> int:
        return len(self._queue)

    def give_back(self, wanted: Callable[[Envelope], bool], most: int = ALL) -> Results:
        return returned(self._queue, wanted, most)

    def break_off(self) -> None:
        self._queue.clear()

    def close(self) -> None:
        pass

    def _write(self, envelope: Envelope) -> Answer:
        fresh = self.folder / f".{envelope.message_id}.{os.getpid()}"
        try:
            with fresh.open("wb") as file:
                file.write(envelope.raw)
                file.flush()
                os.fsync(file.fileno())
            if time.monotonic() > self.until:
                return Answer(FENCED)
            fresh.replace(self.folder / f"{envelope.message_id}.eml")
        except OSError as wrong:
            return Answer(UNREACHED, reply=f"{type(wrong).__name__}: {wrong.strerror}")
        finally:
            fresh.unlink(missing_ok=True)
        return Answer(ACCEPTED, 250, "written to a file")


def returned(queue: deque[Envelope], wanted: Callable[[Envelope], bool], most: int) -> Results:
    """Take out of a queue, from its end, at most so many of those that are wanted."""
    going = [envelope for envelope in reversed(queue) if wanted(envelope)][:most]
    for envelope in going:
        queue.remove(envelope)
    return [(envelope, Answer(RETURNED)) for envelope in going]


def mail_folder(settings: Settings) -> Path:
    return settings.var_dir / "mail"


def open_transport(settings: Settings) -> Transport:
    """The transport that MAIL_URL names: `files:`, `smtp://` (STARTTLS), `smtps://` or `smtp+plain://` (loopback)."""
    if settings.mails_files:
        return FilesTransport(mail_folder(settings))
    from outreach.mail.relay import SmtpTransport

    return SmtpTransport.open(settings)
