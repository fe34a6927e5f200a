"""Which step is legal in which state; every step is logged as an event and in the audit, without personal values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import IllegalMove
from outreach.inquiries.models import (
    ACCEPTED,
    ANSWERED,
    CLOSED,
    DECLINED,
    DUPLICATE,
    IN_CLEARANCE,
    OPEN_STATES,
    RECEIVED,
    REFERRED,
    SCREENED,
    WAITING,
    WITHDRAWN,
    Inquiry,
    InquiryEvent,
)  # fmt: skip
from outreach.language import mark

RECEIVE, EDIT, RELEASE, ACCEPT, KEEP = "received", "edited", "released", "accepted", "answers kept"
REPLY, ANSWER, FOLLOW_UP, WITHDRAW, CLOSE = "replied", "answered", "followed up", "withdrawn", "closed"
ASK_BACK, COMMIT, ASK_CLEARANCE, END_CLEARANCE = "asked back", "committed", "clearance asked", "clearance over"
DECLINE, REFER, MERGE, REOPEN, SCREEN = "declined", "referred", "merged", "reopened", "screened"
SNOOZE, HAND_OVER, TAKE_BACK, CORRECT = "snoozed", "handed over", "taken back", "corrected"

STAY = {state: state for state in OPEN_STATES}
OVER = (ANSWERED, CLOSED, DECLINED, REFERRED, DUPLICATE)

# verb → {state before: state after}
LEGAL: dict[str, dict[str, str]] = {
    EDIT: {SCREENED: SCREENED, RECEIVED: RECEIVED},
    RELEASE: {SCREENED: RECEIVED},
    SCREEN: {RECEIVED: SCREENED},
    ACCEPT: {RECEIVED: ACCEPTED},
    KEEP: {**STAY, ANSWERED: ANSWERED},
    COMMIT: STAY,
    SNOOZE: STAY,
    HAND_OVER: STAY,
    REPLY: {**STAY, RECEIVED: ACCEPTED, ANSWERED: ANSWERED},
    ASK_BACK: dict.fromkeys(OPEN_STATES, WAITING),
    ASK_CLEARANCE: dict.fromkeys(OPEN_STATES, IN_CLEARANCE),
    END_CLEARANCE: {IN_CLEARANCE: ACCEPTED},
    ANSWER: dict.fromkeys((*OPEN_STATES, ANSWERED), ANSWERED),
    TAKE_BACK: {ANSWERED: ACCEPTED, ACCEPTED: ACCEPTED, WAITING: ACCEPTED, IN_CLEARANCE: IN_CLEARANCE},
    CORRECT: {state: state for state in (*OPEN_STATES, *OVER, WITHDRAWN)},
    FOLLOW_UP: {
        **STAY, SCREENED: SCREENED, WAITING: ACCEPTED, ANSWERED: ACCEPTED, CLOSED: ACCEPTED, DECLINED: RECEIVED,
        REFERRED: RECEIVED,
    },
    WITHDRAW: dict.fromkeys((SCREENED, *OPEN_STATES), WITHDRAWN),
    DECLINE: dict.fromkeys(OPEN_STATES, DECLINED),
    REFER: dict.fromkeys(OPEN_STATES, REFERRED),
    MERGE: dict.fromkeys((SCREENED, *OPEN_STATES), DUPLICATE),
    REOPEN: dict.fromkeys(OVER, ACCEPTED),
    CLOSE: dict.fromkeys((ANSWERED, DECLINED, REFERRED), CLOSED),
}  # fmt: skip
# What the desk is told when a step is not legal any more.
REFUSED = {
    WITHDRAWN: mark("This inquiry was withdrawn."),
    CLOSED: mark("This inquiry is closed."),
    ANSWERED: mark("This inquiry is answered."),
    ACCEPTED: mark("This inquiry is accepted already."),
    SCREENED: mark("This inquiry is still screened. Release it first."),
    RECEIVED: mark("This inquiry is received and nothing more."),
    WAITING: mark("This inquiry waits for its journalist."),
    IN_CLEARANCE: mark("This inquiry is in clearance."),
    DECLINED: mark("This inquiry was declined."),
    REFERRED: mark("This inquiry was passed on."),
    DUPLICATE: mark("This inquiry was merged into another."),
}


def is_legal(inquiry: Inquiry, verb: str) -> bool:
    return inquiry.state in LEGAL[verb]


def move(
    session: Session, inquiry: Inquiry, now: datetime, verb: str, actor_id: int | None = None, words: str = ""
) -> None:
    """Take the step ``verb``: new state, next version, one event, one audit entry. Raises ``IllegalMove``."""
    before = inquiry.state
    if not is_legal(inquiry, verb):
        raise IllegalMove(REFUSED[before])
    inquiry.state = LEGAL[verb][before]
    inquiry.version += 1
    inquiry.changed_at = now
    if actor_id is not None:
        inquiry.desk_at = now
    log(session, inquiry, now, verb, before, actor_id, words)


def log(
    session: Session, inquiry: Inquiry, now: datetime, verb: str, before: str | None, actor_id: int | None = None,
    words: str = "",
) -> None:  # fmt: skip
    """Write down a step that was taken."""
    inquiry.events.append(
        InquiryEvent(at=now, actor_id=actor_id, verb=verb, from_state=before, to_state=inquiry.state, words=words)
    )
    name = verb.replace(" ", "_")
    audit.record(session, now, f"inquiry.{name}", inquiry.ref, actor_id, before=before, after=inquiry.state)
