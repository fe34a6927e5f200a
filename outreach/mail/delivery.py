"""The steps of delivery, each within a transaction of the worker: sit down, record and claim (a turn), reap, leave.

A turn records what is known of earlier mails and claims and marks the next, in one commit. From that commit on the
final dot may be out, so a mail that is marked and has no result is in doubt, and the row itself says so; it is never
more than a window of them. A worker's fence stands on its seat and on every row it holds. It counts for as long as the
worker goes on beating; whoever finds that a worker is dead removes its fence first, in the same transaction in which
its mails are declared uncertain, so that nothing that worker may still say changes anything.

Uncertain mails are repeated with identical bytes until they are accepted or expire (`at_least`), or wait for the staff
(`hold`); decisions, "the ledger and its unit".
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, TextClause, delete, or_, select, text
from sqlalchemy.orm import Session

from outreach import audit, bulk
from outreach.mail import models, sql, transports
from outreach.mail.models import ACCEPTED, FAILED, IS_OPEN, SENDING, MailAttempt, MailWorker, OutboxEmail
from outreach.mail.transports import Answer, Results

AFTER_NO_SERVER = timedelta(seconds=10)
HOLD = "hold"  # the policy under which nothing is repeated by itself

PHASES = {transports.UNREACHED: "deferred", transports.FENCED: "lost_safe"}  # all others are called as the outcome is


class Unseated(Exception):
    """Another worker took this one for dead; nothing it holds is its own any more."""


@contextmanager
def models_of(connection: Connection) -> Iterator[Session]:
    """The models, within the transaction that the connection is in."""
    with Session(connection, expire_on_commit=False) as session:
        yield session
        session.flush()


def sit(connection: Connection, seat: int, now: datetime, policy: str) -> int:
    """Take a seat whose former owner is dead, and over from it at once; returns the fence."""
    fence = seat << 56 | secrets.randbits(56)
    with models_of(connection) as session:
        former = session.get(MailWorker, seat, with_for_update=True)
        if former is not None:
            reap(session, former, now, policy)
        session.add(MailWorker(seat=seat, fence=fence, beat=0, beat_at=now, held=[]))
    return fence


def leave(connection: Connection, seat: int, fence: int) -> None:
    """Give up a seat with nothing held."""
    connection.execute(delete(MailWorker).where(MailWorker.seat == seat, MailWorker.fence == fence))


class Beat(NamedTuple):
    """Who sits on a seat, and how far its beat has come."""

    seat: int
    fence: int
    beat: int


def beats(session: Session) -> list[Beat]:
    """Where every worker's beat stands."""
    return [Beat(*row) for row in session.execute(select(MailWorker.seat, MailWorker.fence, MailWorker.beat))]


def unseat(connection: Connection, seen: Beat, now: datetime, policy: str) -> int:
    """Take a worker for dead unless its beat has moved, and over from it; how many mails it left."""
    with models_of(connection) as session:
        worker = session.get(MailWorker, seen.seat, with_for_update=True)
        if worker is None or (worker.fence, worker.beat) != (seen.fence, seen.beat):
            return 0
        audit.record(session, now, "mail.worker_lost", f"seat:{seen.seat}")
        return reap(session, worker, now, policy)


def reap(session: Session, worker: MailWorker, now: datetime, policy: str) -> int:
    """A worker is dead: declare uncertain what it holds, since its dot may have been sent. How many."""
    rows = _ours(session, worker.fence, worker.held)
    for row in rows:
        session.add(MailAttempt(outbox_id=row.id, n=row.attempts, phase="uncertain", at=now))
        doubt(session, row, now, "the worker stopped when the final dot may have been sent", policy)
    session.delete(worker)
    session.flush()
    return len(rows)


def reap_strays(connection: Connection, now: datetime, policy: str) -> int:
    """Declare uncertain what is `sending` in nobody's name: rows of a database that was put back. How many."""
    with models_of(connection) as session:
        rows = session.scalars(select(OutboxEmail).where(*_strays()).with_for_update(skip_locked=True)).all()
        for row in rows:
            session.add(MailAttempt(outbox_id=row.id, n=row.attempts, phase="uncertain", at=now))
            doubt(session, row, now, "left behind by a worker that nobody knows", policy)
        return len(rows)


def has_strays(session: Session) -> bool:
    """Whether there are any; looks at every mail that is not at its end, so this is for the start of a worker."""
    return session.scalar(select(OutboxEmail.id).where(*_strays()).limit(1)) is not None


