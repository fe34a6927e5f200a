"""Takes a list of subscribers over from elsewhere: who may be, who may not and why, line by line.

Doing it again finds everybody there already. Nobody is taken in who is suppressed, was deleted at their request, has
stopped since the consent, or is a contact who wants none (P-02, P-07, P-09).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import rates
from outreach.contacts.models import ContactAddress, Person
from outreach.house import House
from outreach.language import mark
from outreach.mail.models import Suppression
from outreach.subscriptions import consents, queries
from outreach.subscriptions.lists import Line
from outreach.subscriptions.models import Subscriber, Subscription

BATCH = 100
METHOD = "list taken over"

NEW, ALREADY = "new", "already"
OUTCOMES = {
    NEW: mark("taken in"),
    ALREADY: mark("is subscribed already; nothing changed"),
    "twice": mark("stands in the file twice"),
    "suppressed": mark("is not mailed: deleted at their request, complained, or does not exist"),
    "stopped": mark("has stopped since that consent"),
    "do not contact": mark("is a contact who wants no mailings"),
    "address": mark("not an e-mail address"),
    "no proof": mark("no date of consent"),
    "date": mark("the date of consent cannot be read, or is yet to come"),
    "language": mark("unknown language"),
    "topic": mark("unknown topic"),
    "cadence": mark("unknown frequency"),
    "hour": mark("not one of the office's hours"),
}

Judged = tuple[Line, str]


@dataclass
class Seen:
    """The addresses of earlier lines, as keyed hashes."""

    hashes: set[str] = field(default_factory=set)

    def note(self, house: House, line: Line) -> bool:
        """True when the address of a good line was there before."""
        if line.fault is not None:
            return False
        key, before = house.address_hash(line.address), len(self.hashes)
        self.hashes.add(key)
        return len(self.hashes) == before


def judge(session: Session, house: House, lines: Sequence[Line], seen: Seen) -> list[Judged]:
    """What becomes of each line; `seen` learns its addresses."""
    hashes = {line.number: house.address_hash(line.address) for line in lines if line.fault is None}
    known = Subscriber.address_hash.in_(hashes.values())
    there = {row.address_hash: row for row in session.scalars(select(Subscriber).where(known))}
    refused = select(Suppression.address_hash).where(Suppression.address_hash.in_(hashes.values()))
    not_mailed, unwilling = set(session.scalars(refused)), _unwilling(session, hashes.values())
    judged: list[Judged] = []
    for line in lines:
        if line.fault is not None:
            judged.append((line, line.fault))
            continue
        key, before = hashes[line.number], seen.note(house, line)
        no = {"twice": before, "suppressed": key in not_mailed, "do not contact": key in unwilling}
        outcome = next((name for name, is_so in no.items() if is_so), None)
        judged.append((line, outcome or _standing(house, line, there.get(key))))
    return judged


def take_in(session: Session, house: House, now: datetime, lines: Sequence[Line], seen: Seen) -> list[Judged]:
    """Judge a batch and take in who may be, each with the proof as its consent. Imports wait for one another."""
    rates.allow(session, house, "subscribers.import", "lists", 0, timedelta(hours=1), now)
    judged = judge(session, house, lines, seen)
    for line, outcome in judged:
        if outcome == NEW:
            _begin(session, house, now, line)
    session.flush()
    return judged


def _unwilling(session: Session, hashes: Collection[str]) -> set[str]:
    """Those of these addresses that belong to contacts who are not to be contacted."""
    flagged = (
        select(ContactAddress.address_hash)
        .join(Person, Person.id == ContactAddress.person_id)
        .where(ContactAddress.address_hash.in_(hashes), Person.do_not_contact, Person.ended_at.is_(None))
    )
    return set(session.scalars(flagged))


def _standing(house: House, line: Line, subscriber: Subscriber | None) -> str:
    if subscriber is None or (subscriber.ended_at is None and not subscriber.is_live):
        return NEW
    if subscriber.is_live:
        return ALREADY
    assert subscriber.ended_at is not None
    assert line.agreed_on is not None
    return NEW if line.agreed_on > subscriber.ended_at.astimezone(house.office.zone).date() else "stopped"


def _begin(session: Session, house: House, now: datetime, line: Line) -> None:
    choice = line.choice
    assert choice is not None
    assert line.agreed_on is not None
    subscriber = queries.by_address(session, house, line.address)
    if subscriber is None:
        subscriber = Subscriber(
            address=line.address, address_hash=house.address_hash(line.address), key_id=house.tokens.key_id,
            created_at=now, variant=choice.variant.segment, hour=choice.hour,
        )  # fmt: skip
        session.add(subscriber)
        session.flush()
    for row in queries.live(session, subscriber.id).values():
        row.end(now, "replaced")  # asked for and never confirmed
    session.flush()
    for topic in choice.topics:
        row = Subscription(
            subscriber_id=subscriber.id, topic=topic, cadence=choice.cadence, requested_at=now, confirmed_at=now
        )
        session.add(row)
    subscriber.variant, subscriber.hour, subscriber.confirmed_at = choice.variant.segment, choice.hour, now
    subscriber.ended_at = subscriber.ended_reason = subscriber.paused_until = None
    subscriber.takes_urgent = choice.takes_urgent
    agreed_at = datetime.combine(line.agreed_on, time(0), tzinfo=house.office.zone)
    consents.keep(
        session, agreed_at, subscriber, choice, shown=choice.variant, source=line.source, method=METHOD,
        confirmed_at=agreed_at, wording=line.wording,
    )  # fmt: skip
