"""The languages that people work in: free words, of which a person has any number, in any order and script.

People are found by the combinations that are kept, of which there are few, as the text that they are kept as.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts.models import HAS_LANGUAGES, Person
from outreach.serbian import fold

SAID = cast(Person.languages, Text)
MOST = 10_000
"""Combinations that are looked at, in their order; each is a step through the index."""


def combinations(session: Session, language: str) -> list[str]:
    """Those of which one language is this, whatever its script, capitals and diacritics."""
    wanted = fold(language)
    every = session.scalars(_every(session.get_bind().dialect.name)).all()
    return [said for said in every if wanted and wanted in _folded(said)]


def _every(dialect: str) -> Select[Any]:
    """Each combination once: the first by the index, and again and again the next after it."""
    next_one = select(SAID).where(text(HAS_LANGUAGES[dialect])).order_by(SAID).limit(literal_column("1"))
    found = select(next_one.scalar_subquery().label("said"), literal(1).label("number")).cte("found", recursive=True)
    after = next_one.where(found.c.said < SAID).correlate(found).scalar_subquery()
    more = select(after, found.c.number + 1).where(found.c.said.is_not(None), found.c.number < MOST)
    found = found.union_all(more)
    return select(found.c.said).where(found.c.said.is_not(None))


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
