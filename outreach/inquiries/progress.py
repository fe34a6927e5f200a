"""Where an inquiry stands, as its journalist sees it: state, steps, messages, answers, and nothing that is ours.

What has not left yet, or was taken back, is not there: for twenty seconds an answered inquiry is still in hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.house import House
from outreach.inquiries import links
from outreach.inquiries.models import (
    ACCEPTED,
    ANSWERED,
    CLOSED,
    DECLINED,
    DUPLICATE,
    IN_CLEARANCE,
    RECEIVED,
    REFERRED,
    SCREENED,
    WAITING,
    WITHDRAWN,
    Inquiry,
)  # fmt: skip
from outreach.inquiries.terms import PUBLIC_STATES
from outreach.language import Variant

ENDS = (CLOSED, DECLINED, REFERRED, DUPLICATE, WITHDRAWN)
LATEST = 10  # messages that are shown unfolded


@dataclass(frozen=True)
class Step:
    """One step: its words, when it was taken, and whether it is done, the present one or still to come."""

    words: str
    at: datetime | None
    place: str  # done | here | ahead


def state_of(inquiry: Inquiry, now: datetime) -> str:
    """The state that the journalist is told."""
    if inquiry.state == SCREENED:
        return RECEIVED
    if inquiry.state == ANSWERED and not any(m.terms and m.is_public(now) for m in inquiry.messages):
        return ACCEPTED
    return inquiry.state


def steps(inquiry: Inquiry, now: datetime) -> list[Step]:
    """Received → with a press officer → (waiting) → (being cleared) → answered; an end replaces what is ahead."""
    state = state_of(inquiry, now)
    entered = {event.to_state: event.at for event in inquiry.events if event.from_state != event.to_state}
    at = {**entered, RECEIVED: inquiry.received_at, ACCEPTED: inquiry.accepted_at, ANSWERED: inquiry.answered_at}
    path = [RECEIVED, ACCEPTED]
    path += [WAITING] if state == WAITING else []
    path += [IN_CLEARANCE] if state == IN_CLEARANCE or (IN_CLEARANCE in entered and state in (ANSWERED, CLOSED)) else []
    path += [ANSWERED]
    if state in ENDS:
        path = [*(passed for passed in path if at.get(passed) is not None), state]
    present = path.index(state)
    return [
        Step(PUBLIC_STATES[passed], at.get(passed) if place <= present else None, _place(place, present))
        for place, passed in enumerate(path)
    ]


def _place(place: int, present: int) -> str:
    return "here" if place == present else "done" if place < present else "ahead"


def owner_name(session: Session, inquiry: Inquiry) -> str | None:
    """The officer who has it, by name."""
    owner = session.get(Account, inquiry.owner_id) if inquiry.owner_id else None
    return owner.name if owner else None


def first_of(session: Session, house: House, inquiry: Inquiry, variant: Variant) -> str | None:
    """The page of the inquiry that this one was joined with, if it is of the same address; else ``None``."""
    first = session.get(Inquiry, inquiry.duplicate_of_id) if inquiry.duplicate_of_id else None
    if first is None or not inquiry.email or first.email.casefold() != inquiry.email.casefold():
        return None
    return links.status_url(house, first, variant)


def page(session: Session, inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    """What the status page shows beside the inquiry itself."""
    public = [message for message in inquiry.messages if message.is_public(now)]
    answered = [message for message in public if message.terms]
    return {
        "state": state_of(inquiry, now),
        "steps": steps(inquiry, now),
        "owner": owner_name(session, inquiry),
        "older": public[:-LATEST],
        "latest": public[-LATEST:],
        "answered": answered[-1] if answered else None,
    }
