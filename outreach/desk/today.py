"""Today: the seven questions of a press officer's first screen, in their order (screens.md §7).

Each part is asked by itself with a session of its own, so that one that cannot answer costs its line and not the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.contacts import timeline
from outreach.contacts.card import settling
from outreach.contacts.models import Person
from outreach.desk import machine
from outreach.digests import forecast, watch
from outreach.house import House
from outreach.inquiries import queries as inquiries
from outreach.inquiries.clearance import queries as clearances
from outreach.inquiries.duty import rota
from outreach.inquiries.models import IN, Inquiry, InquiryMessage
from outreach.inquiries.reports import filters
from outreach.language import Variant
from outreach.newsroom import library
from outreach.newsroom.models import Document

ROWS = 7
AHEAD, SOON = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True)
class Asking:
    """Who asks, from which house, when and in which language."""

    house: House
    now: datetime
    account_id: int
    variant: Variant


@dataclass(frozen=True)
class Lift:
    """Something that will become public by itself."""

    at: datetime
    title: str
    path: str


@dataclass(frozen=True)
class Digest:
    """The next digest of a cadence and hour: publications it would carry now, and to how many readers."""

    at: datetime
    cadence: str
    items: int
    readers: int


@dataclass(frozen=True)
class Words:
    """New words on an inquiry: the row of the queue and the last of what was written."""

    row: inquiries.Row
    text: str


@dataclass(frozen=True)
class Turn:
    """Who is on duty, and when that changes to whom."""

    officer: Account | None
    change: tuple[datetime, Account | None] | None


def next_due(session: Session, asking: Asking) -> inquiries.Row | None:
    """1. What is due next, and how long have I got?"""
    return inquiries.next_due(session, asking.now)


def tally(session: Session, asking: Asking) -> dict[str, int]:
    """2. Is anything late or about to be?"""
    uncommitted = select(func.count()).select_from(Inquiry).where(filters.uncommitted(asking.now))
    counts = inquiries.counts(session, asking.account_id, asking.now)
    return {**counts, "uncommitted": session.scalar(uncommitted) or 0, "asked": settling.count(session)}


def nobodys(session: Session, asking: Asking) -> list[inquiries.Row]:
    """3. What is nobody's? The longest wait first."""
    return inquiries.nobodys(session, asking.now, ROWS)


def mine(session: Session, asking: Asking) -> list[inquiries.Row]:
    """4. What waits on me?"""
    return inquiries.mine(session, asking.now, asking.account_id, ROWS)


def to_clear(session: Session, asking: Asking) -> list[clearances.Asked]:
    """4. And which clearances are asked of me?"""
    return clearances.waiting(session, asking.account_id)


def steps(session: Session, asking: Asking) -> list[Person]:
    """4. And what did I mean to do next for people we know, by today?"""
    today = asking.now.astimezone(asking.house.office.zone).date()
    return timeline.steps_of(session, asking.account_id, today, ROWS)


def clearance(session: Session, asking: Asking) -> list[clearances.Asked]:
    """4. What waits on somebody else: with whom, and since when?"""
    return clearances.waiting(session)


def new_words(session: Session, asking: Asking) -> list[Words]:
    """5. Who has written since?"""
    rows = inquiries.new_words(session, asking.now, ROWS)
    written = (
        select(InquiryMessage.inquiry_id, InquiryMessage.body)
        .where(InquiryMessage.inquiry_id.in_([row.inquiry.id for row in rows]), InquiryMessage.direction == IN)
        .order_by(InquiryMessage.at, InquiryMessage.id)
    )
    last = {inquiry_id: body for inquiry_id, body in session.execute(written)}
    return [Words(row, " ".join(last.get(row.inquiry.id, "").split())[:120]) for row in rows]


def lifts(session: Session, asking: Asking) -> list[Lift]:
    """6. What goes out by itself: embargoes that lift within a week, the nearest first."""
    ahead = (
        select(Document.id, Document.public_from)
        .where(Document.state == "published", Document.public_from > asking.now)
        .where(Document.public_from < asking.now + AHEAD)
        .order_by(Document.public_from, Document.id)
        .limit(ROWS)
    )
    shelf = library.opened(session, asking.house)
    return [
        Lift(at, shelf.preview(document_id, asking.variant).item.title, f"/desk/documents/{document_id}")
        for document_id, at in session.execute(ahead)
        if at is not None
    ]


def digests(session: Session, asking: Asking) -> list[Digest]:
    """6. What goes out today: the next digest of each cadence within a week, with what it would carry now."""
    coming = [
        Digest(one.turn.slot.at, one.turn.slot.cadence, len(one.carried), one.people)
        for one in forecast.coming(session, asking.house, asking.now)
        if one.turn.slot.at < asking.now + AHEAD and (one.people or one.turn.hour is not None)
    ]
    return coming[:ROWS]


def mail(session: Session, asking: Asking) -> machine.MailHealth:
    """7. Does the machine work?"""
    return machine.mail_health(session, asking.now)


def duty(session: Session, asking: Asking) -> Turn:
    """7. Who is on duty, and who is next?"""
    return Turn(rota.on_duty(session, asking.now), rota.next_change(session, asking.now))


def alarms(session: Session, asking: Asking) -> list[watch.Alarm]:
    """7. And what has it seen that must never be? Nothing, as a rule."""
    return watch.shown(session, asking.now)


PARTS: dict[str, Callable[[Session, Asking], Any]] = {
    "next": next_due,
    "tally": tally,
    "nobodys": nobodys,
    "mine": mine,
    "to_clear": to_clear,
    "steps": steps,
    "clearance": clearance,
    "words": new_words,
    "lifts": lifts,
    "digests": digests,
    "mail": mail,
    "duty": duty,
    "alarms": alarms,
}
