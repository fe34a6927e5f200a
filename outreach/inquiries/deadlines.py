"""The journalist's deadline: from a choice and three boxes to an instant, its zone and the words as typed.

Rules and messages are those of the inquiry form's fields 4 to 4c. A wall-clock time that the clocks jump over
is refused with the nearest real ones; one that comes twice is read as the earlier instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from outreach import language
from outreach.inquiries import typed, zones
from outreach.language import Variant, mark

HOUR, TODAY, TOMORROW, DAY, NONE = "hour", "today", "tomorrow", "day", "none"
CHOICES = (HOUR, TODAY, TOMORROW, DAY, NONE)
NEEDS_TIME = frozenset({TODAY, TOMORROW, DAY})

NO_CHOICE = mark("Select when you need an answer")
NO_DATE = mark("Deadline must include a date")
NO_REAL_DATE = mark("Deadline must be a real date, like 25 11 2025")
TOO_FAR = mark("Deadline must be within one year from today")
NO_TIME = mark("Deadline must include a time")
NO_REAL_TIME = mark("Enter a time between 00:00 and 23:59")
NO_ZONE = mark("Select a time zone")
PAST = mark("Deadline must be in the future. It is now {time} {place}")
SKIPPED = mark(
    "{time} on {day} does not exist {place} because clocks go forward. Enter {last} or earlier, or {first} or later"
)

AT_LEAST_AHEAD = timedelta(minutes=5)
URGENT = timedelta(hours=4)
SHORTEST_SUSPENSE = timedelta(minutes=30)


@dataclass(frozen=True)
class Typed:
    """The four controls as the journalist left them."""

    choice: str = ""
    day: str = ""
    hour: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Deadline:
    """An instant (``None``: no fixed deadline), the zone it was said in, the words, whether its hour comes twice."""

    at: datetime | None
    zone: str
    words: str
    choice: str
    repeated: bool = False

    def is_urgent(self, now: datetime) -> bool:
        """Less than four hours away: a telephone number is then required."""
        return self.at is not None and self.at - now < URGENT


class DeadlineError(ValueError):
    """One control of the deadline is wrong: which one, the message, and its values in a variant."""

    def __init__(self, control: str, message: str, now: datetime | None = None, wall: _Wall | None = None) -> None:
        super().__init__(message)
        self.control, self.message, self._now, self._wall = control, message, now, wall

    def values(self, variant: Variant) -> dict[str, str]:
        """The values of the message's placeholders in this variant."""
        if self._wall is None:
            return {}
        there = zones.inside(variant, self._wall.zone.key)
        found = {"place": there, "Place": there[:1].upper() + there[1:]}
        if self._now is not None:
            found["time"] = language.clock_time(variant, self._now, self._wall.zone)
        if self._wall.skipped:
            last, first = self._wall.edges()
            found |= {"time": f"{self._wall.at:%H:%M}", "last": f"{last:%H:%M}", "first": f"{first:%H:%M}"}
            found["day"] = _day(variant, self._wall.at.date())
        return found


def _day(variant: Variant, on: date) -> str:
    return language.day_in_sentence(variant, on) if variant is Variant.EN else f"{on.day}. {on.month}. {on.year}."


@dataclass(frozen=True)
class _Wall:
    """A local time without its instant yet; PEP 495's fold tells the two readings apart."""

    at: datetime
    zone: ZoneInfo

    @property
    def skipped(self) -> bool:
        back = self.instant.astimezone(self.zone).replace(tzinfo=None)
        return back != self.at

    @property
    def repeated(self) -> bool:
        first, second = self._offsets()
        return first != second and not self.skipped

    @property
    def instant(self) -> datetime:
        return self.at.replace(tzinfo=self.zone, fold=0).astimezone(ZoneInfo("UTC"))

    def _offsets(self) -> tuple[timedelta, timedelta]:
        early = self.at.replace(tzinfo=self.zone, fold=0).utcoffset()
        late = self.at.replace(tzinfo=self.zone, fold=1).utcoffset()
        return early or timedelta(0), late or timedelta(0)

    def edges(self) -> tuple[datetime, datetime]:
        """The last real minute before the gap and the first real one after it, as local times."""
        before, after = self._offsets()
        low, high = self.at - after, self.at - before  # UTC, without tzinfo: the clocks change between them
        while high - low > timedelta(minutes=1):
            middle = low + (high - low) // 2
            middle = middle.replace(second=0, microsecond=0)
            known = middle.replace(tzinfo=ZoneInfo("UTC")).astimezone(self.zone).utcoffset()
            low, high = (low, middle) if known == after else (middle, high)
        return high + before - timedelta(minutes=1), high + after


def read(said: Typed, now: datetime) -> Deadline:
    """The deadline meant by ``said`` at ``now`` (aware UTC). Raises ``DeadlineError`` with the form's own message."""
    zone = zones.zone_of(said.zone.strip())
    if zone is None:
        raise DeadlineError("zone", NO_ZONE)
    local = now.astimezone(zone)
    choice, day_text, hour_text = _what_was_meant(said, local.date())
    if choice == NONE:
        return Deadline(None, zone.key, "", choice)
    if choice == HOUR:
        return Deadline(now + timedelta(minutes=60), zone.key, "", choice)
    on = _date(choice, day_text, local.date())
    wall = _Wall(datetime.combine(on, _time(hour_text)), zone)
    wall = _next_week(wall, day_text, choice, now)
    if wall.skipped:
        raise DeadlineError("hour", SKIPPED, wall=wall)
    if wall.instant < now + AT_LEAST_AHEAD:
        raise DeadlineError("day" if choice == DAY else "hour", PAST, now, wall)
    words = " ".join(part for part in (day_text if choice == DAY else "", hour_text) if part)
    return Deadline(wall.instant, zone.key, words, choice, wall.repeated)


