"""Dates and hours as people type them, in English and Serbian, either script: pure reading, no clock, no zone.

A date reads to a ``Day`` (what was said), which ``Day.on`` turns into a calendar date; an hour reads to a ``time``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta

from outreach.serbian import fold

MONTHS = (
    "jan january januar januara i", "feb february februar februara ii", "mar march mart marta iii",
    "apr april aprila iv", "may maj maja v", "jun june juna juni vi", "jul july jula juli vii",
    "aug august avg avgust avgusta viii", "sep sept september septembar septembra ix",
    "oct october okt oktobar oktobra x", "nov november novembar novembra xi", "dec december dec decembar decembra xii",
)  # fmt: skip
WEEKDAYS = (
    "mon monday pon ponedeljak ponedeljka ponedjeljak", "tue tues tuesday uto utorak utorka",
    "wed wednesday sre sreda sredu srijeda srijedu", "thu thur thurs thursday cet cetvrtak cetvrtka",
    "fri friday pet petak petka", "sat saturday sub subota subotu", "sun sunday ned nedelja nedelju nedjelja nedjelju",
)  # fmt: skip
NEAR = {"today": 0, "danas": 0, "tomorrow": 1, "sutra": 1, "prekosutra": 2, "preksutra": 2}
NOON = {"noon", "midday", "podne", "12 noon"}
DAYS_END = {"kraj dana", "kraja dana", "end of day", "end of the day", "eod"}
MORNING = ("ujutru", "ujutro", "pre podne", "prepodne", "in the morning")
EVENING = ("popodne", "po podne", "uvece", "navece", "in the afternoon", "in the evening")

_MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
_WEEKDAY = {word: number for number, words in enumerate(WEEKDAYS) for word in words.split()}
_ORDINAL = re.compile(r"^(\d{1,2})(?:st|nd|rd|th|og)$")
_BY = frozenset({"do", "by", "until", "till", "before", "pre", "najkasnije", "latest", "u", "at", "on"})
_FILLERS = _BY | {"of", "the", "this", "ovaj", "ovog", "god", "godine"}
_UNIT = r"(?:h|hrs?|hours?|cas|casa|casova|sat|sata|sati|c)"
_HOUR = re.compile(
    rf"(?P<hour>\d{{1,2}})(?: ?{_UNIT})?(?: (?:i )?(?P<minute>\d\d)(?: 00)?)?(?: ?{_UNIT})? ?(?P<half>[ap] ?m)?"
)
_CLOSE = re.compile(rf"(?P<hour>\d{{1,2}})h?(?P<minute>\d\d)(?: ?{_UNIT})?(?P<half>)")
# A day this far back, typed without a year, is a slip about the past, not a date eleven months ahead.
LOOK_BACK = timedelta(days=31)


@dataclass(frozen=True)
class Day:
    """What was said: so many days from today, a weekday, or day and month with or without the year."""

    ahead: int | None = None
    weekday: int | None = None
    day: int = 0
    month: int = 0
    year: int | None = None

    def on(self, today: date) -> date:
        """The date meant on ``today``; a weekday is the coming one, today included. ``ValueError`` for no real date."""
        if self.ahead is not None:
            return today + timedelta(days=self.ahead)
        if self.weekday is not None:
            return today + timedelta(days=(self.weekday - today.weekday()) % 7)
        if self.year is not None:
            return date(self.year, self.month, self.day)
        return self._nearest(today)

    def _nearest(self, today: date) -> date:
        for year in range(today.year - 1, today.year + 9):
            try:
                found = date(year, self.month, self.day)
            except ValueError:  # 29 February of a common year
                continue
            if found >= today - LOOK_BACK:
                return found
        raise ValueError("no such day in any year")


def plain(text: str) -> str:
    """Bare Latin letters and ASCII digits between single spaces; what both readers below work on."""
    return fold("".join(str(unicodedata.digit(char, char)) for char in unicodedata.normalize("NFKC", text)))


def read_day(text: str) -> Day | None:
    """``25.11.``, ``25. 11. 2025.``, ``25/11``, ``25 nov``, ``2025-11-25``, ``sutra``, ``petak`` … or ``None``."""
    words = plain(text)
    if words == "day after tomorrow":
        return Day(ahead=2)
    parts = [_ORDINAL.sub(r"\1", part) for part in words.split() if part not in _FILLERS]
    if len(parts) == 1:
        return _one_word(parts[0])
    if len(parts) > 2 and parts[0] in _WEEKDAY:
        parts = parts[1:]
    return _written(parts)


def _one_word(word: str) -> Day | None:
    if word in NEAR:
        return Day(ahead=NEAR[word])
    if word in _WEEKDAY:
        return Day(weekday=_WEEKDAY[word])
    together = re.fullmatch(r"(\d{1,2})([a-z]+)(\d{2}|\d{4})?", word)
    return _written([part for part in together.groups() if part]) if together else None


def _written(parts: list[str]) -> Day | None:
    if len(parts) not in (2, 3):
        return None
    if len(parts[0]) == 4 and len(parts) == 3:  # 2025-11-25
        parts = parts[::-1]
    if parts[0] in _MONTH and not parts[0].isdigit():  # November 25
        parts = [parts[1], parts[0], *parts[2:]]
    day, month = parts[0], parts[1]
    number = _MONTH.get(month) or (int(month) if re.fullmatch(r"\d{1,2}", month) else 0)
    if not re.fullmatch(r"\d{1,2}", day) or not 1 <= number <= 12 or not 1 <= int(day) <= 31:
        return None
    if len(parts) == 2:
        return Day(day=int(day), month=number)
    return Day(day=int(day), month=number, year=_year(parts[2])) if re.fullmatch(r"\d{2}|\d{4}", parts[2]) else None


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def read_hour(text: str) -> time | None:
    """``16``, ``16h``, ``do 16.30``, ``1630``, ``4pm``, ``9 ujutru``, ``podne`` … as a time of day, or ``None``."""
    words = _halved(_without_by(plain(text)))
    if words in NOON:
        return time(12)
    if words in DAYS_END:
        return time(23, 59)
    found = _CLOSE.fullmatch(words) or _HOUR.fullmatch(words)
    if not found:
        return None
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), found["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _without_by(words: str) -> str:
    parts = words.split()
    while len(parts) > 1 and parts[0] in _BY:
        del parts[0]
    return " ".join(parts)


def _halved(words: str) -> str:
    """``9 ujutru`` as ``9 am``; an hour that is past noon by itself needs no half."""
    for names, half in ((MORNING, "am"), (EVENING, "pm")):
        for name in names:
            hour = words.removesuffix(f" {name}")
            if hour != words:
                return hour if re.match(r"(?:1[3-9]|2\d)\b|(?:1[3-9]|2\d)h", hour) else f"{hour} {half}"
    return words


def split_hour(text: str) -> tuple[str, str] | None:
    """A day and an hour typed into one box (``sutra 10``, ``u petak u 9.30``, ``4pm tomorrow``), or ``None``."""
    words = plain(text)
    gaps = [match.start() for match in re.finditer(" ", words)]
    for gap in gaps:
        day, hour = words[:gap], words[gap + 1 :]
        if read_day(day) and read_hour(hour):
            return day, hour
    for gap in reversed(gaps):
        hour, day = words[:gap], words[gap + 1 :]
        if read_day(day) and read_hour(hour):
            return day, hour
    return None
