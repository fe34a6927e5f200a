"""From the deadline back: by when each step must have happened, over the office's calendar. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach import hours
from outreach.inquiries.models import ACCEPTED, IN_CLEARANCE, RECEIVED, WAITING, Inquiry
from outreach.language import mark
from outreach.office import Office

SENDING = timedelta(minutes=15)
APPROVING = timedelta(minutes=60)  # of office time: approvers are not asked at night
WRITING = timedelta(minutes=30)

DRAFT, ASK, APPROVE, SEND = "draft", "ask", "approve", "send"
WORDS = {
    DRAFT: mark("Begin writing by {time}"),
    ASK: mark("Ask clearance by {time}"),
    APPROVE: mark("Last approval by {time}"),
    SEND: mark("Send by {time}"),
}
# What has been done in a state; the other steps are still ahead.
_DONE = {RECEIVED: (), ACCEPTED: (DRAFT,), WAITING: (DRAFT,), IN_CLEARANCE: (DRAFT, ASK)}


@dataclass(frozen=True)
class Step:
    """One step and the latest instant for it; impossible when that has passed and the step is still ahead."""

    name: str
    latest_at: datetime
    is_impossible: bool

    @property
    def words(self) -> str:
        return WORDS[self.name]


def plan(office: Office, now: datetime, deadline: datetime, done: tuple[str, ...] = ()) -> list[Step]:
    """The steps in their order, from writing to sending. ``done``: the names of those behind us."""
    send_by = deadline - SENDING
    approve_by = hours.earlier(office, send_by, timedelta(0))  # the last moment at which an approver is there
    ask_by = hours.earlier(office, approve_by, APPROVING)
    draft_by = hours.earlier(office, ask_by, WRITING)
    latest = {DRAFT: draft_by, ASK: ask_by, APPROVE: approve_by, SEND: send_by}
    return [Step(name, at, name not in done and at < now) for name, at in latest.items()]


def of(office: Office, now: datetime, inquiry: Inquiry) -> list[Step]:
    """The plan of an open inquiry, its steps behind it known by its state; empty without a deadline or when over."""
    if inquiry.deadline_at is None or inquiry.state not in _DONE or inquiry.deadline_at < now:
        return []
    return plan(office, now, inquiry.deadline_at, _DONE[inquiry.state])


def impossible(office: Office, now: datetime, inquiry: Inquiry) -> list[Step]:
    """The steps ahead for which it is too late already."""
    return [step for step in of(office, now, inquiry) if step.is_impossible]


def approval_by(office: Office, now: datetime, deadline: datetime | None) -> datetime | None:
    """By when an approver must answer: as planned, or, when that has passed, as late as an answer still helps."""
    if deadline is None or deadline <= now:
        return None
    planned = {step.name: step.latest_at for step in plan(office, now, deadline)}
    return next((at for at in (planned[APPROVE], planned[SEND]) if at > now), deadline)
