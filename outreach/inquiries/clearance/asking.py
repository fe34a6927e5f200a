"""Ask approvers for an exact text, and take a request back; the state of the inquiry follows what is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts.models import Account
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries import casework, emails, moves
from outreach.inquiries.clearance import planner, state
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.models import ACCEPTED, IN_CLEARANCE, Inquiry, Question
from outreach.language import mark

NO_WORDS = mark("There are no words to clear yet. Write the answer first")
NO_APPROVER = mark("Choose who is to clear it, or enter a name and an e-mail address")
NOT_OWN_WORDS = mark("Two-person rule: whoever owns the inquiry or changed these words cannot clear them")


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
    session: Session, house: House, now: datetime, inquiry: Inquiry, texts: Sequence[Question | None],
    approvers: Sequence[Approver], actor_id: int,
) -> int:  # fmt: skip
    """Ask each approver for each text (``None``: the whole reply), by mail; how many were not asked before.

    Raises ``Conflict`` for no words, no approver, or one whom the two-person rule shuts out.
    """
    _check(house, inquiry, texts, approvers)
    present = state.of(session, inquiry)
    asked = [
        (question, approver)
        for question in texts
        for approver in approvers
        if not _is_asked(present, question, approver)
    ]
    if not asked:
        return 0
    casework.take(inquiry, now, actor_id)
    moves.move(session, inquiry, now, moves.ASK_CLEARANCE, actor_id)
    for question, approver in asked:
        _ask_one(session, house, now, inquiry, question, approver, actor_id)
    return len(asked)


def withdraw(session: Session, now: datetime, inquiry: Inquiry, clearance_id: int, actor_id: int) -> bool:
    """Ask no longer; ``False`` when it was decided or taken back before. Raises ``NotFound``."""
    row = session.get(Clearance, clearance_id)
    if row is None or row.inquiry_id != inquiry.id:
        raise NotFound(str(clearance_id))
    if not row.is_open():
        return False
    row.withdrawn_at = now
    audit.record(session, now, "inquiry.clearance_withdrawn", inquiry.ref, actor_id, clearance_id=row.id)
    settle(session, now, inquiry, actor_id)
    return True


def settle(session: Session, now: datetime, inquiry: Inquiry, actor_id: int | None = None) -> None:
    """In clearance as long as anything is asked about the words as they are now, and no longer."""
    if inquiry.state not in (ACCEPTED, IN_CLEARANCE):
        return
    session.flush()
    is_requested = state.of(session, inquiry).is_any_requested()
    if is_requested != (inquiry.state == IN_CLEARANCE):
        verb = moves.ASK_CLEARANCE if is_requested else moves.END_CLEARANCE
        moves.move(session, inquiry, now, verb, actor_id)


def may_not_clear(inquiry: Inquiry, question: Question | None) -> set[int | None]:
    """Whose own words these are: the owner, and whoever last changed them (account ids)."""
    if question is not None:
        return {inquiry.owner_id, question.edited_by_id}
    body_by = (inquiry.draft or {}).get("by", "")
    return {inquiry.owner_id, int(body_by) if body_by else None, *(one.edited_by_id for one in inquiry.questions)}


def is_shut_out(house: House, inquiry: Inquiry, question: Question | None, account_id: int | None) -> bool:
    """Whether the two-person rule keeps this account from clearing these words."""
    rule = house.settings.two_person_rule
    return rule and account_id is not None and account_id in may_not_clear(inquiry, question)


def _check(
    house: House, inquiry: Inquiry, texts: Sequence[Question | None], approvers: Sequence[Approver]
) -> None:  # fmt: skip
    if not texts or not all(question.answer if question else state.wording(inquiry).text for question in texts):
        raise Conflict("ask_what", NO_WORDS)
    if not approvers:
        raise Conflict("ask_whom", NO_APPROVER)
    if any(is_shut_out(house, inquiry, text, approver.account_id) for text in texts for approver in approvers):
        raise Conflict("ask_whom", NOT_OWN_WORDS)


def _is_asked(present: state.Clearances, question: Question | None, approver: Approver) -> bool:
    standing = present.whole if question is None else present.questions[question.id]
    rows = (row for row in standing.rows if row.is_open() and standing.state != state.VOID)
    return any(row.approver_email.casefold() == approver.email.casefold() for row in rows)


def _ask_one(
    session: Session, house: House, now: datetime, inquiry: Inquiry, question: Question | None, approver: Approver,
    actor_id: int,
) -> None:  # fmt: skip
    words = state.wording(inquiry, question)
    row = Clearance(
        inquiry_id=inquiry.id, question_id=question.id if question else None, text=words.text, text_hash=words.hash,
        approver_id=approver.account_id, approver_name=approver.name, approver_email=approver.email,
        key_id=house.tokens.key_id, asked_by_id=actor_id, asked_at=now,
        latest_at=planner.approval_by(house.office, now, inquiry.deadline_at),
    )  # fmt: skip
    session.add(row)
    session.flush()
    asker = session.get(Account, approver.account_id or actor_id)
    emails.send_clearance_request(session, house, now, inquiry, row, question, asker.variant if asker else "en")


def staff(session: Session, actor_id: int) -> list[Account]:
    """Who has an account and may be asked: approvers first, then officers and administrators; never the asker."""
    active = session.scalars(select(Account).where(Account.active, Account.id != actor_id).order_by(Account.name))
    able = [account for account in active if any(map(account.may_be, ("approver", "officer", "admin")))]
    return sorted(able, key=lambda account: not account.may_be("approver"))
