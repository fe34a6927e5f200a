"""A test of a mailing, mailed to the officer who asks for it and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.briefings import compose
from outreach.briefings.models import Mailing
from outreach.house import House
from outreach.language import Variant, mark, text
from outreach.mail import outbox, verp
from outreach.mail.compose import Words
from outreach.mail.headers import LIMIT
from outreach.mail.models import OutboxEmail

KIND = "briefing_test"
MARKED = mark("Test: {subject}")
NOBODYS = "test"
# Pressing the button again so soon is the same wish.
SAME = timedelta(seconds=30)


def send(session: Session, house: House, now: datetime, mailing: Mailing, variant: Variant, account_id: int) -> None:
    """Put the mail as a reader of this variant would get it in the outbox; its way out leads nowhere."""
    account = session.get_one(Account, account_id)
    ref = f"account:{account.id}"
    recent = select(OutboxEmail.id).where(OutboxEmail.ref == ref, OutboxEmail.kind == f"{KIND}_{variant.segment}")
    if session.scalar(recent.where(OutboxEmail.created_at > now - SAME).limit(1)) is not None:
        return
    words = compose.words(house, mailing, variant, has_notice=False, own=[NOBODYS])
    subject = text(variant, MARKED, subject=words.subject)[:LIMIT]
    outbox.enqueue(
        session, house, now, kind=f"{KIND}_{variant.segment}", ref=ref, to_address=account.email, variant=variant,
        words=Words(subject, words.text, words.html), reply_to=verp.press_desk(house),
    )  # fmt: skip
