"""Two officers change one record at once: what stands on record beside what the second one typed, and taking it over
without typing it again.

A form carries prints of what it was filled with, so it is known what its officer has not touched: there, what the
colleague saved is proposed. Where both wrote, what was typed is proposed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from wtforms import Field, FieldList, Form, HiddenField

from outreach.contacts.forms_rows import ADDRESS_KINDS, add_spare, spoken

NOT_OF_THE_RECORD = ("keep_both",)
GONE = "-"
Row = Any
"""One row of a list as a form: that of an address or of an affiliation."""


@dataclass(frozen=True)
class Difference:
    """`name`: what is sent to take it over, nothing where it stays in any case. `said` is on record, `typed` in the
    form; either may be empty. `is_taken`: whether it is proposed to take what is on record."""

    name: str
    label: str
    said: str
    typed: str
    is_taken: bool = False


def prints(form: Form) -> str:
    """Prints of all that stands in a form: one of a field, a list of them of a list of rows."""
    held = {field.name: _prints_of_rows(field) if _is_list(field) else _print(field.data) for field in _shown(form)}
    return json.dumps(held, separators=(",", ":"))


def differences(mine: Any, theirs: Any, ticked: Collection[str] = ()) -> list[Difference]:
    """What stands on record (`theirs`) where it differs from what was typed; `ticked`: names that were taken before."""
    base = _base(mine.seen.data)
    found: list[Difference] = []
    for field in _shown(theirs):
        own = mine[field.name]
        if _is_list(field):
            known = base.get(field.name)
            found += _of_rows(own, field, known if isinstance(known, list) else [], ticked)
        elif field.data != own.data and spoken(field) != spoken(own):
            is_taken = field.name in ticked or base.get(field.name) == _print(own.data)
            found.append(Difference(field.name, field.label.text, spoken(field), spoken(own), is_taken))
    return found


def take(mine: Any, theirs: Any, ticked: Collection[str]) -> None:
    """Put what was ticked of the record in place of what was typed; rows that are missing are added."""
    for field in _shown(theirs):
        own = mine[field.name]
        if not _is_list(field):
            if field.name in ticked:
                _fill(own, field.data)
            continue
        held = _by_key(own)
        gone = [entry for entry in own if GONE + entry.name in ticked]
        for entry in field:
            if entry.name in ticked and _key(entry.form):
                _fill(held.get(_key(entry.form)) or _empty_row(own), entry.data)
        for entry in gone:
            _fill(entry.form.value, "")  # a row without an address is dropped


def _of_rows(
    mine: FieldList, theirs: FieldList, base: Collection[str], ticked: Collection[str]
) -> Iterator[Difference]:
    held, there = _by_key(mine), _by_key(theirs)
    for key, entry in there.items():
        own = held.get(key)
        if own is None:
            name = "" if "number" in entry.form else entry.name  # an affiliation that is not named stays as it is
            is_taken = entry.name in ticked or _print(entry.data) not in base
            yield Difference(name, _label(entry), spoken(entry), "", is_taken)
        elif own.data != entry.data:
            is_taken = entry.name in ticked or _print(own.data) in base
            yield Difference(entry.name, _label(entry), _placed(entry), _placed(own), is_taken)
    for key, own in held.items():
        if key not in there and _print(own.data) in base:
            yield Difference(GONE + own.name, _label(own), "", spoken(own), is_taken=True)


def _shown(form: Form) -> Iterator[Field]:
    for field in form:
        if not isinstance(field, HiddenField) and field.name not in NOT_OF_THE_RECORD:
            yield field


def _is_list(field: Field) -> bool:
    return isinstance(field, FieldList)


def _by_key(rows: FieldList) -> dict[tuple[str, ...], Row]:
    return {key: entry for entry in rows if (key := _key(entry.form))}


def _key(row: Row) -> tuple[str, ...]:
    """By what a row is known again: the number of an affiliation, an address however it is spaced; new: nothing."""
    if "number" in row:
        return (row.number.data,) if row.number.data else ()
    value = "".join((row.value.data or "").split()).casefold()
    return (row.kind.data, value) if value else ()


def _label(entry: Row) -> str:
    return (
        ADDRESS_KINDS.get(entry.form.kind.data, "")
        if "place" in entry.form
        else str(entry.form.organisation.label.text)
    )


def _placed(entry: Row) -> str:
    """A row with its place in the order, by which it may differ alone."""
    place = entry.data.get("place")
    return f"{place}. {spoken(entry)}" if place is not None else spoken(entry)


def _empty_row(rows: FieldList) -> Row:
    empty = next((entry for entry in rows if not spoken(entry)), None)
    if empty is None:
        add_spare(rows)
        empty = rows.entries[-1]
    return empty


def _fill(field: Any, value: Any) -> None:
    """Give a field, or a row's fields, another value than the one that was sent."""
    if isinstance(value, dict):
        for inner in field.form:
            _fill(inner, value[inner.name.rpartition("-")[2]])
        return
    field.raw_data = None
    field.process(None, value)


def _prints_of_rows(rows: FieldList) -> list[str]:
    return [_print(entry.data) for entry in rows if spoken(entry)]


def _print(value: Any) -> str:
    return f"{crc32(repr(value).encode()):08x}"


def _base(sent: str | None) -> dict[str, Any]:
    try:
        held = json.loads(sent or "")
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}
