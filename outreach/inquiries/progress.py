"""Where an inquiry stands, as its journalist sees it: the steps taken, the one it is at, and those to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.inquiries.models import (
    ACCEPTED,
    ANSWERED,
    CLOSED,
    NOTE,
    RECEIVED,
    SCREENED,
    WITHDRAWN,
    Inquiry,
    InquiryMessage,
)  # fmt: skip
from outreach.inquiries.terms import PUBLIC_STATES


@dataclass(frozen=True)
class Step:
    """One step: its words, when it was taken, and whether it is done, the present one or still to come."""

    words: str
    at: datetime | None
    place: str  # done | here | ahead


def steps(inquiry: Inquiry) -> list[Step]:
    """Received → with a press officer → answered; an end of another kind takes the last place."""
    path = [(RECEIVED, inquiry.received_at), (ACCEPTED, inquiry.accepted_at), (ANSWERED, inquiry.answered_at)]
    if inquiry.state in (WITHDRAWN, CLOSED):
        taken = [(state, at) for state, at in path if at is not None]
        path = [*taken, (inquiry.state, inquiry.changed_at)]
    at_state = RECEIVED if inquiry.state == SCREENED else inquiry.state
    present = [state for state, _ in path].index(at_state)
    return [
        Step(PUBLIC_STATES[state], at if place <= present else None, _place(place, present))
        for place, (state, at) in enumerate(path)
    ]


def _place(place: int, present: int) -> str:
    return "here" if place == present else "done" if place < present else "ahead"


def thread(inquiry: Inquiry, now: datetime) -> list[InquiryMessage]:
    """What the journalist may read: no note, and of ours only what has left."""
    return [message for message in inquiry.messages if message.direction != NOTE and message.has_left(now)]


def owner_name(session: Session, inquiry: Inquiry) -> str | None:
    """The officer who has it, by name."""
    owner = session.get(Account, inquiry.owner_id) if inquiry.owner_id else None
    return owner.name if owner else None
