"""E-mail addresses as people type them, checked by syntax alone (M-08).

`email.utils.parseaddr` is not used: it reads `alice@example.org)bob@example.com` as Alice's address.
"""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from outreach.language import mark

NOT_AN_ADDRESS = mark("This is not an e-mail address such as name@example.org.")
LATIN_ONLY = mark("The part before @ can hold Latin letters without marks, digits and signs only.")

_REFUSED = re.compile('[\x00-\x20\x7f-\xa0\u2028\u2029<>"(),:;\\\\\\[\\]\ud800-\udfff]')


_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?"
# What most addresses look like. The rarer ones, and names that are reserved, are left to the slower parser.
_PLAIN = re.compile(
    rf"(?=.{{3,64}}$)(?=[^@]{{1,48}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.){{1,4}}"
    r"(?!(?:test|local|localhost|invalid|onion|arpa|example|alt|internal)$)[a-z]{2,20}"
).fullmatch


def is_plain(address: str) -> bool:
    """Whether an address is good and normalised as it stands, at one glance; False leaves the question open."""
    return _PLAIN(address) is not None


_WIRE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9.-]{1,180}").fullmatch


def is_wire(address: str) -> bool:
    """Whether a checked address goes to a mail server as it stands, at one glance; False leaves the question open."""
    return _WIRE(address) is not None


def check(typed: str) -> str:
    """The address in its one stored form: no spaces around it, domain in lower case and in its own letters.

    Raises ValueError with a sentence that a form may show. Nothing is looked up on the network.
    """
    candidate = typed.strip(" \t\r\n")
    if is_plain(candidate):
        return candidate
    if _REFUSED.search(candidate):
        raise ValueError(NOT_AN_ADDRESS)
    local = candidate.partition("@")[0]
    if not local.isascii():
        raise ValueError(LATIN_ONLY)
    try:
        return _parse(candidate).normalized
    except EmailNotValidError:
        raise ValueError(NOT_AN_ADDRESS) from None


def wire(address: str) -> str:
    """A checked address as it goes to a mail server: ASCII, an international domain in its xn-- form."""
    if is_plain(address):
        return address
    ascii_form = _parse(address).ascii_email
    if ascii_form is None:
        raise ValueError(LATIN_ONLY)
    return ascii_form


def matches(address: str, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns (`*@example.org`, `desk@example.org`) covers the address, capitals aside."""
    return _any_of(patterns).fullmatch(address.casefold()) is not None


@lru_cache(maxsize=8)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(pattern.casefold()) for pattern in patterns) or "(?!)")


def masked(address: str) -> str:
    """The address for the eyes of somebody who should not learn it: `n•••@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def _parse(address: str) -> ValidatedEmail:
    return validate_email(
        address, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False, strict=True
    )
