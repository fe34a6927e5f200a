"""The answers as the journalist's own page shows them: what has left, with its codes, corrected ones marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from outreach.inquiries import terms
from outreach.inquiries.models import OUT, Inquiry, InquiryMessage
from outreach.inquiries.released import codes
from outreach.inquiries.released.models import ReleasedAnswer


@dataclass(frozen=True)
class Shown:
    """One answer of a message; `row` is what is kept of it, and None of what left before rows were kept."""

    question: str
    text: str
    terms: str
    row: ReleasedAnswer | None
    is_corrected: bool

    @property
    def code(self) -> str | None:
        """Its code, when it is on the record."""
        return self.row.code if self.row and self.row.terms == terms.ON_RECORD else None


@dataclass(frozen=True)
class ShownMessage:
    """The answers of one message; a message that answers in its body alone has none."""

    message: InquiryMessage
    answers: list[Shown]


def answers(session: Session, inquiry: Inquiry, now: datetime) -> list[ShownMessage]:
    """Every message with answers that has left the house, in order; each answer as it left, repeated ones once."""
    gone = [m for m in inquiry.messages if m.direction == OUT and m.terms and m.has_left(now)]
    repeated: set[int] = set()
    shown = []
    for message in reversed(gone):
        rows = codes.of_message(session, inquiry, message)
        pairs = zip(codes.said(inquiry, message), rows, strict=True)
        own = [_shown(one, row, now) for one, row in pairs if row is None or row.id not in repeated]
        repeated |= {one.row.id for one in own if one.row}
        shown += [ShownMessage(message, own)] if own else []
    return shown[::-1]


def _shown(said: tuple[str, str, str], row: ReleasedAnswer | None, now: datetime) -> Shown:
    return Shown(*said, row, row is not None and not row.is_current(now))
