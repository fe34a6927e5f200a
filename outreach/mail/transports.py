"""The ways a finished mail can leave: as a file, or to a mail server. All keep the same contract.

`deliver` takes one envelope to one recipient and calls `before_dot` once, just before the point of no return. What
comes back says what is known: an error before that call means that the mail was certainly not accepted; after it only
a valid reply says anything, and without one the outcome is `uncertain`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config import Settings

ACCEPTED = "accepted"
DEFERRED = "deferred"  # this mail: not now
REJECTED = "rejected"  # this mail: never
UNCERTAIN = "uncertain"  # nobody can say
UNREACHED = "unreached"  # the server took no mail at all: says nothing about this one


@dataclass(frozen=True)
class Envelope:
    """One mail to one recipient; addresses in ASCII, `raw` with CRLF line ends and not yet dot-stuffed."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes


@dataclass(frozen=True)
class Answer:
    outcome: str
    code: int | None = None
    reply: str = ""


class Fenced(Exception):
    """Raised by `before_dot`: the mail is no longer ours to send; the transport hangs up without the dot."""


class Transport(Protocol):
    is_bound: bool  # whether MAIL_ALLOW decides, outside production, whom it may reach

    def deliver(self, envelope: Envelope, before_dot: Callable[[], None]) -> Answer: ...

    def is_resting(self) -> bool:
        """Whether the server failed so lately that it is left alone."""

    def close(self) -> None: ...


class FilesTransport:
    """Each mail as var/mail/<message id>.eml, whole or not at all."""

    is_bound = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def deliver(self, envelope: Envelope, before_dot: Callable[[], None]) -> Answer:
        fresh = self.folder / f".{envelope.message_id}.{os.getpid()}"
        try:
            with fresh.open("wb") as file:
                file.write(envelope.raw)
                file.flush()
                os.fsync(file.fileno())
            before_dot()
            fresh.replace(self.folder / f"{envelope.message_id}.eml")
        except OSError as wrong:
            return Answer(UNREACHED, reply=f"{type(wrong).__name__}: {wrong.strerror}")
        finally:
            fresh.unlink(missing_ok=True)
        return Answer(ACCEPTED, 250, "written to a file")

    def is_resting(self) -> bool:
        return False

    def close(self) -> None:
        pass


def mail_folder(settings: Settings) -> Path:
    return settings.var_dir / "mail"


def open_transport(settings: Settings) -> Transport:
    """The transport that MAIL_URL names: `files:`, `smtp://` (STARTTLS), `smtps://` or `smtp+plain://` (loopback)."""
    if settings.mails_files:
        return FilesTransport(mail_folder(settings))
    from outreach.mail.smtp import SmtpTransport

    return SmtpTransport.open(settings)
