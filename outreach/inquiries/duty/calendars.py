"""What an officer has to keep in mind, as a feed for calendar programs.

A calendar is read by programs that sign in nowhere, and shown on screens that others see: a feed holds references and
instants, and no name. Its address proves itself and dies when its owner signs out everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries.duty import handover
from outreach.inquiries.duty.calendar_files import Entry, written
from outreach.language import Variant, mark, text

PURPOSE = "calendar"

DEADLINE = mark("Deadline {reference}")
SUSPENSE = mark("Suspense {reference}")
CLEARANCE = mark("Clearance {reference}")
ON_DUTY = mark("On duty")


def feed(session: Session, house: House, now: datetime, account: Account) -> bytes:
    """What this officer owns, is asked to clear, and is on duty for."""
    return written(house, Variant.of(account.variant), _of(session, house, now, account))


def feed_url(house: House, account_id: int, fs_uniquifier: str) -> str:
    """The lasting address of an account's feed; `fs_uniquifier` is what signing out everywhere changes."""
    return house.url(f"/staff/calendar/{house.tokens.make(PURPOSE, _subject(account_id, fs_uniquifier))}.ics")


def owner(session: Session, house: House, now: datetime, token: str) -> Account | None:
    """The account of a feed's token, if it can sign in and has not signed out everywhere since."""
    subject = house.tokens.read(PURPOSE, token, now) or ""
    number = subject.partition(" ")[0]
    account = session.get(Account, int(number)) if number.isdigit() else None
    if account is None or not account.active or subject != _subject(account.id, account.fs_uniquifier):
        return None
    return account


def _subject(account_id: int, fs_uniquifier: str) -> str:
    """The subject can be read by whoever has the address: the secret stands in it as a hash only."""
    return f"{account_id} {hashlib.sha256(fs_uniquifier.encode()).hexdigest()[:24]}"


def _of(session: Session, house: House, now: datetime, account: Account) -> Iterator[Entry]:
    variant, work = Variant.of(account.variant), handover.work_of(session, now, account.id)
    for inquiry in work.inquiries:
        url = house.url(f"/desk/inquiries/{inquiry.reference}")
        times = ("deadline", inquiry.deadline_at, DEADLINE), ("suspense", inquiry.suspense_at, SUSPENSE)
        for kind, at, words in times:
            if at is not None:
                said = text(variant, words, reference=inquiry.reference)
                yield Entry(f"{inquiry.reference}-{kind}", at, at, said, inquiry.changed_at, url)
    for one in work.cleared:
        if (at := one.row.latest_at) is not None:
            said = text(variant, CLEARANCE, reference=one.matter.named(variant))
            yield Entry(f"clearance-{one.row.id}", at, at, said, one.row.asked_at, house.url(one.matter.path))
    for turn in work.turns:
        said = text(variant, ON_DUTY)
        yield Entry(f"duty-{turn.id}", turn.starts_at, turn.ends_at, said, turn.created_at)
