"""What may answer an inquiry already: published pages on its subject."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from outreach.language import Variant
from outreach.newsroom import search
from outreach.newsroom.finding import Hit
from outreach.newsroom.library import Library

MOST, WORDS, SHORTEST = 3, 8, 5


def on(
    shelf: Library, subject: str, variant: Variant, now: datetime, besides: str | None = None
) -> list[tuple[str, str, str]]:
    """At most three pages as (path, title, `lang` if it is not the page's): those with all words of the subject first,
    then those that have most of its longer words, at least two of them. ``besides``: the path of one that is known."""
    found = {hit.shown.path: hit for hit in shelf.search(subject, variant, now).hits}
    votes: Counter[str] = Counter()
    for word in list(dict.fromkeys(word for word in subject.split() if len(word) >= SHORTEST))[:WORDS]:
        for hit in shelf.search(word, variant, now).hits:
            votes[hit.shown.path] += 1
            found.setdefault(hit.shown.path, hit)
    known = f"/{variant.segment}/{besides}"
    enough = [path for path in found if path != known and (path not in votes or votes[path] >= 2)]
    enough.sort(key=lambda path: -votes[path])
    return [_bare(found[path]) for path in enough[:MOST]]


def _bare(hit: Hit) -> tuple[str, str, str]:
    return hit.shown.path, hit.title.replace(search.MATCH, "").replace(search.END, ""), hit.shown.foreign
