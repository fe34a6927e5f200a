"""What is forgotten of somebody in mailings: the address each went to. That a copy went and its fate stay."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update
from sqlalchemy.orm import Session

from outreach.briefings.models import MailingRecipient


def erase(session: Session, person_ids: Collection[int]) -> None:
    """Take the hash of the address from every copy to these people. Twice is no error."""
    theirs = update(MailingRecipient).where(MailingRecipient.person_id.in_(person_ids))
    session.execute(theirs.values(address_hash=None), execution_options={"synchronize_session": False})
