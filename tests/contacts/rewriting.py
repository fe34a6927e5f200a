"""A record changed as its form changes it: all of it is said again, and some of it otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.contacts import records
from outreach.contacts.models import Person
from outreach.contacts.reach import Reach
from outreach.contacts.records import Facts
from outreach.house import House

PLAIN = (
    "name", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant", "languages", "region",
    "time_zone", "channels", "owner_id", "source", "lawful_basis", "note", "do_not_contact", "do_not_contact_reason",
)  # fmt: skip


def rewrite(session: Session, house: House, now: datetime, person_id: int, **otherwise: Any) -> Person:
    """`otherwise`: facts that differ from those on record. An affiliation that is not named stays as it is."""
    person = session.get_one(Person, person_id)
    said = {name: getattr(person, name) for name in PLAIN}
    reach = [Reach(held.kind, held.value, held.label) for held in person.addresses]
    said |= {"beats": [held.beat for held in person.beats], "addresses": reach, "affiliations": []}
    facts = Facts(**said | {"is_noticed": person.noticed_at is not None} | otherwise)
    return records.change(session, house, now, person_id, version=person.version, facts=facts, actor_id=None)
