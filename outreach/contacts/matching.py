"""Find the person an address belongs to. Only equal addresses match; likeness is for a human to judge."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import phonenumbers
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from outreach.contacts.models import EMAIL, PHONE, ContactAddress, Person
from outreach.prepared import Prepared

if TYPE_CHECKING:
    from outreach.house import House


def find_person(session: Session, house: House, *, email: str | None = None, phone: str | None = None) -> int | None:
    """The id of the oldest living person with this e-mail address, or else with this phone number; None: nobody."""
    for kind, typed in ((EMAIL, email), (PHONE, phone)):
        if typed:
            hashed = address_hash(house, kind, typed)
            found: int | None = _BY_ADDRESS.scalar(session, hashed=hashed)
            if found is not None:
                return found
    return None


def address_hash(house: House, kind: str, typed: str) -> str:
    """The keyed hash under which addresses are compared: capitals, spaces and the way a number is written are gone."""
    return house.address_hash(folded_address(kind, typed, house.office.country))


def folded_address(kind: str, typed: str, country: str) -> str:
    """An address as it is compared; a phone number in E.164 when it can be one in `country` (ISO 3166 alpha-2)."""
    plain = " ".join(typed.split())
    return _folded_phone(plain, country) if kind == PHONE else plain.casefold()


def alone_with(session: Session, key: str) -> None:
    """On PostgreSQL, wait until no other transaction works on the same key; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _folded_phone(typed: str, country: str) -> str:
    code, lengths = _where_zero_begins(country)
    digits = typed.translate(_BETWEEN_DIGITS)
    if code and (plain := _PLAIN_NUMBER(digits)):
        if plain[2] and len(plain[2]) in lengths:
            return f"+{code}{plain[2]}"  # 064 123 4567
        if plain[1] and plain[1].startswith(code) and plain[1][len(code)] != "0":
            return f"+{plain[1]}"  # +381 64 123 4567, 00381 64 123 4567
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return typed.casefold()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=8)
def _where_zero_begins(country: str) -> tuple[str, frozenset[int]]:
    """The country's calling code, and how long its numbers are, when a national number is a 0 and the rest and nothing
    else is to be known of it; the parser that knows all countries takes thirty times as long. Else nothing."""
    rules = phonenumbers.PhoneMetadata.metadata_for_region(country)
    if rules is None or rules.general_desc is None or rules.national_prefix_transform_rule is not None:
        return "", frozenset()
    if (rules.national_prefix_for_parsing, rules.international_prefix) != ("0", "00"):
        return "", frozenset()
    return str(rules.country_code), frozenset(rules.general_desc.possible_length)


_BETWEEN_DIGITS = str.maketrans("", "", " -/().")
_PLAIN_NUMBER = re.compile(r"(?:\+|00)(\d{9,14})|0([1-9]\d{6,10})", re.ASCII).fullmatch

_BY_ADDRESS = Prepared(
    select(Person.id)
    .join(ContactAddress, ContactAddress.person_id == Person.id)
    .where(ContactAddress.address_hash == bindparam("hashed"), Person.ended_at.is_(None))
    .order_by(Person.id)
    .limit(1)
)
