"""Which step is legal in which state; every step is logged as an event and in the audit, without personal values."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert
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
from outreach.prepared import Prepared

RECEIVE, EDIT, RELEASE, ACCEPT, KEEP = "received", "edited", "released", "accepted", "answers kept"
REPLY, ANSWER, FOLLOW_UP, WITHDRAW, CLOSE = "replied", "answered", "followed up", "withdrawn", "closed"
ASK_BACK, COMMIT, ASK_CLEARANCE, END_CLEARANCE = "asked back", "committed", "clearance asked", "clearance over"
DECLINE, REFER, MERGE, REOPEN, SCREEN = "declined", "referred", "merged", "reopened", "screened"
SNOOZE, HAND_OVER, TAKE_BACK, UNDO, CORRECT = "snoozed", "handed over", "taken back", "undone", "corrected"
ADD_QUESTION, REWORD, DECIDE = "question added", "question reworded", "clearance decided"

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
    DECIDE: {**STAY, ANSWERED: ANSWERED},
    ADD_QUESTION: STAY,
    REWORD: STAY,
    ANSWER: dict.fromkeys((*OPEN_STATES, ANSWERED), ANSWERED),
    TAKE_BACK: {ANSWERED: ACCEPTED, ACCEPTED: ACCEPTED, WAITING: ACCEPTED, IN_CLEARANCE: IN_CLEARANCE},
    CORRECT: {state: state for state in (*OPEN_STATES, *OVER, WITHDRAWN)},
    FOLLOW_UP: {
        **STAY, SCREENED: SCREENED, WAITING: ACCEPTED, ANSWERED: ACCEPTED, CLOSED: ACCEPTED, DECLINED: RECEIVED,
        REFERRED: RECEIVED, DUPLICATE: RECEIVED,
    },
    WITHDRAW: dict.fromkeys((SCREENED, *OPEN_STATES), WITHDRAWN),
    DECLINE: dict.fromkeys(OPEN_STATES, DECLINED),
    REFER: dict.fromkeys(OPEN_STATES, REFERRED),
    MERGE: dict.fromkeys((SCREENED, *OPEN_STATES), DUPLICATE),
    REOPEN: dict.fromkeys(OVER, ACCEPTED),
    CLOSE: dict.fromkeys((ANSWERED, DECLINED, REFERRED), CLOSED),
}  # fmt: skip
# Steps that history can take back while nothing came after them.
UNDOABLE = (ACCEPT, MERGE, CLOSE, DECLINE, REFER)
# Steps that change no word: a workspace that is open elsewhere stays good, and nobody has read anything new.
QUIET = frozenset({DECIDE, END_CLEARANCE})
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

NOT_UNDONE = mark("Something came after this step. It cannot be undone any more.")


def is_legal(inquiry: Inquiry, verb: str) -> bool:
    return inquiry.state in LEGAL[verb] and not inquiry.is_erased


def move(
    session: Session, inquiry: Inquiry, now: datetime, verb: str, actor_id: int | None = None, words: str = ""
) -> None:
    """Take the step ``verb``: new state, next version, one event, one audit entry. Raises ``IllegalMove``."""
    before = inquiry.state
    if not is_legal(inquiry, verb):
        raise IllegalMove(REFUSED[before])
    _stand(inquiry, now, LEGAL[verb][before], actor_id, is_quiet=verb in QUIET)
    log(session, inquiry, now, verb, before, actor_id, words)


def last_step(inquiry: Inquiry) -> InquiryEvent | None:
    """The event that brought the inquiry where it stands; ``None`` before its first move."""
    return next((event for event in reversed(inquiry.events) if event.from_state != event.to_state), None)


def can_undo(inquiry: Inquiry) -> InquiryEvent | None:
    """The step that history may take back now: the last one, if it is of the undoable kind."""
    last = last_step(inquiry)
    return last if last and last.verb in UNDOABLE and last.to_state == inquiry.state and last.from_state else None


def step_back(session: Session, inquiry: Inquiry, now: datetime, actor_id: int, words: str = "") -> None:
    """Take the last step back: the state before it, as a move of its own. Raises ``IllegalMove``."""
    step, before = can_undo(inquiry), inquiry.state
    if step is None or step.from_state is None:
        raise IllegalMove(NOT_UNDONE)
    _stand(inquiry, now, step.from_state, actor_id)
    log(session, inquiry, now, UNDO, before, actor_id, words)


def _stand(inquiry: Inquiry, now: datetime, state: str, actor_id: int | None, is_quiet: bool = False) -> None:
    if CLOSED in (state, inquiry.state):
        inquiry.closed_at = now if state == CLOSED else None
    inquiry.state = state
    inquiry.changed_at = now
    if not is_quiet:
        inquiry.version += 1
        inquiry.desk_at = now if actor_id is not None else inquiry.desk_at


def begin(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """Write down that a new inquiry came in; it has been stored."""
    event = {"inquiry_id": inquiry.id, "at": now, "verb": RECEIVE, "to_state": inquiry.state}
    _EVENT.add(session, event)
    _audit(session, inquiry, now, RECEIVE, None, None)


_EVENT = Prepared(insert(InquiryEvent))


def log(
    session: Session, inquiry: Inquiry, now: datetime, verb: str, before: str | None, actor_id: int | None = None,
    words: str = "",
) -> None:  # fmt: skip
    """Write down a step that was taken."""
    inquiry.events.append(
        InquiryEvent(at=now, actor_id=actor_id, verb=verb, from_state=before, to_state=inquiry.state, words=words)
    )
    _audit(session, inquiry, now, verb, before, actor_id)


def _audit(
    session: Session, inquiry: Inquiry, now: datetime, verb: str, before: str | None, actor_id: int | None
) -> None:
    name = verb.replace(" ", "_")
    audit.record(session, now, f"inquiry.{name}", inquiry.ref, actor_id, before=before, after=inquiry.state)
