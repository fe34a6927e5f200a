"""Inquiries from before had no such tick, so none of them wishes to be sent anything (O-07)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, update

from outreach.db import Database
from outreach.operations import schema
from tests.support import rows
from tests.support.databases import Stock

BEFORE, AFTER = "0010", "0011"
WISH = {
    "id": 1, "ref": "inquiry:26-10432-7", "address": "a@example.org", "variant": "en", "source": "inquiry form",
    "wording": "Yes.", "asked_at": rows.NOON,
}  # fmt: skip

pytestmark = [
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
    pytest.mark.filterwarnings("ignore:Cannot correctly sort tables"),
]


@pytest.fixture
def before(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """A database with an inquiry, as it was before."""
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        schema.upgrade(db, BEFORE)
        inquiry = reflected(db)
        with db.writing_engine.begin() as connection:
            rows.fill(connection, inquiry)
        yield db
        db.dispose()


def reflected(db: Database, *more: str) -> MetaData:
    """The inquiry and what it leads to."""
    found = MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection, only=["inquiry", *more])
    return found


def flags(db: Database) -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.scalars(select(reflected(db).tables["inquiry"].c.wants_notices)))


def test_what_was_there_wishes_nothing_and_goes_down_and_up_again(before: Database) -> None:
    schema.upgrade(before, AFTER)
    assert flags(before) == [False]
    tables = reflected(before, "wish").tables
    with before.writing_engine.begin() as connection:
        connection.execute(update(tables["inquiry"]).values(wants_notices=True))
        connection.execute(insert(tables["wish"]).values(**WISH))
    schema.downgrade(before, BEFORE)
    down = reflected(before).tables["inquiry"]
    assert "wants_notices" not in down.c
    with before.engine.connect() as connection:
        assert list(connection.scalars(select(down.c.reference))) == ["reference"]
    schema.upgrade(before, AFTER)
    assert flags(before) == [False]
