"""The signed link of one request for clearance, for an approver who has no account: it does this one thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries.clearance.models import Clearance
from outreach.language import Variant

PURPOSE = "clearance"


def url(house: House, row: Clearance, variant: Variant) -> str:
    """The absolute address of the page with the decision, as it stands in the mail."""
    return house.url(f"/{variant.segment}/clearance/{house.tokens.make(PURPOSE, str(row.id), key_id=row.key_id)}")


def find(session: Session, house: House, typed: str, now: datetime) -> Clearance | None:
    """The request of a token; ``None`` for anything else."""
    found = house.tokens.read(PURPOSE, typed, now)
    return session.get(Clearance, int(found)) if found else None
