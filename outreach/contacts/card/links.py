"""The link to a card: good for one person, one purpose and a fortnight; none tells whether there is a record at all.

One that was mailed is good as long as its address is on the record; one that an officer copied names no address.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from outreach.contacts import records
from outreach.contacts.models import EMAIL, ContactAddress, Person
from outreach.errors import NotFound
from outreach.house import House

LIVES = timedelta(days=14)
_PURPOSE, _COPIED, _MARK = "card", "-", 16


def mailed(house: House, person: Person, address: ContactAddress, now: datetime) -> str:
    """The address of the card in the person's own language, for a mail to this address."""
    return _link(house, person, address.address_hash[:_MARK], now)


def copied(house: House, person: Person, now: datetime) -> str:
    """The same, for an officer to hand on."""
    return _link(house, person, _COPIED, now)


def find(session: Session, house: House, token: str, now: datetime) -> Person | None:
    """Whose card the token opens; None for anything that does not, whatever the reason."""
    subject = house.tokens.read(_PURPOSE, token, now)
    if subject is None:
        return None
    number, _, mark = subject.partition(" ")
    try:
        person = records.opened(session, records.survivor(session, int(number)) or int(number))
    except NotFound:
        return None
    is_theirs = any(held.kind == EMAIL and held.address_hash[:_MARK] == mark for held in person.addresses)
    return person if is_theirs or mark == _COPIED else None


def runs_out(token: str) -> datetime:
    """When a token that was read successfully stops working."""
    return datetime.fromtimestamp(int(token.split(".")[2], 16), UTC)


def _link(house: House, person: Person, mark: str, now: datetime) -> str:
    written = house.tokens.make(_PURPOSE, f"{person.id} {mark}", now + LIVES)
    return house.url(f"/{person.preferred_variant}/card/{written}")
