"""Header values on the wire: what may stand in one, and how it is written (RFC 5322, RFC 2047).

The standard library's own writer is not used: on the Pythons we support it lets encoded newlines become new headers,
splits long display names into further recipients and loses spaces in Serbian subjects (M-05, M-06).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

LIMIT = 200  # characters of a value that somebody typed
LINE = 78  # characters of a header line, without its CRLF
WORD = 75  # characters of one encoded word

_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_ENCODED_WORD = re.compile(r"=\?.*\?=", re.DOTALL)
_PRINTABLE = re.compile(r"[!-~]+(?: [!-~]+)*")
_PHRASE = re.compile(r"[A-Za-z0-9'+_-]+(?: [A-Za-z0-9'+_-]+)*")
_TOKENS = re.compile(r"[!-~]+(?: [!-~]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PLAIN_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._ -]{0,48}[A-Za-z0-9]")
_MEDIA_TYPE = re.compile(r"(?!multipart/|message/)[a-z]+/[a-z0-9.+-]+(?:; [a-z-]+=[A-Za-z0-9._-]+)*")


class BadHeader(ValueError):
    """A value that must not stand in a header."""


def clean(value: str, limit: int = LIMIT) -> str:
    """The value itself, when it may stand in a header (M-05).

    Refuses control characters of both ranges, line and paragraph separators, lone surrogates, anything that a reader
    might take for an encoded word, and values longer than `limit` characters. Raises BadHeader.
    """
    if len(value) > limit:
        raise BadHeader(f"longer than {limit} characters")
    if _FORBIDDEN.search(value):
        raise BadHeader("holds a line break or another control character")
    if _ENCODED_WORD.search(value):
        raise BadHeader("holds something that looks like an encoded word")
    return value


def text(name: str, value: str) -> str:
    """A header of free text, such as Subject, in lines that end with CRLF."""
    clean(value)
    start = f"{_header_name(name)}: "
    is_plain = _PRINTABLE.fullmatch(value) and "=?" not in value and max(map(len, value.split(" "))) < LINE - len(start)
    return _fold(start, value.split(" ") if is_plain else encoded_words(value, LINE - len(start)))


def mailbox(name: str, display: str | None, address: str) -> str:
    """A header of exactly one mailbox, the address on a line of its own when there is a display name."""
    clean(address, 254)
    if not re.fullmatch(r"[!-;=?-~]+@[!-;=?-~]+", address) or address.count("@") != 1:
        raise BadHeader("not an address")
    start = f"{_header_name(name)}: "
    if not display:
        return f"{start}{address}\r\n"
    clean(display)
    is_plain = _PHRASE.fullmatch(display) and len(start) + len(display) <= LINE
    words = [display] if is_plain else encoded_words(display, LINE - len(start))
    return f"{_fold(start, words)} <{address}>\r\n"


def tokens(name: str, value: str) -> str:
    """A header in printable ASCII that may only be folded at its spaces: identifiers, addresses of pages.

    A page's address has no space, so it may exceed 78 characters; it then stands on a line of its own.
    """
    if not _TOKENS.fullmatch(value) or "=?" in value or any(len(token) > 900 for token in value.split(" ")):
        raise BadHeader(f"{name}: not printable ASCII")
    return _fold(f"{_header_name(name)}: ", value.split(" "))


def media_type(value: str) -> str:
    """The Content-Type of a file, such as "text/calendar; charset=utf-8; method=PUBLISH"."""
    if not _MEDIA_TYPE.fullmatch(value):
        raise BadHeader("not the media type of a file")
    return tokens("Content-Type", value)


def attachment(name: str) -> str:
    """The Content-Disposition of a file of this name, which may be in any script (RFC 2231)."""
    if not clean(name) or name != name.strip() or "/" in name or "\\" in name:
        raise BadHeader("not the name of a file")
    said = [f'filename="{name}"'] if _PLAIN_FILE.fullmatch(name) else _sections("filename", name)
    return ";\r\n ".join(["Content-Disposition: attachment", *said]) + "\r\n"


def _sections(parameter: str, value: str) -> list[str]:
    """A parameter in as many sections as it needs, each on a line of its own and of whole characters."""
    cut, room = ["utf-8''"], LINE - len(f" {parameter}*00*=;")
    for character in value:
        coded = quote(character, safe="!#$&+^`{|}")
        if len(cut[-1]) + len(coded) > room:
            cut.append("")
        cut[-1] += coded
    if len(cut) == 1:
        return [f"{parameter}*={cut[0]}"]
    return [f"{parameter}*{number}*={part}" for number, part in enumerate(cut)]


def encoded_words(value: str, room: int) -> list[str]:
    """The whole value as encoded words; `room` is what the first may take, all others take at most 75 characters."""
    words, chunk = [], b""
    for character in value:
        raw = character.encode()
        if len(chunk) + len(raw) > _bytes_in(room):
            words.append(_word(chunk))
            chunk, room = b"", WORD
        chunk += raw
    return [*words, _word(chunk)]


def _bytes_in(room: int) -> int:
    return (min(room, WORD) - len("=?utf-8?b??=")) // 4 * 3


def _word(chunk: bytes) -> str:
    return f"=?utf-8?b?{b64encode(chunk).decode()}?="


def _header_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadHeader("not the name of a header")
    return name


def _fold(start: str, words: Iterable[str]) -> str:
    """Words joined by spaces, a new line before each that would pass column 78; every line ends with CRLF."""
    lines, line = [], start
    for word in words:
        joined = line + word if line.endswith(" ") else f"{line} {word}"
        if len(joined) > LINE and line.strip() and line != start:
            lines.append(line)
            joined = f" {word}"
        line = joined
    return "\r\n".join([*lines, line]) + "\r\n"
