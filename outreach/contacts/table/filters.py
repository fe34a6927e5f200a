"""What each filter of the table means in the database's words, evaluated live: nothing is kept that could be stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, false, or_, select, text
from sqlalchemy.orm import Session, aliased

from outreach.contacts import finding
from outreach.contacts.index_models import PersonIndex
from outreach.contacts.lists.models import PressList, PressListMember
from outreach.contacts.models import (
    LAWFUL_BASES,
    ORGANISATION_KINDS,
    OWED_NOTICE,
    Affiliation,
    ContactAddress,
    Interaction,
    Organisation,
    Person,
    PersonBeat,
)
from outreach.contacts.table import languages
from outreach.contacts.table.asked import Asked
from outreach.contacts.table.unindexed import unindexed
from outreach.language import Variant
from outreach.mail.models import Suppression
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

NOBODY = "nobody"
ON_TIME, LATE = "on_time", "late"
MOST_DAYS = 10_000
MOST_HITS = 5_000  # each is a row that has to be read
A_DAY = timedelta(days=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Part:
    """One filter, said twice: the ids that fit, by an index, and whether the `Person` at hand fits. Without `ids`,
    so many fit that an index would not help.

    `of`: whether whoever has the id in this column fits, where the person's own row need not be read for that.
    `filed`: whether whoever's `PersonIndex` is at hand fits. More than `most` are not counted out; `at_least` and
    `at_most` are sooner counted than the ids, and no more than these, or hardly ever fewer. `known`: what must hold of
    the last contact, in words that its index serves; `unknown`: whether somebody without one may fit.
    """

    row: ColumnElement[bool]
    ids: Select[Any] | None = None
    of: Callable[[Any], ColumnElement[bool]] | None = None
    most: int = 200_000
    at_least: Select[Any] | None = None
    at_most: Select[Any] | None = None
    known: ColumnElement[bool] | None = None
    unknown: bool = True
    filed: ColumnElement[bool] | None = None


def parts(session: Session, house: House, asked: Asked, now: datetime) -> list[Part]:
    """All that must hold of a person who has not ended. What means nothing fits nobody; a day is the office's."""
    local = now.astimezone(house.office.zone)
    said = dict(asked.filters)
    found = [_language(session, asked["language"])] if asked["language"] else []
    found += [means(said[name], local) for name, means in MEANINGS.items() if name in said]
    if asked["q"]:
        found.append(_words(session, asked))
    return found


def is_inside(session: Session, asked: Asked) -> bool:
    """Whether words are looked for inside of words: when that was asked, or when nobody has them at the beginning."""
    words = finding.typed(asked["q"])
    if asked["inside"] or not any(len(word) >= finding.SHORTEST_INSIDE for word in words):
        return bool(asked["inside"])
    beginnings = finding.hits(session.get_bind().dialect.name, words, is_inside=False)
    return session.scalar(beginnings.limit(1)) is None


def _words(session: Session, asked: Asked) -> Part:
    words, inside = finding.typed(asked["q"]), is_inside(session, asked)
    if not words:
        return Part(false())
    own, dialect = aliased(PersonIndex), session.get_bind().dialect.name
    theirs = _of(select(own.person_id).where(finding.has(words, inside, own.words)), own.person_id)
    hits, filed = finding.hits(dialect, words, inside), finding.has(words, inside)
    found = replace(theirs, ids=hits, filed=filed, most=MOST_HITS)
    if dialect == "sqlite":
        return found
    return replace(found, most=4 * MOST_HITS, at_least=finding.in_front(words, inside, 2 * MOST_HITS))


def _language(session: Session, value: str) -> Part:
    theirs = languages.combinations(session, value)
    if not theirs:
        return Part(false())
    dialect = session.get_bind().dialect.name
    ids = languages.ids(dialect, theirs)
    found = Part(languages.fits(dialect, theirs), ids)
    if dialect == "sqlite":
        return found
    if languages.is_rare(session, ids, 4 * MOST_HITS):
        found = Part(in_set(Person.__table__.c.id, ids), ids, lambda column: in_set(column, ids))
    return replace(found, most=4 * MOST_HITS)


def in_set(column: Any, ids: Select[Any]) -> ColumnElement[bool]:
    """Whether this id is in a set that is made once and held at hand; PostgreSQL would make a join of it otherwise."""
    fits: ColumnElement[bool] = column.in_(ids).is_(True)
    return fits


def _own(column: Any, means: Callable[[Any], Any]) -> Part:
    """A column of the person itself. Of the person at hand it is read from the row, not looked up in an index."""
    return Part(_read(column, means), select(Person.id).where(means(column)))


def _read(column: Any, means: Callable[[Any], Any]) -> Any:
    return means(unindexed(column))


def _of(ids: Select[Any], person_id: Any) -> Part:
    """Somebody of whom another table has a row. It is looked up for each that is asked about: the offset keeps
    PostgreSQL from reading all who fit for the sake of a few thousand."""

    def of(column: Any) -> ColumnElement[bool]:
        return ids.where(person_id == column).correlate(column.table).offset(0).exists()

    return Part(of(Person.__table__.c.id), ids, of)


