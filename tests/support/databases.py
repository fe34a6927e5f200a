"""A database of its own for every test: the schema is built once per run and engine, and every test gets a copy of it."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine

from outreach.db import Database
from outreach.operations import schema
from tests.support import content, postgres

ENGINES = ("sqlite", "postgres")
TEMPLATE = "outreach_template"
COMPILED: dict[str, Engine] = {}
"""By its name, the engine of this process whose compiled statements all others use."""


def compiled_once(database: Database) -> Database:
    """Let this database use what was compiled for the ones before it: statements are the same in every test."""
    engine = database.engine
    first = COMPILED.get(engine.name)
    if first is None:
        engine.connect().close()  # a dialect learns from its first connection what its server can do
        first = COMPILED[engine.name] = engine
    engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return database


def build_schema(url: str, lock: Path) -> None:
    """Bring an empty database up to the newest revision, as `python -m outreach migrate` does."""
    database = Database(url, lock)
    try:
        schema.upgrade(database)
    finally:
        database.dispose()


@dataclass(frozen=True)
class Stock:
    """Where fresh databases come from. `folder` is shared by all processes of one run; `server()` gives the PostgreSQL, started when first asked."""

    folder: Path
    server: Callable[[], str]
    spare: list[str] = field(default_factory=list)  # PostgreSQL databases of this process with the schema and no rows

    def compiled(self) -> FileSystemBytecodeCache:
        """Where compiled templates are kept for the rest of the run."""
        folder = self.folder / "templates"
        folder.mkdir(exist_ok=True)
        return FileSystemBytecodeCache(str(folder))

    def content(self) -> Path:
        """A copy of content/ for all tests that only read it."""
        with self._alone("content"):
            done = self.folder / "content"
            return done if done.exists() else content.whole(done)

    @contextmanager
    def fresh(self, engine: str, var_dir: Path) -> Iterator[str]:
        """The URL of a new database with the schema and no rows; gone afterwards."""
        if engine == "sqlite":
            shutil.copyfile(self._sqlite_template(), var_dir / "outreach.db")
            yield f"sqlite:///{var_dir / 'outreach.db'}"
            return
        url = self._spare_one() if self.spare else postgres.create(self.server(), self._postgres_template())
        before = postgres.shape(url)
        try:
            yield url
        finally:
            if postgres.emptied(url, before):
                self.spare.append(url)  # making a new one takes longer
            else:
                postgres.drop(self.server(), url)

    @contextmanager
    def empty(self, engine: str, var_dir: Path) -> Iterator[str]:
        """The URL of a new database without any table, for tests of migrations."""
        if engine == "sqlite":
            yield f"sqlite:///{var_dir / 'empty.db'}"
            return
        url = postgres.create(self.server())
        try:
            yield url
        finally:
            postgres.drop(self.server(), url)

    def _spare_one(self) -> str:
        """A database that was used before, under a new name: the program remembers things by the database's address."""
        url = postgres.named(self.server(), postgres.new_name())
        postgres.rename(self.server(), self.spare.pop(), url)
        return url

    def _sqlite_template(self) -> Path:
        done = self.folder / "template.db"
        with self._alone("sqlite"):
            if not done.exists():
                building = self.folder / "building.db"
                build_schema(f"sqlite:///{building}", self.folder / "building.lock")
                building.rename(done)
        return done

    def _postgres_template(self) -> str:
        done = self.folder / "postgres-template"
        with self._alone("postgres"):
            if not done.exists():
                url = postgres.create(self.server())
                build_schema(url, self.folder / "unused.lock")
                name = f"{TEMPLATE}_{self.folder.name.replace('-', '_').lower()}"
                postgres.rename(self.server(), url, postgres.named(self.server(), name))
                done.write_text(name)
        return done.read_text()

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        """One process builds, the others wait for it."""
        with (self.folder / f"{what}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
