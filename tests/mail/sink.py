"""A mail server that fails as servers do, one fault after another; what it kept is the ground truth."""

from __future__ import annotations

import hashlib
import socketserver
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True)
class Kept:
    """One message that was stored, with the bytes that came over the wire before the final dot."""

    recipients: tuple[str, ...]
    raw: bytes
    at: float = field(default_factory=time.time, compare=False)

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    def header(self, name: str) -> str:
        """The value of a header that stands on one line."""
        return self.raw.partition(f"{name}: ".encode())[2].partition(b"\r\n")[0].decode()

    @property
    def message_id(self) -> str:
        return self.header("Message-ID").strip("<>")


class Sink:
    """`with Sink("451_rcpt", "ok") as sink:` one fault per connection, in order; the last goes on.

    `offers`: PIPELINING, and CHUNKING with it, or neither. `each="mail"`: one fault per mail instead, from its MAIL on. `honours`: a
    header by whose value it tells a repeat and does not store it again (D-24).

    Faults: ok, drop_connect, 421_banner, 421_mail, 454_mail, 450_mail, 550_mail, 451_rcpt, 550_rcpt, 550_rcpt_354, hold_rcpt,
    451_data, drop_in_data, 451_dot, 554_dot, 421_dot, 454_dot, drop_before_store, drop_after_store, hold_after_store, hold_dot,
    slow_dot, garbage, half_reply, drop_after_reply, 502_bdat, 550_rcpt_250.
    """

    def __init__(self, *faults: str, offers: Sequence[str] = (), each: str = "connection", honours: str = "") -> None:
        self.faults = deque(faults or ("ok",))
        self.offers, self.each, self.honours = offers, each, honours
        self.kept: list[Kept] = []
        self.seen: set[str] = set()
        self.envelopes: list[str] = []
        self.commands: list[str] = []
        self.connections = 0
        self.changed = threading.Condition()
        self.released = threading.Event()
        sink = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    _Conversation(sink, self).talk()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True
            request_queue_size = 64

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
        with self.changed:
            return self.faults.popleft() if len(self.faults) > 1 else self.faults[0]

    def refuses(self, address: str) -> bool:
        """Whether nobody has this address, whatever fault it is the turn of."""
        return False

    def store(self, recipients: Iterable[str], raw: bytes) -> None:
        mail = Kept(tuple(recipients), raw)
        with self.changed:
            stable = mail.header(self.honours) if self.honours else ""
            if stable not in self.seen:
                self.kept.append(mail)
            if stable:
                self.seen.add(stable)
            self.changed.notify_all()

    def wait_for(self, count: int, seconds: float = 120) -> list[Kept]:
        """What was kept, as soon as there are `count`."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.kept) >= count, seconds), f"{len(self.kept)} of {count}"
            return list(self.kept)

    def wait_for_envelope(self, seconds: float = 120) -> None:
        """Until somebody named a recipient."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.envelopes, seconds), "no recipient was named"


