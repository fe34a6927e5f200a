"""The drawing of the map: rivers as curves, projects as numbered marks, all in the units of one view box. Pure.

The projection is the plainest there is: degrees, with longitude narrowed to the latitude of the middle. That is true
enough for one country, and nobody measures on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from outreach.language import Variant
from outreach.newsroom.places import RIVER, TOWN, Place, Places, Point

WIDTH = 380
EDGE = 20
"""Room around the outermost point: a mark there is still whole."""
RADIUS = 16
"""Of a mark. On a phone of 320 px the map is 288 px wide, and this is still a target of 24 px (WCAG 2.5.8)."""
APART = 2 * RADIUS + 4
DOT = 3
"""The radius of a town that only helps to find one's way."""
LETTER, BESIDE, MIDDLE = 8.5, 5, 5
"""Of a name: about the width of a letter, how far it stands from its spot, how far its line lies below the middle."""

Spot = tuple[float, float]


@dataclass(frozen=True)
class Pin:
    """One project to be marked: its number, its place (which is on the map), its title and its document's id."""

    number: int
    place: Place
    title: str
    id: str


@dataclass(frozen=True)
class Curve:
    line: str
    path: str


@dataclass(frozen=True)
class Label:
    """A name on the map; `is_end` when it ends at its point, because there is no room to the right of it."""

    words: str
    x: float
    y: float
    is_end: bool = False


@dataclass(frozen=True)
class Mark:
    """A pin on the drawing. `is_along` when its place is a river: somewhere along it, at no town."""

    pin: Pin
    x: float
    y: float
    is_along: bool


@dataclass(frozen=True)
class Chart:
    """`places` are the names of marked towns; `towns` those that only help to find one's way, `dots` where they are."""

    height: int
    curves: tuple[Curve, ...]
    rivers: tuple[Label, ...]
    dots: tuple[Spot, ...]
    towns: tuple[Label, ...]
    places: tuple[Label, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    radius: int = RADIUS
    dot: int = DOT
    middle: int = MIDDLE

    @property
    def has_towns_marked(self) -> bool:
        return any(not mark.is_along for mark in self.marks)

    @property
    def has_rivers_marked(self) -> bool:
        return any(mark.is_along for mark in self.marks)


@dataclass(frozen=True)
class _Sheet:
    """Where degrees come to lie on the drawing."""

    west: float
    north: float
    narrowing: float
    scale: float
    height: float

    def spot(self, point: Point) -> Spot:
        x = EDGE + (point.lon - self.west) * self.narrowing * self.scale
        return round(x, 1), round(EDGE + (self.north - point.lat) * self.scale, 1)


def draw(places: Places, pins: Sequence[Pin], variant: Variant) -> Chart | None:
    """The map with these projects on it; None when there is no river to find one's way by."""
    if not places.rivers:
        return None
    sheet = _sheet(places, pins)
    marks = _marks(pins, sheet)
    taken = {pin.place.id for pin in pins}
    others = [place for place in places.places.values() if place.precision == TOWN and place.id not in taken]
    return Chart(
        height=round(max(sheet.height, *(mark.y + EDGE for mark in marks), 0.0)),
        curves=tuple(Curve(river.line, curve([sheet.spot(p) for p in river.course])) for river in places.rivers),
        rivers=tuple(
            Label(river.words.in_variant(variant), *sheet.spot(river.name_at))
            for river in places.rivers
            if river.name_at is not None
        ),
        dots=tuple(sheet.spot(place.at) for place in others),
        towns=tuple(_name(place, sheet, variant, DOT, (sheet.spot(place.at),) * 2) for place in others),
        places=tuple(_names(marks, sheet, variant)),
        marks=tuple(marks),
    )


def _sheet(places: Places, pins: Iterable[Pin]) -> _Sheet:
    """As large as what is drawn on it."""
    points = [point for river in places.rivers for point in river.course] + [pin.place.at for pin in pins]
    points += [place.at for place in places.places.values() if place.precision == TOWN]
    west, east = min(p.lon for p in points), max(p.lon for p in points)
    south, north = min(p.lat for p in points), max(p.lat for p in points)
    narrowing = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * EDGE) / ((east - west) * narrowing)
    return _Sheet(west, north, narrowing, scale, 2 * EDGE + (north - south) * scale)


def curve(spots: Sequence[Spot]) -> str:
    """A smooth path through all spots (Catmull-Rom, written as Bézier curves)."""
    ends = [spots[0], *spots, spots[-1]]
    parts = [f"M{_number(spots[0][0])} {_number(spots[0][1])}"]
    for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        first = [s + (e - b) / 6 for b, s, e in zip(before, start, end, strict=True)]
        second = [e - (a - s) / 6 for s, e, a in zip(start, end, after, strict=True)]
        parts.append("C" + " ".join(_number(n) for n in (*first, *second, *end)))
    return "".join(parts)


def _number(n: float) -> str:
    return f"{round(n, 1):g}"


def _marks(pins: Iterable[Pin], sheet: _Sheet) -> list[Mark]:
    """Marks in order of their number; one that would cover an earlier one stands right of it, or in a row below."""
    marks: list[Mark] = []
    for pin in sorted(pins, key=lambda pin: pin.number):
        left, y = sheet.spot(pin.place.at)
        x = left
        while any(hypot(x - mark.x, y - mark.y) < APART for mark in marks):
            x = round(x + APART, 1)
            if x > WIDTH - EDGE:
                x, y = left, round(y + APART, 1)
        marks.append(Mark(pin, x, y, pin.place.precision == RIVER))
    return marks


def _names(marks: Sequence[Mark], sheet: _Sheet, variant: Variant) -> Iterable[Label]:
    """The name of each marked town, beside the row of its marks; a river has its own name."""
    for place in dict.fromkeys(mark.pin.place for mark in marks if not mark.is_along):
        row = sorted((mark.x, mark.y) for mark in marks if mark.pin.place == place)
        yield _name(place, sheet, variant, RADIUS, (row[0], row[-1]))


def _name(place: Place, sheet: _Sheet, variant: Variant, radius: float, row: tuple[Spot, Spot]) -> Label:
    """A name where its place wants it; else right of its row of spots, or left of it at the edge of the drawing."""
    words = place.words.in_variant(variant)
    (first, _), (last, y) = row
    if place.name_at is not None:
        x, y = sheet.spot(place.name_at)
        return Label(words, round(x + last - first, 1), y)
    is_end = last + radius + BESIDE + LETTER * len(words) > WIDTH
    x = first - radius - BESIDE if is_end else last + radius + BESIDE
    return Label(words, round(x, 1), round(y + MIDDLE, 1), is_end)
