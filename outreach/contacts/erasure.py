"""What is forgotten of a person, as far as this room and the mail room hold it (reliability.md P-06, P-07).

The row with its number stays, and the kind and day of what passed between us; nothing on them leads to anybody. What
also stays is the keyed hash of each e-mail address in the suppression list, so that no import brings it back, and the
audit, which holds numbers only. The rooms above keep what they hold: an inquiry with its name and address, a
subscription; each has its own way to forget.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, delete, inspect, or_, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing
from outreach.contacts.imports.models import ImportRow
from outreach.contacts.models import EMAIL, ContactAddress, Interaction, Person, Wish
from outreach.db import Model
from outreach.mail import forgetting, outbox, suppressions
from outreach.mail.inbound import taking

if TYPE_CHECKING:
    from outreach.house import House

ERASED = "erased"
_ROOM = "outreach.contacts."


def erase(
    session: Session, house: House, now: datetime, person_id: int, reason: str, actor_id: int | None = None
) -> None:
    """Erase a person with every record that was merged into theirs, for a `reason` (a code). Twice is no error."""
    people = _with_absorbed(session, person_id)
    mails = _addresses(session, people)
    for person in people:
        person.ended_at, person.changed_at, person.do_not_contact = person.ended_at or now, now, True
    ids = [person.id for person in people]
    filing.refile(session, ids)  # while what it looks for is still there
    refs = [ref for person in people for ref in (f"person:{person.id}", person.mailings_ref)]
    for ref in refs:
        outbox.cancel(session, ref, ERASED, now)
    forgetting.blank(session, refs)
    _forget_addresses(session, house, now, mails)
    _forget_imports(session, ids, mails)
    session.flush()
    _drop_rows(session, ids)
    session.execute(update(Interaction).where(Interaction.person_id.in_(ids)).values(summary="", text=""))
    _empty(session, ids)
    audit.record(session, now, "person.erased", f"person:{person_id}", actor_id, reason=reason)


def _with_absorbed(session: Session, person_id: int) -> list[Person]:
    """The person and whoever was merged into them, however many merges ago."""
    found, fresh = [], [session.get_one(Person, person_id, with_for_update=True)]
    while fresh:
        found += fresh
        into = select(Person).where(Person.survivor_id.in_([person.id for person in fresh]))
        fresh = [person for person in session.scalars(into.with_for_update()) if person not in found]
    return found


def _addresses(session: Session, people: Collection[Person]) -> list[str]:
    held = select(ContactAddress.value).where(
        ContactAddress.person_id.in_([person.id for person in people]), ContactAddress.kind == EMAIL
    )
    return list(session.scalars(held))


def _forget_addresses(session: Session, house: House, now: datetime, mails: Collection[str]) -> None:
    for address in mails:
        try:
            suppressions.suppress(session, house, address, suppressions.ALL, ERASED, now)
        except ValueError:
            continue  # it was written down wrong, and no mail can go there
        taking.forget_address(session, house, now, address)
    session.execute(delete(Wish).where(Wish.address.in_(mails)))


def _forget_imports(session: Session, ids: Collection[int], mails: Collection[str]) -> None:
    """The lines of files in which they stand, whether or not they were applied."""
    named = [ImportRow.cells.icontains(address, autoescape=True) for address in mails]
    lines = update(ImportRow).where(or_(ImportRow.person_id.in_(ids), *named))
    session.execute(lines.values(cells="", reasons=[]), execution_options={"synchronize_session": False})


def _drop_rows(session: Session, ids: Collection[int]) -> None:
    """What this room keeps of a person in tables of its own: addresses, beats, lists, pairs, merges, requests."""
    for table in _of_this_room():
        owners = [key.parent for key in table.foreign_keys if key.column.table is _PERSON and not key.parent.nullable]
        if table.name == "contact_address":
            owners = [table.c.person_id]
        if table.name != "interaction":
            for owner in owners:
                _drop(session, table, owner.in_(ids))
    session.expire_all()


def _drop(session: Session, table: Table, which: ColumnElement[bool]) -> None:
    """Delete these rows, and before them those that hang on them."""
    for child in _of_this_room():
        for key in child.foreign_keys:
            if key.column.table is table and child is not table:
                _drop(session, child, key.parent.in_(select(key.column).where(which)))
    session.execute(delete(table).where(which))


def _of_this_room() -> Iterator[Table]:
    for mapper in Model.registry.mappers:
        if mapper.class_.__module__.startswith(_ROOM):
            yield inspect(mapper.class_).local_table


def _empty(session: Session, ids: Collection[int]) -> None:
    """Every column of the record that is declared personal; the source too, which may name somebody."""
    columns = [column for column in _PERSON.columns if column.info.get("personal")]
    emptied: dict[str, Any] = {column.name: forgetting.nothing(column) for column in columns}
    emptied |= {"source": ERASED, "next_step_on": None, "owner_id": None}
    rows = update(Person).where(Person.id.in_(ids)).values(emptied)
    session.execute(rows, execution_options={"synchronize_session": False})
    session.expire_all()


_PERSON = Model.metadata.tables[Person.__tablename__]
