"""What a card shows: everything on the record, under names a reader understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.contacts.card.models import CardRequest
from outreach.contacts.lists import queries as lists
from outreach.contacts.models import Interaction, Person
from outreach.language import mark

LABELS = {
    "name": mark("Name"), "name_latin": mark("Name in Latin"), "name_cyrillic": mark("Name in Cyrillic"),
    "honorific": mark("Honorific"), "vocative": mark("Addressed as"), "languages": mark("Languages they work in"),
    "region": mark("Region"), "time_zone": mark("Time zone"), "channels": mark("Prefers"), "note": mark("Note"),
    "do_not_contact_reason": mark("Reason not to contact"), "next_step": mark("Next step"),
}  # fmt: skip
"""Every personal column of the record; `folded` is the name again, as search compares it."""
MOST = 500


@dataclass(frozen=True)
class Held:
    """A person's card. `said`: label and value of what is filled in, but for the channels, which are codes.

    `passed`: what was between us, without its words.
    """

    person: Person
    said: Sequence[tuple[str, str]]
    lists: Sequence[str]
    passed: Sequence[Interaction]
    requests: Sequence[CardRequest]


def card(session: Session, person: Person) -> Held:
    """Everything that is held about somebody whose record was opened."""
    passed = select(Interaction).where(Interaction.person_id == person.id)
    asked = select(CardRequest).where(CardRequest.person_id == person.id)
    return Held(
        person=person,
        said=[(label, said) for name, label in LABELS.items() if name != "channels" and (said := spoken(person, name))],
        lists=[one.name for one, _ in lists.lists_of(session, person.id)],
        passed=list(session.scalars(passed.order_by(Interaction.at.desc(), Interaction.id.desc()).limit(MOST))),
        requests=list(session.scalars(asked.order_by(CardRequest.id.desc()).limit(20))),
    )


def spoken(person: Person, name: str) -> str:
    """A column of the record as words; beats, which have a table of their own, too."""
    if name == "beats":
        return ", ".join(held.beat for held in person.beats)
    value = getattr(person, name)
    return ", ".join(value) if isinstance(value, list) else str(value)
