"""What the next shift takes over, and the work of somebody who leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries import moves, queries
from outreach.inquiries.clearance import queries as clearances
from outreach.inquiries.clearance.queries import Asked
from outreach.inquiries.duty import emails, reminders, rota
from outreach.inquiries.duty.models import DutyTurn
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import OPEN_STATES, WAITING, Inquiry
from outreach.inquiries.stories.models import Story
from outreach.language import mark
from outreach.mail.models import OutboxEmail

AHEAD = timedelta(hours=24)
MOST = 40  # rows of one list: more cannot be read in a minute
NOT_A_COLLEAGUE = mark("Choose a colleague who can sign in.")


@dataclass(frozen=True)
class Sheet:
    """One page for the next shift. Each list holds inquiries, but `cleared` and `ahead`."""

    due: list[Inquiry]
    promised: list[Inquiry]
    unowned: list[Inquiry]
    waiting: list[Inquiry]
    snoozed: list[Inquiry]
    unread: list[Inquiry]
    cleared: list[Asked]
    ahead: list[reminders.Call]


@dataclass(frozen=True)
class Work:
    """What hangs on one account and would hang on nobody without it."""

    inquiries: list[Inquiry] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    turns: list[DutyTurn] = field(default_factory=list)
    cleared: list[Asked] = field(default_factory=list)

    def count(self) -> int:
        return sum(len(part) for part in (self.inquiries, self.lines, self.stories, self.turns, self.cleared))


def sheet(session: Session, house: House, now: datetime) -> Sheet:
    """What is open at `now`: due within a day, promised, waited for, put off; and what will be said until then."""
    until = now + AHEAD
    return Sheet(
        due=_open(session, Inquiry.deadline_at < until),
        promised=_open(session, Inquiry.commitment.is_not(None)),
        unowned=_open(session, Inquiry.owner_id.is_(None)),
        waiting=_open(session, Inquiry.state == WAITING),
        snoozed=_open(session, Inquiry.snoozed_until > now),
        unread=[row.inquiry for row in queries.new_words(session, now, MOST)],
        cleared=clearances.waiting(session)[:MOST],
        ahead=reminders.coming(session, house, now, until)[:MOST],
    )


def send(session: Session, house: House, now: datetime, to: Account, form: str) -> bool:
    """Mail the sheet, references and deadlines only; the same form twice is one mail, then `False`."""
    ref = f"handover:{form}"
    if session.scalar(select(OutboxEmail.id).where(OutboxEmail.ref == ref).limit(1)) is not None:
        return False
    told = sheet(session, house, now)
    emails.send_handover(session, house, now, emails.Receiver.of(to), ref, sheet=told)
    audit.record(session, now, "duty.handover_mailed", f"account:{to.id}")
    return True


def next_officer(session: Session, now: datetime) -> Account | None:
    """Who is on duty after the one who is now; the one who is, when nobody follows."""
    change = rota.next_change(session, now)
    return change[1] if change and change[1] else rota.on_duty(session, now)


def work_of(session: Session, now: datetime, account_id: int) -> Work:
    """Everything open that names this account."""
    lines = select(Line).where(Line.owner_id == account_id, Line.ended_at.is_(None)).order_by(Line.id)
    stories = select(Story).where(Story.owner_id == account_id, Story.ended_at.is_(None)).order_by(Story.id)
    turns = select(DutyTurn).where(DutyTurn.account_id == account_id, DutyTurn.ended_at.is_(None))
    return Work(
        inquiries=_open(session, Inquiry.owner_id == account_id, limit=None),
        lines=list(session.scalars(lines)),
        stories=list(session.scalars(stories)),
        turns=list(session.scalars(turns.where(DutyTurn.ends_at > now).order_by(DutyTurn.starts_at))),
        cleared=clearances.waiting(session, account_id),
    )


def give_all(session: Session, now: datetime, from_id: int, to_id: int, actor_id: int) -> int:
    """Hand all of it to a colleague; how many things moved, 0 the second time. Raises `Conflict`, `NotFound`."""
    leaver, colleague = session.get(Account, from_id), session.get(Account, to_id)
    if leaver is None:
        raise NotFound(f"account {from_id}")
    if colleague is None or not colleague.active or colleague.id == leaver.id:
        raise Conflict("to", NOT_A_COLLEAGUE)
    work = work_of(session, now, from_id)
    for inquiry in work.inquiries:
        moves.move(session, inquiry, now, moves.HAND_OVER, actor_id, f"{leaver.name} → {colleague.name}")
        inquiry.owner_id = colleague.id
    things: list[Line | Story] = [*work.lines, *work.stories]
    for owned in things:
        owned.owner_id = colleague.id
        owned.version += 1
    for turn in work.turns:
        _pass_on(session, now, turn, colleague)
    for one in work.cleared:
        one.row.approver_id = colleague.id
        one.row.approver_name, one.row.approver_email = colleague.name, colleague.email
    if work.count():
        audit.record(
            session, now, "duty.work_handed_over", f"account:{from_id}", actor_id, to=to_id, things=work.count()
        )
    return work.count()


def colleagues(session: Session) -> list[Account]:
    """Who can have work on the desk."""
    return [
        *{one.id: one for role in ("officer", "admin") for one in accounts.active_with_role(session, role)}.values()
    ]


def _open(session: Session, *conditions: Any, limit: int | None = MOST) -> list[Inquiry]:
    wanted = select(Inquiry).where(Inquiry.state.in_(OPEN_STATES), *conditions)
    ordered = wanted.order_by(Inquiry.deadline_at.is_(None), Inquiry.deadline_at, Inquiry.id)
    return list(session.scalars(ordered.limit(limit)))


def _pass_on(session: Session, now: datetime, turn: DutyTurn, colleague: Account) -> None:
    """A turn to come changes hands; of one that runs, what is left of it."""
    if turn.starts_at > now:
        turn.account_id = colleague.id
        return
    turn.ended_at = now
    session.add(DutyTurn(account_id=colleague.id, starts_at=now, ends_at=turn.ends_at, created_at=now))
