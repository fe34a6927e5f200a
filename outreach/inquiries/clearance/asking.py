"""Ask approvers for an exact text, and take a request back; the state of an inquiry follows what is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.house import House
from outreach.inquiries import casework, emails, moves
from outreach.inquiries.clearance import matters, planner, state
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import ACCEPTED, IN_CLEARANCE, OPEN_STATES, Inquiry
from outreach.language import mark

NO_WORDS = mark("There are no words to clear yet. Write the answer first")
NO_APPROVER = mark("Choose who is to clear it, or enter a name and an e-mail address")
NOT_OWN_WORDS = mark("Two-person rule: whoever owns this or changed these words cannot clear them")
OVER = mark("There is nothing to clear any more.")


@dataclass(frozen=True)
class Approver:
    """Who is asked; ``account_id`` is ``None`` for somebody who decides by a signed link."""

    name: str
    email: str
    account_id: int | None = None

    @classmethod
    def of(cls, account: Account) -> Approver:
        return cls(account.name, account.email, account.id)


def ask(
    session: Session, house: House, now: datetime, texts: Sequence[Matter], approvers: Sequence[Approver],
    actor_id: int,
) -> int:  # fmt: skip
    """Ask each approver for each text of one inquiry, story or correction, by mail; how many were not asked before.

    Raises ``Conflict`` for no words, no approver, or one whom the two-person rule shuts out; ``IllegalMove`` when it
    is over.
    """
    _check(house, texts, approvers)
    standings = [state.standing(session, matter) for matter in texts]
    asked = [
        (standing.matter, approver)
        for standing in standings
        for approver in approvers
        if not _is_asked(standing, approver)
    ]
    if not asked:
        return 0
    _begin(session, now, texts[0], actor_id)
    for matter, approver in asked:
        _ask_one(session, house, now, matter, approver, actor_id)
    return len(asked)


def withdraw(session: Session, now: datetime, ref: str, clearance_id: int, actor_id: int) -> bool:
    """Ask no longer; ``False`` when it was decided or taken back before. Raises ``NotFound`` for one of another ref."""
    row = session.get(Clearance, clearance_id)
    matter = matters.of_row(session, row) if row is not None else None
    if row is None or matter is None or matter.ref != ref:
        raise NotFound(str(clearance_id))
    if not row.is_open():
        return False
    row.withdrawn_at = now
    action = "inquiry.clearance_withdrawn" if matter.inquiry else "clearance.withdrawn"
    audit.record(session, now, action, matter.ref, actor_id, clearance_id=row.id)
    settle(session, now, matter.inquiry, actor_id)
    return True


def settle(session: Session, now: datetime, inquiry: Inquiry | None, actor_id: int | None = None) -> None:
    """In clearance as long as anything is asked about the words as they are now, and no longer."""
    if inquiry is None or inquiry.state not in (ACCEPTED, IN_CLEARANCE):
        return
    session.flush()
    is_requested = state.of(session, inquiry).is_any_requested()
    if is_requested != (inquiry.state == IN_CLEARANCE):
        verb = moves.ASK_CLEARANCE if is_requested else moves.END_CLEARANCE
        moves.move(session, inquiry, now, verb, actor_id)


def is_shut_out(house: House, matter: Matter, account_id: int | None) -> bool:
    """Whether the two-person rule keeps this account from clearing these words."""
    return house.settings.two_person_rule and account_id is not None and account_id in matter.authors


def _check(house: House, texts: Sequence[Matter], approvers: Sequence[Approver]) -> None:
    if not texts or not all(any(part.text for part in matter.parts) for matter in texts):
        raise Conflict("ask_what", NO_WORDS)
    if not approvers:
        raise Conflict("ask_whom", NO_APPROVER)
    if any(is_shut_out(house, matter, approver.account_id) for matter in texts for approver in approvers):
        raise Conflict("ask_whom", NOT_OWN_WORDS)


def _is_asked(standing: state.Standing, approver: Approver) -> bool:
    rows = (row for row in standing.rows if row.is_open() and standing.state != state.VOID)
    return any(row.approver_email.casefold() == approver.email.casefold() for row in rows)


def _begin(session: Session, now: datetime, matter: Matter, actor_id: int) -> None:
    if matter.inquiry is not None:
        casework.take(matter.inquiry, now, actor_id)
        moves.move(session, matter.inquiry, now, moves.ASK_CLEARANCE, actor_id)
        return
    if not matter.is_open:
        raise IllegalMove(OVER)
    audit.record(session, now, "clearance.asked", matter.ref, actor_id)


def _ask_one(
    session: Session, house: House, now: datetime, matter: Matter, approver: Approver, actor_id: int
) -> None:  # fmt: skip
    row = Clearance(
        **matter.key, text=matter.text, text_hash=matter.hash, approver_id=approver.account_id,
        approver_name=approver.name, approver_email=approver.email, key_id=house.tokens.key_id, asked_by_id=actor_id,
        asked_at=now, latest_at=planner.approval_by(house.office, now, _deadline(session, now, matter)),
    )  # fmt: skip
    session.add(row)
    session.flush()
    asker = session.get(Account, approver.account_id or actor_id)
    emails.send_clearance_request(session, house, now, matter, row, asker.variant if asker else "en")


def _deadline(session: Session, now: datetime, matter: Matter) -> datetime | None:
    """The journalist's; the next one of those who wait for a story; a correction has none."""
    if matter.story is None:
        return matter.inquiry.deadline_at if matter.inquiry else None
    waiting = Inquiry.story_id == matter.story.id, Inquiry.state.in_(OPEN_STATES), Inquiry.deadline_at > now
    return session.scalar(select(func.min(Inquiry.deadline_at)).where(*waiting))


def approvers(session: Session, actor_id: int, picked: Collection[str], name: str, email: str) -> list[Approver]:
    """Whom a form names: colleagues by the ids that were ticked, and somebody else, by account where there is one."""
    chosen = [Approver.of(one) for one in staff(session, actor_id) if str(one.id) in picked]
    if not email:
        return chosen
    known = accounts.by_email(session, email)
    if known is not None and known.active:
        return [*chosen, Approver.of(known)]
    return [*chosen, Approver((name or email)[:120], email)]


def staff(session: Session, actor_id: int) -> list[Account]:
    """Who has an account and may be asked: approvers first, then officers and administrators; never the asker."""
    active = session.scalars(select(Account).where(Account.active, Account.id != actor_id).order_by(Account.name))
    able = [account for account in active if any(map(account.may_be, ("approver", "officer", "admin")))]
    return sorted(able, key=lambda account: not account.may_be("approver"))
