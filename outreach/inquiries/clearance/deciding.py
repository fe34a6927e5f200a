"""An approver decides on an exact text; and an officer who may release clears by sending."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.errors import Conflict, IllegalMove
from outreach.house import House
from outreach.inquiries import emails, moves
from outreach.inquiries.clearance import asking, state
from outreach.inquiries.clearance.models import BY_ACCOUNT, CHANGE, GRANTED, REFUSED, Clearance
from outreach.inquiries.models import Inquiry, Question
from outreach.language import mark

DECISIONS = {GRANTED: mark("Cleared"), CHANGE: mark("Change asked"), REFUSED: mark("Refused")}
NO_DECISION = mark("Choose what you decide")
SAY_WHY = mark("Say in a few words what should change, or why not")
NO_LONGER_ASKED = mark("This is no longer asked of you: the words have changed, or the request was withdrawn.")


def is_asked(session: Session, row: Clearance) -> bool:
    """Whether this approver may still decide: nobody has, it was not withdrawn, and the words are the same."""
    inquiry = session.get(Inquiry, row.inquiry_id)
    if inquiry is None or not row.is_open() or not moves.is_legal(inquiry, moves.DECIDE):
        return False
    return state.of(session, inquiry).is_asked(row)


def decide(
    session: Session, house: House, now: datetime, row: Clearance, decision: str, words: str, by: str
) -> Clearance:  # fmt: skip
    """Grant, refuse or ask for a change, once: later presses change nothing. ``by``: account or link.

    Tells whoever asked. Raises ``Conflict`` without a decision or its reason, ``IllegalMove`` when no longer asked.
    """
    inquiry = session.scalars(select(Inquiry).where(Inquiry.id == row.inquiry_id).with_for_update()).one()
    session.refresh(row)
    if row.decision is not None:
        return row
    if not is_asked(session, row):
        raise IllegalMove(NO_LONGER_ASKED)
    if decision not in DECISIONS:
        raise Conflict("decision", NO_DECISION)
    if decision != GRANTED and not words:
        raise Conflict("words", SAY_WHY)
    question = session.get(Question, row.question_id) if row.question_id else None
    if asking.is_shut_out(house, inquiry, question, row.approver_id):
        raise IllegalMove(asking.NOT_OWN_WORDS)
    row.decision, row.decided_at, row.decided_by, row.words = decision, now, by, words
    moves.move(session, inquiry, now, moves.DECIDE, row.approver_id, f"{row.approver_name}: {decision}")
    asking.settle(session, now, inquiry, row.approver_id)
    asker = session.get(Account, row.asked_by_id) if row.asked_by_id else None
    address = asker.email if asker and asker.active else None
    emails.send_alert(session, house, now, inquiry, emails.CLEARANCE_DECIDED, address)
    return row


def release(
    session: Session, house: House, now: datetime, inquiry: Inquiry, questions: Iterable[Question], account: Account
) -> None:
    """Write down that the sender cleared these answers by sending them."""
    for question in questions:
        words = state.wording(inquiry, question)
        session.add(Clearance(
            inquiry_id=inquiry.id, question_id=question.id, text=words.text, text_hash=words.hash,
            approver_id=account.id, approver_name=account.name, approver_email=account.email,
            key_id=house.tokens.key_id, asked_by_id=account.id, asked_at=now, decision=GRANTED, decided_at=now,
            decided_by=BY_ACCOUNT,
        ))  # fmt: skip


def unrelease(session: Session, now: datetime, inquiry: Inquiry, sent_at: datetime, account_id: int | None) -> None:
    """The mail was taken back before it left, and with it what its sender cleared by sending."""
    own = select(Clearance).where(
        Clearance.inquiry_id == inquiry.id, Clearance.asked_at == sent_at, Clearance.asked_by_id == account_id,
        Clearance.approver_id == account_id,
    )  # fmt: skip
    for row in session.scalars(own):
        row.withdrawn_at = now
