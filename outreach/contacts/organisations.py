"""Organisations: found by name or made, opened, changed (reliability.md S-22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session, selectinload

from outreach import audit
from outreach.contacts import filing, finding, matching, reach
from outreach.contacts.models import Affiliation, Organisation, Person
from outreach.contacts.reach import Reach
from outreach.errors import Conflict, NotFound
from outreach.language import mark
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

STALE = mark("Somebody else changed this record meanwhile. Your words are kept here; compare, then save again.")
TAKEN = mark("There is an organisation of this kind and name already.")
SHOWN = 200
BY_HAND = "by hand"


@dataclass(frozen=True)
class Facts:
    """What a form says of an organisation."""

    name: str
    kind: str
    region: str
    website: str
    reach: str
    editor_in_chief: str
    note: str
    addresses: Sequence[Reach]


def named(session: Session, now: datetime, name: str, kind: str, source: str) -> Organisation:
    """The organisation of this name, of this kind if there are several; made if there is none."""
    folded = fold(name)
    matching.alone_with(session, f"outlet {folded}")
    same = session.scalars(select(Organisation).where(Organisation.folded == folded).order_by(Organisation.id)).all()
    found = next((one for one in same if one.kind == kind), same[0] if same else None)
    if found is not None:
        return found
    made = Organisation(name=name, folded=folded, kind=kind, source=source, created_at=now, version=1)
    session.add(made)
    session.flush()
    return made


def get(session: Session, organisation_id: int) -> Organisation:
    """The organisation with its addresses; NotFound for none."""
    found = session.get(Organisation, organisation_id, options=[selectinload(Organisation.addresses)])
    if found is None:
        raise NotFound
    return found


def found(session: Session, said: str, kind: str, after: int) -> list[Organisation]:
    """Those with words that begin so, of this kind or of any, by name; at most `SHOWN` after the one with this id."""
    wanted = select(Organisation).order_by(Organisation.folded, Organisation.id).limit(SHOWN)
    for word in fold(said).split()[: finding.MOST_WORDS]:
        wanted = wanted.where((literal(" ") + Organisation.folded).contains(f" {word}", autoescape=True))
    if kind:
        wanted = wanted.where(Organisation.kind == kind)
    last = session.get(Organisation, after)
    if last is not None:
        wanted = wanted.where(tuple_(Organisation.folded, Organisation.id) > (last.folded, last.id))
    return list(session.scalars(wanted))


def people(session: Session, organisation_id: int) -> list[Affiliation]:
    """Who works and then who worked there, by name, with the person loaded; 200 of each at most."""
    there = (
        select(Affiliation)
        .join(Affiliation.person)
        .where(Affiliation.organisation_id == organisation_id, Person.ended_at.is_(None))
        .order_by(Affiliation.ended_at, Affiliation.person_id)  # the index's own, so that no more are read than shown
        .limit(SHOWN)
        .options(selectinload(Affiliation.person))
    )
    of_now, of_before = (
        session.scalars(there.where(which)).all()
        for which in (Affiliation.ended_at.is_(None), Affiliation.ended_at.is_not(None))
    )
    return [held for some in (of_now, of_before) for held in sorted(some, key=lambda held: held.person.folded)]


def add(session: Session, house: House, now: datetime, facts: Facts, actor_id: int | None) -> Organisation:
    """A new organisation; Conflict("name") when there is one of this kind and name."""
    matching.alone_with(session, f"outlet {fold(facts.name)}")
    made = Organisation(source=BY_HAND, created_at=now, version=1, name="", folded="", kind=facts.kind)
    _write(session, house, now, made, facts)
    audit.record(session, now, "organisation.added", f"organisation:{made.id}", actor_id)
    return made


def change(
    session: Session,
    house: House,
    now: datetime,
    organisation_id: int,
    version: int,
    facts: Facts,
    actor_id: int | None,
) -> Organisation:
    """Write the record; Conflict("version") when `version` is not the one on record any more."""
    held = session.get(Organisation, organisation_id, with_for_update=True)
    if held is None:
        raise NotFound
    if held.version != version:
        raise Conflict("version", STALE)
    is_renamed = held.name != facts.name
    _write(session, house, now, held, facts)
    held.version += 1
    if is_renamed:
        filing.refile(session, _workers(session, held.id))
    audit.record(session, now, "organisation.changed", f"organisation:{held.id}", actor_id)
    return held


def _write(session: Session, house: House, now: datetime, held: Organisation, facts: Facts) -> None:
    same = select(Organisation.id).where(Organisation.kind == facts.kind, Organisation.folded == fold(facts.name))
    if session.scalar(same.where(Organisation.id != (held.id or 0))) is not None:
        raise Conflict("name", TAKEN)
    held.name, held.folded, held.kind = facts.name, fold(facts.name), facts.kind
    held.region, held.website, held.reach = facts.region, facts.website, facts.reach
    held.editor_in_chief, held.note = facts.editor_in_chief, facts.note
    session.add(held)
    session.flush()
    reach.keep(session, house, now, held, facts.addresses)


def _workers(session: Session, organisation_id: int) -> list[int]:
    there = select(Affiliation.person_id).where(Affiliation.organisation_id == organisation_id)
    return list(session.scalars(there.distinct()))
