"""What has been answered for long enough is closed by itself."""

from __future__ import annotations

from sqlalchemy import select

from outreach import clock, hours
from outreach.house import House
from outreach.inquiries import endings
from outreach.inquiries.models import ANSWERED, IS_ANSWERED, Inquiry

WORKING_DAYS = 5


def close_answered(house: House) -> None:
    """Close, one by one, what was answered five working days ago and not written about since."""
    now = clock.now()
    before = hours.working_days_before(house.office, now, WORKING_DAYS)
    due = select(Inquiry.id).where(IS_ANSWERED, Inquiry.state == ANSWERED, Inquiry.answered_at <= before)
    with house.db.read() as session:
        waiting = list(session.scalars(due.order_by(Inquiry.answered_at)))
    for inquiry_id in waiting:
        with house.db.transaction() as session:
            inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True)
            if inquiry.state == ANSWERED:
                endings.close(session, now, inquiry)
