"""What became of every copy of an issue, and what an officer may do about those that did not arrive (D-22)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.digests import queries
from outreach.digests.models import PREPARED, SKIPPED, DigestIssue, DigestRecipient
from outreach.mail import addresses, outbox
from outreach.mail.models import FAILED, STATES, UNCERTAIN, MailAttempt, OutboxEmail
from outreach.subscriptions.models import Subscriber

OUTCOMES = (*STATES, SKIPPED)
PER_PAGE, AT_ONCE = 50, 1000
LEFT_SO = "left as it is"

# The copy's mail says where it stands; without one there never was any, or it is so old that it was deleted.
_state: ColumnElement[Any] = func.coalesce(OutboxEmail.state, DigestRecipient.state)


class Copy(NamedTuple):
    """One reader's copy. `said`: the mail server's last reply, or why there is no mail. `is_held`: a person decides."""

    subscriber_id: int
    address: str
    at: datetime
    tries: int
    said: str
    is_held: bool


class Page(NamedTuple):
    """Some copies, and the number to ask for the next ones after; None when there are no more."""

    copies: list[Copy]
    next: int | None


def counts(session: Session, issue_id: int) -> dict[str, int]:
    """How many copies are in each state; together all that were planned."""
    found: Counter[str] = Counter()
    for name, copies in queries.fared(session, [issue_id]).get(issue_id, {}).items():
        found[name if name in STATES else SKIPPED] += copies
    return dict(found)


def page(session: Session, issue_id: int, state: str, after: int) -> Page:
    """The next copies in this state, by the number of their reader."""
    last = and_(MailAttempt.outbox_id == OutboxEmail.id, MailAttempt.n == OutboxEmail.attempts)
    rows = (
        select(DigestRecipient, OutboxEmail, MailAttempt)
        .outerjoin(OutboxEmail, OutboxEmail.id == DigestRecipient.outbox_id)
        .outerjoin(MailAttempt, last)
        .where(DigestRecipient.issue_id == issue_id, _state == state, DigestRecipient.subscriber_id > after)
        .order_by(DigestRecipient.subscriber_id)
        .limit(PER_PAGE + 1)
    )
    found = [_copy(*row) for row in session.execute(rows)]
    return Page(found[:PER_PAGE], found[PER_PAGE - 1].subscriber_id if len(found) > PER_PAGE else None)


def _copy(planned: DigestRecipient, mail: OutboxEmail | None, last: MailAttempt | None) -> Copy:
    if mail is None:
        return Copy(planned.subscriber_id, "", planned.planned_at, 0, planned.reason or "", False)
    replied = f"{last.code or ''} {last.reply or ''}".strip() if last is not None else ""
    return Copy(
        planned.subscriber_id, addresses.masked(mail.to_address) if mail.to_address else "",
        last.at if last is not None else mail.created_at,
        mail.attempts, replied or mail.reason or "", mail.state == UNCERTAIN and mail.next_at is None,
    )  # fmt: skip


def try_again(session: Session, now: datetime, issue: DigestIssue, actor_id: int | None) -> int:
    """Let those leave once more that certainly did not arrive, up to 1,000; how many.

    Not what expired, which the next digest carries, and nothing to whoever has stopped or moved meanwhile. Before any
    of it leaves, the planner looks whether it tells of something withdrawn since.
    """
    lost = (
        select(OutboxEmail.id)
        .join(DigestRecipient, DigestRecipient.outbox_id == OutboxEmail.id)
        .join(Subscriber, Subscriber.id == DigestRecipient.subscriber_id)
        .where(DigestRecipient.issue_id == issue.id, DigestRecipient.state == PREPARED)
        .where(OutboxEmail.state == FAILED, not_(OutboxEmail.reason.startswith("expired")))
        .where(Subscriber.ended_at.is_(None), Subscriber.address == OutboxEmail.to_address)
        .order_by(Subscriber.id)
        .limit(AT_ONCE)
        .with_for_update(of=Subscriber)
    )
    again = outbox.try_again(session, list(session.scalars(lost)), now)
    if again:
        outbox.halt(session, f"issue:{issue.id}", now)
        audit.record(session, now, "digest.tried_again", f"issue:{issue.id}", actor_id, count=again)
    return again


def repeat(session: Session, now: datetime, issue: DigestIssue, subscriber_id: int, actor_id: int | None) -> bool:
    """Send a held copy of unknown outcome once more, in the same bytes; False when there is none or it is too late."""
    mail_id = _held(session, issue, subscriber_id)
    if mail_id is None or not outbox.repeat(session, mail_id, now):
        return False
    audit.record(session, now, "digest.repeated", f"outbox:{mail_id}", actor_id)
    return True


def leave(session: Session, now: datetime, issue: DigestIssue, subscriber_id: int, actor_id: int | None) -> bool:
    """Let a held copy of unknown outcome be; False when there is none."""
    mail_id = _held(session, issue, subscriber_id)
    if mail_id is None:
        return False
    outbox.cancel_mails(session, [mail_id], LEFT_SO)
    audit.record(session, now, "digest.left", f"outbox:{mail_id}", actor_id)
    return True


def _held(session: Session, issue: DigestIssue, subscriber_id: int) -> int | None:
    """The mail of this reader's copy that waits for a person's word."""
    mine = select(OutboxEmail.id).join(DigestRecipient, DigestRecipient.outbox_id == OutboxEmail.id)
    mine = mine.where(DigestRecipient.issue_id == issue.id, DigestRecipient.subscriber_id == subscriber_id)
    return session.scalar(mine.where(OutboxEmail.state == UNCERTAIN, OutboxEmail.next_at.is_(None)))
