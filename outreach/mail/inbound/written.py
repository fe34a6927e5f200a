"""A mail that somebody wrote, read for its words: who, about what, in answer to which mail, what it says, its files."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from email.errors import CloseBoundaryNotFoundDefect
from email.header import decode_header, make_header
from email.message import Message

from outreach.mail import addresses
from outreach.mail.inbound import automatic, html_words, parts
from outreach.mail.message import plain

MOST_WORDS = 200_000  # characters that are kept of a mail's text
MOST_HTML = 2_000_000
MOST_IDS = 50
CUT = "\n[…]"

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)')
_ANGLE = re.compile(r"<([^<>]*)>")
_ID = re.compile(r"<([^<>\s]{1,200}@[^<>\s]{1,200})>")


@dataclass(frozen=True)
class File:
    """A file as its sender calls it; not whole when the mail ends before it does."""

    name: str
    content: bytes
    is_whole: bool = True


@dataclass(frozen=True)
class Written:
    """`sender`: the one address in From as it is kept, empty where there is none or more. `answers`: Message-IDs it
    names, the surest first. `is_automatic`: an auto-reply; `is_of_a_list`: it came through a list."""

    sender: str
    name: str
    subject: str
    message_id: str | None
    answers: tuple[str, ...]
    text: str
    files: tuple[File, ...]
    is_automatic: bool
    is_of_a_list: bool
    is_receipt: bool


def read(raw: bytes) -> Written:
    """The mail's words. What a stranger's bytes may raise here, the caller expects."""
    message = parts.parsed(raw)
    text, files = _gathered(message)
    is_of_a_list = automatic.is_of_a_list(message)
    ids = _ID.findall(str(message.get("Message-ID", ""))[:1000])
    return Written(
        sender=_sender(message), name=plain(_name(message)), subject=plain(parts.header(message, "Subject")),
        message_id=ids[0] if ids else None, answers=_answers(message), text=_cut(plain(text).strip("\n")),
        files=tuple(files), is_automatic=automatic.is_automatic(message) and not is_of_a_list,
        is_of_a_list=is_of_a_list, is_receipt=automatic.is_receipt(message),
    )  # fmt: skip


def _sender(message: Message) -> str:
    """The address, when From names just one: names in it that look like addresses do not count."""
    said = [" ".join(str(value).split())[:2000] for value in message.get_all("From", [])]
    bare = _QUOTED.sub(" ", said[0]) if len(said) == 1 else ""
    found = _ANGLE.findall(bare) or parts.addresses_in(bare)
    try:
        return addresses.check(found[0]) if len(found) == 1 else ""
    except ValueError:
        return ""


def _name(message: Message) -> str:
    """What the sender is called; empty when From has an address alone."""
    said = parts.header(message, "From")
    return said.rpartition("<")[0].strip(' "') if "<" in said else ""


def _answers(message: Message) -> tuple[str, ...]:
    direct = _ID.findall(str(message.get("In-Reply-To", ""))[:10_000])
    thread = _ID.findall(str(message.get("References", ""))[-10_000:])
    return tuple(dict.fromkeys([*direct, *reversed(thread)]))[:MOST_IDS]


def _gathered(part: Message) -> tuple[str, list[File]]:
    """The words and the files of a part and of all below it; what is attached as a mail is a file."""
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        return _of_many(part)
    name = _file_name(part)
    if part.get_content_type() == "text/plain" and not name:
        return parts.words_of(part), []
    if part.get_content_type() == "text/html" and not name:
        return html_words.words_of(parts.words_of(part)[:MOST_HTML]), []
    return "", [File(name or part.get_content_type().replace("/", "."), _content(part))]


def _of_many(part: Message) -> tuple[str, list[File]]:
    found = [_gathered(child) for child in parts.children(part)]
    words = [text for text, _ in found if text.strip()]
    files = [file for _, some in found for file in some]
    if files and any(isinstance(fault, CloseBoundaryNotFoundDefect) for fault in part.defects) and found[-1][1]:
        files[-1] = File(files[-1].name, files[-1].content, is_whole=False)
    if part.get_content_subtype() == "alternative":
        return (words[0] if words else ""), files  # the plainest comes first
    return "\n".join(words), files


def _file_name(part: Message) -> str:
    """What an attached part is called; empty for one that is words of the mail itself."""
    name = part.get_filename() or ""
    with suppress(ValueError, LookupError):
        name = str(make_header(decode_header(name)))
    is_attached = part.get_content_disposition() == "attachment"
    return plain(" ".join(name.split()))[:200] or (part.get_content_type().replace("/", ".") if is_attached else "")


def _content(part: Message) -> bytes:
    if part.is_multipart():
        inner = parts.children(part)
        return inner[0].as_bytes() if inner else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _cut(text: str) -> str:
    return text if len(text) <= MOST_WORDS else text[:MOST_WORDS] + CUT