def _where_they_work(condition: ColumnElement[bool]) -> Part:
    """All who fit are read place by place; of one person, the few places are looked at."""
    there = aliased(Affiliation)
    ids = select(there.person_id).where(there.ended_at.is_(None))
    places = select(Organisation.id).where(condition)
    by_person = ids.join(Organisation, Organisation.id == there.organisation_id).where(condition)
    return replace(_of(by_person, there.person_id), ids=ids.where(there.organisation_id.in_(places)))


def _kind(value: str, _now: datetime) -> Part:
    return _where_they_work(Organisation.kind == value) if value in ORGANISATION_KINDS else Part(false())


def _outlet(value: str, _now: datetime) -> Part:
    name = fold(value)
    return _where_they_work(Organisation.folded.startswith(name, autoescape=True)) if name else Part(false())


def _beat(value: str, _now: datetime) -> Part:
    return _of(select(PersonBeat.person_id).where(PersonBeat.beat == value.casefold()), PersonBeat.person_id)


def _writes(value: str, _now: datetime) -> Part:
    return Part(Person.preferred_variant == value if value in {one.segment for one in Variant} else false())


def _region(value: str, _now: datetime) -> Part:
    return _own(Person.region, lambda region: region == value)


def _owner(value: str, _now: datetime) -> Part:
    if value == NOBODY:
        return Part(_read(Person.owner_id, lambda owner: owner.is_(None)))
    number = _number(value)
    return _own(Person.owner_id, lambda owner: owner == number) if number is not None else Part(false())


def _basis(value: str, _now: datetime) -> Part:
    return _own(Person.lawful_basis, lambda basis: basis == value) if value in LAWFUL_BASES else Part(false())


def _list(value: str, _now: datetime) -> Part:
    ids = select(PressListMember.person_id).join(PressList, PressList.id == PressListMember.list_id)
    living = ids.where(PressListMember.ended_at.is_(None), PressList.ended_at.is_(None))
    return _of(living.where(PressListMember.list_id == (_number(value) or 0)), PressListMember.person_id)


def _silent(value: str, now: datetime) -> Part:
    days = _number(value)
    if days is None or days > MOST_DAYS:
        return Part(false())
    before = now - timedelta(days=days)
    silent = _read(Person.last_contact_at, lambda at: or_(at.is_(None), at < before))
    return Part(silent, known=Person.last_contact_at < before)


def _since(value: str, now: datetime) -> Part:
    begins = _midnight(value, now.tzinfo)
    return _contact(lambda at: at >= begins) if begins else Part(false())


def _until(value: str, now: datetime) -> Part:
    ends = _midnight(value, now.tzinfo, A_DAY)
    return _contact(lambda at: at < ends) if ends else Part(false())


def _contact(means: Callable[[Any], Any]) -> Part:
    return replace(_own(Person.last_contact_at, means), known=means(Person.last_contact_at), unknown=False)


def _answered(value: str, _now: datetime) -> Part:
    if value not in (ON_TIME, LATE):
        return Part(false())
    ids = select(Interaction.person_id).where(Interaction.is_on_time == (value == ON_TIME))
    return _of(ids, Interaction.person_id)


def _dnc(value: str, _now: datetime) -> Part:
    if value == "yes":
        return Part(Person.do_not_contact.is_(True), select(Person.id).where(Person.do_not_contact))
    return Part(Person.do_not_contact.is_(False)) if value == "no" else Part(false())


def _notice(value: str, _now: datetime) -> Part:
    owed: Any = text(OWED_NOTICE)
    ids = select(Person.id).where(Person.created_at > LONG_AGO, owed)  # by the index over them, which begins with it
    return Part(owed, ids.correlate(None)) if value == "due" else Part(false())


def _bounced(value: str, _now: datetime) -> Part:
    if value != "yes":
        return Part(false())
    refused = select(Suppression.address_hash).where(Suppression.reason.like("%bounce%"))
    ids = select(ContactAddress.person_id).where(
        ContactAddress.person_id.is_not(None), ContactAddress.address_hash.in_(refused)
    )
    by_person = select(ContactAddress.person_id).where(unindexed(ContactAddress.address_hash).in_(refused))
    return replace(_of(by_person, ContactAddress.person_id), ids=ids, at_most=refused)


def _import(value: str, _now: datetime) -> Part:
    return _own(Person.import_id, lambda came: came == (_number(value) or 0))


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _midnight(value: str, zone: tzinfo | None, later: timedelta = timedelta()) -> datetime | None:
    """When this day begins in the zone, or one so much later; None for no day that anybody means."""
    try:
        return datetime.combine(date.fromisoformat(value) + later, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# In the order in which SQLite asks about a person: what takes the most looking up comes last.
MEANINGS: dict[str, Callable[[str, datetime], Part]] = {
    "writes": _writes, "region": _region, "owner": _owner, "basis": _basis, "silent": _silent, "since": _since,
    "until": _until, "dnc": _dnc, "notice": _notice, "import": _import, "beat": _beat, "list": _list,
    "answered": _answered, "bounced": _bounced, "kind": _kind, "outlet": _outlet,
}  # fmt: skip
