"""Who is on duty, and from when to when. Where turns overlap, the one that began last counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts.models import Account
from outreach.errors import Conflict, NotFound
from outreach.inquiries.duty.models import DutyTurn
from outreach.language import mark
from outreach.prepared import Prepared

LOOK_AHEAD = timedelta(days=14)
NOBODY = mark("Choose somebody who can sign in.")


@dataclass(frozen=True)
class Watch:
    """An unbroken time in which one officer is the one on duty."""

    account: Account
    starts_at: datetime
    ends_at: datetime


def on_duty(session: Session, now: datetime) -> Account | None:
    """The officer on duty; `None` when the rota names nobody, or somebody who cannot sign in any more."""
    found = _ON_DUTY.scalar(session, now=now)
    return session.get(Account, found) if found else None


# The rule of `_counts`, in one statement: every inquiry that comes in asks.
_ON_DUTY = Prepared(
    select(Account.id)
    .join(DutyTurn, DutyTurn.account_id == Account.id)
    .where(DutyTurn.starts_at <= bindparam("now"), DutyTurn.ends_at > bindparam("now"), Account.active)
    .where(or_(DutyTurn.ended_at.is_(None), DutyTurn.ended_at > bindparam("now")))
    .order_by(DutyTurn.starts_at.desc(), DutyTurn.id.desc())
    .limit(1)
)


def watches(session: Session, start: datetime, end: datetime) -> list[Watch]:
    """Who counts as on duty between two instants, in order; times without anybody are left out."""
    found = turns(session, start, end)
    edges = sorted({start, end, *(at for turn, _ in found for at in _span(turn) if start < at < end)})
    told: list[Watch] = []
    for begins, ends in zip(edges, edges[1:], strict=False):
        account = _counts(found, begins)
        if account is None:
            continue
        if told and told[-1].ends_at == begins and told[-1].account is account:
            begins = told.pop().starts_at
        told.append(Watch(account, begins, ends))
    return told


def next_change(session: Session, now: datetime) -> tuple[datetime, Account | None] | None:
    """When somebody else is on duty next, and who (`None`: nobody); `None` when nothing changes within two weeks."""
    ahead = watches(session, now, now + LOOK_AHEAD)
    if not ahead:
        return None
    first = ahead[0]
    if first.starts_at > now:
        return first.starts_at, first.account
    if first.ends_at == now + LOOK_AHEAD:
        return None
    follows = next((watch for watch in ahead[1:] if watch.starts_at == first.ends_at), None)
    return first.ends_at, follows.account if follows else None


def turns(session: Session, start: datetime, end: datetime) -> list[tuple[DutyTurn, Account]]:
    """The turns of people who can sign in that touch this time and were not taken off the rota, earliest first."""
    wanted = (
        select(DutyTurn, Account)
        .join(Account, Account.id == DutyTurn.account_id)
        .where(DutyTurn.starts_at < end, DutyTurn.ends_at > start, Account.active)
        .where(or_(DutyTurn.ended_at.is_(None), DutyTurn.ended_at > start))
        .order_by(DutyTurn.starts_at, DutyTurn.id)
    )
    found = [(turn, account) for turn, account in session.execute(wanted)]
    return [(turn, account) for turn, account in found if turn.starts_at < _span(turn)[1]]


def add(
    session: Session, now: datetime, account_id: int, starts_at: datetime, ends_at: datetime, actor_id: int
) -> DutyTurn:
    """Put somebody on the rota; the same turn twice is once. Raises `Conflict` for somebody who cannot sign in."""
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise Conflict("account_id", NOBODY)
    same = select(DutyTurn).where(
        DutyTurn.account_id == account_id, DutyTurn.starts_at == starts_at, DutyTurn.ends_at == ends_at,
        DutyTurn.ended_at.is_(None),
    )  # fmt: skip
    turn = session.scalar(same.limit(1))
    if turn is None:
        turn = DutyTurn(account_id=account_id, starts_at=starts_at, ends_at=ends_at, created_at=now)
        session.add(turn)
        session.flush()
        audit.record(session, now, "duty.turn_added", f"account:{account_id}", actor_id, turn_id=turn.id)
    return turn


def end(session: Session, now: datetime, turn_id: int, actor_id: int) -> bool:
    """Take a turn off the rota: a running one ends now, a later one does not come. `False` when it was over before."""
    turn = session.get(DutyTurn, turn_id, with_for_update=True)
    if turn is None:
        raise NotFound(f"turn {turn_id}")
    if turn.ended_at is not None or turn.ends_at <= now:
        return False
    turn.ended_at = now
    audit.record(session, now, "duty.turn_ended", f"account:{turn.account_id}", actor_id, turn_id=turn.id)
    return True


def _span(turn: DutyTurn) -> tuple[datetime, datetime]:
    """When it really began and ended."""
    return turn.starts_at, turn.ends_at if turn.ended_at is None else min(turn.ends_at, turn.ended_at)


def _counts(found: Sequence[tuple[DutyTurn, Account]], at: datetime) -> Account | None:
    """Of the turns at this instant, earliest first, the last one to begin."""
    running = [account for turn, account in found if turn.starts_at <= at < _span(turn)[1]]
    return running[-1] if running else None
