"""The database: one engine, one way to read, one way to write.

SQLite: every writer, in whatever process, queues at one file lock before BEGIN IMMEDIATE, so that writers wait their
turn instead of failing with "database is locked". PostgreSQL needs no such queue.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, DateTime, Engine, Integer, MetaData, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Key = BigInteger().with_variant(Integer(), "sqlite")

CARRIED_OVER_EVERY = 0.5
"""Seconds between two times that a bulk writer carries SQLite's log over into the file."""

PERSONAL_KINDS = ("identity", "contact", "content", "secret")
NOT_PERSONAL: dict[Any, Any] = {"personal": None}


def personal(kind: str) -> dict[Any, Any]:
    """The `info` of a column that holds personal data of this kind; privacy reads it from the metadata."""
    if kind not in PERSONAL_KINDS:
        raise ValueError(f"unknown kind of personal data: {kind}")
    return {"personal": kind}


class Model(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


class Instant(TypeDecorator[datetime]):
    """An instant: aware in UTC on our side; SQLite keeps it as naive UTC, PostgreSQL as timestamptz."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def insert(session: Session, table: type[Model]) -> Any:
    """An INSERT in the database's own words, which may be told what to do ON CONFLICT."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: type[Model]) -> Any:
    """The same for a database of this kind, for statements that are put together once."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


class QueuedConnection(sqlite3.Connection):
    """A connection that holds the writers' lock from before BEGIN until after COMMIT."""

    lock_path: Path
    is_bulk = False
    _lock: int | None = None
    _carried_over = 0.0

    def take(self) -> None:
        if self._lock is None:
            self._lock = os.open(self.lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def begin(self) -> None:
        """Begin to write, after everybody who waits already; raises sqlite3.Error, and the lock is free again, when
        somebody else, who does not queue, writes for too long."""
        self.take()
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self.leave()
            raise

    def write(self, is_bulk: bool) -> None:
        """Write this way from the next BEGIN on (see `Database.transaction`)."""
        if self.is_bulk != is_bulk:
            self._carry_over()
            self.execute(f"PRAGMA synchronous={'NORMAL' if is_bulk else 'FULL'}")
            self.execute(f"PRAGMA wal_autocheckpoint={0 if is_bulk else 1000}")
            self.is_bulk = is_bulk

    def _carry_over(self) -> None:
        """Carry the log over into the file while nobody waits for this connection."""
        self.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self._carried_over = time.monotonic()

    def leave(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def commit(self) -> None:
        super().commit()
        self.leave()
        if self.is_bulk and time.monotonic() - self._carried_over > CARRIED_OVER_EVERY:
            self._carry_over()

    def rollback(self) -> None:
        super().rollback()
        self.leave()

    def close(self) -> None:
        super().close()
        self.leave()


class Database:
    """One engine and its two kinds of session."""

    def __init__(self, url: str, lock_path: Path) -> None:
        self.url = make_url(url)
        self._glancing, self._glances = Lock(), cast("sqlite3.Connection | None", None)
        self.engine = self._sqlite(lock_path) if self.is_sqlite else create_engine(self.url, pool_pre_ping=True)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing in it is ever written."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    def glance(self, statement: str) -> tuple[Any, ...] | None:
        """The first row of a plain SELECT, for what every page asks; a session would cost thirty times as much."""
        if self.is_sqlite:
            with self._glancing:  # one connection for all threads: the SELECT is shorter than taking one from the pool
                if self._glances is None:
                    self._glances = sqlite3.connect(
                        str(self.url.database), isolation_level=None, check_same_thread=False
                    )
                return cast("tuple[Any, ...] | None", self._glances.execute(statement).fetchone())
        with self.engine.connect() as connection:
            row = connection.exec_driver_sql(statement).first()
            return None if row is None else tuple(row)

    @contextmanager
    def transaction(self, is_bulk: bool = False) -> Iterator[Session]:
        """A session for writing: commits at the end, rolls back on any error.

        `is_bulk`: one of many that write a lot and would be done again, in the same order, if the machine went down.
        Its commit does not wait for the disk; the next that is not so does, for all before it. SQLite carries its log
        over into the file when the lock is free again, and less often: each writes to the same pages of the indexes.
        """
        engine = self.writing_engine.execution_options(is_bulk=True) if is_bulk else self.writing_engine
        with Session(engine, expire_on_commit=False) as session, session.begin():
            if is_bulk and not self.is_sqlite:
                session.execute(text("SET LOCAL synchronous_commit = off"))
            yield session

    @cached_property
    def writing_engine(self) -> Engine:
        return self.engine.execution_options(writes=True)

    def carry_over(self) -> None:
        """SQLite: carry the log over into the file and empty it, so that nothing overwritten stays in it."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                driver = cast(sqlite3.Connection, connection.connection.driver_connection)
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def dispose(self) -> None:
        self.engine.dispose()
        with self._glancing:
            if self._glances is not None:
                self._glances.close()
                self._glances = None

    def _sqlite(self, lock_path: Path) -> Engine:
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        factory = type("Connection", (QueuedConnection,), {"lock_path": lock_path})
        engine = create_engine(self.url, connect_args={"factory": factory})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver = cast(QueuedConnection, connection.connection.driver_connection)
    if options.get("writes"):
        driver.write(bool(options.get("is_bulk")))
        driver.begin()
    else:
        driver.execute("BEGIN")
