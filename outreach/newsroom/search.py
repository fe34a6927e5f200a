"""A plain search over words: blind to script, diacritics and case, forgiving about endings. Pure.

Every term must be found in a document. The key is serbian.fold's, so Бирчанинова, Birčaninova and Bircaninova are one.
The index is inverted: a query looks at the words that answer its terms and at the documents that have them, never at
a document that has not.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from outreach import serbian
from outreach.newsroom import endings, spelling

MOST_TERMS = 10
SHORTEST_BEGINNING = 3
"""A term of fewer letters is a whole word, unless it stands last and may still be typed."""
WORDS_BEFORE, WORDS_AFTER = 10, 22

WHOLE, BEGINNING, AKIN = 3, 2, 1
"""What a word is to a term: the word itself, one that begins so, another form of it."""
# Each place outweighs all that is below it: the worst match in a title counts more than the best one elsewhere.
IN_TITLE, IN_SUMMARY, IN_BODY = 16, 4, 1

_WORD = re.compile(r"\w+")


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Words that say nothing by themselves; they count only in a query of nothing else.
SMALL = _words(
    "a an and are at by for from how in is of on or that the this to was what when where which who with "
    "da do i ili iz je kad kako koja koje koji kroz li na o od po pre s sa se sta su u uz za"
)

MATCH, END = "\x02", "\x03"
"""Stand around each match in a text that is ready to be marked."""
_NO_SIGNS = dict.fromkeys(map(ord, (MATCH, END)))


@dataclass(frozen=True)
class Words:
    """A text, where its words begin and end in it, and by search key the words, counted from 0, that have it."""

    text: str
    starts: array[int]
    ends: array[int]
    numbers: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, text: str) -> Words:
        text = " ".join(text.translate(_NO_SIGNS).split())
        found = [word.span() for word in _WORD.finditer(text)]
        numbers: dict[str, list[int]] = {}
        for number, (start, end) in enumerate(found):
            numbers.setdefault(_key(text[start:end]), []).append(number)
        numbers.pop("", None)
        starts, ends = (array("I", (span[side] for span in found)) for side in (0, 1))
        return cls(text, starts, ends, {key: tuple(places) for key, places in numbers.items()})

    def written(self, number: int) -> str:
        return self.text[self.starts[number] : self.ends[number]]


@lru_cache(maxsize=65536)
def _key(word: str) -> str:
    return serbian.fold(word).replace(" ", "")


@dataclass(frozen=True)
class Entry:
    """One searchable document: its title, its summary and its body as words."""

    title: Words
    summary: Words
    body: Words


@dataclass(frozen=True)
class Found:
    """The places of the entries that answer a query, best first, and the keys that answered it, to be marked."""

    places: tuple[int, ...]
    keys: Set[str]


def terms(query: str) -> list[str]:
    """The search keys of a query, at most MOST_TERMS; small words only when there is nothing else."""
    every = serbian.fold(query).split()
    return ([term for term in every if term not in SMALL] or every)[:MOST_TERMS]


class Index:
    """Entries ready to be searched. Those in `closed` are as if they were not there, down to their words."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._places: dict[str, dict[int, int]] = {}
        self._written: dict[str, str] = {}
        for place, entry in enumerate(entries):
            for words, weight in ((entry.title, IN_TITLE), (entry.summary, IN_SUMMARY), (entry.body, IN_BODY)):
                self._add(place, words, weight)
        self._keys = sorted(self._places)
        self._akin: dict[str, list[str]] = {}
        for key in self._keys:
            for stem in endings.stems(key):
                self._akin.setdefault(stem, []).append(key)

    def _add(self, place: int, words: Words, weight: int) -> None:
        for key, numbers in words.numbers.items():
            where = self._places.setdefault(key, {})
            where[place] = where.get(place, 0) + weight
            # Small letters come after capitals, and letters with their marks after those without.
            self._written[key] = max(self._written.get(key, ""), *map(words.written, numbers))

    def find(self, query: str, closed: Collection[int] = ()) -> Found:
        """The entries that have every term: by title, then summary, then body; whole words before other forms."""
        wanted = terms(query)
        scores: dict[int, int] = {}
        keys: set[str] = set()
        for number, term in enumerate(wanted, start=1):
            answers = self._answers(term, may_go_on=number == len(wanted))
            here = self._scores(answers)
            keys.update(answers)
            scores = here if number == 1 else {p: score + here[p] for p, score in scores.items() if p in here}
        for place in closed:
            scores.pop(place, None)
        return Found(tuple(sorted(sorted(scores), key=scores.__getitem__, reverse=True)), keys)

    def _answers(self, term: str, may_go_on: bool) -> dict[str, int]:
        """The keys that a term may mean, each with what it is to the term."""
        found = {key: AKIN for stem in endings.stems(term) for key in self._akin.get(stem, ())}
        if may_go_on or len(term) >= SHORTEST_BEGINNING:
            first, last = bisect_left(self._keys, term), bisect_left(self._keys, f"{term}\U0010ffff")
            found.update(dict.fromkeys(self._keys[first:last], BEGINNING))
        if term in self._places:
            found[term] = WHOLE
        return found

    def _scores(self, answers: Mapping[str, int]) -> dict[int, int]:
        """The places that have one of the keys, each with the best of its matches."""
        scores: dict[int, int] = {}
        for key, closeness in answers.items():
            weights = self._places[key]
            if scores:
                for place, weight in weights.items():
                    if scores.get(place, 0) < (score := closeness * weight):
                        scores[place] = score
            else:
                scores = {place: closeness * weight for place, weight in weights.items()}
        return scores

    def title(self, place: int, keys: Set[str]) -> str:
        """The title of an entry with the matches in it."""
        words = self._entries[place].title
        matches = _matches(words, keys)
        return _marked(words, matches, 0, len(words.starts)) if matches else words.text

    def snippet(self, place: int, keys: Set[str]) -> str:
        """Some words around the first match in the summary, else in the body; the summary's beginning without one."""
        entry = self._entries[place]
        for words in (entry.summary, entry.body):
            if matches := _matches(words, keys):
                first = max(0, matches[0] - WORDS_BEFORE)
                return _marked(words, matches, first, matches[0] + WORDS_AFTER)
        return _marked(entry.summary, [], 0, WORDS_BEFORE + WORDS_AFTER)

    def meant(self, query: str, closed: Collection[int] = ()) -> str | None:
        """The query with each word that is in no entry replaced by the nearest one that is; None if that finds nothing.

        Small words stay as they are, and so does everything between the words.
        """
        hidden = set(closed)
        open_keys = [key for key in self._keys if not self._places[key].keys() <= hidden]

        def put_right(found: re.Match[str]) -> str:
            term = _key(found[0])
            if term in SMALL or self.find(term, closed).places:
                return found[0]
            nearest = spelling.nearest(term, open_keys, lambda key: len(self._places[key]))
            return self._written[nearest] if nearest else found[0]

        said = _WORD.sub(put_right, query)
        return said if said != query and self.find(said, closed).places else None


def _matches(words: Words, keys: Set[str]) -> list[int]:
    """The numbers of the words that have one of the keys, in order."""
    found: list[int] = []
    for key in keys:
        found += words.numbers.get(key, ())
    found.sort()
    return found


def _marked(words: Words, matches: Iterable[int], first: int, end: int) -> str:
    """The text from one word to before another, with signs around the matches, and "…" where it goes on."""
    text, starts, ends = words.text, words.starts, words.ends
    at = starts[first] if first else 0
    pieces = ["… "] if first else []
    for number in matches:
        if number >= end:
            break
        pieces += (text[at : starts[number]], MATCH, text[starts[number] : ends[number]], END)
        at = ends[number]
    pieces += (text[at : ends[end - 1]], " …") if end < len(ends) else (text[at:],)
    return "".join(pieces)
