"""Whoever was there before urgent updates were has not allowed them, and what was public is not urgent (O-07)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, insert, select, update

from outreach.db import Database
from outreach.operations import schema
from tests.support.databases import Stock

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROWS: dict[str, dict[str, Any]] = {
    "document": {
        "id": "aaaaa", "kind": "update", "path": "updates/2026/one", "state": "published", "topics": [], "seen_at": AT,
    },
    "subscriber": {"id": 1, "address": "a@example.org", "variant": "en", "hour": "17:00", "key_id": "k", "created_at": AT},
    "consent": {
        "id": 1, "subscriber_id": 1, "wording": "Yes.", "variant": "en", "wants_variant": "en", "topics": ["*"],
        "cadence": "daily", "hour": "17:00", "source": "/en/subscribe", "method": "form", "requested_at": AT,
    },
}  # fmt: skip
NEW = {"document": "is_urgent", "subscriber": "takes_urgent", "consent": "takes_urgent"}


@pytest.fixture
def before(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """A database with a document, a subscriber and a consent, as it was before."""
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        schema.upgrade(db, "0007")
        with db.writing_engine.begin() as connection:
            for name, row in ROWS.items():
                connection.execute(insert(reflected(db).tables[name]).values(**row))
        yield db
        db.dispose()


def reflected(db: Database) -> MetaData:
    found = MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection, only=list(ROWS))
    return found


def flags(db: Database) -> dict[str, Any]:
    tables = reflected(db).tables
    with db.engine.connect() as connection:
        return {name: connection.execute(select(tables[name].c[flag])).scalar_one() for name, flag in NEW.items()}


def test_what_was_there_is_not_urgent_and_allows_nothing_and_goes_down_and_up_again(before: Database) -> None:
    schema.upgrade(before, "0008")
    assert flags(before) == dict.fromkeys(NEW, False)
    with before.writing_engine.begin() as connection:
        for name, flag in NEW.items():
            connection.execute(update(reflected(before).tables[name]).values({flag: True}))
    assert flags(before) == dict.fromkeys(NEW, True)
    schema.downgrade(before, "0007")
    assert [name for name, flag in NEW.items() if flag in reflected(before).tables[name].c] == []
    schema.upgrade(before, "0008")
    assert flags(before) == dict.fromkeys(NEW, False)
