"""What a page of the table must not cost, however large the register."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from outreach.contacts.table import pages
from outreach.contacts.table.asked import Asked
from outreach.house import House
from outreach.mail import suppressions
from outreach.serbian import fold
from tests.contacts import register

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_whether_mail_came_back_is_asked_of_a_persons_own_addresses(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of every refusal there is: 400 of them, for each of 400 people, are 160,000 questions."""
    monkeypatch.setattr(pages, "FEW", 5)  # so that they are asked about one by one
    with house.db.transaction() as session:
        hashes = {fold(f"reader-{number}@example.org") for number in range(390, 790)}  # as the test register keeps them
        suppressions.suppress_hashed(session, hashes, "all", "hard bounce", NOW)
        for number in range(400):
            register.person(session, NOW, f"Reporter {number}", email=f"reader-{number}@example.org")
    steps = itertools.count()
    with house.db.read() as session:
        if house.db.is_sqlite:
            driver: Any = session.connection().connection.driver_connection
            driver.set_progress_handler(lambda: next(steps) * 0, 1000)
        assert len(pages.people(session, house, Asked.from_query("bounced=yes"), NOW).people) == 10
        if house.db.is_sqlite:
            driver.set_progress_handler(None, 0)
    assert next(steps) < 100
