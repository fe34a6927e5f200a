"""The list of updates as a page shows it: filtered, in months, one leaf at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from typing import Any

from outreach import language
from outreach.language import Variant
from outreach.newsroom.heads import TYPES
from outreach.newsroom.pages import WORDS, Item
from outreach.office import Office

ON_A_LEAF = 20


@dataclass(frozen=True)
class Wanted:
    """What the reader filters by; a value we do not know is ignored, and `has_unknown` says so."""

    type: str | None
    topic: str | None
    year: int | None
    leaf: int
    has_unknown: bool

    @property
    def arguments(self) -> dict[str, Any]:
        """The filter as a query: type, topic and year, those that are set."""
        said = {"type": self.type, "topic": self.topic, "year": self.year}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True)
class Filter:
    """One filter that is on: in words, and the query that is left without it."""

    name: str
    words: str
    rest: Mapping[str, Any]


@dataclass(frozen=True)
class Leaf:
    """One leaf of the list: months with their updates, how many there are in all, and the neighbours."""

    months: tuple[tuple[date, tuple[Item, ...]], ...]
    count: int
    newer: int | None
    older: int | None


def wanted(arguments: Mapping[str, str], office: Office) -> Wanted:
    """The filter of an address's query: type, topic, year (four digits) and page; anything else is ignored."""
    kind, topic, year, leaf = (arguments.get(name, "") for name in ("type", "topic", "year", "page"))
    knows_kind, knows_topic = kind in TYPES, topic in {t.id for t in office.topics}
    knows_year = year.isascii() and year.isdigit() and len(year) == 4
    return Wanted(
        type=kind if knows_kind else None,
        topic=topic if knows_topic else None,
        year=int(year) if knows_year else None,
        leaf=int(leaf) if leaf.isascii() and leaf.isdigit() and int(leaf[:6]) > 0 and len(leaf) < 7 else 1,
        has_unknown=bool(kind and not knows_kind or topic and not knows_topic or year and not knows_year),
    )


def matching(items: Iterable[Item], filters: Wanted, zone: tzinfo) -> list[Item]:
    """Those that every filter which is on lets through, in the order given."""
    return [
        item
        for item in items
        if filters.type in (None, item.type)
        and (filters.topic is None or filters.topic in item.topics)
        and (filters.year is None or filters.year in _years(item, zone))
    ]


def years(items: Iterable[Item], zone: tzinfo) -> list[int]:
    """Every year that an update was published in or tells of, the latest first."""
    return sorted({year for item in items for year in _years(item, zone)}, reverse=True)


def filters_on(filters: Wanted, office: Office, variant: Variant) -> tuple[Filter, ...]:
    """The filters that are on, so that each can be taken off by itself."""
    said = filters.arguments
    words = {
        "type": language.text(variant, WORDS[filters.type]) if filters.type else "",
        "topic": office.topic_name(filters.topic, variant) if filters.topic else "",
        "year": str(filters.year),
    }
    return tuple(
        Filter(name, words[name], {other: value for other, value in said.items() if other != name}) for name in said
    )


def leaf(items: Sequence[Item], filters: Wanted, zone: tzinfo) -> Leaf:
    """The leaf that was asked for, or the last one; months are those of the office's clock."""
    last = max(1, -(-len(items) // ON_A_LEAF))
    number = min(filters.leaf, last)
    on_it = items[(number - 1) * ON_A_LEAF : number * ON_A_LEAF]
    months = tuple((month, tuple(group)) for month, group in groupby(on_it, lambda item: _month(item, zone)))
    return Leaf(months, len(items), number - 1 if number > 1 else None, number + 1 if number < last else None)


def _years(item: Item, zone: tzinfo) -> set[int]:
    """The year of publication on the office's clock, and the year of the event that is told."""
    published = {item.public_at.astimezone(zone).year} if item.public_at else set()
    return published | ({item.event_on.on.year} if item.event_on else set())


def _month(item: Item, zone: tzinfo) -> date:
    at = item.public_at
    return at.astimezone(zone).date().replace(day=1) if at else date.min
