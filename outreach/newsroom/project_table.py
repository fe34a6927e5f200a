"""The table of projects that the map is drawn from: its rows, their order, the same as cells of a spreadsheet. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from outreach import language
from outreach.language import NBSP, Variant, mark
from outreach.newsroom.facts import UNKNOWN
from outreach.newsroom.heads import Record
from outreach.newsroom.localtime import PartialDate
from outreach.newsroom.pages import Item
from outreach.newsroom.places import COUNTRY, REGION, RIVER, TOWN, Place, Places
from outreach.spreadsheets import Cell

PLACE, PROJECT, YEARS, MONEY = SORTS = ("place", "project", "years", "money")
HEADS = (
    *(mark("Number on the map"), mark("Project"), mark("Place"), mark("How exact"), mark("Begun"), mark("Ended")),
    *(mark("Length in years"), mark("Status"), mark("Money, as stated"), mark("Money, amount"), mark("Currency")),
    *(mark("Money, as of"), mark("Partners"), mark("As of"), mark("Source"), mark("Address")),
)
STATES = {
    "completed": mark("completed"),
    "under-way": mark("under way in the undated source"),
    "not-stated": mark("not stated"),
}
EXACT = {TOWN: mark("town"), RIVER: mark("along a river"), REGION: mark("region"), COUNTRY: mark("country")}
NOT_STATED = mark("not stated")


@dataclass(frozen=True)
class Row:
    """One project. `number` is that of its mark on the map; without one it has no single place, or none at all."""

    item: Item
    record: Record
    place: Place | None
    number: int | None = None


def rows(items: Iterable[Item], places: Places, variant: Variant, sort: str) -> list[Row]:
    """All projects, sorted by one of SORTS; the numbers follow the places and stay whatever the order."""
    found = []
    for item in items:
        record = item.record or Record()
        found.append(Row(item, record, places.places.get(record.place or "")))
    found.sort(key=lambda row: _by_place(row, variant))
    numbered = [
        replace(row, number=number) if row.place and row.place.is_on_map else row
        for number, row in enumerate(found, start=1)
    ]
    return sorted(numbered, key=lambda row: _KEYS[sort](row, variant))


def sort_of(wish: str) -> str:
    """The wish when it is one of SORTS; by place otherwise."""
    return wish if wish in SORTS else PLACE


def _by_place(row: Row, variant: Variant) -> Any:
    """Those on the map first, then those of a region or country, then those without any place."""
    place = row.place
    depth = 2 if place is None else 0 if place.is_on_map else 1
    name = language.sort_key(variant, place.words.in_variant(variant)) if place else ()
    return depth, name, _by_title(row, variant)


def _by_title(row: Row, variant: Variant) -> Any:
    return language.sort_key(variant, row.item.title)


def _by_years(row: Row, variant: Variant) -> Any:
    """By the year that is known, of the end or else of the beginning; those without one last."""
    known = row.record.ended_on or row.record.started_on
    return (0, known.on, _by_title(row, variant)) if known else (1, _by_title(row, variant))


def _by_money(row: Row, variant: Variant) -> Any:
    """The largest first; those that state none last."""
    amount = row.item.amount
    return (0, -amount.value, _by_title(row, variant)) if amount else (1, _by_title(row, variant))


_KEYS: dict[str, Callable[[Row, Variant], Any]] = {
    PLACE: _by_place,
    PROJECT: _by_title,
    YEARS: _by_years,
    MONEY: _by_money,
}


def sources(of: Iterable[Row]) -> tuple[str, ...]:
    """The sources that the rows name, each once, in order of the rows."""
    return tuple(dict.fromkeys(row.item.source for row in of if row.item.source))


def heads(variant: Variant) -> list[str]:
    return [language.text(variant, head) for head in HEADS]


def cells(row: Row, variant: Variant, url: Callable[[str], str]) -> Sequence[Cell]:
    """A row for a spreadsheet, under HEADS: dates as 2007-06, what is not stated says so, except a date or a number."""

    def told(message: str) -> str:
        return language.text(variant, message)

    item, record, amount, place = row.item, row.record, row.item.amount, row.place
    return (
        row.number,
        item.title,
        place.words.in_variant(variant) if place else told(NOT_STATED),
        told(EXACT[place.precision] if place else NOT_STATED),
        iso(record.started_on),
        iso(record.ended_on),
        record.duration,
        told(STATES[record.status]),
        amount.said.replace(NBSP, " ") if amount else told(NOT_STATED),
        amount.value if amount else None,
        amount.currency if amount and amount.currency != UNKNOWN else told(NOT_STATED),
        iso(amount.as_of) if amount else None,
        "; ".join(record.partners) or told(NOT_STATED),
        item.as_of,
        item.source or told(NOT_STATED),
        url(f"/{variant.segment}/{item.path}"),
    )


def iso(known: PartialDate | None) -> str | None:
    """2007-06-15, 2007-06 or 2007: as much as is known."""
    if known is None:
        return None
    return known.on.isoformat()[: {"year": 4, "month": 7, "day": 10}[known.precision]]
