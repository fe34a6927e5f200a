"""Times for people's own calendars: a journalist's deadline, and what an officer has to keep in mind.

A calendar is read by programs that sign in nowhere, and shown on screens that others see: a feed holds references and
instants, and no name. Its address proves itself and dies when its owner signs out everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries.duty import handover
from outreach.inquiries.models import Inquiry
from outreach.language import Variant, mark, text

PURPOSE = "calendar"
CONTENT_TYPE = "text/calendar; charset=utf-8"

YOUR_DEADLINE = mark("Your deadline, inquiry {reference}")
DEADLINE = mark("Deadline {reference}")
SUSPENSE = mark("Suspense {reference}")
CLEARANCE = mark("Clearance {reference}")
ON_DUTY = mark("On duty")


@dataclass(frozen=True)
class Entry:
    """One entry: its lasting name, when, what; and the address of a page, where one may stand."""

    name: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    changed_at: datetime
    url: str | None = None


def deadline(house: House, inquiry: Inquiry, variant: Variant) -> bytes | None:
    """The journalist's deadline as a file; `None` without a fixed one. It holds no private link."""
    if inquiry.deadline_at is None:
        return None
    summary = text(variant, YOUR_DEADLINE, reference=inquiry.reference)
    at = inquiry.deadline_at
    return _written(house, variant, [Entry(f"{inquiry.reference}-yours", at, at, summary, inquiry.changed_at)])


def feed(session: Session, house: House, now: datetime, account: Account) -> bytes:
    """What this officer owns, is asked to clear, and is on duty for."""
    return _written(house, Variant.of(account.variant), list(_of(session, house, now, account)))


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


def _written(house: House, variant: Variant, entries: list[Entry]) -> bytes:
    from icalendar import Calendar, Event  # only calendars need it, and it takes a while to load

    calendar = Calendar()
    calendar.add("prodid", "-//Outreach//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{house.office.name(variant)}, {house.office.unit(variant)}")
    host = house.settings.mail_from.rpartition("@")[2]
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.name}@{host}")
        event.add("dtstamp", entry.changed_at)
        event.add("dtstart", entry.starts_at)
        if entry.ends_at != entry.starts_at:
            event.add("dtend", entry.ends_at)
        event.add("summary", entry.summary)
        event.add("transp", "TRANSPARENT")
        if entry.url:
            event.add("url", entry.url)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