class _Conversation:
    def __init__(self, sink: Sink, handler: socketserver.StreamRequestHandler) -> None:
        self.sink, self.read, self.write = sink, handler.rfile, handler.wfile
        self.recipients: list[str] = []
        self.is_in_mail = False  # as servers keep it: a MAIL within a mail is refused
        self.fault = sink.next_fault() if sink.each == "connection" else "ok"
        with sink.changed:
            sink.connections += 1

    def say(self, line: str) -> None:
        self.write.write(line.encode() + b"\r\n")

    def talk(self) -> None:
        if self.fault == "drop_connect":
            return
        if self.fault == "421_banner":
            return self.say("421 4.3.2 not now")
        self.say("220 sink ESMTP")
        while line := self.read.readline(4096):
            if not self.answer(line.decode().strip()):
                return

    def answer(self, line: str) -> bool:
        """Reply to one command; False when the connection is over."""
        command = line[:4].upper()
        self.sink.commands.append(line)
        if command == "QUIT":
            self.say("221 bye")
            return False
        if command == "EHLO":
            self.say("".join(f"250-{word}\r\n" for word in ("sink", *self.sink.offers)) + "250 SIZE 100000000")
            return True
        if command in ("MAIL", "RCPT", "DATA", "BDAT"):
            return getattr(self, command.lower())(line)
        if command == "RSET":
            self.is_in_mail, self.recipients = False, []
        self.say("250 ok")
        return True

    def mail(self, line: str) -> bool:
        if self.is_in_mail:
            self.say("503 5.5.1 nested MAIL")
            return True
        if self.sink.each == "mail":
            self.fault = self.sink.next_fault()
        if self.fault == "drop_connect":
            return False
        failing = {
            "421_mail": "421 4.7.0 too many connections from reader@example.org",
            "421_banner": "421 4.3.2 not now",
            "454_mail": "454 4.7.0 throttled",
            "450_mail": "450 4.2.0 later",
            "550_mail": "550 5.7.1 sender refused",
        }
        self.recipients, self.is_in_mail = [], self.fault not in failing
        self.say(failing.get(self.fault, "250 ok"))
        return not self.fault.startswith("421_mail")

    def rcpt(self, line: str) -> bool:
        address = line.partition("<")[2].partition(">")[0]
        if not self.is_in_mail:
            self.say("503 5.5.1 no MAIL yet")
            return True
        with self.sink.changed:
            self.sink.envelopes.append(address)
            self.sink.changed.notify_all()
        if self.sink.refuses(address):
            self.fault = "550_rcpt"
        if self.fault == "hold_rcpt":
            self.sink.released.wait(180)
            return False
        refusals = {"451_rcpt": f"451 4.7.1 <{address}>: greylisted", "550_rcpt": f"550 5.1.1 <{address}>: unknown"}
        refusals["550_rcpt_354"] = refusals["550_rcpt_250"] = refusals["550_rcpt"]
        if self.fault not in refusals:
            self.recipients.append(address)
        self.say(refusals.get(self.fault, "250 ok"))
        return True

    def data(self, _line: str) -> bool:
        if not self.recipients and self.fault != "550_rcpt_354":
            self.say("503 5.5.1 no valid recipients")
            return True
        if self.fault == "451_data":
            self.say("451 4.3.0 not this one")
            return True
        self.say("354 go on")
        lines: list[bytes] = []
        while (line := self.read.readline(65536)) not in (b".\r\n", b""):
            lines.append(line)
            if self.fault == "drop_in_data" and len(lines) > 3:
                return False
        if not line:
            return False
        return self.take(b"".join(lines))

    def bdat(self, line: str) -> bool:
        """A chunk, which is read whatever is said of it; a mail that was refused goes on until RSET."""
        if self.fault == "502_bdat":
            self.say("502 5.5.1 what is that?")
            return True
        length = int(line.split()[1])
        raw = self.read.read(min(length, 50) if self.fault == "drop_in_data" else length)
        if len(raw) < length:
            return False
        if not self.recipients and self.fault != "550_rcpt_250":
            self.say("503 5.5.1 no valid recipients")
            return True
        if self.fault == "451_data":
            self.say("451 4.3.0 not this one")
            return True
        return self.take(raw)

    def take(self, raw: bytes) -> bool:
        self.is_in_mail = False
        if self.fault not in ("drop_before_store", "451_dot", "554_dot", "421_dot", "454_dot", "550_rcpt_354"):
            self.sink.store(self.recipients, raw)
        return self.after_dot()

    def after_dot(self) -> bool:
        if self.fault in ("hold_after_store", "hold_dot"):
            self.sink.released.wait(180)
        if self.fault == "slow_dot":
            self.sink.released.wait(1)
        if self.fault in ("drop_before_store", "drop_after_store", "hold_after_store"):
            return False
        replies = {
            "451_dot": "451 4.3.0 later",
            "554_dot": "554 5.7.1 no",
            "421_dot": "421 4.3.0 later",
            "454_dot": "454 throttling failure: maximum rate exceeded",
            "550_rcpt_354": "554 5.5.1 no valid recipients",
            "garbage": "2",
        }
        self.say(replies.get(self.fault, "250-partial" if self.fault == "half_reply" else "250 kept"))
        return self.fault not in ("half_reply", "drop_after_reply")
