"""What is said over a connection whose server offers CHUNKING (BDAT, RFC 3030) and PIPELINING.

A mail is one piece there, its commands and its bytes, and no reply has to be waited for in between; so several are on
their way at once, written at one go and mostly answered at one. The first of a connection goes alone. A piece begins
with RSET, so that nothing is left of a mail that was refused.

Each piece has four replies, in the order of the pieces:

    MAIL or RCPT refused                      known refusal; the bytes are refused as well
    a reply to BDAT                           accepted, deferred or failed
    a refusal of all mails (421, 454 ...)     no other is begun, and the replies to those on their way are waited for
    no connection any more                    uncertain what had left whole, after 421 too: some servers read on
    the worker's time is over                 no further byte leaves, and a piece that has not left whole is no mail
"""

from __future__ import annotations

import math
import re
import time
from collections import deque
from typing import NamedTuple

from outreach.mail import failpoints, smtp
from outreach.mail.failpoints import AFTER_DOT, BEFORE_DOT
from outreach.mail.smtp import Link
from outreach.mail.talk import DOT, MAIL, RCPT, RSET, Over, Shift, Talk
from outreach.mail.transports import ACCEPTED, DEFERRED, FENCED, UNCERTAIN, UNREACHED, Answer, Envelope

AHEAD = 8  # mails on their way over one connection
WARY = 300.0  # seconds for which replies are waited for again, after several mails came into doubt at once

_STAGES = (RSET, MAIL, RCPT, DOT)
_UNKNOWN = range(500, 505)  # a command was not understood, or not there
_are_good = re.compile(rb"(?:250 [^\n]*\n){3}250 ([^\n]*)\n").match


class Piece(NamedTuple):
    """A mail, and the bytes of the connection, counted from its beginning, that are its."""

    envelope: Envelope
    starts: int
    ends: int


class Chunks(Talk):
    """One connection and the mails that are on their way over it."""

    def __init__(self, link: Link, shift: Shift, reply_within: float, dot_within: float) -> None:
        super().__init__(link, shift, reply_within, dot_within)
        self.pieces: deque[Piece] = deque()
        self._said = 0  # bytes that are written or wait to be
        self._stage = 0  # how many replies the first piece has

    def is_idle(self) -> bool:
        return not self.pieces and not self.unsent

    def under_way(self) -> int:
        return len(self.pieces)

    def is_sending(self) -> bool:
        return bool(self.pieces)

    def go_on(self) -> None:
        queue, ahead = self.shift.queue, AHEAD if self.completed else 1
        room = ahead - len(self.pieces)
        if self.unsent or self.trouble or not queue or 2 * room < ahead:
            return
        out: list[bytes] = []
        for envelope in [queue.popleft() for _ in range(min(room, len(queue)))]:
            length = sum(map(len, envelope.parts))
            words = self._words(envelope, length)
            starts, self._said = self._said, self._said + len(words) + length
            self.pieces.append(Piece(envelope, starts, self._said))
            out += (words, *envelope.parts)
            failpoints.reach(BEFORE_DOT)
        data = b"".join(out)
        self._write(data, len(data))
        failpoints.reach(AFTER_DOT)

    def flush(self) -> None:
        super().flush()
        self.go_on()

    def hear(self) -> None:
        while data := self._come():  # all there is: a server that hung up meanwhile is told no more
            self._take_in(data)
        if self.trouble and not self.pieces:
            raise Over(f"{self.trouble.code} {self.trouble.reply}")
        self.go_on()

    def end(self, why: str) -> list[Envelope]:
        self.sock.close()
        if len(self.pieces) > 1:
            self.shift.chunks_from = max(self.shift.chunks_from, time.monotonic() + WARY)
        back = []
        for piece in self.pieces:
            answer = self._fate(piece, why)
            if answer is None:
                back.append(piece.envelope)
            else:
                self._done(piece.envelope, answer)
        return back

    def _fate(self, piece: Piece, why: str) -> Answer | None:
        """What is known of a mail that was not answered in full, or None when it may be begun elsewhere."""
        if piece is self.pieces[0] and self._refusal is not None:
            return self._refusal
        if self._has_left(piece):
            return Answer(UNCERTAIN, None, why)
        if not self._has_begun(piece) or (self.trouble is not None and self.trouble.code == 421):
            return None
        return Answer(FENCED if time.monotonic() > self.shift.until else DEFERRED, None, why)

    def _has_begun(self, piece: Piece) -> bool:
        return self._said - len(self.unsent) > piece.starts

    def _has_left(self, piece: Piece) -> bool:
        return self._said - len(self.unsent) >= piece.ends

    def _awaits_dot(self) -> bool:
        return self.trouble is None  # servers keep the other replies back until they have nothing more to read

    def _words(self, envelope: Envelope, length: int) -> bytes:
        sender, recipient = envelope.sender.encode("ascii"), envelope.recipient.encode("ascii")
        size = b" SIZE=%d" % length if self.takes_size else b""
        return b"RSET\r\nMAIL FROM:<%b>%b\r\nRCPT TO:<%b>\r\nBDAT %d LAST\r\n" % (sender, size, recipient, length)

    def _take_in(self, data: bytes) -> None:
        data, at = self._heard + data, 0
        while end := data.find(b"\n", at) + 1:
            if self._stage == 0 and not self._lines and self.pieces and (good := _are_good(data, at)):
                self._settle(250, smtp.said(good[1]))
                at = good.end()
            else:
                self._line(data[at:end])
                at = end
        self._keep(data[at:])

    def _reply(self, code: int, words: bytes) -> None:
        if not self.pieces:
            raise Over(f"closed by the server: {code} {smtp.said(words)}")
        stage, self._stage = _STAGES[self._stage], (self._stage + 1) % len(_STAGES)
        if code >= 400:
            self._refuse(stage, code, smtp.said(words))
        elif code != 250 and (code, stage) != (251, RCPT):
            raise Over(f"not a reply: {code} {smtp.said(words)}")
        if stage == DOT:
            self._settle(code, smtp.said(words))

    def _refuse(self, stage: str, code: int, words: str) -> None:
        """A refusal of the first piece; the first of them says why. Raises Over when the server does not know BDAT."""
        answer = smtp.refusal(stage, code, words)
        if answer.outcome == UNREACHED:
            self.trouble = answer
        elif stage == RSET:
            raise Over(f"RSET: {code} {words}")
        elif stage == DOT and self._refusal is None and code in _UNKNOWN:
            self._refusal, self.shift.chunks_from = Answer(DEFERRED, code, words), math.inf
            raise Over(f"BDAT: {code} {words}")
        self._refusal = self._refusal or answer

    def _settle(self, code: int, words: str) -> None:
        if code < 400 and (self._refusal is not None or not self._has_left(self.pieces[0])):
            self._refusal = None
            raise Over("BDAT was answered as if all were well")
        answer, self._refusal = self._refusal or Answer(ACCEPTED, code, words), None
        self._done(self.pieces.popleft().envelope, answer)
