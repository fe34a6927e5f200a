"""One step for many inquiries at once: each is done or refused by itself, and each is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.accounts.models import Account
from outreach.errors import Conflict, DomainError, IllegalMove
from outreach.house import House
from outreach.inquiries import casework, endings, handling
from outreach.inquiries.models import ANSWERED, Inquiry
from outreach.language import mark

MOST = 50
ACCEPT, HAND_OVER, PUT_OFF, CLOSE, GATHER = "accept", "hand-over", "put-off", "close", "gather"
STEPS = {
    ACCEPT: mark("Accept"), HAND_OVER: mark("Hand over"), PUT_OFF: mark("Put off"), CLOSE: mark("Close"),
    GATHER: mark("Gather into a story"),
}  # fmt: skip
DONE = {
    ACCEPT: mark("Accepted"), HAND_OVER: mark("Handed over"), PUT_OFF: mark("Put off"), CLOSE: mark("Closed"),
}  # fmt: skip
GAPS = mark("A question has no answer. Close it in its workspace.")
UNKNOWN = mark("There is no inquiry with this reference")


@dataclass(frozen=True)
class Wish:
    """The step, by whom, and what it needs: a colleague, or until when."""

    step: str
    actor_id: int
    colleague: Account | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one row: the words for it, and whether it was done."""

    reference: str
    said: str
    is_done: bool


def apply(session: Session, house: House, now: datetime, references: Sequence[str], wish: Wish) -> list[Outcome]:
    """Take the step for each reference in turn; a refusal undoes only its own row."""
    return list(_each(session, house, now, references[:MOST], wish))


def _each(session: Session, house: House, now: datetime, references: Sequence[str], wish: Wish) -> Iterator[Outcome]:
    for reference in references:
        try:
            with session.begin_nested():
                _take(session, house, now, casework.open_case(session, reference), wish)
            yield Outcome(reference, DONE[wish.step], True)
        except (Conflict, IllegalMove) as refused:
            yield Outcome(reference, str(refused), False)
        except DomainError:
            yield Outcome(reference, UNKNOWN, False)


def _take(session: Session, house: House, now: datetime, inquiry: Inquiry, wish: Wish) -> None:
    if wish.step == ACCEPT:
        casework.accept(session, house, now, inquiry, wish.actor_id)
    elif wish.step == HAND_OVER:
        handling.hand_over(session, house, now, inquiry, wish.colleague, wish.actor_id)
    elif wish.step == PUT_OFF:
        assert wish.until is not None
        handling.put_off(session, now, inquiry, wish.until, wish.actor_id)
    elif inquiry.state == ANSWERED and endings.unanswered(inquiry):
        raise IllegalMove(GAPS)
    else:
        endings.close(session, now, inquiry, wish.actor_id)
