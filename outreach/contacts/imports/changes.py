"""What a row would change in a record that is there already.

A filled cell says something, an empty one says nothing. Single values are replaced; names only grow; notes, addresses,
beats, languages and places are added to. Nobody is ever made contactable, and nothing is taken away: whoever has
another title at the same place holds that one from now on, and the earlier one is over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from outreach.contacts.imports.entries import Address, Entry, Reason, Work
from outreach.contacts.imports.known import Place, Record
from outreach.language import mark
from outreach.serbian import fold

REPLACES = mark("Replaces what is on record.")
ADDED = mark("Is added to the record.")
AS_MADE = ("source", "lawful_basis", "do_not_contact_reason")
"""Where a record came from is not changed by a later import; why not to contact goes with the flag."""


@dataclass(slots=True)
class Changes:
    """`columns`: new values of the person; `ends`, `reopens`: affiliations by id; `titles`: by id, what each is called
    from now on."""

    columns: dict[str, Any] = field(default_factory=dict)
    addresses: list[Address] = field(default_factory=list)
    beats: list[str] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    reopens: list[int] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any((self.columns, self.addresses, self.beats, self.works, self.ends, self.reopens, self.titles))

    def told(self) -> list[Reason]:
        """Each change for the officer: field, value, and what happens to it."""
        told = [[key, _shown(value), REPLACES] for key, value in self.columns.items() if key != "folded"]
        told += [[kind, value, ADDED] for kind, value, _, _ in self.addresses]
        told += [["beats", beat, ADDED] for beat in self.beats]
        told += [["organisation", ", ".join(filter(None, (work[0], work[3]))), ADDED] for work in self.works]
        return told + [["title", title, ADDED] for title in self.titles.values()]


def plan(entry: Entry, record: Record) -> Changes:
    """What this row changes in this record; nothing when it says what is known."""
    changes = Changes(columns=_columns(entry, record))
    changes.addresses = [each for each in entry.addresses if (each[0], each[3]) not in record.addresses]
    changes.beats = [beat for beat in entry.beats if beat not in record.beats]
    for work in entry.works:
        _place(changes, work, [place for place in record.places if place.folded == work[1]])
    return changes


def _columns(entry: Entry, record: Record) -> dict[str, Any]:
    held = record.columns
    new: dict[str, Any] = {}
    for key, value in entry.columns.items():
        if key == "note":
            if value not in held["note"]:
                new[key] = f"{held['note']}\n{value}" if held["note"] else value
        elif key not in AS_MADE and held[key] != value:
            new[key] = value
    if set(entry.folded.split()) > set(fold(held["name"]).split()):
        new |= {"name": entry.name, "folded": entry.folded}
    languages = [*held["languages"], *(each for each in entry.languages if each not in held["languages"])]
    if languages != held["languages"]:
        new["languages"] = languages
    if entry.is_not_to_contact and not held["do_not_contact"]:
        new |= {"do_not_contact": True, "do_not_contact_reason": entry.columns.get("do_not_contact_reason", "")}
    return new


def _place(changes: Changes, work: Work, here: list[Place]) -> None:
    title = work[3]
    current = [place for place in here if not place.is_over]
    if current and (not title or any(place.title == title for place in current)):
        return
    earlier = next((place for place in here if place.is_over and place.title == title), None)
    bare = next((place for place in current if not place.title), None)
    if bare and not earlier:
        changes.titles[bare.id] = title
        return
    changes.ends += [place.id for place in current]
    if earlier:
        changes.reopens.append(earlier.id)
    else:
        changes.works.append(work)


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)[:300]
