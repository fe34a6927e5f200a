"""The time zones a journalist may choose, with their names and the words "in …" for sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from outreach.language import Variant, mark, text, utc_offset


@dataclass(frozen=True)
class Place:
    """A zone of the tz database under the name of its best-known city."""

    zone: str
    name: str
    inside: str


COMMON = (
    Place("Europe/Belgrade", mark("Belgrade"), mark("in Belgrade")),
    Place("UTC", "UTC", mark("in UTC")),
    Place("Europe/London", mark("London"), mark("in London")),
    Place("Europe/Brussels", mark("Brussels"), mark("in Brussels")),
    Place("America/New_York", mark("New York"), mark("in New York")),
    Place("US/Eastern", mark("Washington"), mark("in Washington")),
    Place("Europe/Moscow", mark("Moscow"), mark("in Moscow")),
    Place("Europe/Istanbul", mark("Istanbul"), mark("in Istanbul")),
    Place("Asia/Qatar", mark("Doha"), mark("in Doha")),
    Place("Asia/Shanghai", mark("Beijing"), mark("in Beijing")),
    Place("Asia/Tokyo", mark("Tokyo"), mark("in Tokyo")),
)
OTHER = (
    Place("Pacific/Honolulu", mark("Honolulu"), mark("in Honolulu")),
    Place("America/Los_Angeles", mark("Los Angeles"), mark("in Los Angeles")),
    Place("America/Denver", mark("Denver"), mark("in Denver")),
    Place("America/Chicago", mark("Chicago"), mark("in Chicago")),
    Place("America/Sao_Paulo", mark("São Paulo"), mark("in São Paulo")),
    Place("Europe/Lisbon", mark("Lisbon"), mark("in Lisbon")),
    Place("Africa/Lagos", mark("Lagos"), mark("in Lagos")),
    Place("Europe/Athens", mark("Athens"), mark("in Athens")),
    Place("Europe/Kyiv", mark("Kyiv"), mark("in Kyiv")),
    Place("Africa/Cairo", mark("Cairo"), mark("in Cairo")),
    Place("Africa/Johannesburg", mark("Johannesburg"), mark("in Johannesburg")),
    Place("Africa/Nairobi", mark("Nairobi"), mark("in Nairobi")),
    Place("Asia/Dubai", mark("Dubai"), mark("in Dubai")),
    Place("Asia/Karachi", mark("Karachi"), mark("in Karachi")),
    Place("Asia/Kolkata", mark("Delhi"), mark("in Delhi")),
    Place("Asia/Dhaka", mark("Dhaka"), mark("in Dhaka")),
    Place("Asia/Bangkok", mark("Bangkok"), mark("in Bangkok")),
    Place("Asia/Singapore", mark("Singapore"), mark("in Singapore")),
    Place("Australia/Sydney", mark("Sydney"), mark("in Sydney")),
    Place("Pacific/Auckland", mark("Auckland"), mark("in Auckland")),
)
QUARTER = timedelta(minutes=15)  # clocks change on a quarter of an hour, everywhere
_BY_ZONE = {place.zone: place for place in COMMON + OTHER}


@cache
def _known() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of that name, or ``None`` when the tz database has no such zone."""
    return ZoneInfo(name) if name in _known() else None


def city(name: str) -> str:
    """The city in a zone's own name, for zones without an entry of ours: ``Asia/Ho_Chi_Minh`` → ``Ho Chi Minh``."""
    return name.rpartition("/")[2].replace("_", " ")


def place(variant: Variant, name: str) -> str:
    """The name of the zone's city in this variant."""
    known = _BY_ZONE.get(name)
    return text(variant, known.name) if known else city(name)


def inside(variant: Variant, name: str) -> str:
    """The words for "there": ``in Belgrade``, ``у Београду``."""
    known = _BY_ZONE.get(name)
    return text(variant, known.inside) if known else text(variant, "in the zone of {city}", city=city(name))


def label(variant: Variant, name: str, now: datetime) -> str:
    """A line of the list: city and present offset, ``Belgrade (CET, UTC+1)``."""
    local = now.astimezone(ZoneInfo(name))
    letters = local.tzname() or ""
    inner = utc_offset(now, ZoneInfo(name))
    if name == "UTC":
        return name
    if variant is Variant.EN and letters.isalpha():
        inner = f"{letters}, {inner}"
    return f"{place(variant, name)} ({inner})"


def choices(variant: Variant, now: datetime, first: str) -> list[tuple[str, str]]:
    """The list to choose from: the office's zone, the common ones, then all others by their present offset."""
    return list(_choices(variant, now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % QUARTER, first))


@lru_cache(maxsize=16)
def _choices(variant: Variant, now: datetime, first: str) -> tuple[tuple[str, str], ...]:
    common = [first, *(each.zone for each in COMMON if each.zone != first)]
    others = [each.zone for each in OTHER if each.zone != first]
    others.sort(key=lambda zone: now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0))
    return tuple((zone, label(variant, zone, now)) for zone in common + others)
