"""rates.py: counted in the database, shared by all (F-03)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from outreach import clock, rates
from outreach.house import House

HOUR = timedelta(hours=1)


def test_f03_the_eleventh_of_ten_is_refused_and_the_next_period_starts_anew(house: House) -> None:
    now = clock.now()
    with house.db.transaction() as session:
        answers = [rates.allow(session, house, "inquiry", "203.0.113.0/24", 10, HOUR, now) for _ in range(11)]
        assert answers == [True] * 10 + [False]
        assert rates.allow(session, house, "inquiry", "198.51.100.0/24", 10, HOUR, now)
        assert rates.allow(session, house, "sign-in", "203.0.113.0/24", 10, HOUR, now)
        assert rates.allow(session, house, "inquiry", "203.0.113.0/24", 10, HOUR, now + HOUR)


def test_p10_who_it_was_is_not_kept_and_counts_go_when_their_period_is_over(house: House) -> None:
    now = clock.now()
    with house.db.transaction() as session:
        rates.allow(session, house, "inquiry", "203.0.113.0/24", 10, HOUR, now)
        kept = session.scalars(select(rates.RateCount.who)).one()
        assert "203" not in kept or len(kept) == 64
        rates.forget(session, now + HOUR)
        assert session.scalar(select(func.count()).select_from(rates.RateCount)) == 0
