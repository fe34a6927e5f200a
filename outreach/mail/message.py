"""A mail as bytes, put together from blocks: the same row always gives the same bytes (D-04).

A body part is a row of segments, each a number of whole lines. A segment is encoded by itself and the encoded
segments are simply joined, so that what many mails share is encoded once. Latin text is quoted-printable; Cyrillic is
base64, where each segment is padded with spaces, before its last line break, to a multiple of 57 bytes: then every
encoded line is full, no `=` appears, and a reader sees one ordinary body.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from outreach.language import Variant
from outreach.mail import addresses, headers

QUOTED = "quoted-printable"
BASE64 = "base64"

LINE = 76  # characters of an encoded line
FULL_LINE = 57  # bytes that make one full line of base64
EDGE = "=_"  # how a boundary begins; no encoded body can hold it

_OURS = re.compile(r"[0-9a-f]{32}@[^ ]+").fullmatch
_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SAFE = frozenset(range(0x20, 0x7F)) - {ord("=")}
_QUOTED_BYTES = [chr(b) if b in _SAFE else f"={b:02X}" for b in range(256)]
_AS_IT_IS = re.compile("[ -<>-~]*")
_SOFT_BREAK = "=\r\n"

#: A value that stands for itself within quoted-printable: it fits a line, and nothing on the way changes it.
SIMPLE = "[A-Za-z0-9_~/:;,+&%@-][A-Za-z0-9_~/:;,+?&%@.-]{0,74}"
is_simple = re.compile(SIMPLE).fullmatch

#: Text in which numbers stand for own values.
Pieces = Sequence[str | int]


@dataclass(frozen=True)
class Segment:
    """Whole lines of a body part: shared by many mails, or one person's own."""

    text: str
    shared: bool


class Enclosed(NamedTuple):
    """A file that goes with a mail: what it is called, its media type, its bytes in base64."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Letter:
    """All that decides the bytes of one mail. `text` and `html` are encoded already, in `encoding`."""

    sender_name: str
    sender: str
    to_name: str | None
    to_address: str
    subject: str
    dated_at: datetime
    message_id: str  # without its angle brackets
    lang: str
    encoding: str
    text: bytes
    html: bytes
    reply_to: str | None = None
    extra: tuple[tuple[str, str], ...] = field(default=())
    files: tuple[Enclosed, ...] = field(default=())


def encoding_of(variant: Variant) -> str:
    """One encoding for a whole part, chosen by the script its words are written in."""
    return BASE64 if variant is Variant.CIR else QUOTED


def plain(text: str) -> str:
    """Text as a body may hold it: line feeds only, no control character but the tab, no lone surrogate (M-03)."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def encode_block(text: str, encoding: str) -> bytes:
    """A segment in its transfer encoding: lines of at most 76 characters, each ended by CRLF."""
    return base64_lines(full_lines(text)) if encoding == BASE64 else _quoted(_lines(text))


def full_lines(text: str) -> bytes:
    """What stands in base64 for a segment: spaces before its last line break make it a row of full lines."""
    content = "\r\n".join(_lines(text)).encode()
    return content + b" " * (-(len(content) + 2) % FULL_LINE) + b"\r\n"


def base64_lines(content: bytes) -> bytes:
    """Any bytes in base64: lines of at most 76 characters, each ended by CRLF."""
    encoded = binascii.b2a_base64(content, newline=False)
    return b"".join([encoded[at : at + LINE] + b"\r\n" for at in range(0, len(encoded), LINE)])


def filled(pieces: Pieces, values: Sequence[str]) -> str:
    """The text with its own values in their places."""
    return "".join(piece if isinstance(piece, str) else values[piece] for piece in pieces)


def numbers_in(pieces: Pieces) -> list[int]:
    """Which own values stand in the text."""
    return [piece for piece in pieces if isinstance(piece, int)]


def encode_own(pieces: Pieces, values: Sequence[str], encoding: str) -> bytes:
    """An own segment in its transfer encoding: simple values are set into text that was encoded before them."""
    if encoding == QUOTED and is_set_in(pieces) and all(is_simple(values[n]) for n in numbers_in(pieces)):
        around = quoted_around(tuple(pieces))
        return b"".join(piece if isinstance(piece, bytes) else values[piece].encode("ascii") for piece in around)
    return encode_block(filled(pieces, values), encoding)


def is_set_in(pieces: Pieces) -> bool:
    """Whether values stand within text, rather than one value for all of it."""
    return len(pieces) > 1


@lru_cache(maxsize=1024)
def quoted_around(pieces: tuple[str | int, ...]) -> tuple[bytes | int, ...]:
    """The text in quoted-printable, each value's place on a line of its own between two soft breaks.

    So a value begins in the first column, no line grows too long, and the text need not be encoded again.
    """
    made: list[bytes | int] = []
    said = [piece if isinstance(piece, int) else plain(piece) for piece in pieces]
    said = [piece for piece in said if piece != ""]  # of some nothing is left
    for at, piece in enumerate(said):
        if isinstance(piece, int):
            if at and isinstance(said[at - 1], int):
                made.append(_SOFT_BREAK.encode())
            made.append(piece)
        else:
            made.append(_between(piece, is_first=at == 0, is_last=at == len(said) - 1).encode("ascii"))
    if not said or isinstance(said[-1], int):
        made.append(b"\r\n")
    return tuple(made)


