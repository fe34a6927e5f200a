"""The second word: a mailing is handed on, looked at, released, and stopped while that still helps."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.briefings import audience, writing
from outreach.briefings.models import DRAFT, PENDING, READY, RELEASED, SENT, STOPPED, Mailing, MailingRecipient
from outreach.errors import IllegalMove
from outreach.house import House
from outreach.language import mark
from outreach.mail import outbox

UNDO = timedelta(seconds=20)
AT_ONCE = 250
STOPPED_BY_HAND = "stopped"
CHANGED = mark("This mailing has changed since you looked at it. Look at it again.")
NOT_READY = mark("This mailing is not waiting to be released.")
ANOTHER = mark("Two-person rule: another officer releases it.")
PASSED = mark("The embargo has passed meanwhile. Take the mailing back to writing and say it anew.")
GONE = mark("The list it was to go to is no more.")
OVER = mark("It has left already.")


def hand_on(session: Session, now: datetime, mailing_id: int, version: int, actor_id: int) -> Mailing:
    """The words are done; they wait for the second word. Twice is once."""
    mailing = writing.get(session, mailing_id, to_write=True)
    if mailing.state == READY:
        return mailing
    if mailing.state != DRAFT:
        raise IllegalMove(writing.NOT_A_DRAFT)
    _move(session, now, mailing, version, READY, "mailing.handed_on", actor_id)
    return mailing


def back_to_writing(session: Session, now: datetime, mailing_id: int, actor_id: int) -> Mailing:
    """It needs other words after all. Twice is once."""
    mailing = writing.get(session, mailing_id, to_write=True)
    if mailing.state == DRAFT:
        return mailing
    if mailing.state != READY:
        raise IllegalMove(NOT_READY)
    _move(session, now, mailing, mailing.version, DRAFT, "mailing.taken_back", actor_id)
    return mailing


def refusal(session: Session, house: House, now: datetime, mailing: Mailing, actor_id: int) -> str | None:
    """Why this account may not release it now; None when it may."""
    if mailing.state != READY:
        return NOT_READY
    if house.settings.two_person_rule and actor_id in mailing.authors:
        return ANOTHER
    if mailing.embargo_at is not None and mailing.embargo_at <= now:
        return PASSED
    return GONE if audience.name(session, mailing.to_kind, mailing.to_id) is None else None


def release(session: Session, house: House, now: datetime, mailing_id: int, version: int, actor_id: int) -> Mailing:
    """The second word: it leaves in twenty seconds. Twice is once; IllegalMove when it may not."""
    mailing = writing.get(session, mailing_id, to_write=True)
    if mailing.state in (RELEASED, SENT):
        return mailing
    refused = refusal(session, house, now, mailing, actor_id)
    if refused:
        raise IllegalMove(refused)
    _move(session, now, mailing, version, RELEASED, "mailing.released", actor_id)
    mailing.released_at, mailing.released_by, mailing.leaves_at = now, actor_id, now + UNDO
    return mailing


def stop(session: Session, now: datetime, mailing_id: int, actor_id: int | None) -> bool:
    """Let nothing more of it leave; whether nothing has. Then it waits for the second word again, else it is over.

    The first mails are cancelled here, the others by the job a moment later; planning finds it stopped.
    """
    mailing = writing.get(session, mailing_id, to_write=True)
    if mailing.state in (STOPPED, READY):
        return mailing.state == READY
    if mailing.state not in (RELEASED, SENT):
        raise IllegalMove(NOT_READY)
    if mailing.state == RELEASED and not mailing.last_person_id:
        _move(session, now, mailing, mailing.version, READY, "mailing.taken_back", actor_id)
        mailing.released_at = mailing.released_by = mailing.leaves_at = None
        return True
    if mailing.state == SENT and not pending(session, mailing_id=mailing.id, after=0, limit=1):
        raise IllegalMove(OVER)
    _move(session, now, mailing, mailing.version, STOPPED, "mailing.stopped", actor_id)
    mailing.stopped_at = now
    first = pending(session, mailing_id=mailing.id, after=0, limit=AT_ONCE)
    outbox.cancel_mails(session, [mail_id for _, mail_id in first], STOPPED_BY_HAND)
    return False


def pending(session: Session, *, mailing_id: int, after: int, limit: int) -> list[tuple[int, int]]:
    """The next copies whose mails may still be on their way: id of the copy and of its mail."""
    mine = select(MailingRecipient.id, MailingRecipient.outbox_id).where(
        MailingRecipient.mailing_id == mailing_id, MailingRecipient.state == PENDING, MailingRecipient.id > after
    )
    rows = session.execute(mine.order_by(MailingRecipient.id).limit(limit))
    return [(copy_id, mail_id) for copy_id, mail_id in rows if mail_id is not None]


def _move(
    session: Session, now: datetime, mailing: Mailing, version: int, state: str, action: str, actor_id: int | None
) -> None:
    if mailing.version != version:
        raise IllegalMove(CHANGED)
    mailing.state, mailing.version = state, mailing.version + 1
    audit.record(session, now, action, mailing.ref, actor_id)
