"""Files of a mail, under the rules of files that are uploaded; what is not taken is said to the desk."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from sqlalchemy.orm import Session

from outreach.house import House
from outreach.inquiries import hygiene
from outreach.inquiries.arrivals.reading import Arrived
from outreach.inquiries.files import gathering, keeping
from outreach.inquiries.models import MAIL, NOTE, Inquiry, InquiryMessage
from outreach.language import Variant, mark, text

NOT_TAKEN = mark("Files of this mail that were not taken:")
CUT_OFF = mark("The mail ends within this file")
MOST_SAID = 20  # files that are named


def put(session: Session, house: House, now: datetime, mail: Arrived) -> list[str]:
    """Let its files wait until the mail is taken in; a line for each that is not taken. `session` reads only."""
    faults = []
    for file in mail.written.files if mail.written else ():
        chosen = [(file.name, BytesIO(file.content))]
        said = gathering.gather(session, house, now, mail.nonce, chosen) if file.is_whole else [CUT_OFF]
        faults += [f"{file.name}: {text(Variant.EN, fault)}" for fault in said]
    return faults[:MOST_SAID]


def keep(
    session: Session, house: House, now: datetime, inquiry: Inquiry, message: InquiryMessage, mail: Arrived,
    faults: list[str],
) -> None:  # fmt: skip
    """Make what waits part of this message, and what was refused a note beside it."""
    keeping.keep(session, house, now, inquiry, mail.nonce, keeping.MAIL, message)
    if faults:
        said = hygiene.clean("\n".join([text(Variant.EN, NOT_TAKEN), *faults]))
        inquiry.messages.append(InquiryMessage(direction=NOTE, at=now, channel=MAIL, body=said))
        session.flush()
