"""Reads of clearance: what is asked of whom."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries.clearance import deciding
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import Inquiry, Question


@dataclass(frozen=True)
class Asked:
    """A request, the inquiry it is about, and the question; ``None``: the whole reply."""

    row: Clearance
    inquiry: Inquiry
    question: Question | None


def about(session: Session, row: Clearance) -> Asked:
    """A request with what it is about."""
    inquiry = session.scalars(select(Inquiry).where(Inquiry.id == row.inquiry_id)).one()
    question = next((one for one in inquiry.questions if one.id == row.question_id), None)
    return Asked(row, inquiry, question)


def asked_of(session: Session, account_id: int, inquiry: Inquiry | None = None) -> list[Asked]:
    """What this account still has to decide, the one needed first on top; of one inquiry, when it is given."""
    open_rows = select(Clearance).where(
        Clearance.approver_id == account_id, Clearance.decision.is_(None), Clearance.withdrawn_at.is_(None),
        Clearance.inquiry_id.is_not(None),
    )  # fmt: skip
    if inquiry is not None:
        open_rows = open_rows.where(Clearance.inquiry_id == inquiry.id)
    ordered = open_rows.order_by(Clearance.latest_at.is_(None), Clearance.latest_at, Clearance.id)
    return [about(session, row) for row in session.scalars(ordered) if deciding.is_asked(session, row)]
