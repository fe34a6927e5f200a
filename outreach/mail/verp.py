"""Addresses of ours that say what a mail to them is about, and that nobody can make up.

    bounces+<number of the mail in hexadecimal><stamp>@press.example.org    the envelope sender of each mail is its own
    press+<eight digits><stamp>@press.example.org                           where answers to one inquiry go

The stamp is an HMAC of the number (M-13). All of it is lower-case letters and digits, so that nothing on the way harms
it. The sender stands on the envelope alone: the bytes of a mail are the same with it and without.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from config import Settings
from outreach.house import House
from outreach.tokens import STAMP

PURPOSE = "bounce"
REPLY = "reply"
UNSUBSCRIBE = "unsubscribe"  # the tag of the address to which mail programs write for a reader who has enough

_TAG = re.compile(rf"([0-9a-f]{{1,16}})([0-9a-f]{{{STAMP}}})").fullmatch
_REPLY_TAG = re.compile(rf"([0-9]{{8}})([0-9a-f]{{{STAMP}}})").fullmatch


def senders(house: House) -> Callable[[int], str] | None:
    """What gives each mail its sender, by its number; None when all leave with MAIL_FROM."""
    local, _, domain = house.settings.bounce_address.partition("@")
    if not local:
        return None
    stamp, domain = house.tokens.stamper(PURPOSE), f"@{domain}"
    return lambda number: f"{local}+{number:x}{stamp(number)}{domain}"


def number_of(house: House, address: str) -> int | None:
    """The number of the mail that left with this sender; None for any other address and for a forged one."""
    found = _TAG(tag(house.settings.bounce_address, address) or "")
    if found is None:
        return None
    number = int(found[1], 16)
    return number if house.tokens.is_stamp(PURPOSE, number, found[2]) else None


def reply_address(house: House, number: int) -> str | None:
    """Where answers to this number go, up to eight decimal digits; None when REPLY_ADDRESS is not set."""
    local, _, domain = house.settings.reply_address.partition("@")
    return f"{local}+{number:08d}{house.tokens.stamper(REPLY)(number)}@{domain}" if local else None


def press_desk(house: House) -> str | None:
    """Where answers to digests and mailings go: to people, for whom they become inquiries; None for the sender."""
    return house.settings.reply_address or house.office.email or None


def replied_to(house: House, address: str) -> int | None:
    """The number whose answers go to this address; None for any other address and for a forged one."""
    found = _REPLY_TAG(tag(house.settings.reply_address, address) or "")
    if found is None:
        return None
    number = int(found[1])
    return number if house.tokens.is_stamp(REPLY, number, found[2]) else None


def is_ours(settings: Settings, address: str) -> bool:
    """Whether it is one of our addresses that have something after a plus."""
    return any(tag(ours, address) for ours in (settings.bounce_address, settings.reply_address))


def tag(ours: str, address: str) -> str | None:
    """What stands after the plus of an address that is otherwise ours; None for any other."""
    local, _, domain = ours.partition("@")
    given, _, where = address.casefold().rpartition("@")
    name, plus, said = given.partition("+")
    return said if local and plus and (name, where) == (local, domain) else None


def unsubscribe_address(settings: Settings) -> str | None:
    """Where a mail stops the subscriber whose token it names; None when nobody reads such mails."""
    local, _, domain = settings.bounce_address.partition("@")
    return f"{local}+{UNSUBSCRIBE}@{domain}" if local else None
