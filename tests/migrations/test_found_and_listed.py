"""Whoever was in contacts before is found after the step, and answers given before are known to be on time or late (O-07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, text

from outreach.contacts import finding
from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Interaction
from outreach.db import Database
from outreach.operations import schema
from tests.support import rows
from tests.support.databases import Stock

pytestmark = [
    pytest.mark.both,
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PERSON = {"source": "test", "lawful_basis": "consent", "created_at": AT, "changed_at": AT}
PEOPLE: list[dict[str, Any]] = [
    {"id": 1, "name": "Ђорђе Репортер", "folded": "dorde reporter", "last_contact_at": AT},
    {"id": 2, "name": "Reporter Two", "folded": "reporter two"},
    {"id": 3, "name": "Reporter Gone", "folded": "reporter gone", "ended_at": AT},
    {"id": 4, "name": "Reporter Four", "folded": "reporter four", "last_contact_at": AT - timedelta(days=1)},
]
INQUIRIES = {"26-00001-1": AT - timedelta(hours=1), "26-00002-2": AT + timedelta(hours=1), "26-00003-3": None}


@pytest.fixture
def before(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        schema.upgrade(db, "0012")
        then = MetaData()
        with db.engine.connect() as connection:
            then.reflect(connection, only=["person", "organisation", "affiliation", "interaction", "inquiry"])
        with db.writing_engine.begin() as connection:
            _fill(connection, then)
        yield db
        db.dispose()


def _fill(connection: Any, then: MetaData) -> None:
    defaults = {"version": 1, "preferred_variant": "en", "channels": [], "languages": [], "note": "",
                "do_not_contact": False, "do_not_contact_reason": ""}  # fmt: skip
    for person in PEOPLE:
        connection.execute(insert(then.tables["person"]).values(**PERSON, **defaults, **person))
    outlet = {
        "id": 1,
        "name": "Radio Djerdap",
        "folded": "radio derdap",
        "kind": "outlet",
        "source": "t",
        "created_at": AT,
    }
    connection.execute(insert(then.tables["organisation"]).values(outlet))
    work = {"id": 1, "person_id": 2, "organisation_id": 1, "title": "", "created_at": AT}
    connection.execute(insert(then.tables["affiliation"]).values(work))
    for number, (reference, deadline) in enumerate(INQUIRIES.items(), 1):
        row = {c.name: rows._value(c, {}) for c in then.tables["inquiry"].columns}
        row |= {"id": number, "reference": reference, "deadline_at": deadline, "answered_at": AT, "state": "answered",
                "nonce": reference}  # fmt: skip
        connection.execute(insert(then.tables["inquiry"]).values({k: v for k, v in row.items() if v is not None}))
        passed = {"id": number, "person_id": 1, "kind": "answer", "ref": f"inquiry:{reference}", "path": "/", "at": AT,
                  "summary": "x", "text": ""}  # fmt: skip
        connection.execute(insert(then.tables["interaction"]).values(passed))


def test_whoever_was_there_is_found_whom_we_spoke_with_last_first(before: Database) -> None:
    schema.upgrade(before)
    with before.read() as session:
        assert finding.find(session, "rep", 10) == [1, 4, 2]
        assert finding.find(session, "Ђердап", 10) == [2]
        words = session.scalars(select(PersonIndex.words).where(PersonIndex.person_id == 2)).one()
        assert words == finding.words_by_person(session, [2])[2]


def test_answers_given_before_are_on_time_late_or_had_no_deadline(before: Database) -> None:
    schema.upgrade(before)
    with before.read() as session:
        judged = session.execute(select(Interaction.id, Interaction.is_on_time).order_by(Interaction.id)).all()
    assert [tuple(row) for row in judged] == [(1, False), (2, True), (3, None)]
    schema.downgrade(before, "0012")
    schema.upgrade(before)
    with before.read() as session:
        assert session.scalar(text("SELECT count(*) FROM person_index")) == 3
