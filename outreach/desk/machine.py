"""Does the machine work? One quiet line on Today, read from what is waiting and what failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from outreach.mail.inbound import queries as inbound
from outreach.mail.models import FAILED, PENDING, SENDING, UNCERTAIN, OutboxEmail

STUCK_AFTER = timedelta(minutes=10)
RECENT = timedelta(days=1)


@dataclass(frozen=True)
class MailHealth:
    """`stuck_since` is the oldest instant at which a mail should have left and did not; None when none is late.

    `returned` mails came in and wait for a person.
    """

    last_accepted_at: datetime | None
    waiting: int
    stuck_since: datetime | None
    failed: int
    uncertain: int
    returned: int

    @property
    def is_well(self) -> bool:
        return self.stuck_since is None and not self.failed and not self.uncertain


def mail_health(session: Session, now: datetime) -> MailHealth:
    """The outbox at `now`; failures and unclear outcomes of the last day count."""
    recently = OutboxEmail.created_at > now - RECENT
    late = OutboxEmail.state.in_((PENDING, SENDING)) & (OutboxEmail.next_at < now - STUCK_AFTER)
    return MailHealth(
        last_accepted_at=session.scalar(select(func.max(OutboxEmail.accepted_at))),
        waiting=_count(session, select(func.count()).where(OutboxEmail.state.in_((PENDING, SENDING)))),
        stuck_since=session.scalar(select(func.min(OutboxEmail.next_at)).where(late)),
        failed=_count(session, select(func.count()).where(OutboxEmail.state == FAILED, recently)),
        uncertain=_count(session, select(func.count()).where(OutboxEmail.state == UNCERTAIN, recently)),
        returned=inbound.waiting_count(session),
    )


def _count(session: Session, statement: Select[int]) -> int:
    return session.scalar(statement) or 0
