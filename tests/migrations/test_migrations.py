"""The schema goes up and down with data in it, on both databases, and is what the models say (O-07, stack.md G1-G4)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Table, inspect, text

from config import ROOT
from outreach.db import Database
from outreach.operations import schema
from tests.support import rows
from tests.support.databases import Stock

#: SQLite cannot reflect an index over an expression; test_o07_indexes_and_triggers… looks at those itself.
pytestmark = [
    pytest.mark.both,
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]

REVISIONS = [script.revision for script in reversed(list(ScriptDirectory(str(schema.SCRIPTS)).walk_revisions()))]

#: A revision of the future, written into a copy of migrations/.
NEXT = """
import os
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None
def upgrade():
    {steps}
def downgrade():
    pass
"""


@pytest.fixture
def empty(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """A database without a table."""
    with stock.empty(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        yield db
        db.dispose()


@pytest.fixture
def migrated(engine: str, stock: Stock, var_dir: Path) -> Iterator[Database]:
    """A database that was migrated, once for all of them: a copy of it."""
    with stock.fresh(engine, var_dir) as url:
        db = Database(url, var_dir / "write.lock")
        yield db
        db.dispose()


def with_next(tmp_path: Path, *steps: str) -> Path:
    """The project's migrations and one more that takes these steps."""
    scripts = Path(shutil.copytree(schema.SCRIPTS, tmp_path / "migrations", dirs_exist_ok=True))
    (scripts / "versions" / "9999_next.py").write_text(NEXT.format(head=REVISIONS[-1], steps="\n    ".join(steps)))
    return scripts


def differences(db: Database) -> list[object]:
    """What autogenerate would put into a new revision."""
    ours = {"include_object": lambda thing, name, kind, reflected, other: "_fts" not in str(name)}
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, **ours})
        return list(compare_metadata(context, schema.metadata()))


def built(db: Database) -> set[tuple[str, str]]:
    """Every index and trigger as the database describes it: autogenerate sees neither expressions nor triggers."""
    sqlite = "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    postgres = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    with db.read() as session:
        found = session.execute(text(sqlite if db.is_sqlite else postgres)).all()
    return {(name, " ".join(words.split())) for name, words in found if "alembic" not in name}


def filled(db: Database) -> dict[str, int]:
    with db.writing_engine.begin() as connection:
        return rows.fill(connection, schema.metadata())


def counted(db: Database) -> dict[str, int]:
    with db.engine.connect() as connection:
        return rows.count(connection, schema.metadata().sorted_tables)


def a_parent() -> Table:
    """A table whose rows take others with them when they go."""
    cascades = (
        key for table in schema.metadata().sorted_tables for key in table.foreign_keys if key.ondelete == "CASCADE"
    )
    return next(key.column.table for key in cascades)


def test_o07_the_models_are_the_migrated_schema(migrated: Database) -> None:
    assert differences(migrated) == []


def test_o07_indexes_and_triggers_are_those_of_the_models(
    engine: str, stock: Stock, tmp_path: Path, migrated: Database
) -> None:
    (tmp_path / "made").mkdir()
    with stock.empty(engine, tmp_path / "made") as url:
        made = Database(url, tmp_path / "made.lock")
        with made.writing_engine.begin() as connection:
            schema.metadata().create_all(connection)
        wanted = built(made)
        made.dispose()
    assert sorted(wanted ^ built(migrated)) == []


def test_o07_every_revision_goes_up_and_down_and_up_again_with_data(empty: Database) -> None:
    schema.upgrade(empty)
    filled(empty)
    for down in [*reversed(REVISIONS[:-1]), "base"]:
        schema.downgrade(empty, down)
    assert set(inspect(empty.engine).get_table_names()) <= {"alembic_version"}
    for up in REVISIONS:
        schema.upgrade(empty, up)
    assert differences(empty) == []
    assert set(filled(empty).values()) == {1}


def test_migrating_twice_changes_nothing(migrated: Database) -> None:
    before = filled(migrated)
    schema.upgrade(migrated)
    assert counted(migrated) == before


