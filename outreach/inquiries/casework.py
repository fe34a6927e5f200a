"""What the desk does with an inquiry before it is answered: accept, release, take its author into contacts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.contacts import intake as contacts
from outreach.contacts.models import Person
from outreach.errors import IllegalMove, NotFound
from outreach.house import House
from outreach.inquiries import emails, intake, moves
from outreach.inquiries.models import RECEIVED, SCREENED, Inquiry, InquiryMessage

BY_DESK = "desk"  # the reason of what an officer put aside


def open_case(session: Session, reference: str) -> Inquiry:
    """The inquiry of this reference, held until the transaction ends. Raises ``NotFound``."""
    inquiry = session.scalar(select(Inquiry).where(Inquiry.reference == reference).with_for_update())
    if inquiry is None:
        raise NotFound(reference)
    return inquiry


def accept(session: Session, house: House, now: datetime, inquiry: Inquiry, actor_id: int) -> bool:
    """Make it the actor's and tell the journalist who has it; ``False`` when it is the actor's already."""
    if inquiry.owner_id == actor_id and inquiry.is_open() and inquiry.state != RECEIVED:
        return False
    moves.move(session, inquiry, now, moves.ACCEPT, actor_id)
    take(inquiry, now, actor_id)
    emails.send_accepted(session, house, now, inquiry, accounts.names(session)[actor_id])
    return True


def take(inquiry: Inquiry, now: datetime, actor_id: int) -> None:
    """Put the actor down as owner, if nobody is; a person has now spoken to the journalist."""
    if inquiry.owner_id is None:
        inquiry.owner_id = actor_id
    if inquiry.accepted_at is None:
        inquiry.accepted_at = now
    if inquiry.acknowledged_at is None:
        inquiry.acknowledged_at = now


def release(session: Session, house: House, now: datetime, inquiry: Inquiry, actor_id: int) -> bool:
    """Let a screened inquiry in: it counts as received and its receipt leaves; ``False`` when that was done before."""
    if inquiry.screened_reason and inquiry.state == RECEIVED:
        return False
    moves.move(session, inquiry, now, moves.RELEASE, actor_id)
    if inquiry.screened_reason != BY_DESK:  # what the desk put aside was welcomed when it came
        intake.welcome(session, house, now, inquiry)
    return True


def make_contact(session: Session, house: House, now: datetime, inquiry: Inquiry, actor_id: int) -> Person:
    """The journalist becomes a person in contacts, with outlet and affiliation; twice is once."""
    if inquiry.state == SCREENED:
        raise IllegalMove(moves.REFUSED[inquiry.state])
    person = contacts.from_inquiry(
        session, house, now, name=inquiry.name, outlet=inquiry.outlet, email=inquiry.email,
        phone=inquiry.phone or None, channels=inquiry.channels, language=emails.reply_variant(inquiry).segment,
        actor_id=actor_id,
    )  # fmt: skip
    inquiry.person_id = person.id
    intake.note_interaction(session, now, inquiry)
    return person


def sent_before(inquiry: Inquiry, nonce: str) -> InquiryMessage | None:
    """The message that this very form made before."""
    return next((message for message in inquiry.messages if message.nonce == nonce), None)
