"""What people wish from another room: noted by the one they asked, taken up by the one whose business it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from outreach.contacts.models import Wish
from outreach.language import Variant


def note(session: Session, now: datetime, ref: str, address: str, variant: Variant, source: str, wording: str) -> None:
    """Note that whoever wrote this address wishes to be mailed; said again with the same `ref`, the last one holds."""
    wish = session.scalar(select(Wish).where(Wish.ref == ref))
    if wish is None:
        wish = Wish(ref=ref)
        session.add(wish)
    wish.address, wish.variant, wish.source, wish.wording = address, variant.segment, source, wording
    wish.asked_at = now


def is_waiting(session: Session) -> bool:
    """Whether any wish waits."""
    return bool(session.scalar(select(exists().where(Wish.id.is_not(None)))))


def take(session: Session, most: int) -> list[Wish]:
    """The oldest wishes, held for this transaction; whoever takes them deletes them."""
    waiting = select(Wish).order_by(Wish.asked_at, Wish.id).limit(most)
    return list(session.scalars(waiting.with_for_update(skip_locked=True)))
