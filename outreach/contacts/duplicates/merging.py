"""Take one record into another: the survivor keeps both pasts, the absorbed one ends and leads to the survivor."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, or_, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import filing
from outreach.contacts.duplicates.journal import Journal, Values, rows_of
from outreach.contacts.duplicates.models import CandidatePair, Merge, MergeRow
from outreach.contacts.duplicates.repointing import repoint
from outreach.contacts.models import ContactAddress, Person
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.language import mark

FIELDS = (
    "name", "name_latin", "name_cyrillic", "honorific", "vocative", "preferred_variant", "region", "time_zone",
    "owner_id", "lawful_basis", "next_step", "note",
)  # fmt: skip
"""What a person chooses between. Everything else of the two is kept."""
MINE, THEIRS, BOTH = "mine", "theirs", "both"
GO_TOGETHER = {"name": ("name", "folded"), "next_step": ("next_step", "next_step_on")}
PEOPLE, PAIRS, ADDRESSES = (cast(Table, each.__table__) for each in (Person, CandidatePair, ContactAddress))
CHANGED_MEANWHILE = mark("One of the two records was changed meanwhile. Look at both again, then merge.")
NOT_ITSELF = mark("A record cannot be merged with itself.")


def merge(
    session: Session,
    now: datetime,
    survivor_id: int,
    absorbed_id: int,
    *,
    versions: tuple[int, int],
    choices: Mapping[str, str],
    actor_id: int | None,
) -> Merge:
    """Merge; once done, asking again gives the same merge.

    `versions`: of the survivor and the absorbed as they were seen; Conflict when either is another by now. `choices`:
    by field "mine" (the survivor's), "theirs" or, for the note, "both"; without one the survivor's stays unless empty.

    It is one transaction, however long the two pasts are, since half a merge would be neither record: a fifth of a
    second with 5,000 entries, half a second with 20,000. So is its undoing.
    """
    session.flush()
    survivor, absorbed = _locked(session, survivor_id, absorbed_id)
    done = _already(session, survivor, absorbed)
    if done is not None:
        return done
    if survivor["ended_at"] or absorbed["ended_at"]:
        raise NotFound
    if (survivor["version"], absorbed["version"]) != versions:
        raise Conflict("version", CHANGED_MEANWHILE)
    made = Merge(survivor_id=survivor_id, absorbed_id=absorbed_id, merged_at=now, merged_by=actor_id)
    session.add(made)
    session.flush()
    _unite(Journal(session, made.id), now, survivor, absorbed, choices)
    audit.record(session, now, "person.merged", f"person:{survivor_id}", actor_id, absorbed=absorbed_id, merge=made.id)
    audit.record(session, now, "person.absorbed", f"person:{absorbed_id}", actor_id, survivor=survivor_id)
    return made


def united(survivor: Values, absorbed: Values, choices: Mapping[str, str]) -> dict[str, Any]:
    """The values of the survivor after the merge. Who must not be contacted in one record must not be in the other."""
    values: dict[str, Any] = {}
    for field in FIELDS:
        chosen = choices.get(field) or (MINE if survivor[field] else THEIRS)
        for name in GO_TOGETHER.get(field, (field,)):
            values[name] = (absorbed if chosen == THEIRS else survivor)[name]
        if chosen == BOTH:
            values[field] = "\n\n".join(text for text in (survivor[field], absorbed[field]) if text)
    for name in ("languages", "channels"):
        values[name] = list(dict.fromkeys([*survivor[name], *absorbed[name]]))
    for name, choose in (("noticed_at", min), ("confirmed_at", max), ("last_contact_at", max)):
        values[name] = choose((at for at in (survivor[name], absorbed[name]) if at), default=None)
    barred = [each for each in (survivor, absorbed) if each["do_not_contact"]]
    if barred:
        first = min(barred, key=lambda each: (each["do_not_contact_at"] is None, each["do_not_contact_at"]))
        reasons = dict.fromkeys(each["do_not_contact_reason"] for each in barred if each["do_not_contact_reason"])
        values |= {"do_not_contact": True, "do_not_contact_at": first["do_not_contact_at"]}
        values["do_not_contact_reason"] = "; ".join(reasons)[:300]
    return values


def _unite(
    journal: Journal,
    now: datetime,
    survivor: Values,
    absorbed: Values,
    choices: Mapping[str, str],
) -> None:
    session, mine, theirs = journal.session, survivor["id"], absorbed["id"]
    _take_pairs(journal, mine, theirs)
    journal.change(PEOPLE, absorbed, {"ended_at": now, "survivor_id": mine})
    bump(session, now, theirs)
    filing.refile(session, [theirs])  # what is made from the record goes with it
    _put_last(journal, mine, theirs)
    repoint(journal, PEOPLE, theirs, mine)
    journal.change(PEOPLE, survivor, united(survivor, absorbed, choices))
    journal.write()
    bump(session, now, mine)
    session.expire_all()
    filing.refile(session, [mine])


def forget(session: Session, person_ids: Collection[int]) -> None:
    """Remove the history of merges of people who are removed altogether."""
    of_them = or_(Merge.survivor_id.in_(person_ids), Merge.absorbed_id.in_(person_ids))
    merges = select(Merge.id).where(of_them).scalar_subquery()
    session.execute(delete(MergeRow).where(MergeRow.merge_id.in_(merges)))
    session.execute(delete(Merge).where(of_them))
    session.execute(PEOPLE.update().where(PEOPLE.c.survivor_id.in_(person_ids)).values(survivor_id=None))


def bump(session: Session, now: datetime, person_id: int) -> None:
    """The record is another than whoever has it open knows."""
    values = {"version": PEOPLE.c.version + 1, "changed_at": now}
    session.execute(PEOPLE.update().where(PEOPLE.c.id == person_id).values(values))
    session.expire_all()


def _locked(session: Session, *person_ids: int) -> list[Values]:
    if len(set(person_ids)) < len(person_ids):
        raise IllegalMove(NOT_ITSELF)
    held = select(PEOPLE).where(PEOPLE.c.id.in_(person_ids)).order_by(PEOPLE.c.id).with_for_update()
    rows = {row["id"]: row for row in rows_of(session, held)}
    if len(rows) < len(person_ids):
        raise NotFound
    return [rows[each] for each in person_ids]


def _already(session: Session, survivor: Values, absorbed: Values) -> Merge | None:
    if absorbed["survivor_id"] != survivor["id"]:
        return None
    theirs = select(Merge).where(Merge.survivor_id == survivor["id"], Merge.absorbed_id == absorbed["id"])
    return session.scalar(theirs.where(Merge.undone_at.is_(None)))


def _take_pairs(journal: Journal, survivor_id: int, absorbed_id: int) -> None:
    """Pairs of the absorbed become pairs of the survivor; one that the survivor has already, or both are in, goes."""
    held = select(PAIRS).where(or_(PAIRS.c.low_id == absorbed_id, PAIRS.c.high_id == absorbed_id))
    for row in rows_of(journal.session, held):
        other = row["high_id"] if row["low_id"] == absorbed_id else row["low_id"]
        ends = {"low_id": min(other, survivor_id), "high_id": max(other, survivor_id)}
        same = select(PAIRS.c.id).filter_by(**ends)
        if other == survivor_id or journal.session.execute(same).first():
            journal.drop(PAIRS, row)
        else:
            journal.change(PAIRS, row, ends)


def _put_last(journal: Journal, survivor_id: int, absorbed_id: int) -> None:
    """The survivor's preferred addresses stay so; the other's come after them."""
    last = select(func.max(ADDRESSES.c.position)).where(ADDRESSES.c.person_id == survivor_id)
    first = (journal.session.execute(last).scalar() or 0) + 1
    theirs = select(ADDRESSES).where(ADDRESSES.c.person_id == absorbed_id)
    for row in rows_of(journal.session, theirs):
        journal.change(ADDRESSES, row, {"position": row["position"] + first})
