"""Who works where: begun, ended, put right. What has ended stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from outreach.contacts import organisations
from outreach.contacts.models import Affiliation, Organisation, Person
from outreach.errors import Conflict
from outreach.language import mark
from outreach.serbian import fold

TWICE = mark("The same place and role stands here twice.")


@dataclass(frozen=True)
class Post:
    """One affiliation as a form says it; `id` is empty for a new one. `is_over` without `to_on`: the day is unknown."""

    id: int | None
    organisation: str
    kind: str
    title: str = ""
    from_on: date | None = None
    to_on: date | None = None
    is_over: bool = False


def keep(session: Session, now: datetime, person: Person, wanted: Sequence[Post]) -> None:
    """Begin those that are new, put right those that are known; one that is not named stays as it is.

    Conflict("affiliations") when a place and role stands there twice.
    """
    known = {held.id: held for held in person.affiliations}
    named = {post.id for post in wanted}
    seen = {(held.organisation_id, held.title) for held in known.values() if held.id not in named}
    said: list[tuple[Affiliation, Organisation, Post]] = []
    for post in wanted:
        held = known.get(post.id or 0) or Affiliation(created_at=now)
        if held.id is None or fold(post.organisation) != held.organisation.folded:
            place = organisations.named(session, now, post.organisation, post.kind, organisations.BY_HAND)
        else:
            place = held.organisation
        if (place.id, post.title) in seen:
            raise Conflict("affiliations", TWICE)
        seen.add((place.id, post.title))
        said.append((held, place, post))
    _step_aside(session, said)
    for held, place, post in said:
        _put_right(now, held, place, post)
        if held.id is None:
            person.affiliations.append(held)
    session.flush()


def _step_aside(session: Session, said: Sequence[tuple[Affiliation, Organisation, Post]]) -> None:
    """Rows that get another place or role let go of their own first, so that two may take each other's."""
    for held, place, post in said:
        if held.id is not None and (held.organisation_id, held.title) != (place.id, post.title):
            held.title = f" {held.id}"  # no form says a role that begins with a space
    session.flush()


def _put_right(now: datetime, held: Affiliation, place: Organisation, post: Post) -> None:
    is_over = bool(post.is_over or post.to_on)
    says = (post.title, post.from_on, post.to_on, is_over)
    if (held.title, held.from_on, held.to_on, held.ended_at is not None) != says or held.organisation is not place:
        held.changed_at = now if held.id is not None else None
    held.organisation = place
    held.title, held.from_on, held.to_on = post.title, post.from_on, post.to_on
    held.ended_at = (held.ended_at or now) if is_over else None
