"""English, Serbian in Latin and Serbian in Cyrillic: interface words, dates, clocks, numbers.

A message's id is its English text with {placeholders}. Its Serbian is written in Cyrillic in words/sr.po; Latin is
derived (words/__init__.py). Instants are aware datetimes, shown on the clock of the zone that is given.
No-break spaces hold a number to its unit and the parts of a Serbian date together, because "25." at the end of a line
reads as the end of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from typing import Any

from markupsafe import escape

from outreach import serbian, words

FORMS = ("one", "few", "other")
NBSP = "\u00a0"


class Variant(Enum):
    """A language in a script: the address segment, the HTML `lang`, the language code."""

    EN = ("en", "en", "en")
    LAT = ("lat", "sr-Latn", "sr")
    CIR = ("cir", "sr-Cyrl", "sr")

    def __init__(self, segment: str, lang: str, language: str) -> None:
        self.segment = segment
        self.lang = lang
        self.language = language

    @classmethod
    def of(cls, segment: str) -> Variant:
        """The variant of an address segment (`en`, `lat`, `cir`); ValueError for any other text."""
        for variant in cls:
            if variant.segment == segment:
                return variant
        raise ValueError(f"no such variant: {segment!r}")


def mark(message: str) -> str:
    """Marks a constant as a message for the catalogue; it is translated where it is shown."""
    return message


def _forms(variant: Variant, key: words.Key) -> words.Forms | None:
    return None if variant is Variant.EN else words.forms(key, latin=variant is Variant.LAT)


def text(variant: Variant, message: Any, /, **values: Any) -> str:
    """The message in this variant with its values; English where the Serbian is missing.

    `message`: the English text, or an object with `.message` and `.values`, as a form's error may be. A value that is
    markup makes the whole markup, with everything else escaped; without one the result is plain text.
    """
    if not isinstance(message, str):
        message, values = message.message, {**message.values, **values}
    forms = _forms(variant, str(message)) if message else None
    return _say(variant, forms[0] if forms else message, values)


def plural(variant: Variant, one: str, many: str, count: int, /, **values: Any) -> str:
    """The form for `count`, which fills {count}, written as the variant writes numbers."""
    english = one if abs(count) == 1 else many
    forms = _forms(variant, (one, many))
    chosen = forms[FORMS.index(serbian.plural_form(count))] if forms else english
    return _say(variant, chosen, {"count": number(variant, count), **values})


_POINT_BEFORE_A_STOP = re.compile(r"(?<=\d)\.(?=[,;:)]|\.(?!\.))")


def _say(variant: Variant, message: str, values: dict[str, Any]) -> str:
    if not values:
        return message
    marked = any(hasattr(value, "__html__") for value in values.values())
    said = escape(message).format(**values) if marked else message.format(**values)
    if variant is Variant.EN:
        return said
    return type(said)(_POINT_BEFORE_A_STOP.sub("", said))  # 25. novembra 2025, u Beogradu


def _names(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_EN_MONTHS = _names("January February March April May June July August September October November December")
_EN_DAYS = _names("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")


def _serbian(variant: Variant, word: str) -> str:
    return word if variant is Variant.CIR else serbian.to_latin(word)


def _local(on: date, zone: tzinfo | None) -> date:
    """The calendar day: a date as it is, an instant on the clock of its zone."""
    if isinstance(on, datetime):
        if zone is None:
            raise TypeError("an instant has a calendar day only in a zone")
        return on.astimezone(zone).date()
    return on


def day(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """25 Nov 2025 · 25. nov 2025."""
    on = _local(on, zone)
    if variant is Variant.EN:
        return f"{on.day} {_EN_MONTHS[on.month - 1][:3]} {on.year}"
    return f"{on.day}.{NBSP}{_serbian(variant, serbian.MONTHS_SHORT[on.month - 1])} {on.year}."


def day_in_sentence(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """25 November 2025 · 25. novembra 2025."""
    on = _local(on, zone)
    if variant is Variant.EN:
        return f"{on.day} {_EN_MONTHS[on.month - 1]} {on.year}"
    return f"{on.day}.{NBSP}{_serbian(variant, serbian.MONTHS_GENITIVE[on.month - 1])} {on.year}."


def month_year(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """November 2025 · novembar 2025."""
    on = _local(on, zone)
    if variant is Variant.EN:
        return f"{_EN_MONTHS[on.month - 1]} {on.year}"
    return f"{_serbian(variant, serbian.MONTHS[on.month - 1])} {on.year}."


def partial_date(variant: Variant, on: date, precision: str) -> str:
    """2017 · June 2017 · 15 Jun 2017, as precise as it is known: "year", "month" or "day"."""
    if precision == "year":
        return str(on.year) if variant is Variant.EN else f"{on.year}."
    return month_year(variant, on) if precision == "month" else day(variant, on)


def weekday(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """Tuesday · utorak"""
    place = _local(on, zone).weekday()
    return _EN_DAYS[place] if variant is Variant.EN else _serbian(variant, serbian.WEEKDAYS[place])


def weekday_day(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """Tue 25 Nov · uto, 25. 11."""
    on = _local(on, zone)
    if variant is Variant.EN:
        return f"{_EN_DAYS[on.weekday()][:3]} {on.day} {_EN_MONTHS[on.month - 1][:3]}"
    return f"{_serbian(variant, serbian.WEEKDAYS_SHORT[on.weekday()])}, {on.day}.{NBSP}{on.month}."


def weekday_and_day(variant: Variant, on: date, zone: tzinfo | None = None) -> str:
    """Tuesday 25 November 2025 · utorak, 25. novembar 2025."""
    on = _local(on, zone)
    if variant is Variant.EN:
        return f"{weekday(variant, on)} {day_in_sentence(variant, on)}"
    return f"{weekday(variant, on)}, {on.day}.{NBSP}{month_year(variant, on)}"


def clock_time(_variant: Variant, at: datetime, zone: tzinfo) -> str:
    """16:30, on the 24-hour clock in every variant."""
    return f"{at.astimezone(zone):%H:%M}"


def moment(variant: Variant, at: datetime, zone: tzinfo) -> str:
    """25 Nov 2025, 10:00 · 25. nov 2025, 10:00"""
    return f"{day(variant, at, zone).rstrip('.')}, {clock_time(variant, at, zone)}"


def weekday_moment(variant: Variant, at: datetime, zone: tzinfo) -> str:
    """Tue 25 Nov, 16:00 · uto, 25. 11. u 16:00"""
    on, clock = weekday_day(variant, at, zone), clock_time(variant, at, zone)
    return f"{on}, {clock}" if variant is Variant.EN else f"{on} {_serbian(variant, 'у')}{NBSP}{clock}"


_CLOCKS = {
    "Europe/Belgrade": ("Belgrade", mark("Belgrade time")),
    "Europe/London": ("London", mark("London time")),
    "Europe/Brussels": ("Brussels", mark("Brussels time")),
    "America/New_York": ("New York", mark("New York time")),
    "US/Eastern": ("Washington", mark("Washington time")),
    "Europe/Moscow": ("Moscow", mark("Moscow time")),
    "Europe/Istanbul": ("Istanbul", mark("Istanbul time")),
    "Asia/Qatar": ("Doha", mark("Doha time")),
    "Asia/Shanghai": ("Beijing", mark("Beijing time")),
    "Asia/Tokyo": ("Tokyo", mark("Tokyo time")),
}


def utc_offset(at: datetime, zone: tzinfo) -> str:
    """UTC+1, UTC−3:30, UTC+0: what the zone's clock showed at that instant."""
    away = at.astimezone(zone).utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(away) // timedelta(minutes=1), 60)
    return f"UTC{'−' if away < timedelta(0) else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")