def record(connection: Connection, fence: int, results: Results, now: datetime, policy: str) -> None:
    """Write down what became of mails that this worker holds."""
    accepted = [result for result in results if result[1].outcome == transports.ACCEPTED]
    if accepted:
        _record_accepted(connection, fence, accepted, now)
    others = {
        envelope.id: (envelope.n, answer) for envelope, answer in results if answer.outcome != transports.ACCEPTED
    }
    if others:
        with models_of(connection) as session:
            for row in _ours(session, fence, others):
                n, answer = others[row.id]
                _record(session, row, n, answer, now, policy)


def disown(connection: Connection, seat: int, fence: int, known: Collection[int], now: datetime) -> int:
    """Give back what the ledger says is ours and we know nothing of: a commit whose answer was lost. How many."""
    with models_of(connection) as session:
        worker = session.get_one(MailWorker, seat)
        unknown = _ours(session, fence, set(worker.held) - set(known))
        for row in unknown:
            _give_back(row, now)
        return len(unknown)


def withdrawn(connection: Connection, fence: int, held: Collection[int]) -> set[int]:
    """Which of this worker's mails their owners have cancelled meanwhile."""
    rows = select(OutboxEmail.id).where(OutboxEmail.id.in_(held), OutboxEmail.withdrawn.is_not(None))
    return set(connection.scalars(rows.where(OutboxEmail.fence == fence)))


def doubt(session: Session, row: OutboxEmail, now: datetime, reason: str, policy: str) -> None:
    """It may have arrived. Repeat it, at once after the first time, and tell somebody from the second repeat on."""
    row.uncertains += 1
    if policy == HOLD:
        audit.record(session, now, "mail.held", f"outbox:{row.id}")
        return row.wait(None, reason)
    if row.uncertains >= 2:
        audit.record(session, now, "mail.uncertain_again", f"outbox:{row.id}", times=row.uncertains)
    row.wait(now + (timedelta() if row.uncertains == 1 else models.delay(row.uncertains - 1)), reason)


def _record_accepted(connection: Connection, fence: int, results: Results, now: datetime) -> None:
    ids = [envelope.id for envelope, _ in results]
    if sql.accept(connection, fence, ids, now) != len(ids):  # some were deleted, or recorded before an answer was lost
        there = select(OutboxEmail.id).where(OutboxEmail.id.in_(ids), OutboxEmail.accepted_at == now)
        written = select(MailAttempt.outbox_id).where(MailAttempt.outbox_id.in_(ids), MailAttempt.phase == ACCEPTED)
        mine = set(connection.scalars(there)) - set(connection.scalars(written))
        results = [result for result in results if result[0].id in mine]
    at = bulk.stamp(connection, now)
    rows = [(envelope.id, envelope.n, ACCEPTED, answer.code, answer.reply, at) for envelope, answer in results]
    if rows:
        sql.insert(connection, "mail_attempt", sql.ATTEMPT, rows)


def _record(session: Session, row: OutboxEmail, n: int, answer: Answer, now: datetime, policy: str) -> None:
    if answer.outcome == transports.RETURNED:
        return _give_back(row, now)
    phase = PHASES.get(answer.outcome, answer.outcome)
    session.add(MailAttempt(outbox_id=row.id, n=n, phase=phase, code=answer.code, reply=answer.reply, at=now))
    said = f"{answer.code or ''} {answer.reply}".strip()
    if answer.outcome == transports.REJECTED:
        row.settle(FAILED, said)
        audit.record(session, now, "mail.failed", f"outbox:{row.id}", code=answer.code)
    elif answer.outcome == transports.DEFERRED:
        row.deferrals += 1
        row.wait(now + models.delay(row.deferrals), said)
    elif answer.outcome == transports.UNREACHED:
        row.wait(now + AFTER_NO_SERVER, said)
    elif answer.outcome == transports.FENCED:
        row.wait(now, row.reason)
    else:
        doubt(session, row, now, said, policy)


def _give_back(row: OutboxEmail, now: datetime) -> None:
    """It was never begun: as if it had not been claimed."""
    row.attempts -= 1
    row.wait(row.next_at or now, row.reason)


def _strays() -> tuple[ColumnElement[bool] | TextClause, ...]:
    living = select(MailWorker.fence)
    of_nobody = or_(OutboxEmail.fence.is_(None), OutboxEmail.fence.not_in(living))
    return text(IS_OPEN), OutboxEmail.state == SENDING, of_nobody


def _ours(session: Session, fence: int, ids: Collection[int]) -> list[OutboxEmail]:
    held = select(OutboxEmail).where(OutboxEmail.id.in_(ids), OutboxEmail.fence == fence, OutboxEmail.state == SENDING)
    return list(session.scalars(held.with_for_update()))
