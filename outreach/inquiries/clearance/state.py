"""Where clearance stands: of each text, by the words as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.inquiries.clearance import matters
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.clearance.models import CHANGE, GRANTED, REFUSED, Clearance
from outreach.inquiries.difference import Difference, between
from outreach.inquiries.models import Inquiry

NONE, REQUESTED, VOID = "none", "requested", "void"


@dataclass(frozen=True)
class Standing:
    """The clearance of one text: none, requested, granted, refused or void (other words were asked about).

    ``rows``: those that count, one of each approver; for a void one, the last that held for the earlier words.
    """

    state: str
    rows: tuple[Clearance, ...]
    matter: Matter

    def asks(self, row: Clearance) -> bool:
        """Whether somebody still wants to know what this approver says to these very words."""
        return row.is_open() and row.text_hash == self.matter.hash and self.state != GRANTED


@dataclass(frozen=True)
class Clearances:
    """All of one inquiry: of the whole reply, and of each answer by the id of its question."""

    whole: Standing
    questions: dict[int, Standing]

    def standings(self) -> dict[int | None, Standing]:
        """Each by the id of its question; ``None``: the whole reply."""
        return {None: self.whole, **{number: one for number, one in self.questions.items()}}

    def is_any_requested(self) -> bool:
        return any(standing.state == REQUESTED for standing in self.standings().values())


def of(session: Session, inquiry: Inquiry) -> Clearances:
    """The clearances of an inquiry as they stand. A granted whole clears every answer in it."""
    rows = session.scalars(select(Clearance).where(Clearance.inquiry_id == inquiry.id).order_by(Clearance.id)).all()
    whole = _standing([row for row in rows if row.question_id is None], matters.of_inquiry(inquiry))
    each = {
        question.id: _standing(
            [row for row in rows if row.question_id == question.id], matters.of_inquiry(inquiry, question)
        )
        for question in inquiry.questions
    }
    if whole.state == GRANTED:
        granted_at = max(row.decided_at for row in whole.rows if row.decided_at)
        for question in inquiry.questions:
            later_no = [r for r in each[question.id].rows if r.decision and r.decided_at and r.decided_at > granted_at]
            if question.answer and not (each[question.id].state == REFUSED and later_no):
                each[question.id] = Standing(GRANTED, whole.rows, each[question.id].matter)
    return Clearances(whole, each)


def standing(session: Session, matter: Matter) -> Standing:
    """Where the clearance of one text stands."""
    if matter.inquiry is not None:
        cleared = of(session, matter.inquiry)
        return cleared.questions[matter.question.id] if matter.question else cleared.whole
    rows = select(Clearance).filter_by(**matter.key).order_by(Clearance.id)
    return _standing(session.scalars(rows).all(), matter)


def changes(standings: Mapping[int | None, Standing]) -> dict[int | None, Difference]:
    """What changed since words were asked about or cleared: by the id of a question, ``None`` for any other text."""
    void = {number: one for number, one in standings.items() if one.state == VOID}
    found = {number: between(one.rows[-1].text, one.matter.text) for number, one in void.items()}
    return {number: change for number, change in found.items() if change is not None}


def _standing(rows: Sequence[Clearance], present: Matter) -> Standing:
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
