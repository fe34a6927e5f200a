"""What is said over one connection. Nothing here waits: a conversation writes what it can and hears what has come.

With PIPELINING (RFC 2920) one write holds a body, its dot, and the envelope of the next mail, and the replies come in
the order of the commands; without it each command waits for the reply to the one before. Either way a reply is matched
with what it answers, so that every mail ends with what is known of it:

    MAIL, RCPT or DATA refused                known refusal; RSET and the next envelope in one write
    RCPT refused, but DATA answered 354       a lone dot and the next envelope; the reply to the dot says nothing
    a reply to the dot                        accepted, deferred or failed
    421, or no connection any more            a dot that was handed over and not answered: uncertain, else known
    the worker's time is over                 the dot is held back
"""

from __future__ import annotations

import re
import time
from collections import deque
from typing import Final

from outreach.mail import failpoints, smtp
from outreach.mail.failpoints import AFTER_DOT, BEFORE_DOT
from outreach.mail.smtp import Link
from outreach.mail.talk import DOT, MAIL, RCPT, RSET, Over, Shift, Talk
from outreach.mail.transports import ACCEPTED, DEFERRED, FENCED, UNCERTAIN, UNREACHED, Answer, Envelope

DATA: Final = "DATA"
LONE_DOT: Final = "lone dot"

_ROUND = deque((DOT, MAIL, RCPT, DATA))
_IS_ROUND = re.compile(rb"250 (.*)\r\n250 .*\r\n250 .*\r\n354 .*\r\n").fullmatch
_TO_BE_TAKEN = (MAIL, RCPT)


