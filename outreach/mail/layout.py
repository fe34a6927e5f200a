"""How the mails of one form lie: the bytes that all of them share, and the places that each fills with its own."""

from __future__ import annotations

import binascii
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from outreach.language import Variant
from outreach.mail import addresses, headers, message
from outreach.mail.blocks import Runs
from outreach.mail.forms import BLOCK, MESSAGE_ID, RUN, Form
from outreach.mail.message import FULL_LINE, LINE, QUOTED, Pieces, numbers_in
from outreach.mail.verify import Mismatch

# Numbers of what every mail has besides its own values, counted from the end: see `Mould._filled`.
TO, DATE, EDGE = MESSAGE_ID - 1, MESSAGE_ID - 2, MESSAGE_ID - 3


class Layout:
    """The bytes of a form in the order of `message.stitch`, with an empty part wherever a mail fills something in."""

    def __init__(self, form: Form, bodies: Mapping[str, bytes]) -> None:
        self.parts: list[bytes] = []
        self.values: list[tuple[int, int]] = []  # which part is which value, by number
        self.lines: list[_Line] = []
        self.own: list[int] = []  # which parts are segments of one's own
        self.whole: list[tuple[int, Pieces]] = []  # those of them that may say anything
        self.texts = _Texts()
        self.runs: list[tuple[int, int]] = []
        self._gathered: list[bytes] = []
        self._head(form)
        self._say(EDGE, '"\r\n\r\n--', EDGE)
        for kind, part in (("plain", form.text), ("html", form.html)):
            self._say(message.part_head(kind, form.encoding))
            for how, what in part:
                self._segment(how, what, form.encoding, bodies)
            self._say("\r\n--", EDGE)
        self._say("--\r\n")
        self._close()
        said = [number for _, number in self.values]
        self.simple = sorted({number for number in (*said, *self.texts.numbers) if number >= 0})
        self.in_lines = [number for line in self.lines for number in numbers_in(line.pieces)]
        self.folded: dict[tuple[int, ...], list[bytes]] = {}

    def fold(self, lengths: tuple[int, ...]) -> list[bytes]:
        """The parts with all that stands around the values of the headers, when these have such lengths."""
        parts, left = self.parts.copy(), list(lengths)
        for line in self.lines:
            around = line.around([left.pop(0) for _ in numbers_in(line.pieces)])
            parts[line.at : line.at + 2 * len(around) : 2] = around
        return self.folded.setdefault(lengths, parts)

    def run(self, parts: list[bytes], given: list[bytes], runs: Runs) -> None:
        """Put the blocks of each run in its place, and their fingerprints in place of its value."""
        body_of, print_of = runs.bodies.__getitem__, runs.prints.__getitem__
        prints = []
        for at, number in reversed(self.runs):  # the last comes first, so that the others' places stay
            names = given[number].decode().split(",") if given[number] else []
            parts[at : at + 1] = map(body_of, names)
            prints.append((number, b"".join(map(print_of, names))))
        for number, said in prints:
            given[number] = said

    def _head(self, form: Form) -> None:
        self._say(headers.mailbox("From", form.sender_name, form.sender), "To: ", TO, "\r\n")
        self._say(headers.text("Subject", message.filled(form.subject, ())), DATE, "Message-ID: <", MESSAGE_ID, ">\r\n")
        if form.reply_to:
            self._say(headers.mailbox("Reply-To", None, addresses.wire(message.filled(form.reply_to, ()))))
        for name, pieces in form.headers:
            if numbers := numbers_in(pieces):
                self.lines.append(_Line(self._slot(), name, pieces))
                for number in numbers:
                    self._say(number)
                    self._slot()
            else:
                self._say(headers.tokens(name, message.filled(pieces, ())))
        self._say(*message.tail(Variant.of(form.variant).lang))

    def _segment(self, how: str, what: Any, encoding: str, bodies: Mapping[str, bytes]) -> None:
        if how == BLOCK:
            self._say(bodies[what])
        elif how == RUN:
            self.runs.append((self._slot(), what))
        elif encoding == QUOTED and message.is_set_in(what):
            self._say(*message.quoted_around(tuple(what)))
        else:
            self.own.append(self._slot())
            if message.is_set_in(what):
                self.texts.add(self.own[-1], what)
            else:
                self.whole.append((self.own[-1], what))

    def _say(self, *pieces: str | bytes | int) -> None:
        for piece in pieces:
            if isinstance(piece, int):
                self.values.append((self._slot(), piece))
            else:
                self._gathered.append(piece.encode("ascii") if isinstance(piece, str) else piece)

    def _slot(self) -> int:
        self._close()
        self.parts.append(b"")
        return len(self.parts) - 1

    def _close(self) -> None:
        if self._gathered:
            self.parts.append(b"".join(self._gathered))
            self._gathered = []


