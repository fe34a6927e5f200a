"""Whoever was merged before the step is found by every name that went (O-07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from outreach.contacts import finding
from outreach.contacts.duplicates.models import CHANGED, Merge, MergeRow
from outreach.contacts.index_models import PersonIndex
from outreach.contacts.models import Person
from outreach.db import Database
from outreach.operations import schema
from outreach.serbian import fold
from tests.support.databases import Stock

pytestmark = pytest.mark.both
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MERGED = {1: ("Ana Marić", None), 2: ("Ана Ђорђевић", 1), 3: ("Ana Petrović", 1), 4: ("Iva Savić", None)}


@pytest.fixture
def before(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """Three became one, whose own name gave way too; only its last one stands in the index."""
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        schema.upgrade(db)
        with db.transaction() as session:
            for id_, (name, survivor_id) in MERGED.items():
                session.add(Person(
                    id=id_, name=name, folded=fold(name), survivor_id=survivor_id, ended_at=AT if survivor_id else None,
                    source="test", lawful_basis="consent", created_at=AT, changed_at=AT,
                ))  # fmt: skip
                session.flush()
            for id_, survivor_id, absorbed_id in ((1, 2, 3), (2, 1, 2)):
                session.add(Merge(id=id_, survivor_id=survivor_id, absorbed_id=absorbed_id, merged_at=AT))
            session.flush()
            noted = {"table_name": "person", "action": CHANGED, "row_key": {"id": 1}, "after": {}}
            session.execute(insert(MergeRow.__table__).values(merge_id=2, before={"name": "Anna Georgevich"}, **noted))
            rows = [(4, finding.words_of("Iva Savić")), (1, finding.words_of("Ana Marić"))]
            finding.insert_rows(session.connection(), rows)
        schema.downgrade(db, "0021")
        yield db
        db.dispose()


def test_names_that_went_find_the_survivor(before: Database) -> None:
    with before.read() as session:
        assert finding.find(session, "djordjevic", 5) == []
    schema.upgrade(before)
    with before.read() as session:
        for said in ("maric", "djordjevic", "petrovic", "georgevich"):
            assert finding.find(session, said, 5) == [1], said
        assert finding.find(session, "savic", 5) == [4]
        words = session.scalars(select(PersonIndex.words).where(PersonIndex.person_id == 1)).one()
        assert words == finding.words_by_person(session, [1])[1]
