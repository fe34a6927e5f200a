"""A released mailing becomes mails, some hundred people to a transaction, all or nothing each.

A batch holds the mailing's row and those of its people: a stop or an objection comes either before it, or finds the
mails to cancel. How far it got stands on the mailing, and the keys (mailing, person) and (mailing, address) have the
last word, so planning twice, or after a crash, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from outreach.briefings import audience, compose, objecting
from outreach.briefings.audience import Choice
from outreach.briefings.models import PENDING, RELEASED, SENT, SKIPPED, Mailing, MailingRecipient
from outreach.contacts.models import Person
from outreach.house import House
from outreach.language import Variant
from outreach.mail import failpoints, forms, outbox, suppressions, verp
from outreach.mail.compose import Words
from outreach.mail.outbox import Copy

KIND = "briefing"
LIFETIME = timedelta(hours=48)


class Edition(NamedTuple):
    """What decides the words of a copy."""

    variant: str
    has_notice: bool


def editions(house: House, mailing: Mailing) -> dict[Edition, Words]:
    """The words of all copies; rendered before anything is written."""
    every = [Edition(variant.segment, has_notice) for variant in Variant for has_notice in (False, True)]
    return {one: compose.words(house, mailing, Variant.of(one.variant), one.has_notice) for one in every}


def keep(session: Session, house: House, now: datetime, made: Mapping[Edition, Words]) -> dict[Edition, str]:
    """Keep these words in the mail room; the name of each there."""
    return {
        one: forms.keep(
            session, house, now, variant=Variant.of(one.variant), words=words,
            headers=compose.headers(house, Variant.of(one.variant)), reply_to=verp.press_desk(house),
        )
        for one, words in made.items()
    }  # fmt: skip


def enter(
    session: Session, house: House, now: datetime, mailing_id: int, ids: Sequence[int], names: Mapping[Edition, str]
) -> bool:
    """The copies of these people, whose ids rise; False when the mailing goes no further, or another process has it."""
    mailing = session.get(Mailing, mailing_id, with_for_update=True)
    if mailing is None or mailing.state != RELEASED or mailing.last_person_id >= ids[0]:
        return False
    held = select(Person).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    served = _served(session, mailing_id, ids)
    people = [person for person in session.scalars(held) if person.id not in served]
    choices = audience.choose(session, house, now, people, lambda hashes: _known(session, mailing_id, hashes))
    going = [choice for choice in choices if not choice.reason]
    mails = dict(zip([choice.person.id for choice in going], _mail(session, house, now, going, names), strict=True))
    failpoints.reach(failpoints.IN_PLAN)
    rows = [_recipient(mailing_id, now, choice, mails.get(choice.person.id)) for choice in choices]
    if rows:
        session.execute(insert(MailingRecipient), rows)
    mailing.last_person_id = ids[-1]
    return True


def finish(session: Session, mailing_id: int) -> None:
    """Everybody has been looked at."""
    mailing = session.get(Mailing, mailing_id, with_for_update=True)
    if mailing is not None and mailing.state == RELEASED:
        mailing.state = SENT


def _mail(
    session: Session, house: House, now: datetime, going: Sequence[Choice], names: Mapping[Edition, str]
) -> list[int | None]:
    copies = [_copy(house, choice, names) for choice in going]
    return outbox.enqueue_many(
        session, house, now, copies, kind=KIND, scope=suppressions.DIGESTS, expires_at=now + LIFETIME
    )


def _copy(house: House, choice: Choice, names: Mapping[Edition, str]) -> Copy:
    person, variant = choice.person, Variant.of(choice.person.preferred_variant)
    own = compose.own_values(house, variant, person, objecting.token(house, person.id), choice.has_notice)
    form = names[Edition(variant.segment, choice.has_notice)]
    return Copy(person.mailings_ref, choice.address, form, own)


def _recipient(mailing_id: int, now: datetime, choice: Choice, mail_id: int | None) -> dict[str, object]:
    reason = choice.reason or ("" if mail_id is not None else audience.SUPPRESSED)
    return {
        "mailing_id": mailing_id, "person_id": choice.person.id, "variant": choice.person.preferred_variant,
        "address_hash": None if reason else choice.address_hash, "has_notice": choice.has_notice and not reason,
        "state": SKIPPED if reason else PENDING, "reason": reason, "outbox_id": mail_id, "planned_at": now,
        "ended_at": now if reason else None,
    }  # fmt: skip


def _served(session: Session, mailing_id: int, ids: Sequence[int]) -> set[int]:
    mine = select(MailingRecipient.person_id).where(MailingRecipient.mailing_id == mailing_id)
    return set(session.scalars(mine.where(MailingRecipient.person_id.in_(ids))))


def _known(session: Session, mailing_id: int, hashes: set[str]) -> set[str]:
    mine = select(MailingRecipient.address_hash).where(MailingRecipient.mailing_id == mailing_id)
    return {found for found in session.scalars(mine.where(MailingRecipient.address_hash.in_(hashes))) if found}
