"""What an editor may want to look at again between files: figures, links, the other language, reviews. Notes only.

One pass over what the reading of each file has found and kept: nothing is parsed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from outreach import serbian
from outreach.language import mark
from outreach.newsroom import facts, link_checks, prose
from outreach.newsroom.facts import Facts, Figure
from outreach.newsroom.faults import Fault
from outreach.newsroom.files import FACTS, Folder
from outreach.newsroom.numbers import MONEY, TONNES, Number
from outreach.newsroom.together import Good

REVIEW_IS_NEAR = timedelta(days=30)
_NOT_WRITTEN = {"en": mark("This document has no English text."), "sr": mark("This document has no Serbian text.")}


def notes(folder: Folder, texts: Collection[Good], known: Facts, now: datetime, zone: ZoneInfo) -> list[Fault]:
    """Every note between the folder's good texts and the figures, in no order.

    What a file with faults says is not known: nothing is said to be missing that may stand there.
    """
    unread = {one.path for one in folder.found} - {one.found.path for one in texts}
    today = now.astimezone(zone).date()
    return [
        *_unused(folder, texts, known),
        *_retyped(texts, known),
        *_missing(folder, texts),
        *_older(texts),
        *_reviews(texts, known, today),
        *_mixed(known),
        *link_checks.notes(texts, unread, known, now),
    ]


def next_review(texts: Iterable[Good], known: Facts, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next instant from which `notes` says something new of a review, because a day has begun."""
    days = [one.header.review_by for one in texts] + [figure.review_by for figure in known.figures.values()]
    starts = chain.from_iterable((day - REVIEW_IS_NEAR, day + timedelta(days=1)) for day in days if day)
    instants = (datetime.combine(day, time(), zone).astimezone(now.tzinfo) for day in starts)
    return min((instant for instant in instants if instant > now), default=None)


def _note(file: str, line: int, message: str, **values: object) -> Fault:
    return Fault(file, line, message, values, is_blocking=False)


def _unused(folder: Folder, texts: Collection[Good], known: Facts) -> Iterator[Fault]:
    used = {name for one in folder.found for name in facts.names_in(one.raw.decode(errors="replace"))}
    used |= {one.header.record.amount for one in texts if one.header.record and one.header.record.amount}
    for name, line in known.lines.items():
        if name not in used:
            message = mark("No text quotes the figure “{name}”, and no project has it as its amount.")
            yield _note(FACTS, line, message, name=name)


def _retyped(texts: Collection[Good], known: Facts) -> Iterator[Fault]:
    by_value: dict[int, list[Figure]] = defaultdict(list)
    for figure in known.figures.values():
        by_value[figure.value].append(figure)
    for one in texts:
        for line, number in one.prose.numbers:
            said = next((figure.name for figure in by_value.get(number.value, ()) if _is_said(number, figure)), None)
            if said:
                message = mark("“{number}” is the figure “{name}”: quote it as {quote}.")
                values = {"number": number.said, "name": said, "quote": f"{{{{{said}}}}}"}
                yield _note(one.found.file, line, message, **values)


def _is_said(number: Number, figure: Figure) -> bool:
    """Whether a number of this value says this figure: not as a year, and not of another unit."""
    if number.unit == MONEY:
        return figure.currency is not None
    return figure.unit == facts.TONNES if number.unit == TONNES else not number.may_be_a_year


def _missing(folder: Folder, texts: Collection[Good]) -> Iterator[Fault]:
    """A document is written in both languages."""
    there = {(one.stem, one.language) for one in folder.found}
    for one in texts:
        other = "sr" if one.found.language == "en" else "en"
        if (one.found.stem, other) not in there and one.header.state != "withdrawn":
            yield _note(one.found.file, 1, _NOT_WRITTEN[other])


def _older(texts: Collection[Good]) -> Iterator[Fault]:
    """Both languages say what was true on the same day."""
    newest: dict[str, date] = {}
    for one in texts:
        if one.header.as_of:
            newest[one.header.id] = max(one.header.as_of, newest.get(one.header.id, one.header.as_of))
    for one in texts:
        as_of, other = one.header.as_of, newest.get(one.header.id)
        if as_of and other and as_of < other:
            line = prose.line_of_entry(one.text, "as_of")
            message = mark("This text is as of {day}, that of the other language as of {other}: has it fallen behind?")
            yield _note(one.found.file, line, message, day=f"{as_of}", other=f"{other}")


def _reviews(texts: Collection[Good], known: Facts, today: date) -> Iterator[Fault]:
    for one in texts:
        message = _review(one.header.review_by, today)
        if message and one.header.state != "withdrawn":
            line = prose.line_of_entry(one.text, "review_by")
            yield _note(one.found.file, line, message, day=f"{one.header.review_by}")
    for name, figure in known.figures.items():
        if message := _review(figure.review_by, today):
            yield _note(FACTS, known.lines[name], message, day=f"{figure.review_by}")


def _review(review_by: date | None, today: date) -> str | None:
    if review_by is None or review_by > today + REVIEW_IS_NEAR:
        return None
    if review_by < today:
        return mark("The day to look at this again, {day}, is past.")
    return mark("The day to look at this again, {day}, is near.")


def _mixed(known: Facts) -> Iterator[Fault]:
    for name, figure in known.figures.items():
        reason = figure.reason.sr if figure.reason else ""
        for word in serbian.mixed_script_words(f"{figure.words.sr} {reason}"):
            message = mark("The word “{word}” mixes Latin and Cyrillic letters.")
            yield _note(FACTS, known.lines[name], message, word=word)
