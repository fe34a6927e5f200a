"""A test of a digest, mailed to the officer who asks for it and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.digests import flight_check, forecast
from outreach.digests.rounds import Round
from outreach.house import House
from outreach.language import Variant, mark, text
from outreach.mail import outbox, verp
from outreach.mail.compose import Words
from outreach.mail.headers import LIMIT
from outreach.mail.models import OutboxEmail

KIND = "digest_test"
MARKED = mark("Test: {subject}")
# Pressing the button again so soon is the same wish.
SAME = timedelta(seconds=30)


def send(session: Session, house: House, now: datetime, turn: Round, variant: Variant, account_id: int | None) -> bool:
    """Put the mail with everything the round carries in the outbox, for this account; False when it carries nothing."""
    account = session.get(Account, account_id) if account_id is not None else None
    editions = flight_check.made(session, house, turn, forecast.of_round(session, turn, now))
    if account is None or not editions.told:
        return False
    ref = f"account:{account.id}"
    recent = select(OutboxEmail.id).where(OutboxEmail.ref == ref, OutboxEmail.kind == f"{KIND}_{variant.segment}")
    if session.scalar(recent.where(OutboxEmail.created_at > now - SAME).limit(1)) is not None:
        return True
    words = flight_check.whole(editions, variant)
    subject = text(variant, MARKED, subject=words.subject)[:LIMIT]
    outbox.enqueue(
        session,
        house,
        now,
        kind=f"{KIND}_{variant.segment}",
        ref=ref,
        to_address=account.email,
        variant=variant,
        words=Words(subject, words.text, words.html),
        reply_to=verp.press_desk(house),
    )
    return True
