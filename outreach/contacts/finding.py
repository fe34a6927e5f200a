"""People found by words: blind to script, diacritics and capitals, whoever stands first in the register before others.

Ranking every hit is what costs a search, not finding them. So the order is laid down when a person is filed: the lower
the rank, the earlier, and a search stops as soon as it has enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    column,
    delete,
    func,
    select,
    table,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts.duplicates.models import Merge, MergeRow
from outreach.contacts.index_models import FIRST_RANK, LONGEST_BEGINNING, PersonIndex
from outreach.contacts.models import Affiliation, ContactAddress, Organisation, Person
from outreach.serbian import fold

MOST_WORDS = 8
SHORTEST_INSIDE = 4
"""Fewer letters than this are only looked for at the beginning of a word."""
FRONT = 4_000
"""On PostgreSQL so many of the first in order are looked at before an index is asked: what is common is among them."""
AT_ONCE = 500
SPELLINGS = (Person.name, Person.name_latin, Person.name_cyrillic)
INDEXES = {
    is_inside: table(name, column("rowid"), column(name))
    for is_inside, name in ((False, "person_fts"), (True, "person_trigram_fts"))
}


def words_of(*texts: str) -> str:
    """All the words of these, folded, each once and with a space on both sides: " ana maric radio primer "."""
    return f" {' '.join(dict.fromkeys(fold(' '.join(texts)).split()))} "


def typed(said: str) -> list[str]:
    """What somebody looks for as words; the parts of a number are one, without the zeros it is dialled with."""
    found: list[str] = []
    is_number = False
    for word in fold(said).split():
        if is_number and word.isdigit():
            found[-1] += word
        else:
            found.append(word)
        is_number = word.isdigit()
    return [(word.lstrip("0") or word) if word.isdigit() else word for word in found][:MOST_WORDS]


def find(session: Session, said: str, limit: int) -> list[int]:
    """The ids of the first `limit` people with all these words: beginning a word or, if nobody has, inside."""
    words = typed(said)
    if not words:
        return []
    found = _first(session, words, limit, is_inside=False)
    if not found and any(len(word) >= SHORTEST_INSIDE for word in words):
        return _first(session, words, limit, is_inside=True)
    return found


def hits(dialect: str, words: Sequence[str], is_inside: bool, limit: int | None = None) -> Select[int]:
    """The ids of the people with all these words, by the index; the first `limit` in order, or all in no order."""
    wanted = (_on_sqlite if dialect == "sqlite" else _on_postgresql)(words, is_inside)
    if limit is None:
        return wanted
    order: Any = func.abs(PersonIndex.rank)  # so that PostgreSQL goes by the words, not by the ranks
    if dialect == "sqlite":
        order = INDEXES[is_inside].c.rowid if _match(words, is_inside) else PersonIndex.rank
    return wanted.order_by(order).limit(limit)


def _on_sqlite(words: Sequence[str], is_inside: bool) -> Select[int]:
    wanted, index, match = select(PersonIndex.person_id), INDEXES[is_inside], _match(words, is_inside)
    if match:
        wanted = wanted.join(index, index.c.rowid == PersonIndex.rank).where(index.c[index.name].op("MATCH")(match))
    is_said_whole = all(1 < len(word) <= LONGEST_BEGINNING and word.isascii() for word in words)
    return wanted if is_said_whole and not is_inside else wanted.where(has(words, is_inside))


def _on_postgresql(words: Sequence[str], is_inside: bool) -> Select[int]:
    wanted = select(PersonIndex.person_id)
    if is_inside:
        return wanted.where(*(PersonIndex.words.like(_pattern(word, is_inside)) for word in words))
    beginnings = func.person_beginnings(PersonIndex.words, type_=ARRAY(Text))
    wanted = wanted.where(beginnings.contains([word[:LONGEST_BEGINNING] for word in words]))
    return wanted.where(has([word for word in words if len(word) > LONGEST_BEGINNING], is_inside))


def has(words: Sequence[str], is_inside: bool, said: Any = PersonIndex.words) -> ColumnElement[bool]:
    """Whether a row of the index has all these words, read from the row itself and looked up nowhere."""
    return and_(true(), *(said.concat("").like(_pattern(word, is_inside)) for word in words))


def _pattern(word: str, is_inside: bool) -> str:
    return f"%{_as_written(word, is_inside)}%"  # a folded word has nothing that would have to be escaped


def _as_written(word: str, is_inside: bool) -> str:
    return word if is_inside and len(word) >= SHORTEST_INSIDE else f" {word}"


def _first(session: Session, words: Sequence[str], limit: int, is_inside: bool) -> list[int]:
    dialect = session.get_bind().dialect.name
    if dialect != "sqlite":
        found = list(session.scalars(in_front(words, is_inside, FRONT).limit(limit)))
        if len(found) == limit:
            return found
    return list(session.scalars(hits(dialect, words, is_inside, limit)))


def in_front(words: Sequence[str], is_inside: bool, farthest: int) -> Select[int]:
    """The ids of those with all these words among so many of the first in order, in order; no index is asked."""
    front = select(PersonIndex).order_by(PersonIndex.rank).limit(farthest).subquery()
    return select(front.c.person_id).where(has(words, is_inside, front.c.words)).order_by(front.c.rank)


def _match(words: Sequence[str], is_inside: bool) -> str:
    """What SQLite's full-text index is asked; the rest of a long word, single letters and words of other alphabets are
    read from the row."""
    asked = [word for word in words if len(word) > 1 and word.isascii()]
    if not is_inside:
        return " AND ".join(f'"{word[:LONGEST_BEGINNING]}" *' for word in asked)
    parts = [_as_written(word, is_inside) for word in asked]
    threes = (part[at : at + 3] for part in parts for at in (*range(0, len(part) - 2, 3), len(part) - 3))
    return " AND ".join(f'"{three}"' for three in dict.fromkeys(threes))


def insert_rows(connection: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """File new people in bulk: (person id, words) each, in the order in which they are to be found; before all others.

    They must not be filed yet.
    """
    fresh = list(rows)
    if not fresh:
        return
    _alone(connection)
    lowest = connection.scalar(select(func.min(PersonIndex.rank)))
    first = (FIRST_RANK if lowest is None else lowest) - len(fresh)
    ranked = [(first + place, id_, words) for place, (id_, words) in enumerate(fresh)]
    bulk.insert(connection, PersonIndex.__tablename__, ("rank", "person_id", "words"), ranked)


def refile(session: Session, person_ids: Collection[int]) -> None:
    """Make the rows of these people anew. Whoever was filed keeps the rank; whoever has ended is not found any more."""
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), AT_ONCE):
        _refile(session, ids[start : start + AT_ONCE])


def _refile(session: Session, ids: Sequence[int]) -> None:
    rows = select(PersonIndex.person_id, PersonIndex.words).where(PersonIndex.person_id.in_(ids))
    filed = {person_id: words for person_id, words in session.execute(rows.order_by(PersonIndex.rank))}
    wanted = words_by_person(session, ids)
    gone = [person_id for person_id in filed if person_id not in wanted]
    if gone:
        session.execute(delete(PersonIndex).where(PersonIndex.person_id.in_(gone)))
    for person_id, words in filed.items():  # in the order of their ranks, which the full-text index likes best
        if wanted.get(person_id, words) != words:
            session.execute(
                update(PersonIndex).where(PersonIndex.person_id == person_id).values(words=wanted[person_id])
            )
    insert_rows(session.connection(), [(id_, words) for id_, words in reversed(wanted.items()) if id_ not in filed])


def words_by_person(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The words of each of these people who has not ended: all spellings of the name, outlets, addresses, numbers, and
    the names that went in merges."""
    said: dict[int, list[str]] = {}
    names = select(Person.id, *SPELLINGS).where(Person.id.in_(ids))
    for person_id, *spellings in session.execute(names.where(Person.ended_at.is_(None)).order_by(Person.id)):
        said[person_id] = spellings
    for query in _beside(said):
        for person_id, words in session.execute(query):
            said[person_id].append(words)
    for person_id, words in _names_before(session, said):
        said[person_id].append(words)
    return {person_id: words_of(*texts) for person_id, texts in said.items()}


