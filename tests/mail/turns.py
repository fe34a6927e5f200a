"""What tests of delivery share: kinds of fixtures, and turns of a worker taken by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from outreach.audit import AuditEntry
from outreach.house import House
from outreach.mail.jobs import Worker, deliver
from outreach.mail.models import SENDING, OutboxEmail
from outreach.mail.transports import Answer, FilesTransport

Row = Callable[[int], OutboxEmail]
Put = Callable[..., int]
PutMany = Callable[..., list[int]]
TalkingTo = Callable[..., Any]


class Hands(FilesTransport):
    """A transport that does nothing by itself: a test says what became of the mails it was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.said: list[Any] = []

    @property
    def given(self) -> list[int]:
        return [envelope.id for envelope in self._queue]

    def answers(self, mail_id: int, *answer: Any) -> None:
        envelope = next(envelope for envelope in self._queue if envelope.id == mail_id)
        self._queue.remove(envelope)
        self.said.append((envelope, Answer(*answer)))

    def results(self, seconds: float) -> Any:
        said, self.said = self.said, []
        return said


def phases(row: OutboxEmail) -> list[str]:
    return [attempt.phase for attempt in row.tries]


def finish(worker: Worker, *answer: Any) -> None:
    """Everything it holds ended so, and is recorded."""
    for mail_id in list(worker.transport.given):  # type: ignore[attr-defined]
        worker.transport.answers(mail_id, *answer)  # type: ignore[attr-defined]
    worker.listen(0)
    worker.turn(claims_more=False)


def sending(house: House) -> int:
    with house.db.read() as session:
        return len(session.scalars(select(OutboxEmail.id).where(OutboxEmail.state == SENDING)).all())


def alarms(house: House) -> list[str]:
    with house.db.read() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def deliver_all(house: House, transport: Any, now: Any, window: int = 64) -> None:
    """Windows until nothing is taken up any more."""
    while deliver(house, transport, now, window=window):
        pass
