"""The table by which people are found, one row each, and the full-text indexes that the database keeps beside it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, ForeignKey, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from outreach.contacts.models import BESIDE, Person
from outreach.db import Key, Model, personal

FIRST_RANK = 1_000_000_000
"""Ranks count down from here, so that whoever comes later stands before all others without moving them."""


class PersonIndex(Model):
    """All the words of a person, folded, each with a space on both sides. The lower the `rank`, the earlier found.

    On SQLite `person_fts` (words and their beginnings) and `person_trigram_fts` (any three letters) are made from it
    and kept right by triggers; they keep no words of their own. On PostgreSQL an index over beginnings and one over
    trigrams do the same.
    """

    __tablename__ = "person_index"
    __table_args__ = ({"info": BESIDE},)

    rank: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(
        Key, ForeignKey(Person.id, ondelete="CASCADE"), unique=True, info={"stays": True}
    )
    words: Mapped[str] = mapped_column(Text, info=personal("identity"))


FTS = "content='person_index', content_rowid='rank', detail=none, columnsize=0"
OUT = "VALUES ('delete', old.rank, old.words)"
INTO = "VALUES (new.rank, new.words)"
SQLITE = (
    f"CREATE VIRTUAL TABLE person_fts USING fts5(words, {FTS}, prefix='2 3 4 5 6 7 8', "
    "tokenize='unicode61 remove_diacritics 0')",
    f"CREATE VIRTUAL TABLE person_trigram_fts USING fts5(words, {FTS}, tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER person_index_added AFTER INSERT ON person_index BEGIN "
    f"INSERT INTO person_fts(rowid, words) {INTO}; "
    f"INSERT INTO person_trigram_fts(rowid, words) {INTO}; END",
    "CREATE TRIGGER person_index_removed AFTER DELETE ON person_index BEGIN "
    f"INSERT INTO person_fts(person_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_trigram_fts(person_trigram_fts, rowid, words) {OUT}; END",
    "CREATE TRIGGER person_index_changed AFTER UPDATE OF words ON person_index BEGIN "
    f"INSERT INTO person_fts(person_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_trigram_fts(person_trigram_fts, rowid, words) {OUT}; "
    f"INSERT INTO person_fts(rowid, words) {INTO}; "
    f"INSERT INTO person_trigram_fts(rowid, words) {INTO}; END",
)
LONGEST_BEGINNING = 8
"""The indexes have the beginnings of words up to here; of a longer one the rest is read from the row."""
BEGINNINGS = (
    "CREATE OR REPLACE FUNCTION person_beginnings(said text) RETURNS text[] "
    "LANGUAGE sql IMMUTABLE COST 1000 AS $$ SELECT array_agg(DISTINCT left(word, size)) "
    "FROM unnest(string_to_array(btrim(said), ' ')) word, generate_series(1, 8) size $$"
)
POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    BEGINNINGS,
    "CREATE INDEX person_index_beginnings_fts ON person_index USING gin (person_beginnings(words))",
    "CREATE INDEX person_index_inside_fts ON person_index USING gin (words gin_trgm_ops)",
)
_ddl: Any = DDL
for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRES)):
    for _words in _statements:
        event.listen(PersonIndex.__table__, "after_create", _ddl(_words).execute_if(dialect=_dialect))
