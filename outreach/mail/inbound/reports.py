"""What a report says of a mail of ours: a delivery status (RFC 3464), a complaint (RFC 5965), or, of a mail that is
neither and comes from a mail server, what flufl.bounce makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from outreach.mail import smtp
from outreach.mail.inbound import parts, verdicts
from outreach.mail.models import BOUNCE, COMPLAINT, SOFT

FAILED = "failed"
# Of RFC 5965's types, those by which a reader says that the mail was not wanted.
UNWANTED = ("abuse", "opt-out", "opt-out-list")

_RETURNED = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_STATUSES = ("message/delivery-status", "message/global-delivery-status")
_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_ID_LINE = re.compile(r"(?im)^\W{0,3}message-id:\s*<([^<>\s]+@[^<>\s]+)>")
_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Fate:
    """What became of the mail at one address; `weight` is empty while nothing has failed for good."""

    address: str
    weight: str | None
    status: str | None = None
    diagnostic: str | None = None


@dataclass(frozen=True)
class Report:
    """`original_id` is the Message-ID of the mail that came back, `sender` the envelope sender it had."""

    kind: str
    fates: tuple[Fate, ...]
    original_id: str | None = None
    sender: str | None = None

    def fate_at(self, address: str) -> Fate | None:
        """What it says of a mail that was sent to this address.

        When the failure is at another address, the mail was sent on from ours: that one is not known to be gone.
        """
        for fate in self.fates:
            if fate.address == address or (not fate.address and len(self.fates) == 1):
                return fate
        failed = next((fate for fate in self.fates if fate.weight), None)
        if failed is None:
            return next(iter(self.fates), None)
        return Fate(failed.address, SOFT, failed.status, failed.diagnostic)


def delivery(message: Message) -> Report | None:
    """The delivery status notification that the mail is, or None."""
    status = _child(message, _STATUSES)
    if status is None:
        return None
    fates = tuple(_fate(block) for block in _blocks(status) if block["Action"] or block["Status"])
    return Report(BOUNCE, fates, _original_id(message))


def complaint(message: Message) -> Report | None:
    """The complaint that the mail is, or None; one of another type than those of a reader has no fates."""
    feedback = _child(message, ("message/feedback-report",))
    if feedback is None:
        return None
    said = next(iter(parts.children(feedback)), feedback)
    is_unwanted = parts.header(said, "Feedback-Type").lower() in UNWANTED
    named = [address for value in said.get_all("Original-Rcpt-To", []) for address in parts.addresses_in(str(value))]
    fates = tuple(Fate(address, SOFT) for address in named or [""]) if is_unwanted else ()
    return Report(COMPLAINT, fates, _original_id(message), _sender(message, said))


def second_opinion(message: Message) -> Report:
    """What flufl.bounce finds in a mail from a mail server that holds no report; perhaps nothing."""
    temporary, permanent = all_failures(message)
    words = parts.text_of(message)
    fates = [Fate(_text(address), None) for address in temporary - permanent]
    fates += [_told(_text(address), None, _around(_text(address), words)) for address in sorted(permanent)]
    found = _ID_LINE.search(message.as_string())
    return Report(BOUNCE, tuple(fates), _original_id(message) or (found[1] if found else None))


def _fate(block: Message) -> Fate:
    named = [parts.addresses_in(str(block.get(name, ""))) for name in ("Final-Recipient", "Original-Recipient")]
    address = next((found[0] for found in named if found), "")
    status = _CODE.search(str(block.get("Status", "")))
    words = parts.header(block, "Diagnostic-Code")
    has_failed = parts.header(block, "Action").lower().partition(" ")[0] in (FAILED, "")
    if not has_failed or (status is not None and status[0].startswith("2")):
        return Fate(address, None, status[0] if status else None)
    return _told(address, status[0] if status else None, words)


def _told(address: str, status: str | None, words: str) -> Fate:
    local = address.partition("@")[0]
    shown = re.sub(re.escape(local), "(address)", words, flags=re.IGNORECASE) if len(local) > 2 else words
    return Fate(
        address, verdicts.weight(status, words), status or verdicts.status_in(words), smtp.said(shown.encode()) or None
    )


def _around(address: str, words: str) -> str:
    """What stands after the address is named, which is where servers say why; up to the mail that came back."""
    at = words.casefold().find(address)
    return " ".join(words[at if at > 0 else 0 :][:600].split())


def _blocks(status: Message) -> Iterator[Message]:
    """The groups of fields; some servers leave out the empty line, or encode them."""
    blocks = parts.children(status)
    if any(block["Status"] or block["Action"] for block in blocks):
        return iter(blocks)
    content = "\n".join(str(block) for block in blocks).strip()
    encoded = Message()
    encoded.set_payload(content)
    encoded["Content-Transfer-Encoding"] = str(status.get("Content-Transfer-Encoding", "7bit"))
    plain = parts.words_of(encoded).replace("\r\n", "\n").replace("\r", "\n")
    return (parts.parsed(block.encode()) for block in plain.split("\n\n"))


def _child(message: Message, kinds: tuple[str, ...]) -> Message | None:
    return next((part for part in parts.children(message) if part.get_content_type() in kinds), None)


def _original(message: Message) -> Message | None:
    """The head of the mail that came back."""
    part = _child(message, _RETURNED)
    if part is None:
        return None
    inner = parts.children(part)
    return inner[0] if inner else parts.parsed(parts.words_of(part).lstrip().encode())


def _original_id(message: Message) -> str | None:
    original = _original(message)
    found = _ID.search(str(original.get("Message-ID", ""))) if original is not None else None
    return found[1] if found else None


def _sender(message: Message, feedback: Message) -> str | None:
    original = _original(message)
    said = [feedback.get("Original-Mail-From", ""), original.get("Return-Path", "") if original is not None else ""]
    return next((found[0] for found in (parts.addresses_in(str(value)) for value in said) if found), None)


def _text(address: bytes | str) -> str:
    return (address.decode("utf-8", "replace") if isinstance(address, bytes) else address).casefold()
