"""Texts of somebody else's that name a person: found by their addresses and whole names, and made to name nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary, String, Table, and_, func, literal_column, or_, select, update
from sqlalchemy import Text as LongText
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from outreach.db import Model
from outreach.privacy import reach
from outreach.privacy.subjects import Subject

NOBODY = "[…]"
HASHES = ("hash", "sha256", "fingerprint", "fs_uniquifier", "password", "key_id", "message_id")
RECORDS = ("person", "subscriber", "inquiry", "account")
SHARED = ("mail_block", "mail_form")
"""What all readers share is in these; nothing in them concerns a person."""


@dataclass(frozen=True)
class Mention:
    """A row that is not theirs, and which of its columns name them. `is_free`: these texts can lose the name."""

    table: str
    key: tuple[Any, ...]
    columns: tuple[str, ...]
    is_free: bool


def find(session: Session, subject: Subject, theirs: reach.Rows) -> list[Mention]:
    """Every row that names them and is not theirs; all texts of the whole database are read."""
    terms = terms_of(subject)
    if not terms:
        return []
    return [mention for table in Model.metadata.sorted_tables for mention in _in(session, table, terms, theirs)]


def terms_of(subject: Subject) -> list[str]:
    """What is looked for, as it may be written."""
    return [*subject.addresses, *subject.names]


def in_their_own(theirs: reach.Rows, subject: Subject) -> list[Mention]:
    """The texts among their own rows that name them. What a room keeps of a row loses the name too."""
    terms, found = terms_of(subject), []
    if not terms:
        return []
    for table, rows in theirs.items():
        free = [column for column in table.columns if _has_words(column) and _is_free(column)]
        for row in rows:
            hit = tuple(column.name for column in free if _is_in(row[column.name], terms))
            if hit:
                found.append(Mention(table.name, reach.key_of(table, row), hit, True))
    return found


def redact(session: Session, subject: Subject, mentions: Collection[Mention]) -> list[Mention]:
    """Put "[…]" in the place of their addresses and names in free texts; what is left for a person to look at."""
    terms, left = terms_of(subject), []
    for mention in mentions:
        table = Model.metadata.tables[mention.table]
        which = and_(*(column == value for column, value in zip(table.primary_key, mention.key, strict=True)))
        row = session.execute(select(table).where(which)).mappings().one_or_none()
        named = [name for name in mention.columns if row is not None and _is_in(row[name], terms)]
        if row is None or not named:
            continue  # a room has forgotten it meanwhile
        if mention.is_free:
            session.execute(update(table).where(which).values({name: _without(row[name], terms) for name in named}))
        else:
            left.append(mention)
    session.expire_all()
    return left


def _in(session: Session, table: Table, terms: Sequence[str], theirs: reach.Rows) -> Iterator[Mention]:
    columns = [column for column in table.columns if _has_words(column)]
    if not columns or table.name in SHARED:
        return
    own = {reach.key_of(table, row) for row in theirs.get(table, ())}
    named = or_(*(_names(session, column, term) for column in columns for term in terms))
    for row in session.execute(select(table).where(named)).mappings():
        key = reach.key_of(table, dict(row))
        if key not in own:
            hit = [column for column in columns if _is_in(row[column.name], terms)]
            if hit:
                yield Mention(table.name, key, tuple(column.name for column in hit), all(map(_is_free, hit)))


def _has_words(column: Column[Any]) -> bool:
    is_text = isinstance(column.type, String | JSON) or (
        isinstance(column.type, LargeBinary) and column.info.get("personal") is not None
    )
    return is_text and not column.primary_key and not column.name.endswith(HASHES)


def _is_free(column: Column[Any]) -> bool:
    """A text that goes on saying what it says without the name; an index of words, a name or an address does not.

    The name of a function, such as an editor-in-chief, stands in a table that hangs on nobody.
    """
    kind, table = column.info.get("personal"), column.table
    if isinstance(column.type, LargeBinary):
        return False
    if kind == "identity":
        return table.name not in RECORDS and not any(key.column.table.name in RECORDS for key in table.foreign_keys)
    return kind == "content" or (kind == "secret" and isinstance(column.type, LongText))


def _names(session: Session, column: Column[Any], term: str) -> Any:
    if isinstance(column.type, LargeBinary):
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        said: Any = as_type(column, LongText) if is_sqlite else func.encode(column, literal_column("'escape'"))
    else:
        said = as_type(column, LongText) if isinstance(column.type, JSON) else column
    return or_(*(said.icontains(form, autoescape=True) for form in _forms(column, term)))


def _forms(column: Column[Any], term: str) -> list[str]:
    """JSON may be stored with its letters escaped."""
    escaped = json.dumps(term)[1:-1]
    return list(dict.fromkeys([term, escaped] if isinstance(column.type, JSON) else [term]))


def _is_in(value: Any, terms: Sequence[str]) -> bool:
    pattern = _pattern(tuple(terms))
    return any(pattern.search(said) for said in _texts(value))


@lru_cache(maxsize=16)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of them as a whole, whatever its capitals: ana@example.org is not in diana@example.org."""
    whole = "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True))
    return re.compile(rf"(?<![\w.+-])(?:{whole})(?![\w-]|\.\w)", re.IGNORECASE)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.decode(errors="replace")
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (said for each in value.items() for part in each for said in _texts(part))
    elif isinstance(value, list):
        yield from (said for each in value for said in _texts(each))


def _without(value: Any, terms: Sequence[str]) -> Any:
    if isinstance(value, str):
        pattern = _pattern(tuple(terms))
        return "" if pattern.fullmatch(value.strip()) else pattern.sub(NOBODY, value)
    if isinstance(value, list):
        return [_without(each, terms) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, terms) for name, each in value.items()}
    return value
