"""A report of a mail of ours, and what follows for its address (M-13, M-14).

Whose mail it is, is known by the stamp in the address it came back to, or by the Message-ID of the returned mail
together with its recipient: only who had the mail knows either. Anything else changes nothing and waits for a person.
One mail counts once, however often its report comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from outreach import audit
from outreach.house import House
from outreach.mail import addresses, suppressions, transports, verp
from outreach.mail.delivery import models_of
from outreach.mail.inbound import verdicts
from outreach.mail.inbound.reading import Reading
from outreach.mail.inbound.reports import Report
from outreach.mail.models import COMPLAINT, FAILED, HARD, SETTLED, SOFT, MailInbound, OutboxEmail
from outreach.mail.transports import Answer, Results

# As many soft bounces of different mails, on so many days, within so long, suppress an address.
SOFT_BOUNCES, SOFT_DAYS, SOFT_WITHIN = 5, 3, timedelta(days=14)
# A report of a mail that left longer ago says nothing of today.
REPORTED_WITHIN = timedelta(days=30)

# Why a row was settled, or why it waits; words for people are in `queries.REASONS`.
SUPPRESSED, COUNTED, NOTHING_FAILED, SAID_BEFORE = "suppressed", "counted", "nothing failed", "said before"
TOO_LATE, FORGOTTEN = "too late", "forgotten"
NOT_OURS, NO_VERDICT, NEVER_SENT = "not ours", "no verdict", "never sent"

HARD_BOUNCE, SOFT_BOUNCE, COMPLAINED = "hard bounce", "soft bounces", "complaint"


def settle(session: Session, house: House, now: datetime, row: MailInbound, reading: Reading) -> None:
    """Find the mail that a report is about and do what follows; or let the row wait."""
    report = reading.report
    assert report is not None
    mail = _mail(session, house, reading, report)
    if mail is None:
        return row.wait(NOT_OURS)
    if not mail.attempts:
        return row.wait(NEVER_SENT)
    row.outbox_id = mail.id
    fate = report.fate_at(_wire(mail))
    if fate is None:
        return row.wait(NO_VERDICT)
    row.status, row.diagnostic = fate.status, fate.diagnostic
    if fate.weight is None:
        return row.settle(now, NOTHING_FAILED)
    row.weight = None if row.kind == COMPLAINT else fate.weight
    row.settle(now, _consequence(session, house, now, row, mail))


def note_refusals(connection: Connection, house: House, results: Results, now: datetime) -> None:
    """Suppress addresses that a server refused because they are not there; the results were recorded before."""
    gone = {envelope.id: answer for envelope, answer in results if _is_gone(answer)}
    if not gone:
        return
    with models_of(connection) as session:
        refused = select(OutboxEmail).where(OutboxEmail.id.in_(gone), OutboxEmail.state == FAILED)
        for mail in session.scalars(refused.order_by(OutboxEmail.id)):
            status = verdicts.status_in(gone[mail.id].reply)
            _suppress(session, house, now, mail, suppressions.ALL, HARD_BOUNCE, status)


def _is_gone(answer: Answer) -> bool:
    is_refused = answer.outcome == transports.REJECTED and answer.code is not None
    return is_refused and verdicts.weight(None, answer.reply) == HARD


def _mail(session: Session, house: House, reading: Reading, report: Report) -> OutboxEmail | None:
    """The mail it is about, held for this transaction: two reports of it wait for one another."""
    named = [*reading.came_to, *([report.sender] if report.sender else [])]
    number = next((found for found in (verp.number_of(house, address) for address in named) if found), None)
    held = select(OutboxEmail).with_for_update()
    if number is not None:
        return session.scalar(held.where(OutboxEmail.id == number))
    if report.original_id is None:
        return None
    mail = session.scalar(held.where(OutboxEmail.message_id == report.original_id))
    is_named = mail is not None and any(fate.address == _wire(mail) for fate in report.fates)
    return mail if is_named else None


def _wire(mail: OutboxEmail) -> str:
    return addresses.wire(mail.to_address).casefold() if mail.to_address else ""


def _consequence(session: Session, house: House, now: datetime, row: MailInbound, mail: OutboxEmail) -> str:
    """Do what the verdict asks for; what was done."""
    if not mail.to_address:
        return FORGOTTEN
    if now - (mail.accepted_at or mail.created_at) > REPORTED_WITHIN:
        return TOO_LATE
    if _was_said(session, row):
        return SAID_BEFORE
    row.address_hash = house.address_hash(mail.to_address)
    if row.kind == COMPLAINT:
        scope = suppressions.DIGESTS if mail.scope == suppressions.DIGESTS else suppressions.ALL
        return _suppress(session, house, now, mail, scope, COMPLAINED, row.status)
    if row.weight == HARD:
        return _suppress(session, house, now, mail, suppressions.ALL, HARD_BOUNCE, row.status)
    if _is_soft_too_often(session, now, row):
        return _suppress(session, house, now, mail, suppressions.DIGESTS, SOFT_BOUNCE, row.status)
    return COUNTED


def _suppress(
    session: Session, house: House, now: datetime, mail: OutboxEmail, scope: str, reason: str, status: str | None
) -> str:
    suppressions.suppress(session, house, mail.to_address, scope, reason, now)
    audit.record(session, now, "mail.suppressed", f"outbox:{mail.id}", reason=reason, status=status)
    return SUPPRESSED


def _was_said(session: Session, row: MailInbound) -> bool:
    """Whether this was reported of the same mail before: a report that comes again changes nothing."""
    same = select(MailInbound.id).where(
        MailInbound.outbox_id == row.outbox_id,
        MailInbound.kind == row.kind,
        MailInbound.state == SETTLED,
        MailInbound.reason.in_((SUPPRESSED, COUNTED)),
        MailInbound.id != row.id,
    )
    # A mail that was late first may fail for good afterwards.
    worse = same if row.weight == SOFT or row.kind == COMPLAINT else same.where(MailInbound.weight == HARD)
    return session.scalar(worse.limit(1)) is not None


def _is_soft_too_often(session: Session, now: datetime, row: MailInbound) -> bool:
    session.flush()
    lately = select(MailInbound.outbox_id, MailInbound.received_at).where(
        MailInbound.address_hash == row.address_hash,
        MailInbound.weight == SOFT,
        MailInbound.received_at > now - SOFT_WITHIN,
    )
    bounces: Sequence[tuple[int | None, datetime]] = [(mail_id, at) for mail_id, at in session.execute(lately)]
    days = {at.date() for _, at in bounces}
    return len({mail_id for mail_id, _ in bounces}) >= SOFT_BOUNCES and len(days) >= SOFT_DAYS
