"""Reads of clearance: what is asked of whom, and what a page shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach.inquiries.clearance import asking, deciding, matters, state
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.clearance.state import Standing
from outreach.inquiries.models import OPEN_STATES, Inquiry


@dataclass(frozen=True)
class Asked:
    """A request, and what it is about."""

    row: Clearance
    matter: Matter

    @property
    def needed_at(self) -> datetime | None:
        """By when, as far as anybody can say."""
        return self.row.latest_at or (self.matter.inquiry.suspense_at if self.matter.inquiry else None)


def about(session: Session, row: Clearance) -> Asked:
    """A request with what it is about."""
    return Asked(row, matters.of_row(session, row))


def asked_of(session: Session, account_id: int, ref: str | None = None) -> list[Asked]:
    """What this account still has to decide, the one needed first on top; of one ref, when it is given."""
    rows = select(Clearance).where(
        Clearance.approver_id == account_id, Clearance.decision.is_(None), Clearance.withdrawn_at.is_(None)
    )  # fmt: skip
    ordered = session.scalars(rows.order_by(Clearance.latest_at.is_(None), Clearance.latest_at, Clearance.id))
    asked = [one for one in (about(session, row) for row in ordered) if ref in (None, one.matter.ref)]
    return [one for one in asked if deciding.is_asked(session, one.row, one.matter)]


def waiting(session: Session, *of: int) -> list[Asked]:
    """What waits for a decision, longest first, of what is still open; with ``of``, by these accounts only."""
    rows = (
        select(Clearance, Inquiry)  # the inquiries are read along with their requests, not one by one
        .outerjoin(Inquiry, Inquiry.id == Clearance.inquiry_id)
        .where(Clearance.decision.is_(None), Clearance.withdrawn_at.is_(None))
        .where(or_(Inquiry.id.is_(None), Inquiry.state.in_(OPEN_STATES)))
        .order_by(Clearance.asked_at, Clearance.id)
    )
    if of:
        rows = rows.where(Clearance.approver_id.in_(of))
    found = session.execute(rows).all()
    return [one for one in (about(session, row) for row, _ in found) if one.matter.is_open]


def shown(session: Session, account_id: int, cleared: Mapping[int | None, Standing]) -> dict[str, Any]:
    """What a page shows of the clearance of its texts, by the names of the template; ``None``: of the whole."""
    whole = cleared.get(None)
    return {
        "standing": whole, "changes": state.changes(cleared), "decisions": deciding.DECISIONS,
        "approvers": asking.staff(session, account_id),
        "asked_of_me": asked_of(session, account_id, whole.matter.ref) if whole else [],
    }  # fmt: skip
