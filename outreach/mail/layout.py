"""How the mails of one form lie: the bytes that all of them share, and the places that each fills with its own."""

from __future__ import annotations

import binascii
import hashlib
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from outreach.language import Variant
from outreach.mail import addresses, headers, message
from outreach.mail.blocks import Runs
from outreach.mail.forms import BLOCK, MESSAGE_ID, RUN, Form
from outreach.mail.message import LINE, QUOTED, Pieces, numbers_in
from outreach.mail.verify import Mismatch

# Numbers of what every mail has besides its own values; those of whole segments are below.
DATE, TO, NOTHING, EDGE = MESSAGE_ID - 1, MESSAGE_ID - 2, MESSAGE_ID - 3, MESSAGE_ID - 4

LARGE = 1024  # bytes; shared parts are joined up to this size for each set of lengths
FOLDS = 64  # sets of lengths remembered


class Line(NamedTuple):
    """A header with own values: folded in the same places for all values of the same lengths."""

    name: str
    pieces: Pieces


class Text(NamedTuple):
    """A segment in base64 with simple values in it: encoded in the same places for all values of the same lengths."""

    pieces: Pieces


class Run(NamedTuple):
    """The blocks that the value of this number names."""

    number: int


class Layout:
    """A form in the order of `message.stitch`: bytes, numbers of values, and what takes more than a value.

    A mail gives, in this `order`: its Message-ID, its simple values, what every mail has, and its segments that may say
    anything. How it lies depends on the lengths of the first, `measured` of them.
    """

    def __init__(self, form: Form, bodies: Mapping[str, bytes]) -> None:
        self.pieces: list[bytes | int | Line | Text | Run] = []
        self.whole: list[Pieces] = []  # segments that may say anything
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
        measured = {n for piece in self.pieces if isinstance(piece, Line | Text) for n in numbers_in(piece.pieces)}
        measured = {number for number in measured if number >= 0}
        others = {piece for piece in self.pieces if isinstance(piece, int) and piece >= 0} - measured
        self.simple = [*sorted(measured), *sorted(others)]
        whole = [EDGE - at for at in range(1, len(self.whole) + 1)]
        self.order = [MESSAGE_ID, *self.simple, DATE, TO, *whole, NOTHING, EDGE]
        self.measured = 1 + len(measured)
        self.folds: dict[tuple[int, ...], Fold] = {}

    def fold(self, lengths: tuple[int, ...]) -> Fold:
        """How mails lie whose first values have such lengths."""
        if len(self.folds) >= FOLDS:
            self.folds.clear()
        return self.folds.setdefault(lengths, Fold(self, lengths))

    def _head(self, form: Form) -> None:
        self._say(headers.mailbox("From", form.sender_name, form.sender), "To: ", TO, "\r\n")
        self._say(headers.text("Subject", message.filled(form.subject, ())), DATE, "Message-ID: <", MESSAGE_ID, ">\r\n")
        if form.reply_to:
            self._say(headers.mailbox("Reply-To", None, addresses.wire(message.filled(form.reply_to, ()))))
        for name, pieces in form.headers:
            if numbers_in(pieces):
                self._say(Line(name, pieces))
            else:
                self._say(headers.tokens(name, message.filled(pieces, ())))
        self._say(*message.tail(Variant.of(form.variant).lang))

    def _segment(self, how: str, what: Any, encoding: str, bodies: Mapping[str, bytes]) -> None:
        if how == BLOCK:
            self._say(bodies[what])
        elif how == RUN:
            self._say(Run(what))
        elif not message.is_set_in(what):
            self.whole.append(what)
            self._say(EDGE - len(self.whole))
        elif encoding == QUOTED:
            self._say(*message.quoted_around(tuple(what)))
        else:
            self._say(Text(what))

    def _say(self, *pieces: str | bytes | int | Line | Text | Run) -> None:
        for piece in pieces:
            if isinstance(piece, str | bytes):
                self._gathered.append(piece.encode("ascii") if isinstance(piece, str) else piece)
            else:
                self._close()
                self.pieces.append(piece)

    def _close(self) -> None:
        if self._gathered:
            self.pieces.append(b"".join(self._gathered))
            self._gathered = []


