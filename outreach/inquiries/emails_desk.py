"""The mails of what an officer decides: will we make it, a refusal, whom to ask instead, a question back.

They are words of a person to a person, and leave whatever became of earlier mail. Each is also a message of the thread.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from outreach.accounts import queries as accounts
from outreach.house import House
from outreach.inquiries import emails, links
from outreach.inquiries.models import CALL, MAIL, OUT, Inquiry, InquiryMessage
from outreach.mail import compose, outbox

COMMITMENT, DECLINED, REFERRED, ASKED = "inquiry_commitment", "inquiry_declined", "inquiry_referred", "inquiry_asked"


def say(
    session: Session,
    house: House,
    now: datetime,
    inquiry: Inquiry,
    kind: str,
    spoken: str,
    actor_id: int,
    **values: Any,
) -> InquiryMessage:
    """Put our words into the thread and mail them; without an address they count as said on the phone.

    ``spoken`` is what the thread shows; ``values`` is what the mail of this ``kind`` says in addition.
    """
    message = InquiryMessage(
        direction=OUT, at=now, author_id=actor_id, channel=MAIL if inquiry.email else CALL, body=spoken, answers=[]
    )
    inquiry.messages.append(message)
    session.flush()
    if inquiry.email:
        message.outbox_id = _send(session, house, now, inquiry, kind, actor_id, values)
    return message


def _send(
    session: Session, house: House, now: datetime, inquiry: Inquiry, kind: str, actor_id: int, values: dict[str, Any]
) -> int | None:
    variant = emails.reply_variant(inquiry)
    words = compose.render(
        house, kind, variant, reference=inquiry.reference, officer=accounts.names(session)[actor_id],
        deadline=emails.deadline_words(inquiry, variant) if inquiry.deadline_at else None,
        link=links.status_url(house, inquiry, variant), **values,
    )  # fmt: skip
    row = outbox.enqueue(
        session, house, now, kind=kind, ref=inquiry.ref, to_address=inquiry.email, variant=variant, words=words,
        headers={"Auto-Submitted": "no"}, reply_to=links.reply_address(house, inquiry), in_reply_to=inquiry.mail_thread,
        scope="always",
    )  # fmt: skip
    if row is not None and inquiry.mail_thread is None:
        inquiry.mail_thread = row.message_id
    return row.id if row else None
