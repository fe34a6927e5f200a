"""What the proof must find: the same processes with one function replaced, so that one promise is broken."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from outreach import clock
from outreach.digests.ledger import Plan
from outreach.mail import delivery, sql
from outreach.mail.models import ACCEPTED, MailAttempt, OutboxEmail
from outreach.mail.moulds import Cast, Mould
from outreach.mail.relay import SmtpTransport
from outreach.mail.transports import Results
from tests.crash import check


@dataclass(frozen=True)
class Mutant:
    """`take_over` replaces the function in this process. `breaks`: the promises of which the proof must say that they
    are broken; `perhaps`: those that may go with them."""

    words: str
    take_over: Callable[[], None]
    breaks: frozenset[str]
    perhaps: frozenset[str] = frozenset()
    failpoint: str = ""
    faults: float = 0.02


def no_lease_check() -> None:
    """A worker's time is never over: when it wakes it sends what it had in hand."""
    for_ever = property(lambda _: math.inf, lambda _, __: None)
    SmtpTransport.until = for_ever  # type: ignore[assignment,method-assign]


def no_token_on_the_result() -> None:
    """A result counts whoever brings it, also from a worker that others took for dead."""
    others = delivery.record

    def record(connection: Connection, fence: int, results: Results, now: datetime, policy: str) -> None:
        with delivery.models_of(connection) as session:
            for envelope, answer in results:
                row = session.get(OutboxEmail, envelope.id)
                if row is not None and answer.outcome == ACCEPTED:
                    row.settle(ACCEPTED)
                    row.accepted_at = now
                    session.merge(MailAttempt(outbox_id=row.id, n=envelope.n, phase=ACCEPTED, code=250, at=now))
        others(connection, fence, [one for one in results if one[1].outcome != ACCEPTED], now, policy)

    delivery.record = record
    sql.is_seated = lambda *_: True


def accepted_first() -> None:
    """Mails are recorded as accepted when they are claimed."""
    mark = sql.mark

    def mark_accepted(connection: Connection, fence: int, marks: Any) -> None:
        mark(connection, fence, marks)
        sql.accept(connection, fence, [mail_id for _, mail_id in marks], clock.now())

    sql.mark = mark_accepted


def random_bytes() -> None:
    """Each attempt makes the mail anew, with something in it that is never the same."""
    cast = Mould.cast

    def cast_at_random(self: Mould, row: Any, runs: Any) -> Cast:
        made = cast(self, row, runs)
        return made._replace(parts=(*made.parts, secrets.token_hex(8).encode() + b"\r\n"))

    Mould.cast = cast_at_random  # type: ignore[method-assign]


def split_plan() -> None:
    """The mails of a batch are committed before the rows that say who has had what."""
    sent = Plan._sent

    def sent_and_committed(self: Plan, session: Session, now: datetime, copies: Any) -> Any:
        outcomes = sent(self, session, now, copies)
        driver = session.connection().connection.driver_connection
        assert driver is not None
        driver.execute("COMMIT")
        driver.execute("BEGIN")
        return outcomes

    Plan._sent = sent_and_committed  # type: ignore[method-assign]


MUTANTS = {
    "no-lease": Mutant(
        "no lease check", no_lease_check, frozenset({check.LATE}), failpoint="after_claim:pause:0.2"
    ),
    "no-token": Mutant(
        "no token on the result", no_token_on_the_result, frozenset({check.UNEXPLAINED}), frozenset({check.LATE}),
        failpoint="before_record:pause:0.2",
    ),
    "accepted-first": Mutant(
        "mark accepted first", accepted_first, frozenset({check.LOST, check.LIES}),
        frozenset({check.LATE, check.STOPPED, check.WITHDRAWN}), failpoint="after_claim:kill:0.5",
    ),
    "random-bytes": Mutant("random bytes", random_bytes, frozenset({check.DIFFERING}), faults=0.3),
    "split-plan": Mutant(
        # A mail without its rows is not found when one of its items is withdrawn.
        "split plan", split_plan, frozenset({check.TWICE, check.HALF}), frozenset({check.WITHDRAWN}),
        failpoint="in_plan:kill:0.5",
    ),
}  # fmt: skip
