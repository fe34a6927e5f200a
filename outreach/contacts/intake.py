"""Take somebody into contacts from an inquiry: person, outlet and affiliation in one step (screens.md D5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing, matching
from outreach.contacts.models import EMAIL, OUTLET, PHONE, Affiliation, ContactAddress, Organisation, Person
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

FROM_INQUIRY = "inquiry"


def from_inquiry(
    session: Session,
    house: House,
    now: datetime,
    *,
    name: str,
    outlet: str,
    email: str,
    phone: str | None,
    channels: Iterable[str],
    language: str,
    actor_id: int | None,
    source: str = FROM_INQUIRY,
) -> Person:
    """The person who wrote, made if nobody has this e-mail address yet; twice is once.

    The outlet is found by its folded name or made; `language` is a variant's segment (en, lat, cir). An existing
    person keeps the name and language on record and gains only the affiliation and addresses that were missing.
    """
    matching.alone_with(session, matching.address_hash(house, EMAIL, email))
    known = matching.find_person(session, house, email=email)
    person = session.get(Person, known) if known else None
    is_new = person is None
    if person is None:
        person = _new_person(session, now, name, channels, language, actor_id, source)
    for kind, typed in ((EMAIL, email), (PHONE, phone)):
        if typed and typed.strip():
            _add_address(session, house, now, person, kind, typed.strip())
    if outlet.strip():
        _affiliate(session, now, person, outlet_named(session, now, outlet, source))
    filing.refile(session, [person.id])
    audit.record(
        session, now, "person.added" if is_new else "person.matched", f"person:{person.id}", actor_id, source=source
    )
    return person


def outlet_named(session: Session, now: datetime, name: str, source: str = FROM_INQUIRY) -> Organisation:
    """The outlet whose folded name is the same, made if there is none."""
    folded = fold(name)
    matching.alone_with(session, f"outlet {folded}")
    found = session.scalar(select(Organisation).where(Organisation.kind == OUTLET, Organisation.folded == folded))
    if found is not None:
        return found
    made = Organisation(name=" ".join(name.split()), folded=folded, kind=OUTLET, source=source, created_at=now)
    session.add(made)
    session.flush()
    return made


def _new_person(
    session: Session,
    now: datetime,
    name: str,
    channels: Iterable[str],
    language: str,
    actor_id: int | None,
    source: str,
) -> Person:
    person = Person(
        name=" ".join(name.split()),
        folded=fold(name),
        preferred_variant=language,
        channels=list(channels),
        source=source,
        lawful_basis="legitimate_interest",
        created_at=now,
        created_by=actor_id,
        changed_at=now,
    )
    session.add(person)
    session.flush()
    return person


def _add_address(session: Session, house: House, now: datetime, person: Person, kind: str, typed: str) -> None:
    hashed = matching.address_hash(house, kind, typed)
    if any(address.kind == kind and address.address_hash == hashed for address in person.addresses):
        return
    person.addresses.append(
        ContactAddress(
            kind=kind,
            value=typed,
            folded=matching.folded_address(kind, typed, house.office.country),
            address_hash=hashed,
            position=len(person.addresses),
            created_at=now,
        )
    )


def _affiliate(session: Session, now: datetime, person: Person, outlet: Organisation) -> None:
    if any(held.organisation_id == outlet.id for held in person.current_affiliations()):
        return
    person.affiliations.append(Affiliation(organisation_id=outlet.id, created_at=now))
