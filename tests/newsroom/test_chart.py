"""Places, rivers and the drawing made of them: what a wrong entry is called, and where everything comes to lie."""

from __future__ import annotations

import re
from math import hypot

import pytest

from outreach.language import Variant
from outreach.newsroom import chart, places
from outreach.newsroom.chart import Pin
from tests.newsroom.test_map import MAP


def test_marks_never_cover_each_other_and_lie_inside_the_drawing() -> None:
    known = places.read(MAP)
    towns = ["belgrade"] * 12 + ["nis"] * 7 + ["sava"] * 6
    pins = [Pin(number, known.places[town], "x", "aaaaa") for number, town in enumerate(towns, start=1)]
    drawn = chart.draw(known, pins, Variant.EN)
    assert drawn is not None
    spots = [(mark.x, mark.y) for mark in drawn.marks]
    assert len(set(spots)) == len(towns)
    for here in spots:
        assert all(
            here == there or hypot(here[0] - there[0], here[1] - there[1]) >= 2 * chart.RADIUS for there in spots
        )
        assert chart.RADIUS <= here[0] <= drawn.width - chart.RADIUS
        assert chart.RADIUS <= here[1] <= drawn.height - chart.RADIUS


def test_a_curve_goes_through_every_point_of_its_river() -> None:
    course = [(0.0, 0.0), (10.0, 5.5), (20.0, 0.0)]
    path = chart.curve(course)
    assert re.findall(r"(?:^M|[\d.-]+ [\d.-]+ [\d.-]+ [\d.-]+ )([\d.]+ [\d.]+)", path) == ["0 0", "10 5.5", "20 0"]


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("at = [20.46, 44.82]", "at = [44.82]", r"\[place.belgrade\]: at must be"),
        ("at = [20.46, 44.82]", "at = [20.46, 144.82]", r"\[place.belgrade\]: at is not a point"),
        ("at = [20.46, 44.82]", "at = [nan, 44.82]", r"\[place.belgrade\]: at is not a point"),
        ("at = [20.46, 44.82]", "at = [true, 44.82]", r"\[place.belgrade\]: at must be"),
        ("at = [20.46, 44.82]\n", "", r"\[place.belgrade\]: at must be"),
        ('precision = "country"', 'precision = "about"', r"\[place.serbia\]: precision must be one of town"),
        ('sr = "Ниш"', 'sr = ""', r"\[place.nis\]: en and sr"),
        ('sr = "Ниш"', 'sr = "Ниш"\ncolour = "red"', r"\[place.nis\]: colour is not known"),
        ("[place.nis]", "[place.Nis_1]", r"\[place.Nis_1\]: a name has small letters"),
        ("[place.nis]", "[town.nis]", r"\[town\]: only"),
        ('class = "brass"', 'class = "gold"', r"\[river 1, Sava\]: class must be one of great"),
        ("[18.5, 45.1], [19.3, 44.9], ", "[18.5, 45.1], ", r"\[river 1, Sava\]: points must be a list of at least 3"),
        ("[19.3, 44.9]", '["19.3", 44.9]', r"\[river 1, Sava\]: point 2 must be"),
        ("[[river]]", "[river]", r"\[river\]: rivers stand one by one"),
        ("[place.nis]", "[place.nis", "line 8"),
    ],
)
def test_a_wrong_entry_of_the_map_file_is_named(good: str, bad: str, named: str) -> None:
    assert good in MAP
    with pytest.raises(ValueError, match=named):
        places.read(MAP.replace(good, bad, 1))
