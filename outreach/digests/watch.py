"""What must never be, looked for each minute (D-23). Silence means that all is well: nothing here cries wolf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, not_, select, text, union_all
from sqlalchemy.orm import Session

from outreach.digests import pulse
from outreach.digests.models import DigestPulse, DigestRecipient
from outreach.language import mark
from outreach.mail.models import ACCEPTED, HAS_ENDED, IS_OPEN, PENDING, UNCERTAIN, WAITING, MailAttempt, OutboxEmail

TWO_COPIES = "two copies"
UNPLANNED_COPY = "unplanned copy"
UNPLANNED_SLOT = "unplanned slot"
WAITS = "waits"
IN_DOUBT = "in doubt"
CLOCK = "clock"
STANDS = "stands"

WORDS = {
    TWO_COPIES: mark("The same digest was accepted twice for one reader."),
    UNPLANNED_COPY: mark("A digest was accepted that nobody planned."),
    UNPLANNED_SLOT: mark("A digest is due and was not planned."),
    WAITS: mark("Mail has been waiting for more than an hour."),
    IN_DOUBT: mark("Nobody knows whether a mail arrived."),
    CLOCK: mark("The clock jumped, so nothing is planned until somebody says that it is right."),
    STANDS: mark("Planning stands still."),
}
PROMISES = {
    TWO_COPIES: mark("A digest is accepted once for each reader"),
    UNPLANNED_COPY: mark("No digest is accepted that nobody planned"),
    UNPLANNED_SLOT: mark("Every digest that is due has been planned"),
    WAITS: mark("No mail waits for more than an hour"),
    IN_DOUBT: mark("Of every mail it is known whether it arrived"),
    CLOCK: mark("The clock goes on without a jump"),
    STANDS: mark("Planning goes on"),
}
LATE, LONG, QUIET = timedelta(minutes=15), timedelta(hours=1), timedelta(minutes=5)
# Mails made longer ago than this are looked at no more: their time is over.
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Alarm:
    """One thing that is wrong, how often, and since when if that is known (ISO 8601, UTC)."""

    kind: str
    count: int
    since: str | None = None

    @property
    def words(self) -> str:
        return WORDS.get(self.kind, self.kind)

    @property
    def since_at(self) -> datetime | None:
        return datetime.fromisoformat(self.since) if self.since else None


def found(session: Session, now: datetime, unplanned: Sequence[datetime]) -> list[Alarm]:
    """Everything that is wrong now; `unplanned` are the instants of slots that should have been planned."""
    questions = (
        (TWO_COPIES, _accepted_twice(now)),
        (UNPLANNED_COPY, _accepted_unplanned(now)),
        (WAITS, _waiting(now)),
        (IN_DOUBT, _in_doubt(now)),
    )
    alarms = [_alarm(kind, *session.execute(question).one()) for kind, question in questions]
    alarms.append(_alarm(UNPLANNED_SLOT, len(unplanned), min(unplanned, default=None)))
    alarms.append(_alarm(CLOCK, int(pulse.is_silent(session, now)), pulse.last(session)))
    return [alarm for alarm in alarms if alarm.count]


def keep(session: Session, now: datetime, alarms: Sequence[Alarm]) -> None:
    """Keep what was found, for whoever looks."""
    row = session.scalar(select(DigestPulse).limit(1).with_for_update())
    if row is not None:
        row.watched_at, row.alarms = now, [asdict(alarm) for alarm in alarms]


def shown(session: Session, now: datetime) -> list[Alarm]:
    """What is wrong, as it was last found; and whether anybody is looking at all."""
    row = session.scalar(select(DigestPulse).limit(1))
    if row is None:
        return []
    alarms = [Alarm(**alarm) for alarm in row.alarms]
    looked = min(row.planned_at, row.watched_at or row.planned_at)
    if now - looked > QUIET and CLOCK not in {alarm.kind for alarm in alarms}:
        alarms.append(_alarm(STANDS, 1, looked))
    return alarms


def _alarm(kind: str, count: int, since: Any) -> Alarm:
    return Alarm(kind, count, since.isoformat() if since is not None else None)


def _accepted_twice(now: datetime) -> Select[int, Any]:
    """One copy that two attempts brought to its reader."""
    twice = (
        select(MailAttempt.outbox_id, func.max(MailAttempt.at).label("last"))
        .join(OutboxEmail, OutboxEmail.id == MailAttempt.outbox_id)
        .where(OutboxEmail.created_at > now - RECENT, OutboxEmail.attempts > 1, MailAttempt.phase == ACCEPTED)
        .group_by(MailAttempt.outbox_id)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count(), func.min(twice.c.last)).select_from(twice)


def _accepted_unplanned(now: datetime) -> Select[int, Any]:
    """More was accepted than was planned: a digest that no recipient's row knows."""
    planned = exists().where(DigestRecipient.outbox_id == OutboxEmail.id)
    rows = select(func.count(), func.min(OutboxEmail.accepted_at)).where(OutboxEmail.created_at > now - RECENT)
    return rows.where(OutboxEmail.state == ACCEPTED, OutboxEmail.kind == "digest", not_(planned))


def _waiting(now: datetime) -> Select[int, Any]:
    rows = select(func.count(), func.min(OutboxEmail.next_at)).where(text(WAITING), OutboxEmail.state == PENDING)
    return rows.where(OutboxEmail.next_at < now - LONG)


def _in_doubt(now: datetime) -> Select[int, Any]:
    """To be repeated, or held for somebody to decide; each is found by an index of its own."""
    rows = select(OutboxEmail.created_at).where(OutboxEmail.state == UNCERTAIN, OutboxEmail.created_at > now - RECENT)
    unsure = union_all(rows.where(text(IS_OPEN)), rows.where(text(HAS_ENDED))).subquery()
    return select(func.count(), func.min(unsure.c.created_at))
