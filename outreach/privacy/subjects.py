"""Whom it is about: one person, and every name under which the rooms know them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.contacts.models import EMAIL, ContactAddress, Person
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries.models import Inquiry
from outreach.language import mark
from outreach.subscriptions import limits
from outreach.subscriptions.models import AddressChange, Subscriber

SHARED = mark("Several records have this address. Say which one is meant by its number.")


@dataclass(frozen=True)
class Subject:
    """One person. `addresses`: e-mail addresses that are theirs alone; `known`: those and what they share with others.

    `people`: their records, those that were merged too. `names` are theirs alone among the living, two words or more.
    """

    addresses: tuple[str, ...]
    known: frozenset[str]
    hashes: tuple[str, ...]
    people: tuple[int, ...]
    subscribers: tuple[int, ...]
    inquiries: tuple[int, ...]
    accounts: tuple[int, ...]
    refs: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        """Whether any record is theirs; a mail or a suppression may be all the same."""
        return bool(self.people or self.subscribers or self.inquiries or self.accounts)

    @property
    def ref(self) -> str:
        """As the log names them: their oldest record, or nobody's."""
        return self.refs[0] if self.refs else "nobody"


def of_address(session: Session, house: House, address: str) -> Subject:
    """Who has this e-mail address. Conflict("who") when several records have it, as a shared desk's."""
    hashed = house.address_hash(address)
    people = _whole(session, _owners(session, hashed))
    living = select(Person.id).where(Person.id.in_(people), Person.ended_at.is_(None))
    if len(session.scalars(living).all()) > 1:
        raise Conflict("who", SHARED)
    return _subject(session, house, people, {address.strip().casefold()})


def of_person(session: Session, house: House, person_id: int) -> Subject:
    """The person with this record. Raises NotFound."""
    if session.get(Person, person_id) is None:
        raise NotFound("person")
    return _subject(session, house, _whole(session, [person_id]), set())


def _owners(session: Session, hashed: str) -> list[int]:
    owners = select(ContactAddress.person_id).where(
        ContactAddress.address_hash == hashed, ContactAddress.person_id.is_not(None), ContactAddress.kind == EMAIL
    )
    return [number for number in session.scalars(owners) if number is not None]


def _whole(session: Session, ids: Collection[int]) -> list[int]:
    """These records with all that were merged into them or that they were merged into."""
    found, fresh = set(ids), set(ids)
    while fresh:
        rows = session.execute(
            select(Person.id, Person.survivor_id).where(or_(Person.id.in_(fresh), Person.survivor_id.in_(fresh)))
        )
        fresh = {number for pair in rows for number in pair if number is not None} - found
        found |= fresh
    return sorted(found)


def _subject(session: Session, house: House, people: Collection[int], typed: set[str]) -> Subject:
    held = select(ContactAddress.value).where(ContactAddress.person_id.in_(people), ContactAddress.kind == EMAIL)
    on_record = {value.strip().casefold() for value in session.scalars(held)}
    asked = session.execute(_inquiries(Inquiry.person_id.in_(people))).all()
    known = typed | on_record | {row.email.strip().casefold() for row in asked if row.email}
    own = {address for address in known if not _is_shared(session, house, address, people)}
    hashes = [house.address_hash(address) for address in sorted(own)]
    wrote = session.execute(_inquiries(func.lower(Inquiry.email).in_(own), Inquiry.person_id.is_(None))).all()
    subscribers = session.scalars(select(Subscriber.id).where(Subscriber.address_hash.in_(hashes))).all()
    moving = select(AddressChange.address).where(AddressChange.subscriber_id.in_(subscribers))
    inquiries = {row.id: row.reference for row in (*asked, *wrote)}
    return Subject(
        addresses=tuple(sorted(own)),
        known=frozenset(known | set(session.scalars(moving))),
        hashes=tuple(dict.fromkeys([*hashes, *(limits.counted_as(house, address) for address in sorted(own))])),
        people=tuple(people),
        subscribers=tuple(subscribers),
        inquiries=tuple(inquiries),
        accounts=tuple(session.scalars(select(Account.id).where(func.lower(Account.email).in_(own)))),
        refs=_refs(people, subscribers, inquiries.values()),
        names=_names(session, people, list(inquiries)),
    )


def _inquiries(*which: ColumnElement[bool]) -> Select[int, str, str]:
    return select(Inquiry.id, Inquiry.reference, Inquiry.email).where(*which).order_by(Inquiry.id)


def _is_shared(session: Session, house: House, address: str, people: Collection[int]) -> bool:
    """Whether somebody else has it on record as well."""
    others = select(ContactAddress.id).join(Person, Person.id == ContactAddress.person_id)
    theirs = others.where(ContactAddress.address_hash == house.address_hash(address), Person.id.not_in(people))
    return session.scalar(theirs.where(Person.ended_at.is_(None)).limit(1)) is not None


def _refs(people: Collection[int], subscribers: Collection[int], references: Collection[str]) -> tuple[str, ...]:
    return (
        *(f"person:{number}" for number in people),
        *(f"mailings:{number}" for number in people),
        *(f"subscriber:{number}" for number in subscribers),
        *(f"inquiry:{reference}" for reference in references),
    )


def _names(session: Session, people: Collection[int], inquiries: Collection[int]) -> tuple[str, ...]:
    """Whole names, in each script they are written in. One that others on record have too names nobody for certain."""
    written = session.execute(
        select(Person.name, Person.name_latin, Person.name_cyrillic).where(Person.id.in_(people))
    ).all()
    signed = session.scalars(select(Inquiry.name).where(Inquiry.id.in_(inquiries)))
    said = [*(name for row in written for name in row), *signed]
    names = {" ".join(name.split()) for name in said if len(name.split()) > 1}
    namesakes = select(Person.name).where(Person.name.in_(names), Person.id.not_in(people), Person.ended_at.is_(None))
    return tuple(sorted(names - set(session.scalars(namesakes))))
