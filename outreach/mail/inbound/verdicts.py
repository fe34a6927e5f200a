"""What a failure says of an address: it is gone (hard), or this one mail did not get there (soft).

Hard is what suppresses at once, so only what speaks of the address itself is hard: a mailbox or a domain that is not
there. A full mailbox, a policy, a size, a sender that is not liked say nothing of it.
"""

from __future__ import annotations

import re

from outreach.mail.models import HARD, SOFT

# RFC 3463. 5.1.7 and 5.1.8 are about our own address, 5.1.5 says that the recipient's is good.
_IS_GONE = re.compile(r"5\.(1\.(0|1|2|3|4|6|10)|2\.1|4\.4|4\.310)").fullmatch
# What servers say when they do not say what: then their words count.
_IS_VAGUE = re.compile(r"5\.(\d+\.0|4\.1)").fullmatch

_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_GONE = re.compile(
    r"(user|recipient|mailbox|account|address|addressee)( name| address|\(s\))?( is| was)?( un| not )known"
    r"|(unknown|invalid|nonexistent|no such|bad) (local )?(user|recipient|mailbox|account|address|person|domain|host)"
    r"|(does ?n[o']t|does not|didn't|did not) (exist|have an? \S+ account)|no mailbox here"
    r"|(not|n't) (be )?found|mailbox (is )?unavailable|recipient (address )?rejected|un-?routeable|no longer "
    r"|(account|mailbox)( has been| is)? (disabled|closed|inactive|deactivated)"
    r"|not (listed|our customer)|not a known user",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"quota|is full|over ?limit|storage|spam|junk|virus|block|banned|polic|reputation|denied by|listed (at|in|on)"
    r"|grey|gray|\brate\b|too (many|large|big|busy)|try (again|later)|temporar|size|spf|dkim|dmarc|sender"
    r"|relaying|relay (access|not)|content|timed? ?out|refused|authenticat|loop",
    re.IGNORECASE,
)


def weight(status: str | None, words: str) -> str:
    """Hard or soft, of what has failed for good. `status` is the report's own, `words` what the server said."""
    best = _best(status, words)
    if best is not None and best.startswith("4"):
        return SOFT
    if best is not None and not _IS_VAGUE(best):
        return HARD if _IS_GONE(best) else SOFT
    reply = _REPLY.search(words)
    if best is None and reply is not None and reply[1] == "4":
        return SOFT
    if _GONE.search(words) and not _OTHERWISE.search(words):
        return HARD
    return HARD if best is not None and _IS_GONE(best) and not _OTHERWISE.search(words) else SOFT


def status_in(words: str) -> str | None:
    """The first enhanced status code in what a server said."""
    found = _STATUS.search(words)
    return found[1] if found else None


def _best(status: str | None, words: str) -> str | None:
    """The code that says most: the report's own, or the server's when that one is vague."""
    if status is not None and not _IS_VAGUE(status):
        return status
    return status_in(words) or status
