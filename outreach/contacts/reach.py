"""The ways to reach somebody, in their order of preference, and whether mail gets through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from outreach.contacts import matching
from outreach.contacts.models import EMAIL, Affiliation, ContactAddress, Organisation, Person
from outreach.errors import Conflict
from outreach.language import mark
from outreach.mail.inbound.returns import COMPLAINED, HARD_BOUNCE, SOFT_BOUNCE
from outreach.mail.models import SOFT, MailInbound, Suppression

if TYPE_CHECKING:
    from outreach.house import House

Place = tuple[str, str]
"""By what an address of somebody is known: its kind and hash."""
TWICE = mark("The same address stands here twice.")
UNREACHABLE = (HARD_BOUNCE, SOFT_BOUNCE, COMPLAINED)
"""Reasons of a suppression that say something about the address, not about what its owner wishes."""


@dataclass(frozen=True)
class Reach:
    """One way to reach somebody: a kind out of ADDRESS_KINDS, the address as typed, and which it is ("work")."""

    kind: str
    value: str
    label: str = ""


@dataclass(frozen=True)
class Delivery:
    """What is known of mail to an address: a reason such as "hard bounce", and since when."""

    reason: str
    at: datetime


def keep(session: Session, house: House, now: datetime, owner: Person | Organisation, wanted: Sequence[Reach]) -> None:
    """Make these the addresses of a person or an organisation, the preferred one first; others go.

    Conflict("addresses") when one stands there twice, however it is written.
    """
    known = {(address.kind, address.address_hash): address for address in owner.addresses}
    kept: dict[Place, ContactAddress] = {}
    for place, one in enumerate(wanted):
        hashed = matching.address_hash(house, one.kind, one.value)
        if (one.kind, hashed) in kept:
            raise Conflict("addresses", TWICE)
        address = known.get((one.kind, hashed)) or ContactAddress(kind=one.kind, address_hash=hashed, created_at=now)
        if address.id is not None and (address.value, address.label) != (one.value, one.label):
            address.changed_at = now
        address.value, address.label, address.position = one.value, one.label, place
        address.folded = matching.folded_address(one.kind, one.value, house.office.country)
        kept[one.kind, hashed] = address
    for moved in _moved(list(known), list(kept)):
        kept[moved].changed_at = now
    owner.addresses[:] = kept.values()
    session.flush()


def _moved(before: Sequence[Place], after: Sequence[Place]) -> list[Place]:
    """Which of those that stay stand elsewhere among each other: what came and went before them moves nothing."""
    stayed = [each for each in before if each in after]
    return [each for each, was in zip((each for each in after if each in before), stayed, strict=True) if each != was]


def delivery(session: Session, addresses: Collection[ContactAddress]) -> dict[str, Delivery]:
    """What is known of mail to these addresses, by `address_hash`; one that nothing speaks against is left out."""
    hashes = [address.address_hash for address in addresses if address.kind == EMAIL]
    bounces = (
        select(MailInbound.address_hash, MailInbound.received_at)
        .where(MailInbound.address_hash.in_(hashes), MailInbound.weight == SOFT)
        .order_by(MailInbound.received_at)
    )
    found = {hashed: Delivery("soft bounce", at) for hashed, at in session.execute(bounces) if hashed}
    stopped = select(Suppression).where(Suppression.address_hash.in_(hashes))
    return found | {row.address_hash: Delivery(row.reason, row.at) for row in session.scalars(stopped)}


def others(session: Session, house: House, wanted: Sequence[Reach], person_id: int | None) -> list[Person]:
    """Living people, other than this one, who have one of these addresses, with where they work; ten at most."""
    hashes = [matching.address_hash(house, one.kind, one.value) for one in wanted]
    owners = select(ContactAddress.person_id).where(ContactAddress.address_hash.in_(hashes))
    living = select(Person).where(Person.id.in_(owners), Person.ended_at.is_(None), Person.id != (person_id or 0))
    known = selectinload(Person.affiliations).selectinload(Affiliation.organisation)
    return list(session.scalars(living.options(known).order_by(Person.id).limit(10)))
