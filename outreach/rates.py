"""How often somebody may do something, counted in the database so that every process shares the count (F-03).

Who it was is kept as an HMAC, for periods up to a day under a salt that changes daily; a count goes when its period
is over.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Model, insert_for

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
    rows = [
        {"who": key, "starts_at": (begun := _period_start(now, limit.per)), "ends_at": begun + limit.per, "count": 1}
        for key, limit in periods.items()
    ]
    connection = session.connection()
    counted = connection.execute(_one_more(connection.dialect.name), rows)
    return all(count <= periods[key].most for key, count in counted)


@cache
def _one_more(dialect: str) -> Any:
    """Counts one more of each and tells how many there are; put together once, since nearly every form asks it."""
    return (
        insert_for(dialect, RateCount)
        .on_conflict_do_update(index_elements=["who", "starts_at"], set_={"count": RateCount.count + 1})
        .returning(RateCount.who, RateCount.count)
    )


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
