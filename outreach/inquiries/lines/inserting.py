"""A line, or an answer given before, is put into an answer: with its terms and its source, in the reader's script."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries import emails, moves, terms
from outreach.inquiries.lines import keeping, wording
from outreach.inquiries.models import Inquiry, Question
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.language import Variant, mark

LINE, SAID = "line", "said"
EXPIRED = mark("This line has expired. Tick “I checked it is still right” beside it, or write something else.")
ENDED = mark("This line is not used any more.")
SUPERSEDED = mark("This answer was corrected since. Use the present one.")
STRICTER = mark(
    "This was agreed on stricter terms than the answer’s. Tick “Put it in all the same” beside it, or change the terms."
)


@dataclass(frozen=True)
class Button:
    """What a button of the workspace asks for: ``line:12:2`` is line 12 into the answer to question 2."""

    kind: str
    id: int
    number: int

    @property
    def place(self) -> str:
        """The question's place on the page."""
        return f"q{self.number}"


@dataclass(frozen=True)
class Press:
    """The button, the terms chosen for the answer, and the ticks that were set, by name."""

    button: Button
    terms: str
    ticks: Container[str]


def read(do: str) -> Button | None:
    """The button of this value; ``None`` for any other."""
    kind, *numbers = do.split(":")
    if kind not in (LINE, SAID) or len(numbers) != 2 or not all(n.isascii() and n.isdigit() for n in numbers):
        return None
    if any(len(n) > 15 for n in numbers):
        return None
    return Button(kind, int(numbers[0]), int(numbers[1]))


def insert(session: Session, house: House, now: datetime, inquiry: Inquiry, press: Press, actor_id: int) -> None:
    """Put the words into the answer, below what stands there; twice is once.

    Raises ``Conflict`` for a line that expired and was not checked, for a superseded answer, and for words on
    stricter terms than the answer's, unless that was ticked.
    """
    question = next((q for q in inquiry.questions if q.number == press.button.number), None)
    if question is None:
        raise NotFound(inquiry.reference)
    moves.move(session, inquiry, now, moves.KEEP, actor_id)
    put = _line if press.button.kind == LINE else _said
    text = put(session, house, now, question, press, emails.reply_variant(inquiry), actor_id)
    if text not in question.answer:
        question.answer = f"{question.answer}\n\n{text}" if question.answer else text


def _line(
    session: Session, house: House, now: datetime, question: Question, press: Press, variant: Variant, actor_id: int
) -> str:
    line = keeping.get(session, press.button.id, to_write=True)
    if line.ended_at is not None:
        raise Conflict("lines", ENDED)
    _check_terms(line.terms, press, f"terms-line-{line.id}")
    if line.is_expired(now.astimezone(house.office.zone).date()):
        if f"checked-line-{line.id}" not in press.ticks:
            raise Conflict("lines", EXPIRED)
        keeping.check(session, house, now, line, actor_id)
    question.line_id, question.terms, question.source = line.id, line.terms, line.source
    return wording.of_line(line, variant).text


def _said(
    session: Session, _house: House, now: datetime, question: Question, press: Press, variant: Variant, _actor_id: int
) -> str:
    row = session.get(ReleasedAnswer, press.button.id)
    if row is None or row.released_at > now:
        raise NotFound(str(press.button.id))
    if not row.is_current(now):
        raise Conflict("lines", SUPERSEDED)
    _check_terms(row.terms, press, f"terms-said-{row.id}")
    question.terms, question.line_id = row.terms, row.line_id
    is_serbian = Variant.of(row.variant) is not Variant.EN
    return wording.in_script(row.text, variant) if is_serbian else row.text


def _check_terms(agreed: str, press: Press, tick: str) -> None:
    """Words for the background do not slip into an answer that may be quoted."""
    order = list(terms.TERMS)
    if order.index(agreed) > order.index(press.terms) and tick not in press.ticks:
        raise Conflict("lines", STRICTER)
