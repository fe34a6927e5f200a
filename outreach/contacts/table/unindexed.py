"""A value that SQLite reads from the row and looks up in no index; PostgreSQL knows its tables well enough."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class unindexed(GenericFunction[Any]):
    """unindexed(column): the same value."""

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column, type_=column.type)


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: Any, **more: Any) -> str:
    return str(compiler.process(element.clauses, **more))


@compiles(unindexed, "sqlite")
def _with_a_plus(element: unindexed, compiler: Any, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"
