"""A plain search over words: blind to script, diacritics and case, forgiving about endings. Pure.

Every term must be found in a document. The key is serbian.fold's, so Бирчанинова, Birčaninova and Bircaninova are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from outreach import serbian

MOST_TERMS = 10
WORDS_BEFORE, WORDS_AFTER = 10, 22
SHORTEST_STEM = 5

_PIECES = re.compile(r"\w+|\W+")

Parts = tuple[tuple[str, bool], ...]
"""Text in pieces with whether the piece is a match, ready to be marked."""


@dataclass(frozen=True)
class Words:
    """A text cut into words and what stands between them; `keys` holds each piece's search key, empty in between."""

    pieces: tuple[str, ...]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        pieces = tuple(_PIECES.findall(" ".join(text.split())))
        return cls(pieces, tuple(_key(piece) for piece in pieces))


@lru_cache(maxsize=65536)
def _key(piece: str) -> str:
    return serbian.fold(piece).replace(" ", "") if piece[0].isalnum() else ""


@dataclass(frozen=True)
class Entry:
    """One searchable document: its place in the caller's list, and its title, summary and body as words."""

    place: int
    title: Words
    rest: Words


@dataclass(frozen=True)
class Found:
    place: int
    score: int
    title: Parts
    snippet: Parts


def terms(query: str) -> list[str]:
    """The search keys of a query, at most MOST_TERMS."""
    return serbian.fold(query).split()[:MOST_TERMS]


def find(entries: Iterable[Entry], query: str) -> list[Found]:
    """The documents that have every term, best first; words in titles weigh most, whole words more than beginnings."""
    wanted = terms(query)
    found = [hit for entry in entries if (hit := _match(entry, wanted)) is not None] if wanted else []
    return sorted(found, key=lambda hit: (-hit.score, hit.place))


def _match(entry: Entry, wanted: Sequence[str]) -> Found | None:
    score = 0
    for term in wanted:
        in_title = max((_weight(key, term) for key in entry.title.keys), default=0)
        in_rest = max((_weight(key, term) for key in entry.rest.keys), default=0)
        if not in_title and not in_rest:
            return None
        score += 4 * in_title + in_rest
    return Found(entry.place, score, _marked(entry.title, wanted), _snippet(entry.rest, wanted))


def _weight(key: str, term: str) -> int:
    """3 for the word itself, 2 for its beginning, 1 for the same stem with another ending, 0 for none."""
    if not key:
        return 0
    if key.startswith(term):
        return 3 if key == term else 2
    stem = term[: -1 if len(term) < 8 else -2]
    return int(len(term) >= SHORTEST_STEM and key.startswith(stem) and len(key) <= len(term) + 2)


def _marked(words: Words, wanted: Sequence[str], start: int = 0, end: int | None = None) -> Parts:
    pieces, keys = words.pieces[start:end], words.keys[start:end]
    return tuple((piece, any(_weight(key, term) for term in wanted)) for piece, key in zip(pieces, keys, strict=True))


def _snippet(words: Words, wanted: Sequence[str]) -> Parts:
    """Some words around the first match, or the beginning when the match is in the title."""
    places = [n for n, key in enumerate(words.keys) if any(_weight(key, term) for term in wanted)]
    middle = places[0] if places else 0
    start = max(0, middle - 2 * WORDS_BEFORE)
    end = min(len(words.pieces), middle + 2 * WORDS_AFTER)
    parts = _marked(words, wanted, start, end)
    before = (("… ", False),) if start else ()
    after = ((" …", False),) if end < len(words.pieces) else ()
    return (*before, *parts, *after)
