"""A mail server that fails as servers do, one fault after another; what it kept is the ground truth."""

from __future__ import annotations

import hashlib
import socketserver
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True)
class Kept:
    """One message that was stored, with the bytes that came over the wire before the final dot."""

    recipients: tuple[str, ...]
    raw: bytes

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


class Sink:
    """`with Sink("451_rcpt", "ok") as sink:` one fault per connection, in order; the last goes on.

    Faults: ok, drop_connect, 421_banner, 421_mail, 454_mail, 450_mail, 550_mail, 451_rcpt, 550_rcpt, hold_rcpt, 451_data,
    drop_in_data, 451_dot, 554_dot, 421_dot, drop_before_store, drop_after_store, hold_after_store, slow_dot, garbage, half_reply,
    drop_after_reply.
    """

    def __init__(self, *faults: str) -> None:
        self.faults = deque(faults or ("ok",))
        self.kept: list[Kept] = []
        self.envelopes: list[str] = []
        self.changed = threading.Condition()
        self.released = threading.Event()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    _Conversation(sink, self).talk(sink.next_fault())

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    def __enter__(self) -> Sink:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def next_fault(self) -> str:
        return self.faults.popleft() if len(self.faults) > 1 else self.faults[0]

    def store(self, recipients: Iterable[str], raw: bytes) -> None:
        with self.changed:
            self.kept.append(Kept(tuple(recipients), raw))
            self.changed.notify_all()

    def wait_for(self, count: int, seconds: float = 20) -> list[Kept]:
        """What was kept, as soon as there are `count`."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.kept) >= count, seconds), f"{len(self.kept)} of {count}"
            return list(self.kept)

    def wait_for_envelope(self, seconds: float = 20) -> None:
        """Until somebody named a recipient."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.envelopes, seconds), "no recipient was named"


class _Conversation:
    def __init__(self, sink: Sink, handler: socketserver.StreamRequestHandler) -> None:
        self.sink, self.read, self.write = sink, handler.rfile, handler.wfile
        self.recipients: list[str] = []

    def say(self, line: str) -> None:
        self.write.write(line.encode() + b"\r\n")

    def talk(self, fault: str) -> None:
        if fault == "drop_connect":
            return
        if fault == "421_banner":
            return self.say("421 4.3.2 not now")
        self.say("220 sink ESMTP")
        while line := self.read.readline(4096):
            if not self.answer(line.decode().strip(), fault):
                return

    def answer(self, line: str, fault: str) -> bool:
        """Reply to one command; False when the connection is over."""
        command = line[:4].upper()
        if command == "QUIT":
            self.say("221 bye")
            return False
        if command == "DATA":
            return self.data(fault)
        if command == "RCPT":
            return self.rcpt(line, fault)
        if command == "MAIL":
            self.recipients = []
        failing = {
            "421_mail": "421 4.7.0 too many connections from reader@example.org",
            "454_mail": "454 4.7.0 throttled",
        }
        failing |= {"450_mail": "450 4.2.0 later", "550_mail": "550 5.7.1 sender refused"}
        self.say(failing[fault] if command == "MAIL" and fault in failing else "250 ok")
        return True

    def rcpt(self, line: str, fault: str) -> bool:
        address = line.partition("<")[2].partition(">")[0]
        with self.sink.changed:
            self.sink.envelopes.append(address)
            self.sink.changed.notify_all()
        if fault == "hold_rcpt":
            self.sink.released.wait(60)
            return False
        refusals = {"451_rcpt": f"451 4.7.1 <{address}>: greylisted", "550_rcpt": f"550 5.1.1 <{address}>: unknown"}
        if fault not in refusals:
            self.recipients.append(address)
        self.say(refusals.get(fault, "250 ok"))
        return True

    def data(self, fault: str) -> bool:
        if fault == "451_data":
            self.say("451 4.3.0 not this one")
            return True
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.read.readline(65536)) not in (b".\r\n", b""):
            lines.append(line)
            if fault == "drop_in_data" and len(lines) > 3:
                return False
        if not line:
            return False
        if fault not in ("drop_before_store", "451_dot", "554_dot", "421_dot"):
            self.sink.store(self.recipients, b"".join(lines))
        return self.after_dot(fault)

    def after_dot(self, fault: str) -> bool:
        if fault == "hold_after_store":
            self.sink.released.wait(60)
        if fault == "slow_dot":
            self.sink.released.wait(1)
        if fault in ("drop_before_store", "drop_after_store", "hold_after_store"):
            return False
        replies = {
            "451_dot": "451 4.3.0 later",
            "554_dot": "554 5.7.1 no",
            "421_dot": "421 4.3.0 later",
            "garbage": "2",
        }
        self.say(replies.get(fault, "250-partial" if fault == "half_reply" else "250 kept"))
        return fault not in ("half_reply", "drop_after_reply")
