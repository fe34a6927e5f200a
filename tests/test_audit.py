"""audit.py: rows are added and never changed (S-10 in its first form)."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from outreach import audit, clock
from outreach.audit import AuditEntry
from outreach.house import House


@pytest.mark.parametrize("change", [update(AuditEntry).values(action="nothing happened"), delete(AuditEntry)])
def test_s10_the_database_refuses_to_change_or_remove_an_entry(house: House, change) -> None:
    with house.db.transaction() as session:
        audit.record(session, clock.now(), "inquiry.accepted", "inquiry:26-10432-7", actor_id=3)
    with pytest.raises(DatabaseError, match="append-only"), house.db.transaction() as session:
        session.execute(change)