def _between(text: str, is_first: bool, is_last: bool) -> str:
    """Text before, between or after values; it ends its last line itself only when it is the last."""
    *lines, rest = text.split("\n")
    if is_last and rest:
        lines, rest = [*lines, rest], ""
    made = "".join(_quoted_line(line) for line in lines) + (_soft(rest) if rest else "")
    return made if is_first or text.startswith("\n") else _SOFT_BREAK + made


def stitch(letter: Letter) -> bytes:
    """The whole message: CRLF only, plain text before HTML, files last.

    Raises BadHeader or ValueError when a value is refused.
    """
    to = headers.mailbox("To", letter.to_name, addresses.wire(letter.to_address))
    reply_to = letter.reply_to and headers.mailbox("Reply-To", None, addresses.wire(letter.reply_to))
    head = "".join([
        headers.mailbox("From", letter.sender_name, letter.sender),
        to,
        headers.text("Subject", letter.subject),
        date_line(letter.dated_at),
        id_line(letter.message_id),
        reply_to or "",
        *(headers.tokens(name, value) for name, value in letter.extra),
        *tail(letter.lang, "mixed" if letter.files else "alternative"),
    ]).encode("ascii")  # fmt: skip
    return head + (_with_files(letter) if letter.files else _both(letter))


def _both(letter: Letter) -> bytes:
    """Text and HTML, from the first letter of their boundary."""
    edge = boundary(letter.message_id).encode()
    text, html = (part_head(kind, letter.encoding) for kind in ("plain", "html"))
    return b"".join([
        edge, b'"\r\n\r\n--',
        edge, text, letter.text, b"\r\n--",
        edge, html, letter.html, b"\r\n--",
        edge, b"--\r\n",
    ])  # fmt: skip


def _with_files(letter: Letter) -> bytes:
    """The same within an outer boundary, and the files after it."""
    edge = boundary(f"{letter.message_id} and files").encode()
    files = [piece for one in letter.files for piece in (edge, _file_head(one), one.body, b"\r\n--")]
    return b"".join([
        edge, b'"\r\n\r\n--',
        edge, b"\r\n", _multipart("alternative").encode(), _both(letter), b"\r\n--",
        *files,
        edge, b"--\r\n",
    ])  # fmt: skip


def _file_head(one: Enclosed) -> bytes:
    lines = (
        "\r\n", headers.media_type(one.media_type), headers.attachment(one.name),
        f"Content-Transfer-Encoding: {BASE64}\r\n\r\n",
    )  # fmt: skip
    return "".join(lines).encode("ascii")


def boundary(message_id: str) -> str:
    """What stands between the parts of this mail: the digits of its id, or its hash."""
    digits = message_id[:32] if _OURS(message_id) else hashlib.sha256(message_id.encode()).hexdigest()[:32]
    return EDGE + digits


def date_line(at: datetime) -> str:
    return headers.tokens("Date", format_datetime(at))


def id_line(message_id: str) -> str:
    return headers.tokens("Message-ID", f"<{message_id}>")


def tail(lang: str, kind: str = "alternative") -> list[str]:
    """The last headers, up to the boundary's first letter."""
    return [headers.tokens("Content-Language", lang), headers.tokens("MIME-Version", "1.0"), _multipart(kind)]


def _multipart(kind: str) -> str:
    return f'Content-Type: multipart/{kind};\r\n boundary="'


def part_head(kind: str, encoding: str) -> bytes:
    """From the end of a boundary to the first byte of the part."""
    lines = ("", f"Content-Type: text/{kind}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}", "", "")
    return "\r\n".join(lines).encode()


def _lines(text: str) -> list[str]:
    return plain(text).removesuffix("\n").split("\n")


def _quoted(lines: list[str]) -> bytes:
    return "".join(_quoted_line(line) for line in lines).encode("ascii")


def _quoted_line(line: str) -> str:
    """One line of text as one or more lines of quoted-printable; none ends in a space or begins with a dot."""
    return _SOFT_BREAK.join(_cut(line, LINE)) + "\r\n"


def _soft(start: str) -> str:
    """The start of a line that goes on elsewhere."""
    return _SOFT_BREAK.join(_cut(start, LINE - 1)) + _SOFT_BREAK


def _cut(line: str, room: int) -> list[str]:
    """A line in quoted-printable, cut where it is too long; `room` is that of the last piece, in characters."""
    rest = line if _AS_IT_IS.fullmatch(line) else "".join(map(_QUOTED_BYTES.__getitem__, line.encode()))
    if rest.endswith(" "):
        rest = rest[:-1] + "=20"
    pieces: list[str] = []
    while True:
        rest = _guarded(rest)
        if len(rest) <= room:
            return [*pieces, rest]
        cut = LINE - 1
        cut -= next((back for back in (1, 2) if rest[cut - back] == "="), 0)  # never within =XX
        pieces.append(rest[:cut])
        rest = rest[cut:]


def _guarded(line: str) -> str:
    """A first dot or "From " is written by its number, so that no server on the way changes the line."""
    if line.startswith("."):
        return "=2E" + line[1:]
    return "=46" + line[1:] if line.startswith("From ") else line