class Fold:
    """A layout for values of some lengths. Its `parts` are by turns what all mails share and a place for a mail's own.

    Of a text in base64 only the letters that hold a value are a mail's own: those of all texts are encoded at one go,
    each once however often it stands there, decoded and compared, and cut where they go on in the next line. So the
    fingerprint of a mail is taken over `print`, which has all that is shared, and over what the mail gives.
    """

    def __init__(self, lay: Layout, lengths: Sequence[int]) -> None:
        self._order, self._length = lay.order, dict(zip(lay.order, lengths, strict=False))
        self._shared, self._places = [b""], list[int]()  # which of what a mail gives and of its cuts stands where
        self._texts: dict[tuple[bytes, tuple[int, ...], int], int] = {}  # the first cut of each
        self._cuts: list[int] = []  # letters
        self.runs: list[tuple[int, int]] = []  # which part is whose; the last first, so that the others' places stay
        for piece in lay.pieces:
            self._lay(piece)
        self.parts = [b""] * (2 * len(self._places) + 1)
        self.parts[::2] = self._shared
        self.own = itemgetter(*self._places)
        self.has_texts = bool(self._texts)
        self._template = b"".join(template for template, _, _ in self._texts)
        self._values = itemgetter(*[self._at(n) for _, numbers, _ in self._texts for n in numbers] or [0])
        self._cut = struct.Struct("".join(f"{letters}s" for letters in self._cuts)).unpack
        told = repr((self._places, list(self._texts), self._cuts, self.runs))
        self.print = hashlib.blake2b(b"\0".join([*self._shared, told.encode()]), digest_size=16)

    def cuts(self, given: Sequence[bytes]) -> tuple[bytes, ...]:
        """The letters of base64 that are a mail's own; they come after what it gives."""
        content = self._template % self._values(given)
        encoded = binascii.b2a_base64(content, newline=False)
        if binascii.a2b_base64(encoded) != content:
            raise Mismatch("an own value cannot be read back")
        return self._cut(encoded)

    def run(self, parts: list[bytes], values: Sequence[str], runs: Runs) -> list[bytes]:
        """Put the blocks of each run in its place; their fingerprints."""
        prints: list[bytes] = []
        for at, number in self.runs:
            names = values[number]
            if "," in names:
                named = itemgetter(*names.split(","))  # the fastest way to look up many
                parts[at : at + 1] = named(runs.bodies)
                prints += named(runs.prints)
            elif names:
                parts[at] = runs.bodies[names]
                prints.append(runs.prints[names])
            prints.append(b"")  # tells one run from the next
        return prints

    def _lay(self, piece: bytes | int | Line | Text | Run) -> None:
        if isinstance(piece, bytes):
            self._say(piece)
        elif isinstance(piece, int):
            self._place(self._at(piece))
        elif isinstance(piece, Run):
            self._place(self._at(NOTHING))
            self.runs.insert(0, (2 * len(self._places) - 1, piece.number))
        elif isinstance(piece, Line):
            self._line(piece)
        else:
            self._text(piece.pieces)

    def _line(self, line: Line) -> None:
        numbers = numbers_in(line.pieces)
        lengths = [self._length[number] for number in numbers]
        said = (headers.tokens(line.name, _placed(line.pieces, lengths, letter)) for letter in "xy")
        one, other = (line.encode("ascii") for line in said)
        before, *others = _around(one, other, lengths)
        self._say(before)
        for number, behind in zip(numbers, others, strict=True):
            self._place(self._at(number))
            self._say(behind)

    def _text(self, pieces: Pieces) -> None:
        numbers = numbers_in(pieces)
        lengths = [self._length[number] for number in numbers]
        one, other = (message.full_lines(_placed(pieces, lengths, letter)) for letter in "xy")
        before, *between, behind = _around(one, other, lengths)
        first, last = len(before) // 3 * 3, -(-(len(one) - len(behind)) // 3) * 3  # three bytes make four letters
        own = [before[first:], *between, behind[: last - len(one) + len(behind)]]
        template = b"%b".join([piece.replace(b"%", b"%%") for piece in own])
        start, end = first // 3 * 4, last // 3 * 4
        cuts = list(pairwise([start, *range(start // LINE * LINE + LINE, end, LINE), end]))
        known = self._texts.setdefault((template, tuple(numbers), start % LINE), len(self._cuts))
        if known == len(self._cuts):
            self._cuts += [end - start for start, end in cuts]
        lines, done = message.base64_lines(one), 0
        for at, (start, end) in enumerate(cuts, len(self._order) + known):
            self._say(lines[done : start + start // LINE * 2])
            self._place(at)
            done = end + (end - 1) // LINE * 2  # before the line's break
        self._say(lines[done:])

    def _at(self, number: int) -> int:
        return self._order.index(number)

    def _say(self, shared: bytes) -> None:
        if self._shared[-1] and len(self._shared[-1]) + len(shared) > LARGE:
            self._place(self._at(NOTHING))
        self._shared[-1] += shared

    def _place(self, at: int) -> None:
        self._places.append(at)
        self._shared.append(b"")


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
