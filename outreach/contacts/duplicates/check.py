"""Before somebody is saved: who is on record that may be the same person? Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from outreach.contacts.duplicates import finding, known, likeness
from outreach.contacts.duplicates.keys import keys_of
from outreach.contacts.duplicates.known import SAYS_NOTHING, Known
from outreach.contacts.duplicates.likeness import Likeness
from outreach.contacts.duplicates.models import DIFFERENT, CandidatePair
from outreach.contacts.matching import folded_address
from outreach.contacts.models import Affiliation, Organisation, Person
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

MOST_COMPARED, MOST_SHOWN = 60, 5


@dataclass(frozen=True)
class Typed:
    """What a form holds of a person: `addresses` by kind as typed, `outlets` by name, `person_id` when on record."""

    name: str
    addresses: Sequence[tuple[str, str]] = ()
    outlets: Sequence[str] = ()
    name_latin: str = ""
    name_cyrillic: str = ""
    person_id: int = 0


@dataclass(frozen=True)
class Likely:
    """Somebody on record who may be the same; `outlet` where they work now, or nothing."""

    person_id: int
    name: str
    outlet: str
    like: Likeness


def likely(session: Session, house: House, values: Typed) -> list[Likely]:
    """Who may be the same person as the one typed, the likeliest first; without those judged to be different."""
    typed = _typed(house, values)
    if not typed.names:
        return []
    keys = keys_of([" ".join(name) for name in typed.names], typed.reach, typed.outlets)
    near = finding.neighbours(session, keys, values.person_id)
    nearest = sorted(near.shared, key=lambda each: (each not in near.own, -near.shared[each], each))[:MOST_COMPARED]
    named = known.load_names(session, nearest)  # most of them are colleagues, told apart by their names alone
    plausible = [
        each for each in named if each in near.own or likeness.names_fit(typed, Known(each, named[each], (), ()))
    ]
    others = known.load(session, plausible) if plausible else {}
    alike = {each: like for each in others if (like := likeness.compare(typed, others[each], near.crowded))}
    for each in _judged_different(session, values.person_id):
        alike.pop(each, None)
    best = sorted(alike, key=lambda each: (-alike[each].score, each))[:MOST_SHOWN]
    shown = _named(session, best) if best else {}
    return [Likely(each, *shown[each], alike[each]) for each in best]


def _typed(house: House, values: Typed) -> Known:
    country = house.office.country
    addresses = [
        (kind, folded_address(kind, typed, country))
        for kind, typed in values.addresses
        if typed.strip() and kind not in SAYS_NOTHING
    ]
    names = known.ways_of(values.name, values.name_latin, values.name_cyrillic)
    return Known(values.person_id, names, addresses, [folded for name in values.outlets if (folded := fold(name))])


def _judged_different(session: Session, person_id: int) -> list[int]:
    if not person_id:
        return []
    of_low = select(CandidatePair.high_id).where(CandidatePair.low_id == person_id)
    of_high = select(CandidatePair.low_id).where(CandidatePair.high_id == person_id)
    return [
        other
        for pairs in (of_low, of_high)
        for other in session.scalars(pairs.where(CandidatePair.judgement == DIFFERENT))
    ]


def _named(session: Session, person_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Name and present outlet by id."""
    ids = {"ids": list(person_ids)}
    places = {person_id: name for person_id, name in session.execute(_WORKS_AT, ids)}
    return {person_id: (name, places.get(person_id, "")) for person_id, name in session.execute(_CALLED, ids)}


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CALLED = select(Person.id, Person.name).where(Person.id.in_(_IDS))
_WORKS_AT = (
    select(Affiliation.person_id, Organisation.name)
    .join(Organisation)
    .where(Affiliation.ended_at.is_(None), Affiliation.person_id.in_(_IDS))
)
