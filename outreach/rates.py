"""How often somebody may do something, counted in the database so that every process shares the count (F-03).

Who it was is kept as an HMAC, for periods up to a day under a salt that changes daily; a count goes when its period
is over.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from outreach.db import NOT_PERSONAL, Instant, Model, insert

if TYPE_CHECKING:
    from outreach.house import House


class RateCount(Model):
    __tablename__ = "rate_count"

    who: Mapped[str] = mapped_column(String(64), primary_key=True, info=NOT_PERSONAL)
    starts_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Instant, index=True)
    count: Mapped[int]


def allow(session: Session, house: House, name: str, who: str, limit: int, per: timedelta, now: datetime) -> bool:
    """Count one more `name` by `who` in the running period; False when that is over the limit."""
    starts_at = _period_start(now, per)
    salt = f"{name}\0{now.astimezone(UTC).date() if per <= timedelta(days=1) else per}\0{who}"
    key = hmac.digest(house.settings.secret_key.encode(), salt.encode(), "sha256").hex()
    counted = (
        insert(session, RateCount)
        .values(who=key, starts_at=starts_at, ends_at=starts_at + per, count=1)
        .on_conflict_do_update(index_elements=["who", "starts_at"], set_={"count": RateCount.count + 1})
        .returning(RateCount.count)
    )
    return bool(session.execute(counted).scalar_one() <= limit)


def forget(session: Session, now: datetime) -> None:
    """Drop counts whose period is over; no limit can ask for them any more."""
    session.execute(delete(RateCount).where(RateCount.ends_at < now))


def _period_start(now: datetime, per: timedelta) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