class _Line(NamedTuple):
    """A header with own values: folded in the same places for all values of the same lengths. Its values are parts of
    the mail, and so is what stands before, between and behind them, from part `at` on, every other one."""

    at: int
    name: str
    pieces: Pieces

    def around(self, lengths: Sequence[int]) -> list[bytes]:
        said = (headers.tokens(self.name, _placed(self.pieces, lengths, letter)) for letter in "xy")
        one, other = (line.encode("ascii") for line in said)
        return _around(one, other, lengths)


class _Texts:
    """Segments in base64 with simple values in them, of one form: alike for all values of the same lengths. Those of a
    mail are encoded at one go, each once however often it stands there, and decoded and compared."""

    def __init__(self) -> None:
        self.places: dict[tuple[str | int, ...], list[int]] = {}  # which parts each is
        self.numbers: list[int] = []
        self._ready: dict[tuple[int, ...], _Ready] = {}

    def add(self, at: int, pieces: Pieces) -> None:
        if tuple(pieces) not in self.places:
            self.numbers += numbers_in(pieces)
        self.places.setdefault(tuple(pieces), []).append(at)

    def fill(self, parts: list[bytes], given: list[bytes]) -> None:
        values = tuple([given[number] for number in self.numbers])
        lengths = tuple(map(len, values))
        ready = self._ready.get(lengths) or self._laid_out(lengths)
        content = ready.template % values
        encoded = binascii.b2a_base64(content, newline=False)
        if binascii.a2b_base64(encoded) != content:
            raise Mismatch("an own value cannot be read back")
        lines = b"\r\n".join(ready.lines(encoded))
        for at, mine in ready.places:
            parts[at] = lines[mine]

    def _laid_out(self, lengths: tuple[int, ...]) -> _Ready:
        left, said, places, end = list(lengths), [], [], 0
        for pieces, parts in self.places.items():
            mine = [left.pop(0) for _ in numbers_in(pieces)]
            one, other = (message.full_lines(_placed(pieces, mine, letter)) for letter in "xy")
            said.append(b"%b".join([piece.replace(b"%", b"%%") for piece in _around(one, other, mine)]))
            start, end = end, end + len(one) // FULL_LINE
            places += [(at, slice(start * (LINE + 2), end * (LINE + 2))) for at in parts]
        lines = struct.Struct(f"{LINE}s" * end + "0s").unpack  # the empty end is for the last line's break
        return self._ready.setdefault(lengths, _Ready(b"".join(said), lines, places))


class _Ready(NamedTuple):
    """All segments with %b for values of some lengths; what cuts them, encoded, into lines; which bytes are whose."""

    template: bytes
    lines: Callable[[bytes], tuple[bytes, ...]]
    places: list[tuple[int, slice]]


def _placed(pieces: Pieces, lengths: Sequence[int], letter: str) -> str:
    """The text with so many of this letter in place of each value."""
    left = iter(lengths)
    return "".join(piece if isinstance(piece, str) else letter * next(left) for piece in pieces)


def _around(one: bytes, other: bytes, lengths: Sequence[int]) -> list[bytes]:
    """What is the same with two sets of values of such lengths that differ everywhere: before, between, behind them."""
    said, at = [], 0
    for length in lengths:
        start = next(n for n in range(at, len(one)) if one[n] != other[n])
        said.append(one[at:start])
        at = start + length
    return [*said, one[at:]]
