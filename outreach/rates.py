"""How often somebody may do something, counted in the database so that every process shares the count (F-03).

Who it was is kept as an HMAC, for periods up to a day under a salt that changes daily; a count goes when its period
is over.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Model, insert_for
from outreach.prepared import Prepared

if TYPE_CHECKING:
    from outreach.house import House


class RateCount(Model):
    __tablename__ = "rate_count"

    who: Mapped[str] = mapped_column(String(64), primary_key=True, info=NOT_PERSONAL)
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    count: Mapped[int]


class Limit(NamedTuple):
    """At most `most` of `name` by `who` in a period."""

    name: str
    who: str
    most: int
    per: timedelta


def allow(session: Session, house: House, name: str, who: str, limit: int, per: timedelta, now: datetime) -> bool:
    """Count one more `name` by `who` in the running period; False when that is over the limit."""
    return allow_all(session, house, [Limit(name, who, limit, per)], now)


def allow_all(session: Session, house: House, limits: Sequence[Limit], now: datetime) -> bool:
    """Count one more against each of the limits; False when that is over any of them."""
    periods = {_key(house, limit, now): limit for limit in limits}
    one_more = _ONE_MORE[session.get_bind().dialect.name]
    fits = []
    for key, limit in periods.items():
        begun = _period_start(now, limit.per)
        count = one_more.scalar(session, who=key, starts_at=begun, ends_at=begun + limit.per, count=1)
        fits.append(count <= limit.most)
    return all(fits)


_ONE_MORE = {
    dialect: Prepared(
        insert_for(dialect, RateCount)
        .on_conflict_do_update(index_elements=["who", "starts_at"], set_={"count": RateCount.count + 1})
        .returning(RateCount.count)
    )
    for dialect in ("sqlite", "postgresql")
}


def _key(house: House, limit: Limit, now: datetime) -> str:
    day = now.astimezone(UTC).date() if limit.per <= timedelta(days=1) else limit.per
    salt = f"{limit.name}\0{day}\0{limit.who}"
    return hmac.digest(house.settings.secret_key.encode(), salt.encode(), "sha256").hex()


def forget(session: Session, now: datetime) -> None:
    """Drop counts whose period is over; no limit can ask for them any more."""
    session.execute(delete(RateCount).where(RateCount.ends_at < now))


def _period_start(now: datetime, per: timedelta) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
