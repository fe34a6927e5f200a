"""A prepared statement does what SQLAlchemy's own would do: defaults, instants, JSON, errors, the same transaction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError, ProgrammingError

from outreach.db import Database
from outreach.inquiries.models import Inquiry
from outreach.prepared import Prepared
from outreach.rates import RateCount

NOON = datetime(2026, 6, 1, 12, tzinfo=timezone(timedelta(hours=2)))
GIVEN: dict[str, Any] = {
    "reference": "26-10432-7", "fingerprint": "f", "key_id": "k", "variant": "en", "state": "received",
    "needs": ["quote"], "subject": "A bridge", "deadline_choice": "none", "deadline_zone": "UTC",
    "terms_wanted": "on_record", "name": "A reporter", "outlet": "Daily", "email": "reporter@example.org",
    "channels": [], "reply_in": "en", "folded": "a bridge", "received_at": NOON, "changed_at": NOON, "last_in_at": NOON,
}  # fmt: skip
ADD = Prepared(insert(Inquiry).returning(Inquiry.id))
STATE = Prepared(select(Inquiry.state).where(Inquiry.reference == bindparam("reference")))


def test_what_is_not_given_is_as_the_model_has_it(database: Database) -> None:
    with database.transaction() as session:
        number = ADD.scalar(session, **GIVEN)
    with database.read() as session:
        inquiry = session.get_one(Inquiry, number)
        assert (inquiry.version, inquiry.source, inquiry.story, inquiry.publishes_anyway) == (1, "form", "", False)
        assert (inquiry.details, inquiry.draft, inquiry.needs) == ({}, {}, ["quote"])
        assert (inquiry.owner_id, inquiry.deadline_at, inquiry.nonce) == (None, None, None)
        assert inquiry.received_at == NOON
        assert inquiry.received_at.tzinfo is UTC


def test_it_is_part_of_the_transaction_that_it_runs_in(database: Database) -> None:
    with pytest.raises(RuntimeError, match="half-way"), database.transaction() as session:
        ADD.scalar(session, **GIVEN)
        assert STATE.scalar(session, reference="26-10432-7") == "received"
        raise RuntimeError("half-way")
    with database.read() as session:
        assert STATE.scalar(session, reference="26-10432-7") is None


def test_a_broken_rule_of_the_database_is_the_usual_error(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        ADD.scalar(session, **GIVEN)
        ADD.scalar(session, **GIVEN)


def test_several_rows_go_in_together(database: Database) -> None:
    rows = [{"who": who, "starts_at": NOON, "ends_at": NOON, "count": 2} for who in ("a", "b", "c")]
    with database.transaction() as session:
        Prepared(insert(RateCount)).add(session, *rows)
    with database.read() as session:
        assert session.scalars(select(RateCount.who).order_by(RateCount.who)).all() == ["a", "b", "c"]


def test_a_parameter_that_was_forgotten_is_not_taken_for_null(database: Database) -> None:
    with database.read() as session, pytest.raises((KeyError, ProgrammingError)):
        STATE.scalar(session)
