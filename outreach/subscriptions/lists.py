"""Reads a list of subscribers from elsewhere: on each line an address, what it wants, and the proof of its consent.

It is a CSV file in UTF-8 whose first line names the columns, in any order: `address` and `consent_date` must be
there; `consent_text`, `consent_source`, `language`, `topics`, `cadence` and `hour` may be. Nothing here asks the
database; who may be taken in is for `takeover` to say.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from outreach.language import Variant, mark
from outreach.mail import addresses
from outreach.office import Office
from outreach.serbian import fold
from outreach.subscriptions import choices
from outreach.subscriptions.choices import RHYTHMS, Choice
from outreach.subscriptions.models import EVERYTHING

COLUMNS = ("address", "consent_date", "consent_text", "consent_source", "language", "topics", "cadence", "hour")
NEEDED = ("address", "consent_date")
_OTHER_NAMES = {"email": "address", "e-mail": "address", "mail": "address", "date": "consent_date", "topic": "topics"}

LANGUAGES = {
    "en": Variant.EN, "english": Variant.EN, "lat": Variant.LAT, "sr latn": Variant.LAT, "latinica": Variant.LAT,
    "cir": Variant.CIR, "sr cyrl": Variant.CIR, "cirilica": Variant.CIR,
}  # fmt: skip
NOT_UTF8 = mark("The file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”.")
LONGEST_TEXT = 2000

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_POINTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?")


class ListFault(Exception):
    """The file cannot be used at all; `message` says why, with its `values`."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


@dataclass(frozen=True)
class Terms:
    """What holds for lines that say nothing of their own: the proof, where it is kept, the language, the day today."""

    proof: str
    source: str
    variant: Variant
    today: date


@dataclass(frozen=True)
class Line:
    """One line; `number` counts as a spreadsheet does. `fault` is an outcome of `takeover`, or None for a good one."""

    number: int
    typed: str
    fault: str | None = None
    address: str = ""
    choice: Choice | None = None
    agreed_on: date | None = None
    wording: str = ""
    source: str = ""


class _Wrong(Exception):
    """What is wrong with one line, as its outcome."""


def read(file: Iterable[str], office: Office, terms: Terms) -> Iterator[Line]:
    """The lines in their order, those that are empty left out. ListFault as soon as the file cannot be read on."""
    number = 1
    try:
        rows, places = _opened(iter(file))
        for number, row in enumerate(rows, start=2):
            cells = {name: row[place].strip() for name, place in places.items() if place < len(row)}
            if any(cells.values()):
                yield _line(number, cells, office, terms)
    except UnicodeDecodeError:
        raise ListFault(NOT_UTF8) from None
    except csv.Error:
        raise ListFault(mark("The file cannot be read as CSV after line {line}."), line=number) from None


def _opened(lines: Iterator[str]) -> tuple[Iterator[list[str]], dict[str, int]]:
    """The rows below the first, and the place of each known column in them."""
    head = next(lines, "").lstrip("\ufeff")
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(chain([head], lines), delimiter=delimiter)
    places: dict[str, int] = {}
    for place, title in enumerate(next(rows, [])):
        name = re.sub(r"[\s_]+", "_", title.strip().casefold())
        places.setdefault(_OTHER_NAMES.get(name, name), place)
    missing = [name for name in NEEDED if name not in places]
    if missing:
        raise ListFault(mark("The first line must name the columns; {columns} is missing."), columns=", ".join(missing))
    return rows, {name: place for name, place in places.items() if name in COLUMNS}


def _line(number: int, cells: dict[str, str], office: Office, terms: Terms) -> Line:
    typed = cells.get("address", "")
    try:
        wording = cells.get("consent_text") or terms.proof
        return Line(
            number=number,
            typed=typed,
            address=_address(typed),
            choice=_choice(cells, office, terms),
            agreed_on=_agreed_on(cells.get("consent_date", ""), terms.today),
            wording=wording[:LONGEST_TEXT],
            source=cells.get("consent_source") or terms.source,
        )
    except _Wrong as wrong:
        return Line(number, typed, fault=str(wrong))


def _address(typed: str) -> str:
    try:
        return addresses.check(typed)
    except ValueError:
        raise _Wrong("address") from None


def _agreed_on(typed: str, today: date) -> date:
    """The day of the consent: 2025-05-03, or 3. 5. 2025."""
    if not typed:
        raise _Wrong("no proof")
    try:
        if found := _ISO.match(typed):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := _POINTS.fullmatch(typed):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        else:
            raise _Wrong("date")
    except ValueError:
        raise _Wrong("date") from None
    if day > today:
        raise _Wrong("date")
    return day


def _choice(cells: dict[str, str], office: Office, terms: Terms) -> Choice:
    language = fold(cells.get("language", "")) or terms.variant.segment
    cadence = cells.get("cadence", "").casefold() or "daily"
    hour = _hour(cells.get("hour", ""), office)
    for name, is_known in (("language", language in LANGUAGES), ("cadence", cadence in RHYTHMS), ("hour", bool(hour))):
        if not is_known:
            raise _Wrong(name)
    return Choice(_topics(cells.get("topics", ""), office), cadence, hour or "", LANGUAGES[language])


def _hour(typed: str, office: Office) -> str | None:
    """One of the office's hours: 8, 8:00 and 08:00 are the same; its usual one when nothing is said."""
    if not typed:
        return f"{office.default_hour:%H:%M}"
    hour, _, minute = typed.partition(":")
    offered = [f"{at:%H:%M}" for at in office.digest_hours]
    asked = f"{hour.zfill(2)}:{minute or '00'}"
    return asked if asked in offered else None


def _topics(typed: str, office: Office) -> tuple[str, ...]:
    """Topic ids, from ids or names in any language; all of them when nothing is said."""
    names = [fold(name) for name in re.split(r"[,;|]", typed) if name.strip()]
    if not names or names in (["*"], ["all"], ["sve"]):
        return (EVERYTHING,)
    known = {fold(word): topic.id for topic in office.topics for word in (topic.id, topic.words.en, topic.words.sr)}
    if any(name not in known for name in names):
        raise _Wrong("topic")
    return choices.picked(office, [known[name] for name in names])
