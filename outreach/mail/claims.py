"""Claiming: which mails leave next, and which of those that are due must not leave at all.

Whatever is wrong with one mail is settled on its row, and those behind it go on (D-17).
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, false, select, text
from sqlalchemy.orm import Session

from outreach import audit, bulk
from outreach.house import House
from outreach.mail import addresses, sql, suppressions, verp
from outreach.mail.blocks import NO_RUNS
from outreach.mail.cupboard import Cupboard
from outreach.mail.delivery import models_of
from outreach.mail.forms import values_of
from outreach.mail.models import CANCELLED, FAILED, UNCERTAIN, WAITING, OutboxEmail
from outreach.mail.moulds import Mould
from outreach.mail.transports import Envelope
from outreach.mail.verify import Mismatch

NOT_ALLOWED = "not allowed outside production"
EXPIRED = "expired"
SINGLES = 32  # single mails in one claim: each is read back in full, and no transaction may take long

log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A row that is due, as the driver gave it; its columns are those of `sql.DUE`."""

    id: int
    attempts: int
    to_name: str | None
    to_address: str
    message_id: str
    dated_at: Any
    own: str
    form: str
    bytes_hash: str | None
    uncertains: int
    scope: str
    is_bulk: bool
    expires_at: Any


class Window(NamedTuple):
    """What a claim brought: mails to send, how many rows it looked at for that, and whether there may be more."""

    envelopes: list[Envelope]
    looked_at: int
    has_more: bool


NOTHING = Window([], 0, False)


class _Refused(Exception):
    """This mail must not leave. The state it ends in, and why; a failure is told."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(reason)
        self.state, self.reason = state, reason


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether there is anything to claim; reads only."""
    due = select(OutboxEmail.id).where(text(WAITING), OutboxEmail.next_at <= now)
    return any(session.scalar(due.where(OutboxEmail.is_bulk == bulk).limit(1)) is not None for bulk in (False, True))


def single_mails(connection: Connection, now: datetime, most: int) -> int:
    """How many mails that are no digests are due, counted up to `most`."""
    due = select(OutboxEmail.id).where(text(WAITING), OutboxEmail.next_at <= now, OutboxEmail.is_bulk == false())
    return len(connection.scalars(due.limit(most)).all())


def claim(
    connection: Connection, house: House, cupboard: Cupboard, fence: int, now: datetime, room: int, is_bound: bool,
    only: int | None = None,
) -> Window:  # fmt: skip
    """Take the next mails that are due, single ones ahead of digests, and mark them as this worker's.

    `is_bound`: the transport reaches real mailboxes, so outside production MAIL_ALLOW decides (D-25).
    """
    rows, has_more = _due(connection, now, room, only)
    if not rows:
        return NOTHING
    press = _Press(connection, house, cupboard, rows, is_bound, bulk.stamp(connection, now))
    stops = suppressions.suppressed(connection, house, [(row.to_address, row.scope) for row in rows])
    envelopes, marks, refused = [], [], {}
    for row, is_stopped in zip(rows, stops, strict=True):
        try:
            envelope, fingerprint = press.made(row, is_stopped)
        except _Refused as why:
            refused[row.id] = why
        else:
            envelopes.append(envelope)
            marks.append((fingerprint, row.id))
    if marks:
        sql.mark(connection, fence, marks)
    if refused:
        _settle(connection, refused, now)
    return Window(envelopes, len(rows), has_more)


class _Press:
    """Makes mails of rows, with what these rows have in common fetched once."""

    def __init__(
        self, connection: Connection, house: House, cupboard: Cupboard, rows: Sequence[Due], is_bound: bool, now: Any
    ) -> None:
        self.now = now
        settings = house.settings
        self.allowed = settings.mail_allow if is_bound and not settings.production else None
        self.own_sender = verp.senders(house)
        self.moulds = cupboard.moulds(connection, {row.form for row in rows})
        runs = {key: mould.run_numbers for key, mould in self.moulds.items() if isinstance(mould, Mould)}
        wanted = {key for row in rows if runs.get(row.form) for key in _run_blocks(row, runs[row.form])}
        self.runs = cupboard.blocks(connection, wanted) if wanted else NO_RUNS

    def made(self, row: Due, is_stopped: bool) -> tuple[Envelope, str]:
        """The mail and its fingerprint; raises _Refused for one that must not leave."""
        if row.expires_at <= self.now:
            raise _Refused(EXPIRED, "expired")
        if is_stopped:
            raise _Refused(CANCELLED, "suppressed")
        if self.allowed is not None and not addresses.matches(row.to_address, self.allowed):
            raise _Refused(CANCELLED, NOT_ALLOWED)
        mould = self.moulds.get(row.form)
        if not isinstance(mould, Mould):
            raise _unsendable(mould or KeyError(row.form), row)
        try:
            cast = mould.cast(row, self.runs)
        except Exception as wrong:  # a fault of ours is the failure of this mail alone
            raise _unsendable(wrong, row) from None
        if row.uncertains and row.bytes_hash not in (None, cast.print):  # what never arrived may have changed
            raise _Refused(FAILED, "not repeated: its bytes would differ")
        n = row.attempts + 1
        sender = self.own_sender(row.id) if self.own_sender else mould.sender
        envelope = Envelope(sender, cast.to, row.message_id, cast.parts, row.id, n, bool(row.is_bulk), True)
        return envelope, cast.print


def place(trouble: BaseException) -> str:
    """Which fault, and where; its message stays out of the log, since it may hold an address (P-11)."""
    frames = traceback.extract_tb(trouble.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(trouble).__name__}{where}"


def _due(connection: Connection, now: datetime, room: int, only: int | None) -> tuple[list[Due], bool]:
    if only is not None:
        return list(map(Due._make, sql.due_one(connection, now, only))), False
    most = min(room, SINGLES)
    rows = sql.due(connection, now, False, most)
    if len(rows) == most:
        return list(map(Due._make, rows)), True
    if not sql.is_halted(connection):
        rows += sql.due(connection, now, True, room - len(rows))
    return list(map(Due._make, rows)), len(rows) == room


def _run_blocks(row: Due, numbers: Sequence[int]) -> list[str]:
    """The blocks that the values with these numbers name."""
    values = values_of(row.own)
    return [key for number in numbers if number < len(values) for key in values[number].split(",") if key]


def _unsendable(wrong: Exception, row: Due) -> _Refused:
    if isinstance(wrong, KeyError):
        return _Refused(FAILED, "a block of its text is missing")
    if isinstance(wrong, (ValueError, Mismatch)):
        return _Refused(FAILED, f"not sent: {wrong}")
    log.error("mail %s: %s", row.id, place(wrong))
    return _Refused(FAILED, f"broken: {place(wrong)}")


def _settle(connection: Connection, refused: Mapping[int, _Refused], now: datetime) -> None:
    with models_of(connection) as session:
        for row in session.scalars(select(OutboxEmail).where(OutboxEmail.id.in_(refused))):
            why = refused[row.id]
            if why.state == EXPIRED:
                _expire(session, row, now)
            else:
                row.settle(why.state, why.reason)
                if why.state == FAILED:
                    audit.record(session, now, "mail.failed", f"outbox:{row.id}")


def _expire(session: Session, row: OutboxEmail, now: datetime) -> None:
    """Its time is over: failed when it certainly never arrived, else left as uncertain for people to see."""
    if row.uncertains:
        row.settle(UNCERTAIN, "expired; nobody can say whether it arrived")
    else:
        row.settle(FAILED, f"expired; last: {row.reason or 'never tried'}")
    audit.record(session, now, "mail.expired", f"outbox:{row.id}", state=row.state)
