"""What one row says of one person, in the shape our records have, with every value that cannot be kept told."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from outreach import spreadsheets
from outreach.contacts import matching
from outreach.contacts.imports import fields, values
from outreach.language import mark
from outreach.mail import addresses
from outreach.serbian import fold

if TYPE_CHECKING:
    from outreach.house import House

TOO_LONG = mark("This is longer than a record can hold.")
TOO_WIDE = mark("This cell stands to the right of the last head.")
NO_NAME = mark("There is no name in this row, and nobody on record has its address.")
NO_NUMBER = mark("This is not a phone number.")
NOT_READ = mark("This card cannot be read.")

Reason = list[str]
Address = tuple[str, str, str, str]
"""Kind, as given, as compared, and the keyed hash of that."""
Work = tuple[str, str, str, str]
"""Name of an organisation, the same folded, its kind or nothing, and the title there."""


@dataclass(slots=True)
class Entry:
    """`columns`: what goes into the record as it stands. `problems`: head, value and why, of what cannot be kept.
    `key`: what another row about the same person would share: the e-mail address, or else all that names them."""

    number: int
    name: str = ""
    folded: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    beats: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    works: tuple[Work, ...] = ()
    is_not_to_contact: bool = False
    is_unsubscribed: bool = False
    problems: list[Reason] = field(default_factory=list)
    key: int = 0


Read = Callable[[Entry, str, str], None]


class Interpreter:
    """Reads rows under one head by one mapping."""

    def __init__(self, house: House, head: Sequence[str], mapping: Mapping[str, str]) -> None:
        self._house, self._country, self._head = house, house.office.country, head
        self._parts: dict[str, str] = {}
        self._plan: list[tuple[int, str, Read]] = []
        for place, key in mapping.items():
            if int(place) < len(head):
                self._plan.append((int(place), head[int(place)], self._reader(key)))

    def entry(self, number: int, cells: Sequence[str]) -> Entry:
        """What this row says."""
        entry, self._parts = Entry(number), {}
        width = len(cells)
        if width > len(self._head):
            entry.problems += [["", cell[:200], TOO_WIDE] for cell in cells[len(self._head) :] if cell.strip()][:1]
        for place, head, read in self._plan:
            if place < width and (cell := cells[place]) and (said := _plain(cell)):
                read(entry, head, said)
        self._finish(entry)
        return entry

    def _finish(self, entry: Entry) -> None:
        parts = self._parts
        if not entry.name and parts:
            whole = " ".join(filter(None, map(parts.get, (fields.GIVEN, fields.MIDDLE, fields.FAMILY))))
            self._name(entry, self._head[0], whole)
        if fields.ORGANISATION in parts:
            places, titles, kinds = map(parts.get, (fields.ORGANISATION, fields.TITLE, fields.KIND))
            entry.works = _works(places or "", titles or "", kinds or "")
        elif fields.TITLE in parts:  # a title needs a place; it is kept where a reader finds it
            entry.columns["note"] = "\n".join(filter(None, (parts[fields.TITLE], entry.columns.get("note", ""))))
        entry.key = _key(entry)

    def _reader(self, key: str) -> Read:
        own: dict[str, Read] = {
            fields.NAME: self._name, fields.EMAIL: self._email, fields.CHANNELS: self._channels, "note": _note,
            "languages": _languages, "beats": _beats, "do_not_contact": _do_not_contact,
            fields.UNSUBSCRIBED: _unsubscribed, fields.BROKEN: _broken,
        }  # fmt: skip
        if key in own:
            return own[key]
        if key in fields.ADDRESSES:
            return lambda entry, head, said: self._several(entry, head, key, said)
        if key in values.WORDS:
            return lambda entry, head, said: _coded(entry, head, key, said)
        if key in fields.LONGEST and key not in (fields.ORGANISATION, fields.TITLE):
            return lambda entry, head, said: _column(entry, head, key, said)
        return lambda entry, head, said: self._part(entry, head, key, said)

    def _name(self, entry: Entry, head: str, said: str) -> None:
        name = said if said.isalnum() else " ".join(said.split())
        if len(name) > fields.LONGEST[fields.NAME]:
            entry.problems.append([head, name[:200], TOO_LONG])
        elif name:
            entry.name, entry.folded = name, fold(name)

    def _part(self, entry: Entry, head: str, key: str, said: str) -> None:
        """A part of a name, an organisation or a title, put together when the whole row is read."""
        text = " ".join(said.split())
        if len(text) > fields.LONGEST.get(key, 400):
            entry.problems.append([head, text[:200], TOO_LONG])
            return
        if key == fields.KIND and any(word and values.coded(key, word) is None for word in values.split_all(text)):
            entry.problems.append([head, text[:200], values.UNKNOWN[key]])
            return
        before = self._parts.get(key)
        self._parts[key] = text if before is None else f"{before}; {text}"

    def _email(self, entry: Entry, head: str, said: str) -> None:
        for typed in (said,) if addresses.is_plain(said) else values.addresses_in(said):
            try:
                address = addresses.check(typed)
            except ValueError as wrong:
                entry.problems.append([head, typed[:200], str(wrong)])
                continue
            self._add(entry, head, fields.EMAIL, address, address.casefold())

    def _several(self, entry: Entry, head: str, kind: str, said: str) -> None:
        for typed in values.split(said):
            value = typed.removeprefix("tel:")
            if kind == fields.PHONE and sum(map(str.isdigit, value)) < 3:
                entry.problems.append([head, value[:200], NO_NUMBER])
                continue
            self._add(entry, head, kind, value, matching.folded_address(kind, value, self._country))

    def _channels(self, entry: Entry, head: str, said: str) -> None:
        for typed in values.split(said):
            kind, value = values.channel(typed)
            self._add(entry, head, kind, value, matching.folded_address(kind, value, self._country))

    def _add(self, entry: Entry, head: str, kind: str, value: str, folded: str) -> None:
        if len(value) > 254 or len(folded) > 254:
            entry.problems.append([head, value[:200], TOO_LONG])
            return
        address = (kind, value, folded, self._house.address_hash(folded))
        if not entry.addresses or all(held[3] != address[3] or held[0] != kind for held in entry.addresses):
            entry.addresses.append(address)


def _key(entry: Entry) -> int:
    for kind, _, _, hashed in entry.addresses:
        if kind == fields.EMAIL:
            return int(hashed[:15], 16)
    said = [entry.folded, *(work[1] for work in entry.works), *(address[2] for address in entry.addresses)]
    return int.from_bytes(hashlib.blake2b("|".join(said).encode(), digest_size=7).digest())


def _plain(cell: str) -> str:
    """A cell without the apostrophe that our own export puts before what a program might run, and without characters
    that nobody sees."""
    if cell.isascii() and cell.isprintable() and cell[0] != "'":
        return cell.strip()
    if cell[0] == "'" and spreadsheets.harmless(cell[1:]) == cell:
        cell = cell[1:]
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if not cell.isprintable():
        cell = "".join(c for c in cell.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)
    return cell.strip()


_UNSEEN = ("Cc", "Cs", "Cf")


def _column(entry: Entry, head: str, key: str, said: str) -> None:
    text = " ".join(said.split())
    if len(text) > fields.LONGEST[key]:
        entry.problems.append([head, text[:200], TOO_LONG])
    else:
        entry.columns.setdefault(key, text)


def _note(entry: Entry, head: str, said: str) -> None:
    if len(said) > fields.LONGEST["note"]:
        entry.problems.append([head, said[:200], TOO_LONG])
    else:
        entry.columns.setdefault("note", said)


def _coded(entry: Entry, head: str, key: str, said: str) -> None:
    code = values.coded(key, said)
    if code is None:
        entry.problems.append([head, said[:200], values.UNKNOWN[key]])
    else:
        entry.columns.setdefault(key, code)


def _languages(entry: Entry, head: str, said: str) -> None:
    _listed(entry, head, "languages", said, entry.languages)


def _beats(entry: Entry, head: str, said: str) -> None:
    _listed(entry, head, "beats", said.casefold(), entry.beats)


def _listed(entry: Entry, head: str, key: str, said: str, into: list[str]) -> None:
    for word in values.split(said, ",;|"):
        if len(word) > fields.LONGEST[key]:
            entry.problems.append([head, word[:200], TOO_LONG])
        elif word not in into:
            into.append(word)


def _do_not_contact(entry: Entry, head: str, said: str) -> None:
    answer = values.yes_or_no(said)
    if answer is None:
        entry.problems.append([head, said[:200], values.NO_ANSWER])
    entry.is_not_to_contact = bool(answer)


def _unsubscribed(entry: Entry, head: str, said: str) -> None:
    answer = values.is_unsubscribed(said)
    if answer is None:
        entry.problems.append([head, said[:200], values.NO_ANSWER])
    entry.is_unsubscribed = entry.is_unsubscribed or bool(answer)


def _broken(entry: Entry, _head: str, said: str) -> None:
    entry.problems.append(["", said[:200], NOT_READ])


@lru_cache(maxsize=8192)
def _works(places: str, titles: str, kinds: str) -> tuple[Work, ...]:
    """Where they work: several in one cell are matched with as many titles and kinds. Most rows name a place that
    another has named."""
    names = list(values.split(places))
    many = [values.split_all(each) if len(names) > 1 else [each] for each in (titles, kinds)]
    works: dict[tuple[str, str], Work] = {}
    for at, name in enumerate(names):
        title, kind = (words[at] if at < len(words) else "" for words in many)
        folded = fold(name)
        works[folded, title] = (name, folded, values.coded(fields.KIND, kind) or "" if kind else "", title)
    return tuple(works.values())
