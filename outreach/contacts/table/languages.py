"""The languages that people work in: free words, of which a person has any number, in any order and script.

People are found by the combinations that are kept, of which there are few, as the text that they are kept as.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, ColumnElement, FromClause, Select, Text, cast, func, literal, select, text, true
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts.models import HAS_LANGUAGES, LANGUAGES_SAID, Person
from outreach.serbian import fold

SAID = cast(Person.languages, Text)
MOST = 10_000
"""Combinations that are looked at, in their order; each is a step through the index."""
_NEXT = f"SELECT {LANGUAGES_SAID} FROM person WHERE {{where}} ORDER BY {LANGUAGES_SAID} LIMIT 1"  # noqa: S608
_EVERY = """
WITH RECURSIVE combination(said, number) AS (
    SELECT ({first}), 1
    UNION ALL
    SELECT ({after}), number + 1 FROM combination WHERE said IS NOT NULL AND number < :most
)
SELECT said FROM combination WHERE said IS NOT NULL
"""


def combinations(session: Session, language: str) -> list[str]:
    """Those of which one language is this, whatever its script, capitals and diacritics."""
    wanted, known = fold(language), HAS_LANGUAGES[session.get_bind().dialect.name]
    first, after = (_NEXT.format(where=known + more) for more in ("", f" AND {LANGUAGES_SAID} > combination.said"))
    every = session.scalars(text(_EVERY.format(first=first, after=after)), {"most": MOST}).all()
    return [said for said in every if wanted and wanted in _folded(said)]


@lru_cache(maxsize=MOST)
def _folded(said: str) -> frozenset[str]:
    return frozenset(map(fold, json.loads(said)))


def fits(dialect: str, those: Sequence[str]) -> ColumnElement[bool]:
    """Whether the person at hand has one of these combinations; each is looked up in all of them at once."""
    return SAID.in_(select(_each(dialect, those))).is_(True)


def ids(dialect: str, those: Sequence[str]) -> Select[Any]:
    """Who has one of these combinations, by the index, combination by combination."""
    each, known = _each(dialect, those), select(Person.id).where(text(HAS_LANGUAGES[dialect]))
    if dialect == "sqlite":
        return known.where(SAID.in_(select(each)))
    theirs = known.where(each.c.value == SAID).correlate(each).offset(0).lateral()  # or it would read everybody instead
    return select(theirs.c.id).join_from(each, theirs, true())


def is_rare(session: Session, ids: Select[Any], most: int) -> bool:
    """Whether no more people than this have one; on PostgreSQL the index tells."""
    number = select(func.count()).select_from(ids.limit(most + 1).subquery())
    return (session.scalar(number) or 0) <= most


def _each(dialect: str, those: Sequence[str]) -> FromClause:
    """They are one value of the statement, however many."""
    dumped = bulk.dump(those)
    if dialect == "sqlite":
        return func.json_each(dumped).table_valued("value")
    return func.json_array_elements_text(cast(literal(dumped, Text), JSON)).table_valued("value")
