"""What became of the copies: read from the mail room, written beside each person, noted as what passed between us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.briefings.models import ACCEPTED, CANCELLED, FAILED, PENDING, RELEASED, STOPPED, Mailing, MailingRecipient
from outreach.contacts import interactions, notices
from outreach.contacts.models import Person
from outreach.mail.models import MailAttempt, OutboxEmail

AT_ONCE = 250
LONGEST = 300
NOTED_AS = "mailing"
ENDS = (ACCEPTED, FAILED, CANCELLED)  # the mail room's words are ours


def released(session: Session, now: datetime) -> list[int]:
    """The mailings that are to be planned, the oldest first."""
    due = select(Mailing.id).where(Mailing.state == RELEASED, Mailing.leaves_at <= now)
    return list(session.scalars(due.order_by(Mailing.released_at, Mailing.id)))


def is_anything_under_way(session: Session) -> bool:
    """Whether any copy waits to hear what became of it; reads only."""
    waiting = select(MailingRecipient.id).where(MailingRecipient.state == PENDING)
    return session.scalar(waiting.limit(1)) is not None


def stopped(session: Session) -> list[int]:
    """Stopped mailings of which mails may still be on their way."""
    waiting = select(MailingRecipient.mailing_id).where(MailingRecipient.state == PENDING).distinct()
    return list(session.scalars(select(Mailing.id).where(Mailing.state == STOPPED, Mailing.id.in_(waiting))))


def objecting_since(session: Session, after: int) -> list[tuple[int, int]]:
    """Copies beyond `after`, and their mails, that may be on their way to people who must not be contacted since, on
    whatever way that was said."""
    copies = select(MailingRecipient.id, MailingRecipient.outbox_id)
    theirs = copies.join(Person, Person.id == MailingRecipient.person_id).where(
        MailingRecipient.state == PENDING, MailingRecipient.id > after, Person.do_not_contact
    )
    rows = session.execute(theirs.order_by(MailingRecipient.id).limit(AT_ONCE))
    return [(copy_id, mail_id) for copy_id, mail_id in rows if mail_id is not None]


def settle(session: Session, now: datetime) -> int:
    """Write down what became of the next copies; how many."""
    ended = (
        select(MailingRecipient, OutboxEmail)
        .join(OutboxEmail, OutboxEmail.id == MailingRecipient.outbox_id)
        .where(MailingRecipient.state == PENDING, OutboxEmail.state.in_(ENDS))
        .order_by(MailingRecipient.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=MailingRecipient)
    )
    found = [(copy, mail) for copy, mail in session.execute(ended)]
    said = _answers(session, [mail.id for _, mail in found])
    for copy, mail in found:
        copy.state, copy.ended_at = mail.state, mail.accepted_at or now
        copy.reason = (said.get(mail.id) or mail.reason or "" if mail.state != CANCELLED else mail.reason or "")[
            :LONGEST
        ]
    arrived = [copy for copy, _ in found if copy.state == ACCEPTED]
    _note(session, now, arrived)
    return len(found)


def _note(session: Session, now: datetime, arrived: Sequence[MailingRecipient]) -> None:
    by_mailing: dict[int, list[int]] = {}
    for copy in arrived:
        by_mailing.setdefault(copy.mailing_id, []).append(copy.person_id)
    for mailing_id, person_ids in by_mailing.items():
        mailing = session.get_one(Mailing, mailing_id)
        path = f"/desk/briefings/{mailing_id}"
        interactions.note_bulk(session, now, person_ids, NOTED_AS, mailing.ref, path, mailing.subject)
    told = [copy.person_id for copy in arrived if copy.has_notice]
    if told:
        notices.mark_given(session, now, told)


def _answers(session: Session, mail_ids: Sequence[int]) -> dict[int, str]:
    """What the server said last to each, without addresses."""
    tries = select(MailAttempt).where(MailAttempt.outbox_id.in_(mail_ids)).order_by(MailAttempt.n)
    return {one.outbox_id: f"{one.code or ''} {one.reply or ''}".strip() for one in session.scalars(tries)}
