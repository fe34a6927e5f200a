"""The last look at a mail before it leaves: read back by another parser, it must say what was meant (M-07)."""

from __future__ import annotations

import binascii
import re
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value, getaddresses

from outreach.mail import addresses
from outreach.mail.message import BASE64, LINE, Enclosed, Letter, base64_lines, plain

FIRST = ["From", "To", "Subject", "Date", "Message-ID"]
LAST = ["Content-Language", "MIME-Version", "Content-Type"]

_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_QUOTED_LINE = re.compile(rb"(?!\.|From )(?:[ -<>-~]|=[0-9A-F]{2})*=?").fullmatch
_BASE64_LINES = re.compile(rb"(?:[A-Za-z0-9+/]{76}\r\n)+").fullmatch


class Mismatch(Exception):
    """The bytes do not say what the row says: the mail is not sent."""


def verify(raw: bytes, letter: Letter) -> None:
    """Raise Mismatch, naming the first thing that differs; the message never holds an address or a subject."""
    parsed = message_from_bytes(raw)
    _expect("header names", parsed.keys(), _names(letter))
    _expect("sender", _mailboxes(parsed, "From"), [(letter.sender_name, letter.sender)])
    _expect("recipient", _mailboxes(parsed, "To"), [(letter.to_name or "", addresses.wire(letter.to_address))])
    if letter.reply_to:
        _expect("reply address", _mailboxes(parsed, "Reply-To"), [("", addresses.wire(letter.reply_to))])
    _expect("subject", _decoded(str(parsed["Subject"])), letter.subject)
    _expect("message id", parsed["Message-ID"], f"<{letter.message_id}>")
    for name, value in letter.extra:
        _expect(name, _unfolded(parsed[name]), value)
    both, files = _opened(parsed) if letter.files else (parsed, [])
    _expect("kind", both.get_content_type(), "multipart/alternative")
    _expect("parts", [part.get_content_type() for part in _parts(both)], ["text/plain", "text/html"])
    _expect("files", [_file(part) for part in files], list(letter.files))
    _expect("line ends", _BARE.search(raw) or b"\0" in raw, False)
    _expect("line lengths", max(map(len, raw.split(b"\r\n"))) <= 998, True)


def _names(letter: Letter) -> list[str]:
    reply = ["Reply-To"] if letter.reply_to else []
    return [*FIRST, *reply, *(name for name, _ in letter.extra), *LAST]


def _opened(parsed: Message) -> tuple[Message, list[Message]]:
    """The words of a mail with files, and its files."""
    parts = parsed.get_payload()
    _expect("kind", parsed.get_content_type(), "multipart/mixed")
    if parsed.defects or not isinstance(parts, list) or not all(isinstance(part, Message) for part in parts):
        raise Mismatch("a mail with files cannot be read back")
    return parts[0], parts[1:]  # type: ignore[return-value]


def _file(part: Message) -> Enclosed:
    """A file as another parser sees it, once more in base64."""
    content = part.get_payload(decode=True)
    if part.defects or not isinstance(content, bytes) or part.get_content_disposition() != "attachment":
        raise Mismatch("a file cannot be read back")
    name = collapse_rfc2231_value(part.get_filename() or "")
    return Enclosed(name, _unfolded(part["Content-Type"]), base64_lines(content))


def _parts(parsed: Message) -> list[Message]:
    """Its parts, each of them readable UTF-8 text without a defect."""
    parts = list(parsed.walk())[1:]
    for part in parts:
        content = part.get_payload(decode=True)
        if parsed.defects or part.defects or not isinstance(content, bytes):
            raise Mismatch("a part cannot be read back")
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            raise Mismatch("a part is not UTF-8") from None
    return parts


def _mailboxes(parsed: Message, name: str) -> list[tuple[str, str]]:
    return [(_decoded(display), address) for display, address in getaddresses([_unfolded(parsed[name])])]


def _unfolded(value: object) -> str:
    return re.sub(r"\r?\n(?=[ \t])", "", str(value))


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(_unfolded(value))))
    except (HeaderParseError, LookupError, UnicodeError):
        raise Mismatch("a header cannot be read back") from None


def _expect(what: str, got: object, wanted: object) -> None:
    if got != wanted:
        raise Mismatch(f"{what} differ from what was meant")


def is_whole(encoded: bytes, encoding: str) -> bool:
    """Whether a block is a row of whole encoded lines of UTF-8, so that it may stand between any two others."""
    try:
        if encoding == BASE64:
            return bool(_BASE64_LINES(encoded)) and bool(binascii.a2b_base64(encoded).decode())
        *lines, end = encoded.split(b"\r\n")
        are_good = all(_QUOTED_LINE(line) and len(line) <= LINE and not line.endswith(b" ") for line in lines)
        return are_good and not end and not lines[-1].endswith(b"=") and bool(binascii.a2b_qp(encoded).decode())
    except ValueError:
        return False


def reads_back(encoded: bytes, text: str, encoding: str) -> bool:
    """Whether a segment says just this text, apart from the spaces that fill up base64."""
    meant = (plain(text).removesuffix("\n") + "\n").replace("\n", "\r\n").encode()
    if encoding == BASE64:
        said, end = binascii.a2b_base64(encoded), len(meant) - 2
        return said[:end] == meant[:end] and said[end:].lstrip(b" ") == b"\r\n" and len(encoded) % (LINE + 2) == 0
    return binascii.a2b_qp(encoded) == meant
