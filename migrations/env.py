"""Alembic's environment: the connection comes from `outreach.operations.schema`, which holds the writers' lock."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from outreach.db import Instant
from outreach.operations.schema import metadata


def plain_types(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name SQLAlchemy's types, so that they do not change when our code does."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def is_ours(thing: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Search indexes keep tables and indexes of their own, which no model describes."""
    return not (kind in ("table", "index") and "_fts" in str(name))


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata(),
    render_item=plain_types,
    include_object=is_ours,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