def test_g1_rebuilding_a_parent_table_keeps_its_children(migrated: Database, tmp_path: Path) -> None:
    before, parent = filled(migrated), a_parent()
    column = next(c for c in parent.columns if getattr(c.type, "length", None))
    widen = f"batch.alter_column({column.name!r}, type_=sa.String(900), existing_nullable={column.nullable})"
    steps = (
        f"with op.batch_alter_table({parent.name!r}, recreate='always' if op.get_bind().dialect.name == 'sqlite' else 'auto') as batch:",
        f"    {widen}",
    )
    schema.upgrade(migrated, scripts=with_next(tmp_path, *steps))
    assert counted(migrated) == before
    with migrated.read() as session:
        keys_on = session.execute(text("PRAGMA foreign_keys")).scalar_one() if migrated.is_sqlite else 1
    assert keys_on == 1


def test_a_revision_that_would_orphan_rows_is_taken_back_whole(migrated: Database, tmp_path: Path) -> None:
    before, parent = filled(migrated), a_parent()
    forbidden = next(
        t
        for t in schema.metadata().sorted_tables
        for k in t.foreign_keys
        if k.ondelete is None and k.column.table is not t
    )
    orphaned = next(iter(forbidden.foreign_keys)).column.table
    steps = ("op.create_table('after', sa.Column('id', sa.Integer))", f"op.execute('DELETE FROM {orphaned.name}')")
    with pytest.raises(Exception, match="(?i)without their parent|foreign key"):
        schema.upgrade(migrated, scripts=with_next(tmp_path, *steps))
    assert (counted(migrated), "after" in inspect(migrated.engine).get_table_names()) == (before, False), parent


def test_o07_a_migration_killed_in_the_middle_leaves_the_old_schema_and_can_be_run_again(
    migrated: Database, tmp_path: Path
) -> None:
    before = filled(migrated)
    create = "op.create_table('after', sa.Column('id', sa.Integer))"
    run = "import sys; from pathlib import Path; from outreach.db import Database; from outreach.operations import schema; schema.upgrade(Database(sys.argv[1], Path(sys.argv[2])), scripts=Path(sys.argv[3]))"
    url, lock = migrated.url.render_as_string(hide_password=False), str(tmp_path / "var" / "write.lock")
    killed = with_next(tmp_path, create, "os.kill(os.getpid(), 9)")
    done = subprocess.run(
        [sys.executable, "-c", run, url, lock, str(killed)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert (counted(migrated), "after" in inspect(migrated.engine).get_table_names()) == (before, False)
    schema.upgrade(migrated, scripts=with_next(tmp_path, create))
    assert (counted(migrated), "after" in inspect(migrated.engine).get_table_names()) == (before, True)


def test_g4_a_drafted_revision_names_sqlalchemys_types_only_and_runs(empty: Database, tmp_path: Path) -> None:
    scripts = Path(shutil.copytree(schema.SCRIPTS, tmp_path / "migrations"))
    shutil.rmtree(scripts / "versions")
    (scripts / "versions").mkdir()
    schema.draft(empty, "everything", scripts=scripts)
    written = next((scripts / "versions").glob("*.py")).read_text()
    assert [word for word in ("outreach.", "flask_security", "Instant(") if word in written] == []
    schema.upgrade(empty, scripts=scripts)
    assert differences(empty) == []


def test_two_processes_that_migrate_at_once_both_succeed(empty: Database, var_dir: Path) -> None:
    run = "import sys; from pathlib import Path; from outreach.db import Database; from outreach.operations import schema; schema.upgrade(Database(sys.argv[1], Path(sys.argv[2])))"
    command = [sys.executable, "-c", run, empty.url.render_as_string(hide_password=False), str(var_dir / "write.lock")]
    both = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(p.communicate(timeout=120)[1], p.returncode) for p in both] == [("", 0), ("", 0)]
    assert differences(empty) == []
