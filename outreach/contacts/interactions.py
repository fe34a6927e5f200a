"""Note what passed between a person and us; the rooms above write it down here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from outreach.contacts.models import Interaction, Person

LONGEST = 300


def note(
    session: Session, now: datetime, person_id: int, kind: str, ref: str, path: str, summary: str,
    is_on_time: bool | None = None,
) -> Interaction:  # fmt: skip
    """Note one interaction; the same kind, ref and summary is noted once, so that a repeated click adds nothing.

    kind: a word of the room above ("inquiry", "answer"). ref: its owner ("inquiry:26-10432-7"). path: its page.
    is_on_time: whether an answer left before its deadline; what was first said of that stays.
    """
    words = " ".join(summary.split())[:LONGEST]
    same = select(Interaction).filter_by(person_id=person_id, kind=kind, ref=ref, summary=words)
    earlier = session.scalar(same)
    if earlier is not None:
        earlier.is_on_time = is_on_time if earlier.is_on_time is None else earlier.is_on_time
        return earlier
    made = Interaction(person_id=person_id, kind=kind, ref=ref, path=path, at=now, summary=words, is_on_time=is_on_time)
    session.add(made)
    is_later = or_(Person.last_contact_at.is_(None), Person.last_contact_at < now)
    session.execute(update(Person).where(Person.id == person_id, is_later).values(last_contact_at=now))
    session.flush()
    return made


def note_bulk(
    session: Session, at: datetime, person_ids: Sequence[int], kind: str, ref: str, path: str, summary: str
) -> None:
    """Note the same for many, each once by the caller. What goes to many is no contact: no silence ends by it."""
    words = " ".join(summary.split())[:LONGEST]
    same = {"kind": kind, "ref": ref, "path": path, "at": at, "summary": words, "text": ""}
    if person_ids:
        session.execute(insert(Interaction), [{"person_id": person_id, **same} for person_id in person_ids])


def forget(session: Session, person_id: int, kind: str, ref: str) -> None:
    """It did not happen: what was to pass was stopped in time."""
    session.execute(delete(Interaction).where(Interaction.person_id == person_id).filter_by(kind=kind, ref=ref))


def unjudge(session: Session, person_id: int, kind: str, ref: str) -> None:
    """What passed stands, but was no answer after all: it is neither on time nor late."""
    of = update(Interaction).where(Interaction.person_id == person_id).filter_by(kind=kind, ref=ref)
    session.execute(of.values(is_on_time=None))
