"""Find the person an address belongs to. Only equal addresses match; likeness is for a human to judge."""

from __future__ import annotations

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
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return typed.casefold()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_BY_ADDRESS = Prepared(
    select(Person.id)
    .join(ContactAddress, ContactAddress.person_id == Person.id)
    .where(ContactAddress.address_hash == bindparam("hashed"), Person.ended_at.is_(None))
    .order_by(Person.id)
    .limit(1)
)