class Conversation(Talk):
    """One connection, at most two mails on it: one whose dot is out, and one whose envelope is."""

    def __init__(self, link: Link, shift: Shift, reply_within: float, dot_within: float) -> None:
        super().__init__(link, shift, reply_within, dot_within)
        self.pipelines = link.pipelines
        self.expected: deque[str] = deque()
        self.begun: Envelope | None = None  # its envelope is out, its body is not
        self.dotted: Envelope | None = None  # its body and dot are out, or wait to be
        self._is_answered = self._is_taken = False  # the mail that is begun

    def is_idle(self) -> bool:
        return not self.expected and not self.unsent

    def under_way(self) -> int:
        return (self.begun is not None) + (self.dotted is not None)

    def is_sending(self) -> bool:
        return self.dotted is not None

    def go_on(self) -> None:
        if self.shift.queue:
            self._write(self._envelope(self.shift.queue.popleft()))

    def _awaits_dot(self) -> bool:
        return DOT in self.expected

    def _take_in(self, data: bytes) -> None:
        if self.expected == _ROUND and not (self.dot_left or self._heard or self._lines) and (taken := _IS_ROUND(data)):
            self._next_round(taken[1])
            return
        *lines, begun = (self._heard + data).split(b"\n")
        for line in lines:
            if line.startswith(b"250 ") and self.pipelines and self.expected and self.expected[0] in _TO_BE_TAKEN:
                self._is_answered, self._is_taken = True, self.expected.popleft() == RCPT
            else:
                self._line(line)
        self._keep(begun)

    def _next_round(self, words: bytes) -> None:
        """What comes mostly, taken at one go: a mail was accepted, and the body of the next is asked for."""
        assert self.begun is not None
        assert self.dotted is not None
        self.expected.clear()
        self._is_answered = self._is_taken = True
        self._done(self.dotted, Answer(ACCEPTED, 250, smtp.said(words)))
        self._send_body(self.begun)

    def end(self, why: str) -> list[Envelope]:
        self.sock.close()
        is_late = time.monotonic() > self.shift.until
        if self.dotted is not None:
            outcome = UNCERTAIN if not self.dot_left else FENCED if is_late else DEFERRED
            self._done(self.dotted, Answer(outcome, None, why))
        if self.begun is None:
            return []
        if self._refusal is not None:
            self._done(self.begun, self._refusal)
        elif is_late or not self._is_answered and (self.completed or self.dotted or self.trouble):
            return [self.begun]
        elif self._is_answered:
            self._done(self.begun, Answer(DEFERRED, None, why))
        else:
            self.trouble = Answer(UNREACHED, None, why)
            self._done(self.begun, self.trouble)
        return []

    def _reply(self, code: int, words: bytes) -> None:
        if not self.expected:
            raise Over(f"closed by the server: {code} {smtp.said(words)}")
        stage = self.expected.popleft()
        if stage == DOT:
            self._after_dot(code, words)
        elif stage == DATA:
            self._after_data(code, words)
        elif stage in (MAIL, RCPT):
            self._after_address(stage, code, words)
        elif stage == RSET and code != 250:
            raise Over(f"RSET: {code} {smtp.said(words)}")
        elif self.begun is None:
            self.go_on()

    def _after_address(self, stage: str, code: int, words: bytes) -> None:
        self._is_answered = True
        if code == 250 or (code == 251 and stage == RCPT):
            self._is_taken = stage == RCPT
            if not self.pipelines:
                self._command(RCPT if stage == MAIL else DATA)
            return
        if self._refusal is None:
            self._refusal = self._refused(stage, code, words)
        if not self.pipelines:
            self._start_over(self._refusal)

    def _after_data(self, code: int, words: bytes) -> None:
        assert self.begun is not None
        self._is_answered = True
        if code != 354:
            self._start_over(self._refusal or self._refused(DATA, code, words))
        elif self._refusal is None:
            self._send_body(self.begun)
        elif self._is_taken:
            raise Over("DATA was taken for a mail that was refused")
        else:
            self._start_over(self._refusal, b".\r\n", LONE_DOT)

    def _after_dot(self, code: int, words: bytes) -> None:
        envelope, is_early = self.dotted, self.dot_left > 0
        assert envelope is not None
        if code == 250 and not is_early:
            answer = Answer(ACCEPTED, 250, smtp.said(words))
        elif 400 <= code < 600:
            answer = smtp.refusal(DOT, code, smtp.said(words))
        else:
            raise Over(f"not a reply: {code} {smtp.said(words)}")
        self.dotted = None
        self._done(envelope, answer)
        self._heed(answer)
        if is_early:
            raise Over("refused before the end")
        if self.begun is None:
            self.go_on()

    def _refused(self, stage: str, code: int, words: bytes) -> Answer:
        """The refusal of the mail that is begun; raises Over when it is no refusal, or one of all mails."""
        assert self.begun is not None
        if code < 400:
            raise Over(f"not a reply: {code} {smtp.said(words)}")
        answer = smtp.refusal(stage, code, smtp.said(words))
        if answer.outcome == UNREACHED:
            self._done(self.begun, answer)
            self.begun = None
            self._heed(answer)
        return answer

    def _heed(self, answer: Answer) -> None:
        if answer.outcome == UNREACHED:
            self.trouble = answer
            raise Over(f"{answer.code} {answer.reply}")

    def _start_over(self, refusal: Answer, words: bytes = b"RSET\r\n", stage: str = RSET) -> None:
        """The mail that is begun is refused: say so, clear the server's mind, and go on with the next in one write."""
        assert self.begun is not None
        self._done(self.begun, refusal)
        self.begun = None
        self.expected.append(stage)
        if self.pipelines and self.shift.queue:
            words += self._envelope(self.shift.queue.popleft())
        self._write(words)

    def _envelope(self, envelope: Envelope) -> bytes:
        """The commands that begin a mail: all of them, or the first."""
        self.begun, self._refusal, self._is_answered, self._is_taken = envelope, None, False, False
        size = b" SIZE=%d" % sum(map(len, envelope.parts)) if self.takes_size else b""
        first = b"MAIL FROM:<%b>%b\r\n" % (envelope.sender.encode("ascii"), size)
        self.expected.append(MAIL)
        if not self.pipelines:
            return first
        self.expected += (RCPT, DATA)
        return b"%bRCPT TO:<%b>\r\nDATA\r\n" % (first, envelope.recipient.encode("ascii"))

    def _command(self, stage: str) -> None:
        assert self.begun is not None
        self.expected.append(stage)
        self._write(b"DATA\r\n" if stage == DATA else b"RCPT TO:<%b>\r\n" % self.begun.recipient.encode("ascii"))

    def _send_body(self, envelope: Envelope) -> None:
        parts = envelope.parts if envelope.is_dotless else (smtp.stuffed(envelope.raw),)
        self.dotted, self.begun = envelope, None
        self.expected.append(DOT)
        following = b""
        if self.pipelines and self.shift.queue:
            following = self._envelope(self.shift.queue.popleft())
        failpoints.reach(BEFORE_DOT)
        data = b"".join((*parts, b".\r\n", following))
        self._write(data, len(data) - len(following))
        failpoints.reach(AFTER_DOT)
