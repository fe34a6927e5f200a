"""Say to a restored database what it does not know any more: who stopped, objected, is not mailed, or was erased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import records
from outreach.contacts.models import ContactAddress, Person
from outreach.db import Model
from outreach.errors import Conflict
from outreach.house import House
from outreach.language import mark
from outreach.mail import suppressions
from outreach.privacy import erasing, mentions, reach, subjects
from outreach.privacy.refusals import ERASED, MARK, OBJECTED, STOPPED, SUPPRESSED, Line
from outreach.subscriptions import erasure as subscriptions
from outreach.subscriptions import limits, stopping
from outreach.subscriptions.models import Subscriber

OBJECTION = mark("Objected before a backup was restored.")
RESTORED = "restored"


def replay(session: Session, house: House, now: datetime, lines: Collection[Line]) -> dict[str, int]:
    """Do again what these lines say; how many of each kind. Twice is no error."""
    for line in lines:
        if line.what == SUPPRESSED:
            suppressions.suppress_hashed(session, line.hashes, line.scope, line.reason, line.when)
            if line.reason == limits.ERASED:
                _forget_subscriber(session, house, now, line)
        elif line.what == STOPPED:
            stop_digests(session, now, line, line.reason or RESTORED)
        elif line.what == OBJECTED:
            _object(session, now, line)
    gone = {hashed for line in lines if line.what == ERASED for hashed in line.hashes}
    for address in sorted(_addresses(session, house, gone)):
        _erase(session, house, now, address)
    counts = dict(Counter(line.what for line in lines if line.what != MARK))
    audit.record(session, now, "privacy.replayed", "privacy", **counts)
    return counts


def stop_digests(session: Session, now: datetime, line: Line, reason: str) -> None:
    """End the subscriptions of whoever has these addresses."""
    live = select(Subscriber.id).where(Subscriber.address_hash.in_(line.hashes), Subscriber.ended_at.is_(None))
    for subscriber_id in session.scalars(live).all():
        stopping.stop(session, now, subscriber_id, reason)


def _forget_subscriber(session: Session, house: House, now: datetime, line: Line) -> None:
    """Whoever had a subscription deleted by themselves."""
    theirs = select(Subscriber.id).where(Subscriber.address_hash.in_(line.hashes), Subscriber.created_at < line.when)
    for subscriber_id in session.scalars(theirs).all():
        subscriptions.erase(session, house, now, subscriber_id)


def _object(session: Session, now: datetime, line: Line) -> None:
    theirs = select(ContactAddress.person_id).where(ContactAddress.address_hash.in_(line.hashes))
    living = select(Person.id).where(Person.id.in_(theirs), Person.ended_at.is_(None), ~Person.do_not_contact)
    for person_id in session.scalars(living).all():
        records.stop(session, now, person_id, OBJECTION)
    stop_digests(session, now, line, OBJECTED)


def _erase(session: Session, house: House, now: datetime, address: str) -> None:
    """Also who shares an address: with several records each that has it is erased, as it was then."""
    for subject in _subjects(session, house, address):
        named = mentions.find(session, subject, reach.rows(session, subject))
        erasing.erase(session, house, now, subject, named, RESTORED)


def _subjects(session: Session, house: House, address: str) -> list[subjects.Subject]:
    try:
        return [subjects.of_address(session, house, address)]
    except Conflict:
        return []


def _addresses(session: Session, house: House, hashes: Collection[str]) -> set[str]:
    """The addresses behind hashes: every address that stands in the database is hashed and compared."""
    if not hashes:
        return set()
    return {address for address in _every_address(session) if "@" in address and house.address_hash(address) in hashes}


def _every_address(session: Session) -> Iterator[str]:
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            is_line = isinstance(column.type, String) and not isinstance(column.type, Text)
            if is_line and column.info.get("personal") == "contact":
                yield from (value.casefold() for value in session.scalars(select(column).distinct()) if value)
