"""The database's schema: every room's tables in one metadata, and the way from one revision to another."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from config import ROOT
from outreach.db import Database, Model

SCRIPTS = ROOT / "migrations"


def metadata() -> MetaData:
    """The tables of all rooms."""
    import outreach.accounts.models
    import outreach.audit
    import outreach.briefings.models
    import outreach.contacts.card.models
    import outreach.contacts.duplicates.models
    import outreach.contacts.exports.models
    import outreach.contacts.imports.models
    import outreach.contacts.index_models
    import outreach.contacts.lists.models
    import outreach.contacts.models
    import outreach.digests.models
    import outreach.inquiries.clearance.models
    import outreach.inquiries.desk_models
    import outreach.inquiries.duty.models
    import outreach.inquiries.files.models
    import outreach.inquiries.released.models
    import outreach.mail.models
    import outreach.newsroom.models
    import outreach.rates
    import outreach.subscriptions.models  # noqa: F401  (importing a room's models registers its tables)

    return Model.metadata


def upgrade(db: Database, revision: str = "head", scripts: Path = SCRIPTS) -> None:
    """Bring the schema up; a second process waits and then finds nothing to do."""
    _run(db, scripts, lambda config: command.upgrade(config, revision))


def downgrade(db: Database, revision: str, scripts: Path = SCRIPTS) -> None:
    """Take the schema down to a revision, "base" for none."""
    _run(db, scripts, lambda config: command.downgrade(config, revision))


def draft(db: Database, message: str, scripts: Path = SCRIPTS) -> None:
    """Write a new revision from what the models have and the database lacks."""
    _run(db, scripts, lambda config: command.revision(config, message, autogenerate=True, rev_id=_next(config)))


def _next(config: Config) -> str:
    return f"{len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1:04}"


def _run(db: Database, scripts: Path, step: Callable[[Config], object]) -> None:
    config = Config(attributes={})
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with _alone(db) as connection, warnings.catch_warnings():
        # A table that is rebuilt on SQLite is read from the database with those it names; these keep their indexes.
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
        config.attributes["connection"] = connection
        step(config)


@contextmanager
def _alone(db: Database) -> Iterator[Connection]:
    """A connection that holds the writers' lock; on SQLite with foreign keys off while tables are rebuilt.

    With them on, rebuilding a parent table deletes its children through ON DELETE CASCADE; so they are checked after.
    """
    with db.writing_engine.connect() as connection:
        if db.is_sqlite:
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the migration would leave rows without their parent: {broken[:3]}")
        else:
            with connection.begin():
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20061214)")
                yield connection


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    raw = cast(sqlite3.Connection, connection.connection.driver_connection)
    raw.execute("PRAGMA foreign_keys=OFF")  # only heard outside a transaction
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
