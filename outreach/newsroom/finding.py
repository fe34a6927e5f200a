"""The search over a library as a reader of one variant meets it: hits by kind, one leaf at a time.

A finder holds one generation; an embargo is asked at every search, with the caller's `now`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from outreach import language
from outreach.language import Variant
from outreach.newsroom import pages
from outreach.newsroom.heads import FACT_SHEET, PAGE, PROGRAMME, PROJECT, UPDATE
from outreach.newsroom.pages import Item, Shelved
from outreach.newsroom.search import Entry, Index, Words

ON_A_LEAF = 10
ORDER = (PROGRAMME, PROJECT, FACT_SHEET, UPDATE, PAGE)
"""What stands first of documents that answer equally well: what tells of one thing before what tells of many."""


class Shown(NamedTuple):
    """What a result says of a document besides its words: where and what it is, and its day, "" for none.

    `foreign` is the `lang` of its words where that is not the page's own, else "".
    """

    path: str
    foreign: str
    word: str
    day: str


class Hit(NamedTuple):
    """A document that was found; title and snippet have search.MATCH and search.END around what answered."""

    shown: Shown
    title: str
    snippet: str


@dataclass(frozen=True)
class Results:
    """One leaf of what was found, from number `first` on; `earlier` and `later` are the neighbours.

    `count` is that of all kinds, `counts` that of each.
    `meant` is a query that would find something, where this one finds nothing.
    """

    hits: Sequence[Hit]
    count: int
    counts: Mapping[str, int]
    first: int = 1
    earlier: int | None = None
    later: int | None = None
    meant: str | None = None


class Finder:
    """The published documents of one variant, ready to be searched."""

    def __init__(self, documents: Iterable[Shelved], variant: Variant, zone: ZoneInfo) -> None:
        published = [document for document in documents if document.state == "published"]
        published.sort(key=lambda document: (ORDER.index(document.kind), document.path))
        found = [pages.page(document, document.text_for(variant), variant) for document in published]
        self._shown = [_shown(page.item, variant, zone) for page in found]
        self._kinds = [page.item.kind for page in found]
        self._index = Index([_entry(page) for page in found])
        opens = ((d.public_from, place) for place, d in enumerate(published) if d.public_from is not None)
        self._opens = sorted(opens, reverse=True)

    def find(self, query: str, now: datetime, kind: str | None, leaf: int) -> Results:
        """The leaf that was asked for, or the last one, of the documents of a kind or of all."""
        closed = [place for _, place in takewhile(lambda one: one[0] > now, self._opens)]
        found = self._index.find(query, closed)
        if not found.places:
            return Results((), 0, {}, meant=self._index.meant(query, closed))
        places = [place for place in found.places if self._kinds[place] == kind] if kind else found.places
        leaf = min(leaf, max(1, -(-len(places) // ON_A_LEAF)))
        return Results(
            hits=[self._hit(place, found.keys) for place in places[(leaf - 1) * ON_A_LEAF : leaf * ON_A_LEAF]],
            count=len(found.places),
            counts=Counter(map(self._kinds.__getitem__, found.places)),
            first=(leaf - 1) * ON_A_LEAF + 1,
            earlier=leaf - 1 if leaf > 1 else None,
            later=leaf + 1 if leaf * ON_A_LEAF < len(places) else None,
        )

    def _hit(self, place: int, keys: Set[str]) -> Hit:
        return Hit(self._shown[place], self._index.title(place, keys), self._index.snippet(place, keys))


def _shown(item: Item, variant: Variant, zone: ZoneInfo) -> Shown:
    at = item.public_at
    return Shown(
        path=f"/{variant.segment}/{item.path}",
        foreign=item.lang if item.lang != variant.lang else "",
        word=language.text(variant, item.word),
        day=language.day(variant, at, zone) if at else "",
    )


def _entry(page: pages.Page) -> Entry:
    body = " · ".join(page.rendered.plain.split("\n")) if page.rendered else ""
    return Entry(Words.of(page.item.title), Words.of(page.item.summary), Words.of(body))
