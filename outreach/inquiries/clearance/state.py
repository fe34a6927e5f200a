"""Where clearance stands: for each answer and for the whole reply, by the words as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries import terms
from outreach.inquiries.clearance import fingerprints
from outreach.inquiries.clearance.models import CHANGE, GRANTED, REFUSED, Clearance
from outreach.inquiries.models import Inquiry, Question

NONE, REQUESTED, VOID = "none", "requested", "void"


@dataclass(frozen=True)
class Wording:
    """What would be cleared now: the words as an approver reads them, and their fingerprint."""

    text: str
    hash: str


@dataclass(frozen=True)
class Standing:
    """The clearance of one text: none, requested, granted, refused or void (other words were asked about).

    ``rows``: those that count, one of each approver; for a void one, the last that held for the earlier words.
    """

    state: str
    rows: tuple[Clearance, ...]
    wording: Wording


@dataclass(frozen=True)
class Clearances:
    """All of one inquiry: of the whole reply, and of each answer by the id of its question."""

    whole: Standing
    questions: dict[int, Standing]

    def standings(self) -> Iterable[Standing]:
        return (self.whole, *self.questions.values())

    def is_asked(self, row: Clearance) -> bool:
        """Whether somebody still wants to know what this approver says to these very words."""
        standing = self.questions.get(row.question_id, self.whole) if row.question_id else self.whole
        return row.is_open() and row.text_hash == standing.wording.hash and standing.state != GRANTED

    def is_any_requested(self) -> bool:
        return any(standing.state == REQUESTED for standing in self.standings())


def of(session: Session, inquiry: Inquiry) -> Clearances:
    """The clearances of an inquiry as they stand. A granted whole clears every answer in it."""
    rows = session.scalars(select(Clearance).where(Clearance.inquiry_id == inquiry.id).order_by(Clearance.id)).all()
    whole = _standing([row for row in rows if row.question_id is None], wording(inquiry))
    each = {
        question.id: _standing([row for row in rows if row.question_id == question.id], wording(inquiry, question))
        for question in inquiry.questions
    }
    if whole.state == GRANTED:
        granted_at = max(row.decided_at for row in whole.rows if row.decided_at)
        for question in inquiry.questions:
            later_no = [r for r in each[question.id].rows if r.decision and r.decided_at and r.decided_at > granted_at]
            if question.answer and not (each[question.id].state == REFUSED and later_no):
                each[question.id] = Standing(GRANTED, whole.rows, each[question.id].wording)
    return Clearances(whole, each)


def wording(inquiry: Inquiry, question: Question | None = None) -> Wording:
    """The words to be cleared: one answer with its question, or the whole reply."""
    around = inquiry.draft or {}
    term, attribution = around.get("terms", terms.ON_RECORD), around.get("attribution", "")
    if question is not None:
        own = question.terms or term
        return Wording(
            f"{question.text}\n\n{question.answer}",
            fingerprints.of_answer(question.text, question.answer, own, attribution),
        )
    body = around.get("body", "")
    answers = [(one.text, one.answer, one.terms or term) for one in inquiry.questions if one.answer]
    texts = [body, *(f"{text}\n\n{answer}" for text, answer, _ in answers)]
    return Wording("\n\n".join(text for text in texts if text), fingerprints.of_whole(body, answers, term, attribution))


def _standing(rows: Sequence[Clearance], present: Wording) -> Standing:
    asked = [row for row in rows if row.withdrawn_at is None]
    of_these_words = {_who(row): row for row in asked if row.text_hash == present.hash}  # the latest of each approver
    counting = tuple(of_these_words.values())
    if not counting:
        others = [row for row in asked if row.approver_id is None or row.approver_id != row.asked_by_id]
        return Standing(VOID if others else NONE, tuple(others[-1:]), present)
    if any(row.decision in (REFUSED, CHANGE) for row in counting):
        return Standing(REFUSED, counting, present)
    return Standing(REQUESTED if any(row.is_open() for row in counting) else GRANTED, counting, present)


def _who(row: Clearance) -> str:
    return f"account {row.approver_id}" if row.approver_id else row.approver_email.casefold()
