"""The places and rivers of the map, from content/map.toml: points of our own making, and no borders. Pure.

A place of precision `town` or `river` has a point on the map. One of `region` or `country` has none, because the source
names none: its point may only say roughly where to look, and nothing is drawn there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from outreach.newsroom.heads import NAME
from outreach.office import Words

TOWN, RIVER, REGION, COUNTRY = PRECISIONS = ("town", "river", "region", "country")
LINES = ("great", "brass", "main", "minor")
"""How a river is drawn: broad, in brass (one of the two that meet), plain, thin."""
LEAST_OF_A_COURSE = 3


class Point(NamedTuple):
    """Degrees: longitude east, latitude north."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Place:
    """Where a project is. `at` is a point to draw only if `is_on_map`; `name_at` is where its name begins, if said."""

    id: str
    words: Words
    at: Point
    precision: str
    name_at: Point | None = None

    @property
    def is_on_map(self) -> bool:
        return self.precision in (TOWN, RIVER)


@dataclass(frozen=True)
class River:
    """A river, from its source down. `line` is how it is drawn; `name_at` is where its name begins, if it has one."""

    words: Words
    line: str
    course: tuple[Point, ...]
    name_at: Point | None


@dataclass(frozen=True)
class Places:
    """All places by id, and the rivers in the order they are drawn in."""

    places: Mapping[str, Place] = field(default_factory=dict)
    rivers: tuple[River, ...] = ()


def read(text: str) -> Places:
    """The file's text as places and rivers; ValueError says which entry is wrong and how."""
    data = tomllib.loads(text)
    for name in data:
        if name not in ("place", "river"):
            raise ValueError(f"[{name}]: only [place.…] and [[river]] are known")
    _is(dict, data.get("place", {}), "place", "places stand one by one as [place.…]")
    _is(list, data.get("river", []), "river", "rivers stand one by one as [[river]]")
    places = {name: _place(name, entry) for name, entry in data.get("place", {}).items()}
    rivers = tuple(_river(number, entry) for number, entry in enumerate(data.get("river", []), start=1))
    return Places(places, rivers)


def _is(kind: type, value: object, where: str, wish: str) -> None:
    if not isinstance(value, kind):
        raise ValueError(f"[{where}]: {wish}")


def _place(name: str, entry: Any) -> Place:
    where = f"place.{name}"
    _check(where, entry, ("en", "sr", "at", "precision", "name_at"))
    if not NAME.fullmatch(name):
        raise ValueError(f"[{where}]: a name has small letters, digits and hyphens")
    return Place(
        id=name,
        words=_words(where, entry),
        at=_point(where, "at", entry.get("at")),
        precision=_choice(where, "precision", entry, PRECISIONS),
        name_at=_name_at(where, entry),
    )


def _river(number: int, entry: Any) -> River:
    where = f"river {number}"
    _check(where, entry, ("en", "sr", "class", "points", "name_at"))
    words = _words(where, entry)
    where = f"{where}, {words.en}"
    points = entry.get("points")
    if not isinstance(points, list) or len(points) < LEAST_OF_A_COURSE:
        raise ValueError(f"[{where}]: points must be a list of at least {LEAST_OF_A_COURSE}")
    return River(
        words=words,
        line=_choice(where, "class", entry, LINES),
        course=tuple(_point(where, f"point {place}", point) for place, point in enumerate(points, start=1)),
        name_at=_name_at(where, entry),
    )


def _name_at(where: str, entry: Mapping[str, Any]) -> Point | None:
    return _point(where, "name_at", entry["name_at"]) if "name_at" in entry else None


def _check(where: str, entry: Any, known: tuple[str, ...]) -> None:
    _is(dict, entry, where, "this must be a table of entries")
    for key in entry:
        if key not in known:
            raise ValueError(f"[{where}]: {key} is not known here")


def _words(where: str, entry: Mapping[str, Any]) -> Words:
    words = [entry.get(name) for name in ("en", "sr")]
    if not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f"[{where}]: en and sr must both be texts")
    return Words(*map(str, words))


def _choice(where: str, name: str, entry: Mapping[str, Any], choices: tuple[str, ...]) -> str:
    if entry.get(name) not in choices:
        raise ValueError(f"[{where}]: {name} must be one of {', '.join(choices)}")
    return str(entry[name])


def _point(where: str, name: str, value: Any) -> Point:
    if not isinstance(value, list) or len(value) != 2 or any(type(one) not in (int, float) for one in value):
        raise ValueError(f"[{where}]: {name} must be [longitude, latitude]")
    lon, lat = value
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise ValueError(f"[{where}]: {name} is not a point on the map: longitude first, then latitude, in degrees")
    return Point(float(lon), float(lat))