def _beside(ids: Collection[int]) -> Iterator[Any]:
    is_current = and_(Affiliation.person_id.in_(ids), Affiliation.ended_at.is_(None))
    yield select(Affiliation.person_id, Organisation.name).join(Organisation).where(is_current)
    own = ContactAddress.person_id.in_(ids)
    yield select(ContactAddress.person_id, ContactAddress.folded).where(own).order_by(ContactAddress.position)


def _names_before(session: Session, ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """The names of records that were merged into these, and their own that gave way in a merge."""
    of = {id_: id_ for id_ in ids}
    names = select(Person.survivor_id, Person.id, *SPELLINGS).where(Person.survivor_id.in_(ids)).order_by(Person.id)
    for survivor_id, person_id, *spellings in session.execute(names):
        if survivor_id is not None:
            of[person_id] = survivor_id
            yield survivor_id, " ".join(spellings)
    merged = select(Merge.survivor_id, MergeRow.before).join(MergeRow, MergeRow.merge_id == Merge.id)
    held = merged.where(Merge.survivor_id.in_(of), Merge.undone_at.is_(None), MergeRow.table == Person.__tablename__)
    for person_id, before in session.execute(held.order_by(MergeRow.id)):
        yield of[person_id], " ".join(before.get(spelling.key, "") for spelling in SPELLINGS)


def _alone(connection: Connection) -> None:
    """On PostgreSQL, one at a time gives out ranks; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('person_index', 0))"))
