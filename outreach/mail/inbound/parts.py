"""Foreign mail taken apart: whatever is broken in it is read as far as it goes."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32

from config import Settings
from outreach.mail import verp

MOST_WORDS = 4000  # characters of a mail's own text that are looked at

_ENDS = re.compile(rb"\r\n?")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"\\]+@[^\s<>()\[\]:;,\"\\]+")
# Where servers write to whom a mail came, the surest first.
_CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


def parsed(raw: bytes) -> Message:
    """The mail, whatever its line ends are."""
    return message_from_bytes(with_line_feeds(raw), policy=compat32)


def with_line_feeds(raw: bytes) -> bytes:
    return _ENDS.sub(b"\n", raw)


def header(message: Message, name: str) -> str:
    """A header's words on one line; empty when there is none, as it stands when it cannot be decoded."""
    given = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    # Many programs write UTF-8 as it is; the parser keeps such bytes as surrogates.
    value = " ".join(str(given).encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def addresses_in(value: str) -> list[str]:
    """Everything in it that looks like an address, in small letters."""
    return [found.casefold().strip(".'") for found in _ADDRESS.findall(value)]


def came_to(message: Message, settings: Settings, recipient: str | None) -> list[str]:
    """Addresses of ours with a tag to which it came; `recipient` is what the mail server says."""
    said = [recipient or "", *(str(value) for name in _CAME_TO for value in message.get_all(name, []))]
    found = [address for value in said for address in addresses_in(value)]
    return list(dict.fromkeys(address for address in found if verp.is_ours(settings, address)))


def children(message: Message) -> list[Message]:
    """The parts right below; none of those that stand within a mail that is attached."""
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def words_of(part: Message) -> str:
    """The text of one part."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def text_of(message: Message) -> str:
    """The beginning of the mail's plain text; empty when it has none."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            return words_of(part)[:MOST_WORDS]
    return ""
