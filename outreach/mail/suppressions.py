"""Who is not mailed, and how far: `digests` stops subscriptions, `all` everything but answers asked for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach.house import House
from outreach.mail import addresses
from outreach.mail.models import Suppression

DIGESTS = "digests"
ALL = "all"
ALWAYS = "always"  # the scope of a mail that no suppression stops
SCOPES = (DIGESTS, ALL, ALWAYS)


def suppress(session: Session, house: House, address: str, scope: str, reason: str, now: datetime) -> Suppression:
    """Stop mail to this address; a wider scope replaces a narrower one, never the other way round."""
    if scope not in (DIGESTS, ALL):
        raise ValueError(f"unknown scope of a suppression: {scope}")
    row = _find(session, house, address)
    if row is None:
        row = Suppression(address_hash=_hash(house, address), scope=scope, reason=reason, at=now)
        session.add(row)
    elif scope == ALL and row.scope == DIGESTS:
        row.scope, row.reason, row.at = scope, reason, now
    session.flush()
    return row


def is_suppressed(session: Session, house: House, address: str, scope: str) -> bool:
    """Whether a mail of this scope must not go to this address."""
    if scope not in SCOPES:
        raise ValueError(f"unknown scope of a mail: {scope}")
    if scope == ALWAYS:
        return False
    row = _find(session, house, address)
    return row is not None and (row.scope == ALL or scope == DIGESTS)


def _find(session: Session, house: House, address: str) -> Suppression | None:
    return session.scalar(select(Suppression).where(Suppression.address_hash == _hash(house, address)))


def _hash(house: House, address: str) -> str:
    return house.address_hash(addresses.check(address))
