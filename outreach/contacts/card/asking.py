"""What a person does with their card: propose corrections, say that it is right, object, ask to be erased.

An objection holds at once. What changes or removes the record lies there until somebody has looked at it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts import interactions, notices, records
from outreach.contacts.card import emails, links
from outreach.contacts.card.held import spoken
from outreach.contacts.card.models import CORRECTION, ERASURE, CardRequest
from outreach.contacts.models import EMAIL, ContactAddress, Interaction, Person
from outreach.errors import Conflict
from outreach.language import Variant, mark
from outreach.mail import addresses, outbox

if TYPE_CHECKING:
    from outreach.house import House

CORRECTABLE = (
    "name",
    "name_latin",
    "name_cyrillic",
    "honorific",
    "vocative",
    "languages",
    "beats",
    "region",
    "time_zone",
)
OBJECTED = mark("they objected on their card")
NO_ADDRESS = mark("There is no e-mail address to send it to. Copy the link instead.")
NOT_MAILED = mark("This address is not mailed. Copy the link instead.")
STOPPED = mark("They are not to be contacted. Copy the link if they asked for it.")


def send(session: Session, house: House, now: datetime, person_id: int, actor_id: int | None) -> None:
    """Mail somebody the link to their card, which tells them that we hold it; once a day at most.

    Conflict("card") with the reason when it cannot be mailed.
    """
    person = records.opened(session, person_id)
    address = next((held for held in person.addresses if held.kind == EMAIL), None)
    if person.do_not_contact:
        raise Conflict("card", STOPPED)
    if address is None:
        raise Conflict("card", NO_ADDRESS)
    ref = f"card:{person_id}:{now.date().isoformat()}"
    if session.scalar(select(Interaction.id).filter_by(person_id=person_id, ref=ref)) is not None:
        return
    mail = outbox.enqueue(
        session, house, now, kind="contact_card", ref=f"person:{person_id}", to_address=address.value,
        variant=Variant.of(person.preferred_variant), words=emails.card(house, person, address, now),
    )  # fmt: skip
    if mail is None:
        raise Conflict("card", NOT_MAILED)
    interactions.note(session, now, person_id, "card", ref, "", addresses.masked(address.value))
    notices.mark_given(session, now, [person_id], actor_id)
    audit.record(session, now, "person.card_sent", f"person:{person_id}", actor_id)


def take_link(
    session: Session, house: House, now: datetime, person_id: int, actor_id: int | None
) -> tuple[Person, str]:
    """Whose card it is, and a link to it that an officer hands on; the audit says who took it."""
    person = records.opened(session, person_id)
    audit.record(session, now, "person.card_copied", f"person:{person_id}", actor_id)
    return person, links.copied(house, person, now)


def correct(session: Session, now: datetime, person: Person, proposed: dict[str, str], words: str) -> None:
    """Propose new values and say what else is wrong; while nobody has looked, the last proposal holds."""
    differing = {name: value for name, value in proposed.items() if value != spoken(person, name)}
    if not differing and not words:
        return
    request = _open(session, person, CORRECTION) or CardRequest(person_id=person.id, kind=CORRECTION, asked_at=now)
    if (request.proposed, request.words) != (differing, words):
        request.proposed, request.words, request.asked_at = differing, words, now
        session.add(request)
        audit.record(session, now, "person.card_correction", f"person:{person.id}")


def ask_erasure(session: Session, now: datetime, person: Person) -> None:
    """Ask that the record goes. Twice is once."""
    if _open(session, person, ERASURE) is None:
        session.add(CardRequest(person_id=person.id, kind=ERASURE, proposed={}, words="", asked_at=now))
        audit.record(session, now, "person.card_erasure", f"person:{person.id}")


def ask_erasure_of(session: Session, now: datetime, address_hash: str) -> None:
    """The same for whoever has this e-mail address on record, when its owner had everything else deleted."""
    theirs = select(ContactAddress.person_id).where(
        ContactAddress.address_hash == address_hash, ContactAddress.kind == EMAIL
    )
    for person in session.scalars(select(Person).where(Person.id.in_(theirs), Person.ended_at.is_(None))).all():
        ask_erasure(session, now, person)


def object_to_contact(session: Session, now: datetime, person: Person) -> None:
    """Object (GDPR Article 21): do not contact holds from now on. Twice is once."""
    if not person.do_not_contact:
        records.stop(session, now, person.id, OBJECTED)


def _open(session: Session, person: Person, kind: str) -> CardRequest | None:
    """The request of this kind that waits; the person's row is held, so that two clicks are one."""
    session.get(Person, person.id, with_for_update=True)
    waiting = select(CardRequest).where(
        CardRequest.person_id == person.id, CardRequest.kind == kind, CardRequest.settled_at.is_(None)
    )
    return session.scalar(waiting.order_by(CardRequest.id).limit(1))
