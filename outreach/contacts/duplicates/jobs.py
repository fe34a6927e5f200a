"""Whoever is new or changed is compared with all others."""

from __future__ import annotations

from outreach import clock
from outreach.contacts.duplicates import finding
from outreach.house import House

BATCH = 50
BATCHES = 200


def compare_changed(house: House) -> None:
    """Compare those who changed, a few to a transaction; what is left after many is done the next time."""
    for _ in range(BATCHES):
        with house.db.transaction() as session:
            people = finding.waiting(session, BATCH)
            if not people:
                return
            finding.compare_people(session, clock.now(), people)
