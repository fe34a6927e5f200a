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
    RECEIVED,
    SCREENED,
    WITHDRAWN,
    Inquiry,
    InquiryEvent,
)  # fmt: skip
from outreach.language import mark

RECEIVE, EDIT, RELEASE, ACCEPT, KEEP = "received", "edited", "released", "accepted", "answers kept"
REPLY, ANSWER, FOLLOW_UP, WITHDRAW, CLOSE = "replied", "answered", "followed up", "withdrawn", "closed"

# verb → {state before: state after}
LEGAL: dict[str, dict[str, str]] = {
    EDIT: {SCREENED: SCREENED, RECEIVED: RECEIVED},
    RELEASE: {SCREENED: RECEIVED},
    ACCEPT: {RECEIVED: ACCEPTED},
    KEEP: {RECEIVED: RECEIVED, ACCEPTED: ACCEPTED, ANSWERED: ANSWERED},
    REPLY: {RECEIVED: ACCEPTED, ACCEPTED: ACCEPTED, ANSWERED: ANSWERED},
    ANSWER: {RECEIVED: ANSWERED, ACCEPTED: ANSWERED, ANSWERED: ANSWERED},
    FOLLOW_UP: {SCREENED: SCREENED, RECEIVED: RECEIVED, ACCEPTED: ACCEPTED, ANSWERED: ACCEPTED, CLOSED: ACCEPTED},
    WITHDRAW: {SCREENED: WITHDRAWN, RECEIVED: WITHDRAWN, ACCEPTED: WITHDRAWN},
    CLOSE: {ANSWERED: CLOSED},
}
# What the desk is told when a step is not legal any more.
REFUSED = {
    WITHDRAWN: mark("This inquiry was withdrawn."),
    CLOSED: mark("This inquiry is closed."),
    ANSWERED: mark("This inquiry is answered."),
    ACCEPTED: mark("This inquiry is accepted already."),
    SCREENED: mark("This inquiry is still screened. Release it first."),
    RECEIVED: mark("This inquiry is received and nothing more."),
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
