"""Who has a workspace open now, and where in it they write; said by their pages every quarter of a minute."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.inquiries.desk_models import Presence
from outreach.inquiries.models import Inquiry

GONE = timedelta(seconds=45)  # three times unheard of
LONGEST_PLACE = 20


def arrive(session: Session, now: datetime, inquiry: Inquiry, account_id: int, place: str) -> None:
    """Note that this account is here. ``place``: the field it writes in, "" for none."""
    session.execute(
        delete(Presence).where(Presence.inquiry_id == inquiry.id, Presence.seen_at < now - GONE)
    )  # fmt: skip
    session.merge(
        Presence(inquiry_id=inquiry.id, account_id=account_id, place=place[:LONGEST_PLACE], seen_at=now)
    )  # fmt: skip
    session.flush()


def others(session: Session, now: datetime, inquiry: Inquiry, account_id: int) -> list[tuple[str, str]]:
    """Name and place of everybody else who is here, by name."""
    here = (
        select(Account.name, Presence.place)
        .join(Account, Account.id == Presence.account_id)
        .where(Presence.inquiry_id == inquiry.id, Presence.account_id != account_id, Presence.seen_at > now - GONE)
        .order_by(Account.name)
    )
    return [(name, place) for name, place in session.execute(here)]
