"""An issue from its freezing to its end, and what an officer may do about it before it leaves.

The default is go: whoever does nothing lets it leave at its time. Everything here may be done twice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.audit import AuditEntry
from outreach.db import insert
from outreach.digests import queries
from outreach.digests.models import DigestIssue, DigestIssueItem
from outreach.digests.rounds import Round
from outreach.errors import IllegalMove, NotFound
from outreach.language import mark
from outreach.newsroom.models import Publication
from outreach.subscriptions.slots import Slot

LEFT = mark("This issue has left already.")


def freeze(session: Session, turn: Round, now: datetime, publications: Sequence[int]) -> DigestIssue:
    """The issue of the round, carrying these publications besides those it has."""
    found = opened(session, turn.slot, now)
    found.closes_at = max(found.closes_at, turn.slot.closes_at)
    rows = [{"issue_id": found.id, "publication_id": one, "frozen_at": now} for one in publications]
    if rows:
        session.execute(insert(session, DigestIssueItem).values(rows).on_conflict_do_nothing())
    session.flush()
    return found


def opened(session: Session, slot: Slot, now: datetime) -> DigestIssue:
    """The issue of a slot, held for this transaction; made by whoever comes first, closed as yet to nothing."""
    made = insert(session, DigestIssue).values(
        cadence=slot.cadence, slot=slot.key, at=slot.at, closes_at=min(now, slot.closes_at), done=[]
    )
    session.execute(made.on_conflict_do_nothing())
    held = select(DigestIssue).where(DigestIssue.cadence == slot.cadence, DigestIssue.slot == slot.key)
    return session.scalars(held.with_for_update().execution_options(populate_existing=True)).one()


def finish(session: Session, turn: Round, now: datetime) -> None:
    """Everybody of the round was served; who comes later waits for the next slot."""
    found = opened(session, turn.slot, now)
    if turn.name not in found.done:
        found.done = sorted({*found.done, turn.name})
        session.flush()


def reopen(session: Session, issue_ids: Sequence[int]) -> None:
    """Look at the rounds of these issues again: something that was planned was taken back."""
    session.execute(update(DigestIssue).where(DigestIssue.id.in_(issue_ids)).values(done=[]))


def carry(session: Session, now: datetime, issue_id: int, said: dict[int, dict[str, Any]]) -> None:
    """Note that copies carry these publications, and in which words."""
    for publication_id, words in said.items():
        item = update(DigestIssueItem).where(
            DigestIssueItem.issue_id == issue_id, DigestIssueItem.publication_id == publication_id
        )
        session.execute(item.values(carried_at=now, said=words))


def tell_of_broken(session: Session, now: datetime, slot: Slot, publication_ids: Collection[int]) -> None:
    """Say once of each of these that no mail can be made of it; the others go without it (D-17)."""
    for publication_id in sorted(publication_ids):
        obj = f"publication:{publication_id}"
        told = select(AuditEntry.id).where(AuditEntry.obj == obj, AuditEntry.action == "digest.item_broken")
        if session.scalar(told.limit(1)) is None:
            audit.record(session, now, "digest.item_broken", obj, slot=f"{slot.cadence}/{slot.key}")


def hold(session: Session, now: datetime, slot: Slot, actor_id: int | None) -> None:
    """Let nothing leave for this slot until it is let go; of what leaves at once, nothing at all."""
    found = _before_it_leaves(session, slot, now)
    if found.held_at is None:
        found.held_at = now
        audit.record(session, now, "digest.held", _name(slot), actor_id)


def let_go(session: Session, now: datetime, slot: Slot, actor_id: int | None) -> None:
    """Go after all: at its time, or at once when that has passed."""
    for found in session.scalars(queries.holding(slot).with_for_update()):
        found.held_at = None
        audit.record(session, now, "digest.let_go", f"digest:{found.cadence}/{found.slot}", actor_id)


def drop(session: Session, now: datetime, slot: Slot, publication_id: int, actor_id: int | None) -> None:
    """Leave a publication out of this issue and of all later ones of its cadence, until it is put back."""
    found = _before_it_leaves(session, slot, now)
    if session.get(Publication, publication_id) is None:
        raise NotFound("publication")
    row = {"issue_id": found.id, "publication_id": publication_id, "frozen_at": now}
    session.execute(insert(session, DigestIssueItem).values(row).on_conflict_do_nothing())
    item = session.get_one(DigestIssueItem, (found.id, publication_id))
    if item.dropped_at is None:
        item.dropped_at = now
        audit.record(session, now, "digest.item_dropped", _name(slot), actor_id, publication=publication_id)


def put_back(session: Session, now: datetime, slot: Slot, publication_id: int, actor_id: int | None) -> None:
    """Take a publication in again, whichever issue of this cadence it was dropped from: the next one has it."""
    dropped = (
        select(DigestIssueItem)
        .join(DigestIssue, DigestIssue.id == DigestIssueItem.issue_id)
        .where(DigestIssue.cadence == slot.cadence, DigestIssueItem.publication_id == publication_id)
        .where(DigestIssueItem.dropped_at.is_not(None))
    )
    items = session.scalars(dropped).all()
    for item in items:
        item.dropped_at = None
    if items:
        audit.record(session, now, "digest.item_put_back", _name(slot), actor_id, publication=publication_id)


def add_line(session: Session, now: datetime, slot: Slot, en: str | None, sr: str | None, actor_id: int | None) -> None:
    """Put a sentence above the items of every copy; none takes it away."""
    found = _before_it_leaves(session, slot, now)
    if (found.line_en, found.line_sr) != (en, sr):
        found.line_en, found.line_sr = en, sr
        audit.record(session, now, "digest.line", _name(slot), actor_id, is_set=bool(en or sr))


def _before_it_leaves(session: Session, slot: Slot, now: datetime) -> DigestIssue:
    """The issue, held; IllegalMove when copies of it are out and none is to come."""
    found = opened(session, slot, now)
    if slot.at <= now and queries.has_left(session, found):
        raise IllegalMove(LEFT)
    return found


def _name(slot: Slot) -> str:
    return f"digest:{slot.cadence}/{slot.key}"
