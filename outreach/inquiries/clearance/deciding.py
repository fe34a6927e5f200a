"""An approver decides on an exact text; and an officer who may release clears by sending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.accounts.models import Account
from outreach.errors import Conflict, IllegalMove
from outreach.house import House
from outreach.inquiries import emails, moves
from outreach.inquiries.clearance import asking, matters, state
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.clearance.models import BY_ACCOUNT, CHANGE, GRANTED, REFUSED, Clearance
from outreach.inquiries.clearance.state import Standing
from outreach.inquiries.models import Inquiry
from outreach.language import mark

DECISIONS = {GRANTED: mark("Cleared"), CHANGE: mark("Change asked"), REFUSED: mark("Refused")}
NO_DECISION = mark("Choose what you decide")
SAY_WHY = mark("Say in a few words what should change, or why not")
NO_LONGER_ASKED = mark("This is no longer asked of you: the words have changed, or the request was withdrawn.")


NOT_CLEARED = mark("These words are with an approver, or were refused. Wait, change them, or withdraw the request")
NOT_ALONE = mark("Two-person rule: you own this or changed these words last. Ask somebody else to clear them")
CHANGED_SINCE = mark(
    "These words changed since an approver had them. Ask again, or tick “Clear the changed words myself”"
)


def is_asked(session: Session, row: Clearance, matter: Matter) -> bool:
    """Whether this approver may still decide: nobody has, it was not withdrawn, and the words are the same."""
    return row.is_open() and matter.is_open and state.standing(session, matter).asks(row)


def decide(
    session: Session, house: House, now: datetime, row: Clearance, decision: str, words: str, by: str
) -> Clearance:  # fmt: skip
    """Grant, refuse or ask for a change, once: later presses change nothing. ``by``: account or link.

    Tells whoever asked. Raises ``Conflict`` without a decision or its reason, ``IllegalMove`` when no longer asked.
    """
    matter = matters.of_row(session, row, to_write=True)
    session.refresh(row)
    if row.decision is not None:
        return row
    if not is_asked(session, row, matter):
        raise IllegalMove(NO_LONGER_ASKED)
    if decision not in DECISIONS:
        raise Conflict("decision", NO_DECISION)
    if decision != GRANTED and not words:
        raise Conflict("words", SAY_WHY)
    if asking.is_shut_out(house, matter, row.approver_id):
        raise IllegalMove(asking.NOT_OWN_WORDS)
    row.decision, row.decided_at, row.decided_by, row.words = decision, now, by, words
    _log(session, now, row, matter)
    asking.settle(session, now, matter.inquiry, row.approver_id)
    asker = session.get(Account, row.asked_by_id) if row.asked_by_id else None
    emails.send_clearance_decided(session, house, now, matter, asker.email if asker and asker.active else None)
    return row


def _log(session: Session, now: datetime, row: Clearance, matter: Matter) -> None:
    if matter.inquiry is not None:
        said = f"{row.approver_name}: {row.decision}"
        moves.move(session, matter.inquiry, now, moves.DECIDE, row.approver_id, said)
    else:
        audit.record(
            session, now, "clearance.decided", matter.ref, row.approver_id, clearance_id=row.id, decision=row.decision
        )


def clear_by_sending(
    session: Session, house: House, now: datetime, standing: Standing, account_id: int, *, is_confirmed: bool
) -> None:
    """Let words leave: cleared as they are, or else by whoever sends them, which is written down.

    Raises ``Conflict`` when an approver has them or refused them, when they changed since one had them and that was not
    confirmed, and when they are the sender's own under the two-person rule.
    """
    if standing.state in (state.REQUESTED, REFUSED):
        raise Conflict("ask_whom", NOT_CLEARED)
    if standing.state == GRANTED and not all(
        asking.is_shut_out(house, standing.matter, row.approver_id) for row in standing.rows
    ):
        return
    if asking.is_shut_out(house, standing.matter, account_id):
        raise Conflict("ask_whom", NOT_ALONE)
    if standing.state == state.VOID and not is_confirmed:
        raise Conflict("release", CHANGED_SINCE)
    account, matter = session.get_one(Account, account_id), standing.matter
    session.add(Clearance(
        **matter.key, text=matter.text, text_hash=matter.hash, approver_id=account.id, approver_name=account.name,
        approver_email=account.email, key_id=house.tokens.key_id, asked_by_id=account.id, asked_at=now,
        decision=GRANTED, decided_at=now, decided_by=BY_ACCOUNT,
    ))  # fmt: skip


def unrelease(session: Session, now: datetime, inquiry: Inquiry, sent_at: datetime, account_id: int | None) -> None:
    """The mail was taken back before it left, and with it what its sender cleared by sending."""
    sent = [Clearance.inquiry_id == inquiry.id]
    sent += [Clearance.story_id == inquiry.story_id] if inquiry.story_id else []
    own = select(Clearance).where(
        or_(*sent), Clearance.asked_at == sent_at, Clearance.asked_by_id == account_id,
        Clearance.approver_id == account_id,
    )  # fmt: skip
    for row in session.scalars(own):
        row.withdrawn_at = now
