"""Erase a person in every room, and write down beside the database that it was done, so that no backup undoes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts.models import Invitation
from outreach.briefings import erasure as mailings
from outreach.contacts import erasure as contacts
from outreach.contacts.models import Person, Wish
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import erasure as inquiries
from outreach.inquiries.clearance.models import Clearance
from outreach.language import mark
from outreach.mail import forgetting, outbox, suppressions
from outreach.mail.inbound import taking
from outreach.mail.models import CANCELLED, OutboxEmail
from outreach.privacy import mentions, reach, refusals
from outreach.privacy.mentions import Mention
from outreach.privacy.subjects import Subject
from outreach.subscriptions import erasure as subscriptions

ERASED = "erased"
STAFF = mark("This is the address of a colleague's account. End the account first; what it did stays in the log.")


def erase(
    session: Session, house: House, now: datetime, subject: Subject, named: Collection[Mention], reason: str,
    actor_id: int | None = None,
) -> Sequence[Mention]:  # fmt: skip
    """Erase all that is held of a person, for a `reason` (a code); `named`: the texts of others that name them.

    What is returned are rows that name them and are no texts to be cut, such as a name on an index page: for a person
    to look at. Conflict("who") for a colleague who may still sign in. Twice is no error.
    """
    if subject.accounts:
        raise Conflict("who", STAFF)
    own = mentions.in_their_own(reach.rows(session, subject), subject)
    for person_id in _survivors(session, subject.people):
        contacts.erase(session, house, now, person_id, reason, actor_id)
    for subscriber_id in subject.subscribers:
        subscriptions.erase(session, house, now, subscriber_id)
    for inquiry_id in subject.inquiries:
        inquiries.erase(session, house, now, inquiry_id, actor_id)
    mailings.erase(session, subject.people)
    _forget_addresses(session, house, now, subject)
    session.flush()
    leaving = forgetting.leaving(session, subject.refs, subject.addresses)
    left = mentions.redact(session, subject, [*named, *own])
    audit.record(session, now, refusals.DONE, subject.ref, actor_id, reason=reason, named=len(left), leaving=leaving)
    refusals.note_erased(session, house, subject.hashes)
    return left


def _survivors(session: Session, people: Collection[int]) -> list[int]:
    """The records that were not merged; erasing one takes along all that were merged into it."""
    whole = select(Person.id).where(Person.id.in_(people), Person.survivor_id.is_(None))
    return list(session.scalars(whole.order_by(Person.id)))


def _forget_addresses(session: Session, house: House, now: datetime, subject: Subject) -> None:
    """What rooms keep by address alone: mails, wishes, approvals by link, returned mail, lists that wait."""
    waiting = select(OutboxEmail.id).where(
        func.lower(OutboxEmail.to_address).in_(subject.addresses), OutboxEmail.state != CANCELLED
    )
    outbox.cancel_mails(session, session.scalars(waiting).all(), ERASED)
    forgetting.blank(session, subject.refs, subject.addresses)
    session.execute(delete(Wish).where(func.lower(Wish.address).in_(subject.addresses)))
    asked = update(Clearance).where(func.lower(Clearance.approver_email).in_(subject.addresses))
    session.execute(asked.values(approver_name="", approver_email="", words=""))
    invited = update(Invitation).where(func.lower(Invitation.email).in_(subject.addresses))
    session.execute(invited.values(email=None, name=None))
    for address in subject.addresses:
        taking.forget_address(session, house, now, address)
        subscriptions.drop_uploads(session, now, address)
        try:
            suppressions.suppress(session, house, address, suppressions.ALL, ERASED, now)
        except ValueError:
            continue  # it was written down wrong, and no mail can go there
    session.expire_all()
