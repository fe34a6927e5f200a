"""Change the people that rows are about, and write down what each value was, so that all of it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts import filing
from outreach.contacts.imports.changes import Changes
from outreach.contacts.imports.known import Record
from outreach.contacts.imports.making import ADDRESS, AFFILIATION, BEAT, Stamp, organisations
from outreach.contacts.imports.models import ImportChange
from outreach.contacts.models import Affiliation, Person

Change = tuple[int, Record, Changes]
"""Number of the row, the record as it was, what becomes of it."""


def apply(session: Session, stamp: Stamp, planned: Sequence[Change]) -> None:
    """Make these changes; each person stands in them once."""
    if not planned:
        return
    places = organisations(session, stamp, (work for _, _, changes in planned for work in changes.works))
    for number, record, changes in planned:
        _change_person(session, stamp, record, changes)
        _change_places(session, stamp, changes)
        _note(session, stamp, number, record, changes)
    connection, run_id = session.connection(), stamp.run.id
    bulk.insert(connection, "contact_address", ADDRESS, [
        (record.id, *address, record.last_position + place, "", stamp.at, run_id)
        for _, record, changes in planned for place, address in enumerate(changes.addresses, start=1)
    ])  # fmt: skip
    bulk.insert(connection, "person_beat", BEAT, [
        (record.id, beat, run_id) for _, record, changes in planned for beat in changes.beats
    ])  # fmt: skip
    bulk.insert(connection, "affiliation", AFFILIATION, [
        (record.id, places[folded, kind], title, stamp.at, run_id)
        for _, record, changes in planned for _, folded, kind, title in changes.works
    ])  # fmt: skip
    filing.refile(session, [record.id for _, record, _ in planned])


def _change_person(session: Session, stamp: Stamp, record: Record, changes: Changes) -> None:
    """A person whom this import made itself is not newer than the import for it."""
    values = dict(changes.columns)
    if values.get("do_not_contact"):
        values["do_not_contact_at"] = stamp.now
    if record.columns["import_id"] != stamp.run.id:
        values |= {"version": Person.version + 1, "changed_at": stamp.now}
    if values:
        session.execute(update(Person).where(Person.id == record.id).values(values))


def _change_places(session: Session, stamp: Stamp, changes: Changes) -> None:
    ends = {"ended_at": stamp.now}
    values: dict[int, dict[str, Any]] = {each: ends for each in changes.ends}
    values |= {each: {"ended_at": None} for each in changes.reopens}
    values |= {each: {"title": title} for each, title in changes.titles.items()}
    for affiliation_id, changed in values.items():
        session.execute(update(Affiliation).where(Affiliation.id == affiliation_id).values(changed))


def _note(session: Session, stamp: Stamp, number: int, record: Record, changes: Changes) -> None:
    """Before and after of every value, by column of the person or by affiliation; `ended`: whether it is over."""
    before = {key: record.columns[key] for key in changes.columns if key != "folded"}
    after = {key: value for key, value in changes.columns.items() if key != "folded"}
    for place in record.places:
        if place.id in changes.ends or place.id in changes.reopens:
            before[f"affiliation:{place.id}:ended"], after[f"affiliation:{place.id}:ended"] = (
                place.is_over,
                not place.is_over,
            )
        elif place.id in changes.titles:
            before[f"affiliation:{place.id}:title"] = place.title
            after[f"affiliation:{place.id}:title"] = changes.titles[place.id]
    noted = {"import_id": stamp.run.id, "number": number, "person_id": record.id, "before": before, "after": after}
    session.execute(insert(ImportChange), [noted])
