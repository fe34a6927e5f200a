"""The office as data: names, address, zone, hours and topics from content/office.toml.

Belgrade is an entry in that file, not in the code. What the file leaves out (phone, e-mail, hours) is None and is
not shown anywhere.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from outreach.language import Variant
from outreach.serbian import to_latin


@dataclass(frozen=True)
class Words:
    """A name in English and in Serbian Cyrillic; Serbian Latin is derived."""

    en: str
    sr: str

    def in_variant(self, variant: Variant) -> str:
        if variant is Variant.EN:
            return self.en
        return self.sr if variant is Variant.CIR else to_latin(self.sr)


@dataclass(frozen=True)
class Address:
    streets: Words
    cities: Words
    postcode: str

    def street(self, variant: Variant) -> str:
        return self.streets.in_variant(variant)

    def city(self, variant: Variant) -> str:
        return self.cities.in_variant(variant)

    def line(self, variant: Variant) -> str:
        """One line: street, postcode city."""
        return f"{self.street(variant)}, {self.postcode} {self.city(variant)}"


@dataclass(frozen=True)
class Topic:
    id: str
    words: Words


@dataclass(frozen=True)
class Span:
    """Neighbouring weekdays with the same hours, counted from 0, Monday."""

    first: int
    last: int
    opens: time
    closes: time


@dataclass(frozen=True)
class Office:
    """`hours` and `working_days` count weekdays from 0, Monday; times are on the clock of `zone`."""

    names: Words
    units: Words
    address: Address
    zone: ZoneInfo
    country: str
    phone: str | None
    email: str | None
    hours: dict[int, tuple[time, time]] | None
    digest_hours: tuple[time, ...]
    default_hour: time
    working_days: tuple[int, ...]
    holidays: tuple[date, ...]
    topics: tuple[Topic, ...]

    def name(self, variant: Variant) -> str:
        return self.names.in_variant(variant)

    def unit(self, variant: Variant) -> str:
        return self.units.in_variant(variant)

    def hours_spans(self) -> list[Span]:
        """The hours of the week in as few lines as they need; none when the office states none."""
        spans: list[Span] = []
        for day, (opens, closes) in sorted((self.hours or {}).items()):
            before = spans[-1] if spans else None
            if before and (before.last, before.opens, before.closes) == (day - 1, opens, closes):
                spans[-1] = Span(before.first, day, opens, closes)
            else:
                spans.append(Span(day, day, opens, closes))
        return spans

    def topic_name(self, topic_id: str, variant: Variant) -> str:
        """The topic's name, or its id when the office no longer lists it."""
        return next((t.words.in_variant(variant) for t in self.topics if t.id == topic_id), topic_id)


class OfficeError(Exception):
    """content/office.toml cannot be used; one line that names the entry."""


def read(content_dir: Path) -> Office:
    """Read content/office.toml; OfficeError names the file and the entry at fault."""
    path = content_dir / "office.toml"
    try:
        return _office(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise OfficeError(f"{path}: no such file") from None
    except KeyError as missing:
        raise OfficeError(f"{path}: {missing.args[0]!r} is missing") from None
    except (ValueError, TypeError, OSError) as wrong:
        raise OfficeError(f"{path}: {wrong}") from None


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _office(data: dict[str, Any]) -> Office:
    address = data["address"]
    return Office(
        names=_words(data["name"]),
        units=_words(data["unit"]),
        address=Address(_pair(address, "street"), _pair(address, "city"), address["postcode"]),
        zone=ZoneInfo(data["zone"]),
        country=data["country"],
        phone=data.get("phone"),
        email=data.get("email"),
        hours=_hours(data["hours"]) if "hours" in data else None,
        digest_hours=tuple(time.fromisoformat(h) for h in data["digest_hours"]),
        default_hour=time.fromisoformat(data["default_digest_hour"]),
        working_days=tuple(WEEKDAYS.index(d) for d in data["working_days"]),
        holidays=tuple(date.fromisoformat(d) for d in data["holidays"]),
        topics=tuple(Topic(t["id"], _words(t)) for t in data["topic"]),
    )


def _words(entry: dict[str, str]) -> Words:
    return Words(entry["en"], entry["sr"])


def _pair(entry: dict[str, dict[str, str]], name: str) -> Words:
    return Words(entry["en"][name], entry["sr"][name])


def _hours(table: dict[str, list[str]]) -> dict[int, tuple[time, time]]:
    return {
        WEEKDAYS.index(day): (time.fromisoformat(opens), time.fromisoformat(closes))
        for day, (opens, closes) in table.items()
    }
