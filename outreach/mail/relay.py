"""Mail through a server, over a few connections at once, in one thread: nothing here waits for any one of them.

Only connecting waits, which smtplib does; so a helper thread does it, one connection at a time, and hands it over.
"""

from __future__ import annotations

import math
import re
import selectors
import smtplib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress

from config import Settings
from outreach.mail import smtp
from outreach.mail.chunks import Chunks
from outreach.mail.circuit import LONGEST_REST, Circuit
from outreach.mail.conversation import Conversation
from outreach.mail.smtp import DOT_WITHIN, REPLY_WITHIN, Link, Server
from outreach.mail.talk import Over, Shift, Talk
from outreach.mail.transports import ALL, REJECTED, RETURNED, UNREACHED, Answer, Envelope, Results, returned

CONNECTIONS = 10
IDLE_FOR = 20.0  # seconds after which a connection without work is closed
GATHERS = 0.0003  # seconds: a server that is slower than we are is not worth waking up for at every reply

_is_address = re.compile(r"[!-;=?-~]+@[!-;=?-~]+").fullmatch


class SmtpTransport:
    """Connections to one server, opened as there is work for them and kept while there is."""

    is_bound = True

    def __init__(
        self, url: str, helo: str, context: ssl.SSLContext | None = None, *, connections: int = CONNECTIONS,
        reply_within: float = REPLY_WITHIN, dot_within: float = DOT_WITHIN, circuit: Circuit | None = None,
        chunking: bool = True,
    ) -> None:  # fmt: skip
        """`chunking`: whether mails may be sent ahead of replies where the server takes them so."""
        self.server = Server(url, helo, context, reply_within)
        self.connections = self._limit = connections
        self.reply_within, self.dot_within = reply_within, dot_within
        self.circuit = circuit or Circuit()
        self._shift = Shift()
        self._shift.chunks_from = 0.0 if chunking else math.inf
        self._conversations: list[Talk] = []
        self._limited_until = 0.0
        self._looked_at = 0.0
        self._is_closed = False
        self._dialling: threading.Thread | None = None
        self._dialled: deque[Link | Exception] = deque()
        self._selector = selectors.DefaultSelector()
        self._bell, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        self._selector.register(self._wakes, selectors.EVENT_READ, None)

    @classmethod
    def open(cls, settings: Settings) -> SmtpTransport:
        helo = settings.mail_from.rpartition("@")[2]
        # A mail that left whole is in doubt until it is answered. Where nobody repeats it, as few as can be may be so.
        is_repeated = settings.mail_policy == "at_least"
        return cls(settings.mail_url, helo, connections=settings.mail_connections, chunking=is_repeated)

    @property
    def until(self) -> float:
        return self._shift.until

    @until.setter
    def until(self, moment: float) -> None:
        self._shift.until = moment

    def take(self, envelopes: Iterable[Envelope]) -> None:
        queue = self._shift.queue
        ahead: list[Envelope] = []
        digests: list[Envelope] = []
        while queue and not queue[0].is_bulk:
            ahead.append(queue.popleft())
        for envelope in envelopes:
            if _is_address(envelope.recipient) and _is_address(envelope.sender):
                (digests if envelope.is_bulk else ahead).append(envelope)
            else:
                self._shift.done.append((envelope, Answer(REJECTED, None, "not sent: not an address")))
        queue.extendleft(reversed(ahead))
        queue.extend(digests)

    def appetite(self) -> int:
        if self.circuit.is_resting():
            return 0
        return ALL if self.circuit.is_proven else max(0, 1 - len(self._shift.queue) - self._busy())

    def waiting(self) -> int:
        return len(self._shift.queue)

    def give_back(self, wanted: Callable[[Envelope], bool], most: int = ALL) -> Results:
        return returned(self._shift.queue, wanted, most)

    def results(self, seconds: float) -> Results:
        self._put_to_work()
        for key, events in self._events(0 if self._shift.done else seconds):
            if key.data is None:
                self._pick_up()
            else:
                self._attend(key.data, events)
        moment = time.monotonic()
        if moment - self._looked_at > 0.5:
            self._look_around(moment)
        done, self._shift.done = self._shift.done, []
        return done

    def _events(self, seconds: float) -> list[tuple[selectors.SelectorKey, int]]:
        """What the connections have for us; when few of them have something, a moment later, with that of others."""
        found = self._selector.select(seconds)
        if not 0 < 2 * len(found) < len(self._conversations):
            return found
        time.sleep(GATHERS)
        return self._selector.select(0)

    def break_off(self) -> None:
        for conversation in self._conversations:
            self._selector.unregister(conversation.sock)
            if conversation.is_idle():
                with suppress(OSError):
                    conversation.sock.send(b"QUIT\r\n")
            conversation.sock.close()
        self._conversations.clear()
        self._shift.queue.clear()
        self._shift.done.clear()

    def close(self) -> None:
        self.break_off()
        self._is_closed = True
        if self._dialling is not None:
            self._dialling.join(1)
        for link in self._dialled:
            if isinstance(link, Link):
                link.sock.close()
        self._selector.close()
        self._bell.close()
        self._wakes.close()

    def _busy(self) -> int:
        return sum(conversation.under_way() for conversation in self._conversations)

    def _put_to_work(self) -> None:
        """Begin what waits on connections that are idle; when there is none, open one more."""
        queue = self._shift.queue
        if not queue or time.monotonic() > self.until:
            return
        for conversation in [c for c in self._conversations if c.is_idle()]:
            if queue:
                self._do(conversation, conversation.begin)
        has_room = len(self._conversations) < self._limit and self._dialling is None
        if queue and has_room and not self.circuit.is_resting():
            self._dialling = threading.Thread(target=self._dial, daemon=True)
            self._dialling.start()

    def _attend(self, conversation: Talk, events: int) -> None:
        if events & selectors.EVENT_READ:
            self._do(conversation, conversation.hear)
        if events & selectors.EVENT_WRITE and conversation in self._conversations:
            self._do(conversation, conversation.flush)

    def _do(self, conversation: Talk, step: Callable[[], None]) -> None:
        before, had = len(self._shift.done), conversation.unsent
        try:
            step()
        except Over as over:
            self._hang_up(conversation, str(over))
            return
        finally:
            if not self.circuit.is_proven or self.circuit.stumbles:
                self._judge([answer for _, answer in self._shift.done[before:]])
        if bool(had) != bool(conversation.unsent):
            interest = selectors.EVENT_READ | (selectors.EVENT_WRITE if conversation.unsent else 0)
            self._selector.modify(conversation.sock, interest, conversation)

    def _judge(self, answers: list[Answer]) -> None:
        """Whether the server answered for a mail, and not that it takes none."""
        if any(answer.code is not None and answer.outcome != UNREACHED for answer in answers):
            self.circuit.closes()

    def _hang_up(self, conversation: Talk, why: str) -> None:
        self._selector.unregister(conversation.sock)
        self._conversations.remove(conversation)
        was_sending = conversation.is_sending()
        self._shift.queue.extendleft(conversation.end(why))
        if conversation.trouble is not None or (was_sending and self.circuit.stumbled()):
            self._leave_alone()

    def _leave_alone(self) -> None:
        """Nothing more is begun until the server was left alone for a while; no mail pays for that with an attempt."""
        self.circuit.opens()
        self._shift.done += [(envelope, Answer(RETURNED)) for envelope in self._shift.queue]
        self._shift.queue.clear()

    def _look_around(self, moment: float) -> None:
        self._looked_at = moment
        if moment > self._limited_until:
            self._limit = self.connections
        for conversation in list(self._conversations):
            if conversation.is_overdue(moment):
                self._hang_up(conversation, f"no reply within {moment - conversation.heard_at:.0f} seconds")
            elif conversation.is_idle() and moment - conversation.heard_at > IDLE_FOR:
                with suppress(OSError):
                    conversation.sock.send(b"QUIT\r\n")
                self._hang_up(conversation, "nothing to do")

    def _dial(self) -> None:
        """In the helper thread: connect, and ring."""
        try:
            link: Link | Exception = self.server.connect()
        except (OSError, smtplib.SMTPException, ValueError) as wrong:
            link = wrong
        if self._is_closed and isinstance(link, Link):
            link.sock.close()
            return
        self._dialled.append(link)
        with suppress(OSError):
            self._bell.send(b"!")

    def _pick_up(self) -> None:
        """Take over the connection that was opened, or act on its failure."""
        self._wakes.recv(16)
        self._dialling = None
        while self._dialled:
            link = self._dialled.popleft()
            if isinstance(link, Link):
                way = Chunks if link.takes_chunks and time.monotonic() > self._shift.chunks_from else Conversation
                conversation = way(link, self._shift, self.reply_within, self.dot_within)
                self._conversations.append(conversation)
                self._selector.register(link.sock, selectors.EVENT_READ, conversation)
            elif self._conversations:  # it takes no more of them than these
                self._limit, self._limited_until = len(self._conversations), time.monotonic() + LONGEST_REST
            else:
                self._unreached(link)

    def _unreached(self, wrong: Exception) -> None:
        if self._shift.queue:
            code = getattr(wrong, "smtp_code", None)
            answer = Answer(UNREACHED, code if isinstance(code, int) else None, f"no connection: {smtp.why(wrong)}")
            self._shift.done.append((self._shift.queue.popleft(), answer))
        self._leave_alone()
