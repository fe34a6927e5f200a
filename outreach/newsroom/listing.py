"""The list of updates as a page shows it: filtered, in months, one leaf at a time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby

from outreach.newsroom.pages import Item
from outreach.office import Office

ON_A_LEAF = 20


@dataclass(frozen=True)
class Wanted:
    """What the reader filters by; a value we do not know is ignored, and `has_unknown` says so."""

    topic: str | None
    year: int | None
    leaf: int
    has_unknown: bool


@dataclass(frozen=True)
class Leaf:
    """One leaf of the list: months with their updates, how many there are in all, and the neighbours."""

    months: tuple[tuple[date, tuple[Item, ...]], ...]
    count: int
    newer: int | None
    older: int | None


def wanted(arguments: Mapping[str, str], office: Office) -> Wanted:
    """The filter of an address's query: topic, year (four digits) and page; anything else is ignored."""
    topic, year, leaf = (arguments.get(name, "") for name in ("topic", "year", "page"))
    knows_topic = topic in {t.id for t in office.topics}
    knows_year = year.isascii() and year.isdigit() and len(year) == 4
    return Wanted(
        topic=topic if knows_topic else None,
        year=int(year) if knows_year else None,
        leaf=int(leaf) if leaf.isascii() and leaf.isdigit() and int(leaf[:6]) > 0 and len(leaf) < 7 else 1,
        has_unknown=bool(topic and not knows_topic) or bool(year and not knows_year),
    )


def leaf(items: Sequence[Item], filters: Wanted, zone: tzinfo) -> Leaf:
    """The leaf that was asked for, or the last one; months are those of the office's clock."""
    last = max(1, -(-len(items) // ON_A_LEAF))
    number = min(filters.leaf, last)
    on_it = items[(number - 1) * ON_A_LEAF : number * ON_A_LEAF]
    months = tuple((month, tuple(group)) for month, group in groupby(on_it, lambda item: _month(item, zone)))
    return Leaf(months, len(items), number - 1 if number > 1 else None, number + 1 if number < last else None)


def _month(item: Item, zone: tzinfo) -> date:
    at = item.public_at
    return at.astimezone(zone).date().replace(day=1) if at else date.min