def read_box(text: str, zone: str, now: datetime) -> Deadline:
    """Day and hour typed into one box: ``16h``, ``sutra 10``, ``25.11. 16.30``, ``4pm``. Raises ``DeadlineError``."""
    if typed.read_hour(text):
        return read(Typed(TODAY, "", text, zone), now)
    return read(Typed(DAY, text, "", zone), now)


def _what_was_meant(said: Typed, today: date) -> tuple[str, str, str]:
    """The choice, the day and the hour; what was typed stands for a radio that was forgotten."""
    day, hour = _in_their_places(said.day.strip(), said.hour.strip())
    choice = said.choice if said.choice in CHOICES else ""
    if not choice and day:
        choice = DAY
    if not choice and typed.read_hour(hour):
        choice = TODAY
    if not choice:
        raise DeadlineError("when", NO_CHOICE)
    if choice in (TODAY, TOMORROW) and hour != said.hour.strip() and not _agree(choice, day, today):
        return choice, day, said.hour.strip()  # "sutra 10" under "Today": the box for the hour is named as wrong
    return choice, day, hour


def _in_their_places(day: str, hour: str) -> tuple[str, str]:
    """Day and hour: each in its box, in the other's, or both in one while the second is empty or says so too."""
    is_day, is_hour = typed.read_day(day), typed.read_hour(hour)
    if (hour and is_hour is None) and (both := typed.split_hour(hour)) and is_day in (None, typed.read_day(both[0])):
        return both if is_day or not day else (day, hour)
    if day and is_day is None:
        if (both := typed.split_hour(day)) and (not hour or is_hour == typed.read_hour(both[1])):
            return both
        if typed.read_hour(day) and (not hour or typed.read_day(hour)):
            return hour, day
    return day, hour


def _agree(choice: str, day: str, today: date) -> bool:
    said = typed.read_day(day) if day else None
    try:
        return said is None or said.on(today) == today + timedelta(days=int(choice == TOMORROW))
    except ValueError:
        return False


def _date(choice: str, text: str, today: date) -> date:
    if choice != DAY:
        return today + timedelta(days=int(choice == TOMORROW))
    if not text:
        raise DeadlineError("day", NO_DATE)
    said = typed.read_day(text)
    try:
        on = said.on(today) if said else None
    except ValueError:
        on = None
    if on is None:
        raise DeadlineError("day", NO_REAL_DATE)
    if on > _a_year_after(today):
        raise DeadlineError("day", TOO_FAR)
    return on


def _a_year_after(today: date) -> date:
    leap_day = today.month == 2 and today.day == 29
    return today.replace(year=today.year + 1, day=28 if leap_day else today.day)


def _time(text: str) -> time:
    if not text:
        raise DeadlineError("hour", NO_TIME)
    found = typed.read_hour(text)
    if found is None:
        raise DeadlineError("hour", NO_REAL_TIME)
    return found


def _next_week(wall: _Wall, day_text: str, choice: str, now: datetime) -> _Wall:
    """A weekday named on that same day after its hour has passed means the next one."""
    said = typed.read_day(day_text) if choice == DAY else None
    if said is None or said.weekday is None or wall.instant >= now + AT_LEAST_AHEAD:
        return wall
    return _Wall(wall.at + timedelta(days=7), wall.zone)


def suspense(received: datetime, deadline: datetime | None) -> datetime | None:
    """Our own earlier date: 20 % of the time from receipt to deadline before it, at least 30 minutes, at most half."""
    if deadline is None:
        return None
    left = max(deadline - received, timedelta(0))
    return deadline - min(max(left / 5, SHORTEST_SUSPENSE), left / 2)


def commit_by(received: datetime, suspense_at: datetime | None) -> datetime | None:
    """By when the office says whether it will make it: half-way from receipt to suspense."""
    return received + (suspense_at - received) / 2 if suspense_at else None


def other_city(variant: Variant, deadline: datetime, zone: str, other: str) -> str | None:
    """The same instant in the other city, ``10:00 in New York``; ``None`` when both clocks agree."""
    here, there = (deadline.astimezone(ZoneInfo(name)) for name in (zone, other))
    if here.utcoffset() == there.utcoffset():
        return None
    at = language.clock_time(variant, deadline, ZoneInfo(other))
    if here.date() != there.date():
        at = language.weekday_moment(variant, deadline, ZoneInfo(other))
    return f"{at} {zones.inside(variant, other)}"


def echo(variant: Variant, deadline: datetime, zone: str, office_zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """What was understood: the whole deadline in words, the office's clock beside a foreign one; and the time left."""
    there = ZoneInfo(zone)
    day = language.weekday_and_day(variant, deadline, there).rstrip(".")
    hour = language.clock_time(variant, deadline, there)
    main = f"{day}, {hour} {language.zone_words(variant, deadline, there)}"
    office = other_city(variant, deadline, zone, office_zone.key)
    return f"{main} — {office}" if office else main, language.time_left(variant, deadline, now)
