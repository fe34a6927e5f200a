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
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from outreach.language import Variant
from outreach.mail import addresses, headers

QUOTED = "quoted-printable"
BASE64 = "base64"

LINE = 76  # characters of an encoded line
FULL_LINE = 57  # bytes that make one full line of base64

_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SAFE = frozenset(range(0x20, 0x7F)) - {ord("=")}
_QUOTED_BYTES = [chr(b) if b in _SAFE else f"={b:02X}" for b in range(256)]


@dataclass(frozen=True)
class Segment:
    """Whole lines of a body part: shared by many mails, or one person's own."""

    text: str
    shared: bool


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


def encoding_of(variant: Variant) -> str:
    """One encoding for a whole part, chosen by the script its words are written in."""
    return BASE64 if variant is Variant.CIR else QUOTED


def plain(text: str) -> str:
    """Text as a body may hold it: line feeds only, no control character but the tab, no lone surrogate (M-03)."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text))


def encode_block(text: str, encoding: str) -> bytes:
    """A segment in its transfer encoding: lines of at most 76 characters, each ended by CRLF."""
    lines = plain(text).removesuffix("\n").split("\n")
    return _base64(lines) if encoding == BASE64 else _quoted(lines)


def stitch(letter: Letter) -> bytes:
    """The whole message: CRLF only, plain text before HTML; BadHeader or ValueError when a value is refused."""
    boundary = f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]}"  # no encoded body can hold "=_"
    head = "".join(_head(letter, boundary)).encode("ascii")
    edge = f"--{boundary}".encode()
    parts = [(b"text/plain", letter.text), (b"text/html", letter.html)]
    body = b"".join(edge + b"\r\n" + _part_head(kind, letter.encoding) + content + b"\r\n" for kind, content in parts)
    return head + b"\r\n" + body + edge + b"--\r\n"


def _head(letter: Letter, boundary: str) -> list[str]:
    lines = [
        headers.mailbox("From", letter.sender_name, letter.sender),
        headers.mailbox("To", letter.to_name, addresses.wire(letter.to_address)),
        headers.text("Subject", letter.subject),
        headers.tokens("Date", format_datetime(letter.dated_at)),
        headers.tokens("Message-ID", f"<{letter.message_id}>"),
    ]
    if letter.reply_to:
        lines.append(headers.mailbox("Reply-To", None, addresses.wire(letter.reply_to)))
    lines += [headers.tokens(name, value) for name, value in letter.extra]
    return [
        *lines,
        headers.tokens("Content-Language", letter.lang),
        headers.tokens("MIME-Version", "1.0"),
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n',
    ]


def _part_head(kind: bytes, encoding: str) -> bytes:
    return b"Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n" % (kind, encoding.encode())


def _base64(lines: list[str]) -> bytes:
    content = "\r\n".join(lines).encode() + b"\r\n"
    short = -len(content) % FULL_LINE
    padded = content[:-2] + b" " * short + b"\r\n"
    starts = range(0, len(padded), FULL_LINE)
    return b"".join(binascii.b2a_base64(padded[at : at + FULL_LINE], newline=False) + b"\r\n" for at in starts)


def _quoted(lines: list[str]) -> bytes:
    return "".join(_quoted_line(line) for line in lines).encode("ascii")


def _quoted_line(line: str) -> str:
    """One line of text as one or more lines of quoted-printable; none ends in a space or begins with a dot."""
    rest = "".join(map(_QUOTED_BYTES.__getitem__, line.encode()))
    if rest.endswith(" "):
        rest = rest[:-1] + "=20"
    lines: list[str] = []
    while True:
        rest = _guarded(rest)
        if len(rest) <= LINE:
            return "".join(f"{piece}=\r\n" for piece in lines) + rest + "\r\n"
        cut = LINE - 1
        cut -= next((back for back in (1, 2) if rest[cut - back] == "="), 0)  # never within =XX
        lines.append(rest[:cut])
        rest = rest[cut:]


def _guarded(line: str) -> str:
    """A first dot or "From " is written by its number, so that no server on the way changes the line."""
    if line.startswith("."):
        return "=2E" + line[1:]
    return "=46" + line[1:] if line.startswith("From ") else line
