"""One record as it is compared: the words of its name, where it can be reached, where it works."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from outreach.contacts.models import EMAIL, Affiliation, ContactAddress, Organisation, Person
from outreach.serbian import fold

SAYS_NOTHING = frozenset({"web", "other"})
"""Kinds of address by which nobody is known."""


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_HONORIFICS = _words("dr mr mrs ms miss prof msc phd mag ing inz doc gdin gda gospodin gospoda")
_DESKS = _words(
    "desk newsroom news newsdesk pressdesk pressoffice editor editors editorial office press pr media info contact "
    "mail hello admin redakcija urednik urednistvo vesti dopisnistvo kontakt kancelarija sekretarijat sekretar studio "
    "program marketing tv radio novine portal informativa informativni dnevnik prijavnica"
)


class Known:
    """`names`: the words of the name, in each way it is written; `words`: all of them. `reach`: kind and folded value
    of each address."""

    __slots__ = ("names", "outlets", "person_id", "reach", "words")

    def __init__(
        self, person_id: int, names: Sequence[str], addresses: Collection[tuple[str, str]], outlets: Collection[str]
    ) -> None:
        """`names`: folded, each way once. `addresses`: kind and folded value. `outlets`: folded."""
        self.person_id = person_id
        self.names = [words_of(name) for name in names]
        self.words = frozenset(word for name in self.names for word in name)
        self.reach = frozenset(addresses)
        self.outlets = frozenset(outlets)


def words_of(folded: str) -> tuple[str, ...]:
    """The words of a folded name, each once, in alphabetical order and without honorifics."""
    words = folded.split()
    if not _HONORIFICS.isdisjoint(words):
        words = [word for word in words if word not in _HONORIFICS]
    return tuple(sorted(set(words)))


def ways_of(name: str, latin: str = "", cyrillic: str = "") -> list[str]:
    """The folded spellings of a name that differ: as written, and as the record says it is written in each script."""
    return list(dict.fromkeys(folded for each in (name, latin, cyrillic) if each and (folded := fold(each))))


@lru_cache(maxsize=100_000)
def is_desk(kind: str, folded: str) -> bool:
    """Whether an e-mail address is by its name that of a desk: newsroom@…, redakcija.vesti@…"""
    return kind == EMAIL and not _DESKS.isdisjoint(fold(folded.partition("@")[0]).split())


def load_names(session: Session, person_ids: Collection[int]) -> dict[int, list[str]]:
    """The folded names of these people by id; those that have ended are left out."""
    named = session.connection().execute(_NAMED, {"ids": list(person_ids)})
    return {person_id: ways_of(*written) for person_id, *written in named}


def load(session: Session, person_ids: Collection[int]) -> dict[int, Known]:
    """The records of these people by id; those that have ended are left out."""
    names, run = load_names(session, person_ids), session.connection().execute
    ids = {"ids": list(names)}
    addresses: dict[int, list[tuple[str, str]]] = {person_id: [] for person_id in names}
    outlets: dict[int, list[str]] = {person_id: [] for person_id in names}
    for person_id, kind, folded in run(_REACHED, ids):
        if person_id is not None and kind not in SAYS_NOTHING:
            addresses[person_id].append((kind, folded))
    for person_id, folded in run(_PLACED, ids):
        outlets[person_id].append(folded)
    return {each: Known(each, names[each], addresses[each], outlets[each]) for each in names}


# Put together once: that takes as long as the database takes for a few people.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NAMED = select(Person.id, Person.name, Person.name_latin, Person.name_cyrillic).where(
    Person.id.in_(_IDS), Person.ended_at.is_(None)
)
_REACHED = select(ContactAddress.person_id, ContactAddress.kind, ContactAddress.folded).where(
    ContactAddress.person_id.in_(_IDS)
)
_PLACED = select(Affiliation.person_id, Organisation.folded).join(Organisation).where(Affiliation.person_id.in_(_IDS))
