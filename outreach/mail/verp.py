"""The envelope sender of each mail is its own, so that whatever comes back says by its address which mail it is about.

    bounces+<number of the mail in hexadecimal><stamp>@press.example.org

The stamp is an HMAC of the number (M-13). All of it is lower-case letters and digits, so that nothing on the way harms
it. It stands on the envelope alone: the bytes of a mail are the same with it and without.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from config import Settings
from outreach.house import House
from outreach.tokens import STAMP

PURPOSE = "bounce"
UNSUBSCRIBE = "unsubscribe"  # the tag of the address to which mail programs write for a reader who has enough

_TAG = re.compile(rf"([0-9a-f]{{1,16}})([0-9a-f]{{{STAMP}}})").fullmatch


def senders(house: House) -> Callable[[int], str] | None:
    """What gives each mail its sender, by its number; None when all leave with MAIL_FROM."""
    local, _, domain = house.settings.bounce_address.partition("@")
    if not local:
        return None
    stamp, domain = house.tokens.stamper(PURPOSE), f"@{domain}"
    return lambda number: f"{local}+{number:x}{stamp(number)}{domain}"


def number_of(house: House, address: str) -> int | None:
    """The number of the mail that left with this sender; None for any other address and for a forged one."""
    found = _TAG(tag(house.settings, address) or "")
    if found is None:
        return None
    number = int(found[1], 16)
    return number if house.tokens.is_stamp(PURPOSE, number, found[2]) else None


def tag(settings: Settings, address: str) -> str | None:
    """What stands after the plus of an address of ours; None for any other."""
    local, _, domain = settings.bounce_address.partition("@")
    given, _, where = address.casefold().rpartition("@")
    name, plus, said = given.partition("+")
    return said if local and plus and (name, where) == (local, domain) else None


def unsubscribe_address(settings: Settings) -> str | None:
    """Where a mail stops the subscriber whose token it names; None when nobody reads such mails."""
    local, _, domain = settings.bounce_address.partition("@")
    return f"{local}+{UNSUBSCRIBE}@{domain}" if local else None
