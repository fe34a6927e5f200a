"""What is forgotten of somebody's inquiry: who asked, what they asked, every word of the thread, and the files.

What stays is what the office answers for: that an inquiry with this reference came and when it was answered, who
cleared which fingerprint, and each answer as it left the house with its code, since it may have been published. Nothing
of it says who asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, select, update
from sqlalchemy.orm import Session

from outreach import audit
from outreach.contacts.models import Interaction, Wish
from outreach.house import House
from outreach.inquiries import moves
from outreach.inquiries.clearance.models import Clearance
from outreach.inquiries.files import keeping as files
from outreach.inquiries.models import ERASED, Inquiry, InquiryEvent, InquiryMessage, Question
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.mail import forgetting, outbox

NOBODY = "–"
"""Stands for a name and a subject in lists, where something must be to be clicked."""
STAYS = {
    ReleasedAnswer.__tablename__: ("text", "attribution", "correction"),
    Clearance.__tablename__: ("approver_name", "approver_email"),
}
"""Our own words as they left, and the approver, who is somebody else."""


def erase(session: Session, house: House, now: datetime, inquiry_id: int, actor_id: int | None = None) -> None:
    """Empty an inquiry of whoever asked; one that was open is withdrawn. Twice is no error."""
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True)
    if inquiry.is_erased:
        return
    if moves.is_legal(inquiry, moves.WITHDRAW):
        moves.move(session, inquiry, now, moves.WITHDRAW, actor_id)
    files.drop(session, house, inquiry, [file.key for file in files.every(session, inquiry)])
    outbox.cancel(session, inquiry.ref, ERASED, now)
    forgetting.blank(session, [inquiry.ref])
    session.execute(delete(Wish).where(Wish.ref == inquiry.ref))
    noted = update(Interaction).where(Interaction.ref == inquiry.ref)
    session.execute(noted.values(summary="", text=""), execution_options={"synchronize_session": False})
    for table, which in _tables(inquiry_id):
        emptied = {column.name: forgetting.nothing(column) for column in _forgotten(table)}
        session.execute(update(table).where(which).values(emptied))
    session.expire_all()
    inquiry.name = inquiry.subject = NOBODY
    inquiry.nonce = inquiry.mail_thread = inquiry.about = None
    inquiry.ended_reason, inquiry.changed_at = ERASED, now
    audit.record(session, now, "inquiry.erased", inquiry.ref, actor_id)


def _tables(inquiry_id: int) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """The inquiry and what hangs on it, each with which of its rows."""
    yield _table(Inquiry), Inquiry.id == inquiry_id
    for model in (Question, InquiryMessage, InquiryEvent, ReleasedAnswer, Clearance):
        yield _table(model), model.inquiry_id == inquiry_id
    questions = select(Question.id).where(Question.inquiry_id == inquiry_id)
    yield _table(Clearance), Clearance.question_id.in_(questions)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


def _forgotten(table: Table) -> list[Column[Any]]:
    stays = STAYS.get(table.name, ())
    return [column for column in table.columns if column.info.get("personal") and column.name not in stays]
