"""The health of the machine, one line a thing: the promises that are looked at each minute (D-23), and who works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.desk.machine import MailHealth, mail_health
from outreach.digests import pulse, watch
from outreach.digests.watch import Alarm
from outreach.house import House
from outreach.mail.inbound import queries as inbound
from outreach.mail.models import MailWorker, OutboxEmail

# A worker that has nothing to do still shows itself three times within its lease, and so more often than this.
BEATS_WITHIN = timedelta(minutes=2)
READS_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Sign:
    """Whether somebody works. `at`: when last seen; None for never. `fault`: what went wrong then."""

    is_well: bool
    at: datetime | None
    fault: str | None = None


@dataclass(frozen=True)
class Health:
    """`promises`: what is promised, and the alarm when it is broken. `mailbox` is None where none is read."""

    promises: list[tuple[str, Alarm | None]]
    planning: Sign
    delivery: Sign
    mail: MailHealth
    mailbox: Sign | None

    @property
    def is_well(self) -> bool:
        signs = [self.planning, self.delivery, *([self.mailbox] if self.mailbox else [])]
        return (
            self.mail.is_well and all(sign.is_well for sign in signs) and not any(alarm for _, alarm in self.promises)
        )


def of(session: Session, house: House, now: datetime) -> Health:
    """Everything as it was last found."""
    wrong = {alarm.kind: alarm for alarm in watch.shown(session, now)}
    return Health(
        promises=[(promise, wrong.get(kind)) for kind, promise in watch.PROMISES.items()],
        planning=Sign(watch.STANDS not in wrong and watch.CLOCK not in wrong, pulse.last(session)),
        delivery=_delivery(session, house, now),
        mail=mail_health(session, now),
        mailbox=_mailbox(session, now) if house.settings.inbound_url else None,
    )


def _delivery(session: Session, house: House, now: datetime) -> Sign:
    """The last beat of any worker; an outbox that has never held a mail needs none."""
    at = session.scalar(select(func.max(MailWorker.beat_at)))
    within = max(BEATS_WITHIN, timedelta(seconds=house.settings.mail_lease))
    is_needed = session.execute(select(OutboxEmail.id).limit(1)).first() is not None
    return Sign(not is_needed or (at is not None and now - at <= within), at)


def _mailbox(session: Session, now: datetime) -> Sign:
    read = inbound.last_read(session)
    if read is None:
        return Sign(False, None)
    return Sign(
        read.read_at is not None and now - read.read_at <= READS_WITHIN and not read.fault, read.read_at, read.fault
    )
