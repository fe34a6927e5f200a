"""The deadline receipt: the office says whether it will make the deadline, and may change its mind aloud."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from outreach import language
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import emails, emails_desk, moves
from outreach.inquiries.models import PARTLY, WILL, WONT, Inquiry
from outreach.inquiries.terms import COMMITMENTS
from outreach.language import mark

NO_WORDS = mark("Say what the journalist can count on, and when")


def commit(
    session: Session, house: House, now: datetime, inquiry: Inquiry, said: str, words: str, actor_id: int
) -> bool:
    """State that the deadline will be made, partly, or not; ``False`` when the very same was said before.

    The status page shows it at once. It is mailed when it is bad news, when it takes bad news back, and when it is the
    first word of a person. Raises ``Conflict`` for bad news without words.
    """
    if said not in COMMITMENTS or (inquiry.commitment, inquiry.commitment_words) == (said, words):
        return False
    if said != WILL and not words:
        raise Conflict("commitment_words", NO_WORDS)
    moves.move(session, inquiry, now, moves.COMMIT, actor_id, f"{said}: {words}" if words else said)
    is_told = said != WILL or inquiry.commitment in (PARTLY, WONT) or inquiry.acknowledged_at is None
    inquiry.commitment, inquiry.commitment_words, inquiry.committed_at = said, words, now
    if is_told:
        _tell(session, house, now, inquiry, actor_id)
    return True


def _tell(session: Session, house: House, now: datetime, inquiry: Inquiry, actor_id: int) -> None:
    assert inquiry.commitment is not None
    meaning = COMMITMENTS[inquiry.commitment]
    spoken = language.text(emails.reply_variant(inquiry), meaning)
    body = f"{spoken}\n\n{inquiry.commitment_words}".strip()
    inquiry.acknowledged_at = inquiry.acknowledged_at or now
    emails_desk.say(
        session, house, now, inquiry, emails_desk.COMMITMENT, body, actor_id, meaning=meaning,
        body=inquiry.commitment_words,
    )  # fmt: skip
