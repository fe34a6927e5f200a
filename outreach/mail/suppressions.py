"""Who is not mailed, and how far: `digests` stops subscriptions, `all` everything but answers asked for."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outreach import audit, db
from outreach.house import House
from outreach.mail import addresses, sql
from outreach.mail.models import Suppression
from outreach.prepared import Prepared

DIGESTS = "digests"
ALL = "all"
ALWAYS = "always"  # the scope of a mail that no suppression stops
SCOPES = (DIGESTS, ALL, ALWAYS)
LISTED = "import:"
"""How the reason begins when a list that was imported said so; what the person or a mail server says since, counts
instead, so that it stays when the import is undone."""
REPLACED = "suppression.replaced"
"""What the log calls it when another scope or reason took the place of the first."""


def suppress(session: Session, house: House, address: str, scope: str, reason: str, now: datetime) -> Suppression:
    """Stop mail to this address; a wider scope replaces a narrower one, never the other way round."""
    if scope not in (DIGESTS, ALL):
        raise ValueError(f"unknown scope of a suppression: {scope}")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = insert(Suppression).values(address_hash=_hash(house, address), scope=scope, reason=reason, at=now)
    session.execute(fresh.on_conflict_do_nothing())  # two at once are one
    row = session.scalars(_of(house, address).with_for_update()).one()
    if row.scope == DIGESTS and (scope == ALL or (row.reason.startswith(LISTED) and row.reason != reason)):
        row.scope, row.reason, row.at = scope, reason, now
        audit.record(session, now, REPLACED, f"suppression:{row.id}")
    session.flush()
    return row


def suppress_hashed(session: Session, hashes: Collection[str], scope: str, reason: str, now: datetime) -> None:
    """The same for many at once, by their keyed hashes; those on the list already stay, unless this is wider."""
    rows = [{"address_hash": hashed, "scope": scope, "reason": reason, "at": now} for hashed in sorted(hashes)]
    if rows:
        fresh = db.insert(session, Suppression)
        wider = (Suppression.scope == DIGESTS) & (fresh.excluded.scope == ALL)
        taken = {name: fresh.excluded[name] for name in ("scope", "reason", "at")}
        session.execute(fresh.on_conflict_do_update(index_elements=["address_hash"], set_=taken, where=wider), rows)


def is_suppressed(session: Session, house: House, address: str, scope: str) -> bool:
    """Whether a mail of this scope must not go to this address."""
    if scope not in SCOPES:
        raise ValueError(f"unknown scope of a mail: {scope}")
    if scope == ALWAYS:
        return False
    found = _SCOPE.scalar(session, hashed=_hash(house, address))
    return found is not None and (found == ALL or scope == DIGESTS)


def suppressed(connection: Connection, house: House, mails: Sequence[tuple[str, str]]) -> list[bool]:
    """Of many mails at once, each a checked address and a scope: whether it must not go."""
    if not sql.has_rows(connection, "suppression"):
        return [False] * len(mails)
    hashes = _hashes(house, [address for address, _ in mails])
    found = select(Suppression.address_hash, Suppression.scope).where(Suppression.address_hash.in_(hashes))
    stopped = {key: scope for key, scope in connection.execute(found)}
    return [
        key in stopped and scope != ALWAYS and (stopped[key] == ALL or scope == DIGESTS)
        for key, (_, scope) in zip(hashes, mails, strict=True)
    ]


def _hashes(house: House, addresses: Sequence[str]) -> list[str]:
    """As `house.address_hash`, for many: the key is taken up once."""
    keyed, hashes = hmac.new(house.settings.address_pepper.encode(), digestmod="sha256"), []
    for address in addresses:
        mine = keyed.copy()
        mine.update(address.strip().casefold().encode())
        hashes.append(mine.hexdigest())
    return hashes


def _of(house: House, address: str) -> Select[Suppression]:
    return select(Suppression).where(Suppression.address_hash == _hash(house, address))


_SCOPE = Prepared(select(Suppression.scope).where(Suppression.address_hash == bindparam("hashed")))


def _hash(house: House, address: str) -> str:
    return house.address_hash(addresses.check(address))
