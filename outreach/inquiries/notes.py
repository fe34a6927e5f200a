"""Words that only the desk sees: while they are written, part of the draft that the desk shares; then in the thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from outreach import audit
from outreach.errors import Conflict
from outreach.house import House
from outreach.inquiries import casework, drafts, moves
from outreach.inquiries.drafts import Draft
from outreach.inquiries.models import NOTE, Inquiry, InquiryMessage
from outreach.language import mark

NOTHING = mark("Write the note before adding it")


def add(session: Session, house: House, now: datetime, inquiry: Inquiry, draft: Draft, actor_id: int) -> InquiryMessage:
    """Add the draft's note to the thread, and keep the rest of the draft; the same form twice is one note.

    The note leaves the draft, unless somebody has written there what this officer has not seen.
    """
    if not draft.note:
        raise Conflict("note", NOTHING)
    earlier = casework.sent_before(inquiry, draft.nonce)
    if earlier is not None:
        return earlier
    kept = drafts.of(house, inquiry).note
    has_seen = draft.version == inquiry.version or draft.note == kept
    if moves.is_legal(inquiry, moves.KEEP):
        drafts.keep(session, house, now, inquiry, replace(draft, note=kept), actor_id)
    message = InquiryMessage(direction=NOTE, at=now, author_id=actor_id, body=draft.note, nonce=draft.nonce)
    inquiry.messages.append(message)
    inquiry.desk_at = now
    if kept and has_seen:
        inquiry.draft = {**inquiry.draft, "note": ""}
        inquiry.version += 1  # pages that show it are told
    session.flush()
    audit.record(session, now, "inquiry.noted", inquiry.ref, actor_id, message_id=message.id)
    return message
