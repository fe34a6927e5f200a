"""A message leaves: twenty seconds in which it can be taken back, then the mail room's business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.contacts import interactions
from outreach.errors import Conflict, NotFound
from outreach.house import House
from outreach.inquiries import casework, drafts, emails, intake, moves
from outreach.inquiries.clearance import asking, deciding
from outreach.inquiries.drafts import Draft
from outreach.inquiries.files import keeping as files_kept
from outreach.inquiries.models import ANSWERED, OUT, Inquiry, InquiryMessage, Question
from outreach.inquiries.released import keeping
from outreach.language import mark
from outreach.mail import outbox
from outreach.mail.models import OutboxEmail

UNDO = timedelta(seconds=20)
TOO_LARGE = mark("The files of one mail may have 10 MB in all. Take one away, or send a second mail")


def sent_before(inquiry: Inquiry, nonce: str) -> InquiryMessage | None:
    """The message that this very form made. Raises ``Conflict`` when it was taken back: the form has been overtaken."""
    earlier = casework.sent_before(inquiry, nonce)
    if earlier is not None and earlier.undone_at is not None:
        raise Conflict("version", drafts.CHANGED)
    return earlier


def send(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, draft: Draft,
    actor_id: int, answered: Sequence[Question] = (),
) -> InquiryMessage:  # fmt: skip
    """Put the message into the thread and its mail into the outbox, to leave when it cannot be undone any more.

    ``answered`` are the questions of its answers, in their order.
    """
    message.direction, message.at, message.author_id, message.nonce = OUT, now, actor_id, draft.nonce
    message.leaves_at = now + UNDO
    message.copies_to = drafts.addresses(draft.copies_to)
    message.file_ids = _attached(session, inquiry, draft)
    inquiry.messages.append(message)
    inquiry.acknowledged_at = inquiry.acknowledged_at or now
    # What is said next is most likely said on the same terms; a note that is being written stays.
    inquiry.draft = {name: text for name, text in inquiry.draft.items() if name in ("terms", "attribution", "note")}
    session.flush()
    keeping.release(session, now, inquiry, message, answered, actor_id)
    emails.send_reply(session, house, now, inquiry, message, accounts.names(session)[actor_id])
    intake.note_interaction(session, now, inquiry, "answer")
    return message


def _attached(session: Session, inquiry: Inquiry, draft: Draft) -> list[int]:
    files = [file for file in files_kept.every(session, inquiry) if file.id in draft.files]
    if sum(file.size for file in files) > outbox.MOST_ATTACHED:
        raise Conflict("files", TOO_LARGE)
    return [file.id for file in files]


def take_back(session: Session, now: datetime, inquiry: Inquiry, message_id: int, actor_id: int) -> bool:
    """Stop a message that has not left: its words return to the draft, the inquiry to where it was.

    ``False`` when it has left already. Raises ``NotFound`` for a message that is none of ours.
    """
    message = next((one for one in inquiry.messages if (one.id, one.direction) == (message_id, OUT)), None)
    if message is None:
        raise NotFound(str(message_id))
    if message.undone_at is not None:
        return True
    if message.has_left(now) or (
        message.outbox_id is not None and not outbox.take_back(session, message.outbox_id, "taken back")
    ):
        return False
    message.undone_at = now
    _move_back(session, now, inquiry, message, actor_id)
    _restore_draft(inquiry, message)
    _restore_times(inquiry, message)
    _leave_thread(session, inquiry, message)
    keeping.forget(session, message)
    deciding.unrelease(session, now, inquiry, message.at, message.author_id)
    if inquiry.person_id and not _others_sent(inquiry, message):
        interactions.forget(session, inquiry.person_id, "answer", inquiry.ref)
    elif inquiry.person_id and inquiry.answered_at is None:
        interactions.unjudge(session, inquiry.person_id, "answer", inquiry.ref)
    asking.settle(session, now, inquiry, actor_id)
    return True


def _move_back(session: Session, now: datetime, inquiry: Inquiry, message: InquiryMessage, actor_id: int) -> None:
    taken = [e for e in inquiry.events if e.at == message.at and e.verb in (moves.ANSWER, moves.REPLY)]
    was = taken[-1].from_state if taken else None
    if was == inquiry.state == ANSWERED:  # answered before as well, and so still
        inquiry.version += 1
        moves.log(session, inquiry, now, moves.TAKE_BACK, inquiry.state, actor_id)
    else:
        moves.move(session, inquiry, now, moves.TAKE_BACK, actor_id)


def _restore_draft(inquiry: Inquiry, message: InquiryMessage) -> None:
    """The words return; what was written meanwhile stands below them. The answers never left their questions."""
    draft = dict(inquiry.draft or {})
    written = [text for text in (message.body, draft.get("body", "")) if text]
    draft["body"], draft["by"] = "\n\n".join(written), str(message.author_id)
    draft["copies_to"], draft["files"] = ", ".join(message.copies_to), " ".join(map(str, message.file_ids))
    if message.terms:
        draft["terms"], draft["attribution"] = message.terms, message.attribution
    inquiry.draft = draft


def _restore_times(inquiry: Inquiry, message: InquiryMessage) -> None:
    """The instants that this message set are again those of the messages before it."""
    others = _others_sent(inquiry, message)
    answers = [one for one in others if one.terms]
    if inquiry.answered_at in (message.at, message.leaves_at):
        inquiry.answered_at = max((one.at for one in answers), default=None)
    for question in inquiry.questions:
        if question.answered_at == message.at:
            told = [one.at for one in answers if any(pair[0] == question.text for pair in one.answers)]
            question.answered_at = max(told, default=None)
    if inquiry.acknowledged_at == message.at:
        inquiry.acknowledged_at = None


def _leave_thread(session: Session, inquiry: Inquiry, message: InquiryMessage) -> None:
    """A mail that nobody got begins no thread."""
    mail = session.get(OutboxEmail, message.outbox_id) if message.outbox_id else None
    if mail is not None and mail.message_id == inquiry.mail_thread:
        inquiry.mail_thread = None


def _others_sent(inquiry: Inquiry, message: InquiryMessage) -> list[InquiryMessage]:
    return [one for one in inquiry.messages if one.direction == OUT and one is not message and not one.undone_at]
