"""Every public address, for search engines: each in the variants that really exist. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from outreach.house import House
from outreach.language import Variant
from outreach.newsroom.heads import KINDS
from outreach.newsroom.library import Library
from outreach.newsroom.metadata import alternates, iso

VIEWS = (
    "",
    "updates/",
    "programmes/",
    "projects/",
    "fact-sheets/",
    "timeline",
    "map",
    "media/inquiry",
    "subscribe",
    "digests/",
)
"""Pages that no document stands behind. Search, private pages and what follows a form are left out."""


@dataclass(frozen=True)
class Location:
    """One address; `changed` is written as an instant, None where nothing says when."""

    url: str
    changed: str | None
    alternates: tuple[tuple[str, str], ...]


def locations(house: House, shelf: Library, now: datetime) -> Iterator[Location]:
    """All of them: the views in all variants, then every document that is public at `now`."""
    for path in VIEWS:
        yield from _variants(house, path, tuple(Variant), None)
    for kind in KINDS:
        for item in shelf.items(Variant.EN, now, kind):
            at = item.updated_at or item.public_at
            changed = iso(at, house.office.zone) if at else None
            having = shelf.variants(item.path, now)
            yield from _variants(house, item.path, tuple(v for v in Variant if v in having), changed)


def _variants(house: House, path: str, having: tuple[Variant, ...], changed: str | None) -> Iterator[Location]:
    ways = {variant: house.url(f"/{variant.segment}/{path}") for variant in having}
    for url in ways.values():
        yield Location(url, changed, alternates(ways))
