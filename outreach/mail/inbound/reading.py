"""A mail that came in, read without a database: what it is, to which address of ours it came, what it reports.

Whatever a foreign mail holds, it is read to an end; one that cannot be is shown to a person.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, replace
from email.message import Message

from config import Settings
from outreach.mail import verp
from outreach.mail.inbound import automatic, parts, reports
from outreach.mail.inbound.reports import Report
from outreach.mail.models import AUTO_REPLY, BOUNCE, OTHER, UNSUBSCRIBE

LARGEST = 25 * 2**20  # bytes of a mail that are looked at; reports come before what they return
KEPT = 5 * 2**20  # bytes that are kept of one that did not come to an address only we can give

_TOKEN = re.compile(r"(?<![\w.-])[\w-]+(?:\.[\w-]+){3}(?![\w.-])", re.ASCII)
# What is the same of a mail by whatever way it came.
_OWN_HEADERS = ("Message-ID", "Date", "From", "To", "Subject")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """`came_to`: addresses of ours with a tag. `token`: what a mail that wants to stop a subscription names."""

    raw: bytes
    fingerprint: str
    kind: str = OTHER
    came_to: tuple[str, ...] = ()
    report: Report | None = None
    token: str | None = None
    is_readable: bool = True


def read(settings: Settings, raw: bytes, recipient: str | None = None) -> Reading:
    """Read a mail; `recipient` is the address it was delivered to, as far as the mail server tells."""
    raw = raw[:LARGEST]
    unread = Reading(raw, hashlib.blake2b(raw, digest_size=16).hexdigest(), is_readable=False)
    try:
        return _read(unread, settings, recipient)
    except Exception as wrong:  # strangers write these mails: what breaks a parser costs that mail alone
        log.warning("a mail that came in cannot be read: %s", type(wrong).__name__)
        return unread


def _read(unread: Reading, settings: Settings, recipient: str | None) -> Reading:
    message = parts.parsed(unread.raw)
    came_to = parts.came_to(message, settings, recipient)
    known = replace(
        unread, fingerprint=_fingerprint(message, unread.raw), came_to=tuple(came_to), is_readable=True
    )  # fmt: skip
    report = reports.complaint(message) or reports.delivery(message)
    if report is not None:
        return replace(known, kind=report.kind, report=report)
    if any(verp.tag(settings.bounce_address, address) == verp.UNSUBSCRIBE for address in came_to):
        return replace(known, kind=UNSUBSCRIBE, token=_token(message))
    if automatic.is_of_a_server(message):
        return replace(known, kind=BOUNCE, report=reports.second_opinion(message))
    return replace(known, kind=AUTO_REPLY if automatic.is_automatic(message) else OTHER)


def _token(message: Message) -> str | None:
    """In the subject, where our link puts it, or at the beginning of the text."""
    subject = parts.header(message, "Subject")
    for words in (subject, "".join(subject.split()), parts.text_of(message)):
        found = _TOKEN.search(words)
        if found and len(found[0]) <= 200:
            return found[0]
    return None


def _fingerprint(message: Message, raw: bytes) -> str:
    body = b"".join(parts.with_line_feeds(raw).partition(b"\n\n")[2].split())
    said = [" ".join(str(message.get(name, "")).split()).encode("utf-8", "replace") for name in _OWN_HEADERS]
    return hashlib.blake2b(b"\0".join([*said, body]), digest_size=16).hexdigest()
