"""Who of a set of people gets a mailing, who gets nothing and why: decided the same before a release and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.briefings.models import Mailing
from outreach.contacts import notices
from outreach.contacts.lists import keeping, members
from outreach.contacts.lists.models import LIST, SEGMENT, PressList, Segment
from outreach.contacts.models import EMAIL, ContactAddress, Person
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import mark
from outreach.mail import addresses, suppressions

OBJECTS, NO_ADDRESS, BAD_ADDRESS, SUPPRESSED, SAME_ADDRESS, ENDED = (
    "do not contact", "no address", "cannot be addressed", "suppressed", "same address", "ended",
)  # fmt: skip
WHY = {
    OBJECTS: mark("must not be contacted"),
    NO_ADDRESS: mark("has no e-mail address"),
    BAD_ADDRESS: mark("the address is none"),
    SUPPRESSED: mark("mail came back, or they want no bulk mail at this address"),
    SAME_ADDRESS: mark("somebody else has the same address, and gets it"),
    ENDED: mark("the record has ended"),
}
SAMPLE = 10
MOST_LOOKED_AT = 5_000
"""So many people are looked at one by one before a release; of a larger set the rest is counted only."""

Known = Callable[[set[str]], set[str]]


@dataclass(frozen=True)
class Choice:
    """What becomes of one person: the address, or a `reason` out of WHY why there is no mail."""

    person: Person
    address: str = ""
    address_hash: str = ""
    reason: str = ""
    has_notice: bool = False


@dataclass
class Census:
    """A set as it would be mailed now. `total` counts all of it, `looked_at` those of whom the rest is said."""

    total: int
    looked_at: int = 0
    going: int = 0
    variants: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    sample: list[tuple[int, str]] = field(default_factory=list)

    def note(self, choice: Choice) -> None:
        self.looked_at += 1
        if choice.reason:
            self.skipped[choice.reason] += 1
            return
        self.going += 1
        self.variants[choice.person.preferred_variant] += 1
        if len(self.sample) < SAMPLE:
            self.sample.append((choice.person.id, choice.person.name))


def name(session: Session, kind: str, set_id: int) -> str | None:
    """What staff call a press list or a segment; None when there is none any more."""
    try:
        return keeping.get(session, kind, set_id).name
    except NotFound:
        return None


def sets(session: Session) -> list[tuple[str, str]]:
    """Every press list and segment there is: "list:3" with its name."""
    lists = select(PressList.id, PressList.name).where(PressList.ended_at.is_(None)).order_by(PressList.name)
    segments = select(Segment.id, Segment.name).where(Segment.ended_at.is_(None)).order_by(Segment.name)
    found = [(f"{LIST}:{id_}", called) for id_, called in session.execute(lists)]
    return found + [(f"{SEGMENT}:{id_}", called) for id_, called in session.execute(segments)]


def census(session: Session, house: House, now: datetime, mailing: Mailing) -> Census | None:
    """Who would get it, and who would not; None when its list is no more."""
    try:
        found = Census(members.count(session, house, mailing.to_kind, mailing.to_id, now))
    except NotFound:
        return None
    taken: set[str] = set()
    for ids in members.members(session, house, mailing.to_kind, mailing.to_id, now):
        people = list(session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)))
        for choice in choose(session, house, now, people, lambda hashes: hashes & taken):
            found.note(choice)
            taken.add(choice.address_hash)
        for person in people:
            session.expunge(person)
        if found.looked_at >= MOST_LOOKED_AT:
            break
    return found


def choose(session: Session, house: House, now: datetime, people: Sequence[Person], known: Known) -> list[Choice]:
    """Decide for each of these people. `known` tells which hashes of addresses have the mailing already."""
    preferred = _preferred(session, [person.id for person in people])
    choices = [_addressed(house, now, person, preferred.get(person.id)) for person in people]
    going = [choice for choice in choices if not choice.reason]
    asked = [(choice.address, suppressions.DIGESTS) for choice in going]
    stops = suppressions.suppressed(session.connection(), house, asked) if asked else []
    stopped = {choice.person.id for choice, stop in zip(going, stops, strict=True) if stop}
    taken = known({choice.address_hash for choice in going})
    return [_once(choice, stopped, taken) for choice in choices]


def _once(choice: Choice, stopped: set[int], taken: set[str]) -> Choice:
    if choice.reason:
        return choice
    if choice.person.id in stopped:
        return replace(choice, reason=SUPPRESSED)
    if choice.address_hash in taken:
        return replace(choice, reason=SAME_ADDRESS)
    taken.add(choice.address_hash)
    return choice


def _addressed(house: House, now: datetime, person: Person, typed: str | None) -> Choice:
    if person.ended_at is not None:
        return Choice(person, reason=ENDED)
    if person.do_not_contact:
        return Choice(person, reason=OBJECTS)
    if typed is None:
        return Choice(person, reason=NO_ADDRESS)
    try:
        address = addresses.check(typed)
    except ValueError:
        return Choice(person, reason=BAD_ADDRESS)
    return Choice(person, address, house.address_hash(address), has_notice=notices.is_due(person, now))


def _preferred(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The first e-mail address of each; another one is never tried in its place."""
    mine = select(ContactAddress.person_id, ContactAddress.value).where(ContactAddress.person_id.in_(ids))
    theirs = mine.where(ContactAddress.kind == EMAIL).order_by(ContactAddress.position.desc(), ContactAddress.id.desc())
    return {person_id: value for person_id, value in session.execute(theirs) if person_id is not None}
