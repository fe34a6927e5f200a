"""What the public forms of inquiries ask of a field: so long, one of these, an address, a number; and its tidying."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation, ValidationError

from outreach.forms import Said
from outreach.inquiries import hygiene
from outreach.language import mark
from outreach.mail import addresses

PHONE_FORMAT = mark("Enter a phone number in the correct format, like +381 11 000 0000")
EMAIL_MISSING = mark("Enter an email address")
EMAIL_FORMAT = mark("Enter an email address in the correct format, like name@example.com")
NOT_AN_ADDRESS = mark("{address} is not an e-mail address")

_PHONE = re.compile(r"\+?[\d\s()/.\-–]+(?:,?\s*(?:ext|lok|x)\.?\s*\d{1,6})?", re.IGNORECASE)
Validator = Callable[[Any, Field], None]


def at_least(least: int, message: str) -> Validator:
    """Required, with so many characters."""

    def check(_form: Any, field: Field) -> None:
        if len(field.data or "") < least:
            raise StopValidation(message)

    return check


def at_most(most: int, message: str) -> Validator:
    def check(_form: Any, field: Field) -> None:
        if len(field.data or "") > most:
            raise ValidationError(message)

    return check


def one_of(known: dict[str, str], message: str) -> Validator:
    """Required: one of the choices that were offered."""

    def check(_form: Any, field: Field) -> None:
        if field.data not in known:
            raise StopValidation(message)

    return check


def an_address(_form: Any, field: Field) -> None:
    if not field.data:
        raise StopValidation(EMAIL_MISSING)
    try:
        field.data = addresses.check(field.data)
    except ValueError:
        raise StopValidation(EMAIL_FORMAT) from None


def check_address(address: str) -> None:
    """Raises ``ValidationError`` for what is no e-mail address, naming it."""
    try:
        addresses.check(address)
    except ValueError:
        raise ValidationError(Said(NOT_AN_ADDRESS, address=address)) from None


def a_number(_form: Any, field: Field) -> None:
    """Any way of writing a number with 6 to 15 digits."""
    if field.data and not (_PHONE.fullmatch(field.data) and 6 <= len(re.findall(r"\d", field.data)) <= 15):
        raise StopValidation(PHONE_FORMAT)


def line(text: Any) -> str:
    return hygiene.one_line(str(text or ""))


def text(text: Any) -> str:
    return hygiene.clean(str(text or ""))


def number(typed: str | None) -> int:
    """The number somebody sent along, such as a version or an id; 0 for anything else."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
