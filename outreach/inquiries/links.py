"""The private link of an inquiry: an HMAC over its reference, under the key whose id stands on the row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries.models import ERASED, Inquiry
from outreach.language import Variant
from outreach.mail import verp

PURPOSE = "inquiry"


def token(house: House, inquiry: Inquiry) -> str:
    """Always the same for one inquiry, so that a repeated mail has the same bytes."""
    return house.tokens.make(PURPOSE, inquiry.reference, key_id=inquiry.key_id)


def status_url(house: House, inquiry: Inquiry, variant: Variant) -> str:
    """The absolute address of the status page, as it stands in mails."""
    return house.url(f"/{variant.segment}/i/{token(house, inquiry)}")


def reply_address(house: House, inquiry: Inquiry) -> str | None:
    """Where the journalist's answers by mail go, an address that nobody can make up; ``None`` when none is set."""
    return verp.reply_address(house, int(inquiry.reference.replace("-", "")))


def find(session: Session, house: House, typed: str, now: datetime, to_write: bool = False) -> Inquiry | None:
    """The inquiry of a token; ``None`` for anything else. ``to_write`` holds the row until the transaction ends."""
    reference = house.tokens.read(PURPOSE, typed, now)
    if reference is None:
        return None
    wanted = select(Inquiry).where(Inquiry.reference == reference, Inquiry.ended_reason.is_distinct_from(ERASED))
    return session.scalar(wanted.with_for_update() if to_write else wanted)
