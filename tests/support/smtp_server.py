"""A real SMTP server on loopback whose log is the ground truth: what a mail server was told and what it kept."""

from __future__ import annotations

import contextlib
import email
import email.policy
import functools
import itertools
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One message that reached the final dot and was answered with 250."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def message(self) -> EmailMessage:
        """The message as a mail program would read it."""
        return email.message_from_bytes(self.data, policy=email.policy.default)  # type: ignore[return-value]

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain part, decoded."""
        part = self.message.get_body(("plain",))
        return part.get_content() if part is not None else ""

    @property
    def html(self) -> str:
        """The HTML part, decoded."""
        part = self.message.get_body(("html",))
        return part.get_content() if part is not None else ""


def parsed(data: bytes) -> Received:
    """A stored message: sender and recipients as its headers say."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    sender, to = (getaddresses([str(message[name] or "")]) for name in ("From", "To"))
    return Received(sender[0][1] if sender else "", tuple(address for _, address in to), data)


#: Asked at each stage with the address (MAIL, RCPT) or the whole message (DATA); a reply such as "451 4.3.0 later" refuses.
Answer = Callable[[str, str | bytes], str | None]


class PatientController(Controller):
    """The library gives its own server one second for the first greeting, and asks the network for this machine's name."""

    def __init__(self, handler: Any, **given: Any) -> None:
        super().__init__(handler, server_hostname="localhost", ready_timeout=120, **given)

    def _trigger_server(self) -> None:
        with contextlib.ExitStack() as stack:
            wire = stack.enter_context(socket.create_connection((self.hostname, self.port), 120))
            if self.ssl_context:
                wire = stack.enter_context(ssl._create_unverified_context().wrap_socket(wire))
            wire.recv(1)


class MailServer:
    """`with MailServer() as server:` then `server.received`, `server.wait_for(…)`. `server.answer` refuses what a test wants refused."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.attempts: list[tuple[str, str]] = []
        self.answer: Answer = lambda stage, what: None
        self.lock = threading.Condition()
        self.port = free_port()
        self.controller = PatientController(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        """What MAIL_URL is set to."""
        return f"smtp+plain://127.0.0.1:{self.port}"

    def __enter__(self) -> MailServer:
        self.controller.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.controller.stop()

    def to(self, address: str) -> list[Received]:
        """Everything kept for one address, oldest first."""
        with self.lock:
            return [mail for mail in self.received if address in mail.recipients]

    def wait_for(self, address: str, count: int = 1, seconds: float = 120) -> list[Received]:
        """All mails of one address, as soon as there are `count` of them; fails with what did come."""
        with self.lock:
            enough = self.lock.wait_for(
                lambda: len([m for m in self.received if address in m.recipients]) >= count, seconds
            )
        mails = self.to(address)
        assert enough, (
            f"{len(mails)} of {count} mails for {address} within {seconds} s; came: {[(m.recipients, m.subject) for m in self.received]}"
        )
        return mails

    # What aiosmtpd calls.
    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.ask("MAIL", address):
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := self.ask("RCPT", address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        data = bytes(envelope.content or b"")  # type: ignore[arg-type]
        if refusal := self.ask("DATA", data):
            return refusal
        with self.lock:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), data))
            self.lock.notify_all()
        return "250 OK kept"

    def ask(self, stage: str, what: Any) -> str | None:
        self.attempts.append((stage, what if isinstance(what, str) else ""))
        return self.answer(stage, what)


@functools.cache
def _ports() -> Iterator[int]:
    """The ports of this process. The kernel gives none of them to connections that go out; two processes rarely share any."""
    first = 20_000 + os.getpid() % 120 * 100
    return itertools.cycle(range(first, first + 100))


def free_port() -> int:
    """A port on which nobody listens, and which nobody takes before the server that it is for."""
    for port in _ports():
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable: the ports go round and round")
