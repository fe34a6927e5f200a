"""Mail that no person wrote for us to read: auto-replies, receipts, lists (RFC 3834); and mail of mail servers."""

from __future__ import annotations

import re
from email.message import Message

from outreach.mail.inbound import parts

# Headers whose mere presence says so.
_MARKS = (
    "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "List-Id",
    "List-Unsubscribe",
)  # fmt: skip
_PRECEDENCE = ("bulk", "junk", "list", "auto_reply", "auto-reply")
_DAEMON = re.compile(
    r"mail(er|delivery)?[-_. ]?(daemon|system|subsystem)|post-?master|mdaemon|microsoftexchange|"
    r"mail delivery (sub)?system|mailer|^bounce",
    re.IGNORECASE,
)


def is_automatic(message: Message) -> bool:
    """Whether a program sent it."""
    said = parts.header(message, "Auto-Submitted").lower().partition(";")[0].strip()
    return (
        said not in ("", "no")
        or any(message.get(name) is not None for name in _MARKS)
        or parts.header(message, "Precedence").lower() in _PRECEDENCE
        or _has_no_sender(message)
        or is_receipt(message)
    )


def is_of_a_list(message: Message) -> bool:
    """Whether it came through a list: then a person may have written it all the same."""
    has_list = any(message.get(name) is not None for name in ("List-Id", "List-Unsubscribe"))
    return has_list or parts.header(message, "Precedence").lower() == "list"


def is_receipt(message: Message) -> bool:
    """Whether a program reports that a mail was shown or delivered."""
    return message.get_content_type() == "multipart/report"


def is_of_a_server(message: Message) -> bool:
    """Whether a mail server wrote it, by its sender or because it names who could not be reached."""
    sender = parts.header(message, "From")
    address = next(iter(parts.addresses_in(sender)), sender)
    named = sender.partition("<")[0]
    return (
        bool(_DAEMON.search(address.partition("@")[0]) or _DAEMON.search(named))
        or message.get("X-Failed-Recipients") is not None
    )


def _has_no_sender(message: Message) -> bool:
    return message.get("Return-Path") is not None and not parts.addresses_in(str(message["Return-Path"]))
