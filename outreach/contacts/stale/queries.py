"""The views of the work queue: each finds its rows by an index, the longest wait first, and counts nobody.

A page is found by where the one before ended, so that the thousandth costs what the first does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.orm import Session, selectinload

from outreach.contacts import notices
from outreach.contacts.models import EMAIL, OWED_NOTICE, Affiliation, ContactAddress, Person
from outreach.contacts.reach import UNREACHABLE
from outreach.mail.models import Suppression

Found = Select[*tuple[Any, ...]]
VIEWS = BOUNCED, UNCONFIRMED, SILENT, NOTICE, OVERDUE = ("bounced", "unconfirmed", "silent", "notice", "overdue")
PER_PAGE = 50
A_YEAR = timedelta(days=365)
MONTHS = (3, 6, 12, 24)
"""After how many months without a contact somebody is silent; the page offers these."""


@dataclass(frozen=True)
class Wanted:
    """What the page asks for. `after`: the sort key and the id of the last row of the page before."""

    view: str
    now: datetime
    today: date
    months: int = 12
    after: tuple[str, int] | None = None


@dataclass(frozen=True)
class Row:
    """A person with the reason to look: since when, and for a bounce the address and what the server said."""

    person: Person
    since: datetime | date
    address: ContactAddress | None = None
    reason: str = ""


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    next: tuple[str, int] | None


def page(session: Session, wanted: Wanted) -> Page:
    """One page of a view."""
    if wanted.view == BOUNCED:
        return _bounced(session, wanted)
    found = _VIEWS[wanted.view](wanted)
    rows = session.execute(found.options(*_LOADED).limit(PER_PAGE + 1)).all()
    shown = [Row(person, since) for person, since in rows[:PER_PAGE]]
    return Page(shown, _next(rows, [(row.since.isoformat(), row.person.id) for row in shown]))


def read_place(view: str, written: str) -> tuple[str, int] | None:
    """Where the page before ended, as its link says it ("2026-01-01T09:00:00+00:00,17"); None for nonsense."""
    key, _, last = written.rpartition(",")
    try:
        _KEYS[view](key)
        number = int(last)
    except (KeyError, ValueError):
        return None
    return (key, number) if 0 <= number < 2**53 else None


def _instant(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at


def _number(written: str) -> int:
    number = int(written)
    if not 0 <= number < 2**53:
        raise ValueError("no such number")
    return number


_KEYS: dict[str, Callable[[str], Any]] = {
    BOUNCED: _number, UNCONFIRMED: _instant, SILENT: _instant, NOTICE: _instant, OVERDUE: date.fromisoformat,
}  # fmt: skip
_LOADED = (
    selectinload(Person.affiliations).selectinload(Affiliation.organisation),
    selectinload(Person.addresses),
)


def _next(rows: Sequence[Any], keys: Sequence[tuple[str, int]]) -> tuple[str, int] | None:
    return keys[-1] if len(rows) > PER_PAGE else None


def _ordered(found: Found, column: Any, wanted: Wanted) -> Found:
    """By this column and the id, from where the page before ended."""
    if wanted.after is not None:
        at, last = _KEYS[wanted.view](wanted.after[0]), wanted.after[1]
        found = found.where(or_(column > at, and_(column == at, Person.id > last)), column >= at)
    return found.order_by(column, Person.id)


def _unconfirmed(wanted: Wanted) -> Found:
    """Nobody has said for a year that the record is right."""
    right = func.coalesce(Person.confirmed_at, Person.created_at)
    found = select(Person, right).where(Person.ended_at.is_(None), right < wanted.now - A_YEAR)
    return _ordered(found, right, wanted)


def _silent(wanted: Wanted) -> Found:
    """We were in contact once, and not for so many months; who is not to be contacted may be silent."""
    since = wanted.now - timedelta(days=round(wanted.months * 30.44))
    found = select(Person, Person.last_contact_at).where(
        Person.last_contact_at < since, Person.ended_at.is_(None), Person.do_not_contact.is_(False)
    )
    return _ordered(found, Person.last_contact_at, wanted)


def _notice(wanted: Wanted) -> Found:
    """The month is over, or soon is, and they have not been told that we hold this."""
    soon = wanted.now - notices.WITHIN + timedelta(days=7)
    found = select(Person, Person.created_at).where(text(OWED_NOTICE), Person.created_at <= soon)
    return _ordered(found, Person.created_at, wanted)


def _overdue(wanted: Wanted) -> Found:
    """The day of the next step has passed."""
    found = select(Person, Person.next_step_on).where(Person.next_step_on < wanted.today, Person.ended_at.is_(None))
    return _ordered(found, Person.next_step_on, wanted)


_VIEWS: dict[str, Callable[[Wanted], Found]] = {
    UNCONFIRMED: _unconfirmed, SILENT: _silent, NOTICE: _notice, OVERDUE: _overdue,
}  # fmt: skip


def _bounced(session: Session, wanted: Wanted) -> Page:
    """Addresses that mail does not get through to, the latest first, each with everybody who is reached by it."""
    theirs = (
        select(ContactAddress.id)
        .join(Person, Person.id == ContactAddress.person_id)
        .where(ContactAddress.address_hash == Suppression.address_hash, ContactAddress.kind == EMAIL)
        .where(Person.ended_at.is_(None))
    )
    found = select(Suppression).where(Suppression.reason.in_(UNREACHABLE), theirs.exists())
    if wanted.after is not None:
        found = found.where(Suppression.id < int(wanted.after[0]))
    stops = list(session.scalars(found.order_by(Suppression.id.desc()).limit(PER_PAGE + 1)))
    shown = {stop.address_hash: stop for stop in stops[:PER_PAGE]}
    places = {hashed: place for place, hashed in enumerate(shown)}
    reached = sorted(session.execute(_reached_by(list(shown))), key=lambda row: places[row[1].address_hash])
    stopped = ((person, address, shown[address.address_hash]) for person, address in reached)
    rows = [Row(person, stop.at, address, stop.reason) for person, address, stop in stopped]
    return Page(rows, _next(stops, [(str(stop.id), 0) for stop in shown.values()]))


def _reached_by(hashes: Sequence[str]) -> Select[Person, ContactAddress]:
    return (
        select(Person, ContactAddress)
        .join(ContactAddress, ContactAddress.person_id == Person.id)
        .where(ContactAddress.address_hash.in_(hashes), ContactAddress.kind == EMAIL, Person.ended_at.is_(None))
        .order_by(ContactAddress.id)
        .options(*_LOADED)
        .limit(4 * PER_PAGE)
    )