def zone_words(variant: Variant, at: datetime, zone: tzinfo) -> str:
    """Whose clock it is, at that instant: Belgrade (CET, UTC+1) · po beogradskom vremenu (UTC+1)"""
    key = str(getattr(zone, "key", zone))
    if key == "UTC":
        return key
    city, clock = _CLOCKS.get(key, (key.rpartition("/")[2].replace("_", " "), None))
    offset = utc_offset(at, zone)
    if variant is Variant.EN:
        letters = at.astimezone(zone).tzname() or ""
        return f"{city} ({letters}, {offset})" if letters.isalpha() else f"{city} ({offset})"
    said = text(variant, clock) if clock else text(variant, "time of the zone {zone}", zone=key)
    return f"{said} ({offset})"


def deadline(variant: Variant, at: datetime, zone: tzinfo) -> str:
    """Tue 25 Nov 2025, 16:00 Belgrade (CET, UTC+1) · uto, 25. 11. 2025, 16:00 po beogradskom vremenu (UTC+1)"""
    gap = " " if variant is Variant.EN else NBSP
    on = f"{weekday_day(variant, at, zone)}{gap}{at.astimezone(zone).year}"
    return f"{on}, {clock_time(variant, at, zone)} {zone_words(variant, at, zone)}"


def duration(variant: Variant, length: timedelta) -> str:
    """1 h 28 min · 1 sat i 28 minuta. Whole minutes, from twelve hours on hours, from a week on days. Unsigned."""
    minutes = abs(length) // timedelta(minutes=1)
    if not minutes:
        return text(variant, "less than a minute")
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = []
    if days:
        parts.append(plural(variant, "{count}\u00a0day", "{count}\u00a0days", days))
    if hours and days < 7:
        parts.append(plural(variant, "{count}\u00a0h", "{count}\u00a0h", hours))
    if rest and minutes < 720:
        parts.append(plural(variant, "{count}\u00a0min", "{count}\u00a0min", rest))
    return text(variant, "{longer} {shorter}", longer=parts[0], shorter=parts[1]) if len(parts) == 2 else parts[0]


