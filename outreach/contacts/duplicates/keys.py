"""What people are compared by: two records are held side by side only when they share a key.

A key is a number: the kind of what is shared in its upper bits, a 32-bit hash of it below. Two different things with
one hash cost a comparison and nothing else. The kinds:

- ADDRESS: an e-mail address, a number, a handle, as folded.
- NAME: every word of the name as its skeleton, in any order. Vowels, doubled letters and the spellings of one sound
  are gone, so that most slips and both scripts meet.
- PLACE: one word of the name, and an outlet. A slip in one word, an initial or a second surname leaves another word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import TypeVar
from zlib import crc32

from sqlalchemy import Connection, delete, or_
from sqlalchemy.orm import Session

from outreach import bulk
from outreach.contacts.duplicates import known
from outreach.contacts.duplicates.known import Known
from outreach.contacts.duplicates.models import CandidatePair, PersonKey, Uncompared

ADDRESS, NAME, PLACE = 1, 2, 3
BATCH = 2_000

_FIRST = str.maketrans({"y": "j", "w": "v", "q": "k", "c": "k", "x": "k"})
_REST = str.maketrans({**dict.fromkeys("aeiouyjh", ""), "w": "v", "q": "k", "c": "k", "x": "ks"})
_DOUBLED = re.compile(r"(.)\1+")
T = TypeVar("T")


def keys_of(
    names: Iterable[str], addresses: Iterable[tuple[str, str]], outlets: Iterable[str], person_id: int = 0
) -> set[int]:
    """The keys of one person; pure.

    `names`: the folded name in each way it is written (`known.ways_of`). `addresses`: kind and folded value.
    `outlets`: folded names of where they work or worked.
    """
    plain = [(kind, folded) for kind, folded in addresses if kind not in known.SAYS_NOTHING]
    return keys_of_known(Known(person_id, list(names), plain, list(outlets)))


def keys_of_known(record: Known) -> set[int]:
    """The same of a record that was loaded."""
    keys = {address_key(*address) for address in record.reach}
    words: set[str] = set()
    for name in record.names:
        skeletons = [skeleton(word) for word in name]
        if len(skeletons) > 1:
            keys.add(_key(NAME, " ".join(sorted(skeletons))))
        words.update(skeletons)
    for outlet in record.outlets:
        keys.update([_key(PLACE, f"{outlet}|{word}") for word in words if len(word) > 1])
    return keys


def address_key(kind: str, folded: str) -> int:
    return _key(ADDRESS, kind + folded)


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """A folded word without what is easily mistyped: "jovanovic" and "yovanovich" both give "jvnvk"."""
    return _DOUBLED.sub(r"\1", word[0].translate(_FIRST) + word[1:].translate(_REST))


def kind_of(key: int) -> int:
    return key >> 32


def insert_rows(connection: Connection, rows: Iterable[tuple[int, Collection[int]]]) -> None:
    """File the keys of people who have none yet, for bulk writers; `rows`: a person's id and keys (`keys_of`).

    The job compares them with everybody when it comes round.
    """
    for batch in batches(rows):
        filed = sorted((key, person_id) for person_id, keys in batch for key in keys)
        bulk.insert(connection, PersonKey.__tablename__, ("key", "person_id"), filed)
        bulk.insert(connection, Uncompared.__tablename__, ("person_id",), [(person_id,) for person_id, _ in batch])


def refile(session: Session, person_ids: Collection[int]) -> None:
    """Make the keys of these people anew from their records; who has ended loses keys and pairs."""
    connection = session.connection()
    for ids in batches(person_ids):
        for table in (PersonKey, Uncompared):
            connection.execute(delete(table).where(table.person_id.in_(ids)))
        living = known.load(session, ids)
        insert_rows(connection, [(each, keys_of_known(record)) for each, record in living.items()])
        if gone := [each for each in ids if each not in living]:
            theirs = or_(CandidatePair.low_id.in_(gone), CandidatePair.high_id.in_(gone))
            connection.execute(delete(CandidatePair).where(theirs))


def batches(rows: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _key(kind: int, of: str) -> int:
    return kind << 32 | crc32(of.encode())