def time_left(variant: Variant, at: datetime, now: datetime) -> str:
    """1 h 28 min left · 35 min late"""
    message = mark("{duration} left") if at >= now else mark("{duration} late")
    return text(variant, message, duration=duration(variant, at - now))


def number(variant: Variant, n: int | float | Decimal) -> str:
    """28,000 · 28.000 and 9.6 · 9,6; as many decimals as `n` has."""
    english = f"{n:,}"
    return english if variant is Variant.EN else english.translate(str.maketrans(",.", ".,"))


def sort_key(variant: Variant, name: str) -> tuple[Any, ...]:
    """Sorts names by the alphabet of the page: English, Latin (dž lj nj are letters) or the azbuka."""
    if variant is Variant.EN:
        return (serbian.fold(name), name)
    return serbian.sort_key(name, cyrillic=variant is Variant.CIR)


_DATES: dict[str, Callable[..., str]] = {
    each.__name__: each
    for each in (
        *(day, day_in_sentence, month_year, partial_date, weekday, weekday_day, weekday_and_day, clock_time, moment),
        *(weekday_moment, zone_words, deadline, duration, time_left, number),
    )
}


@dataclass(frozen=True)
class Dates:
    """The functions of this file for one variant; those that need a zone use `zone` when they are given none."""

    variant: Variant
    zone: tzinfo = UTC

    def __getattr__(self, name: str) -> Callable[..., str]:
        if name not in _DATES:
            raise AttributeError(name)
        function = _DATES[name]
        takes_zone = "zone" in function.__annotations__

        def bound(*given: Any) -> str:
            zone = (self.zone,) if takes_zone and len(given) == 1 else ()
            return function(self.variant, *given, *zone)

        return bound


def jinja_globals(variant: Variant, zone: tzinfo = UTC) -> dict[str, Any]:
    """What a template, of a page or a mail, speaks with: `t`, `n`, `variant`, and `dates` on the clock of `zone`."""

    def t(message: Any, /, **values: Any) -> str:
        return text(variant, message, **values)

    def n(one: str, many: str, count: int, /, **values: Any) -> str:
        return plural(variant, one, many, count, **values)

    return {"t": t, "n": n, "variant": variant, "dates": Dates(variant, zone)}
