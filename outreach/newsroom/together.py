"""What is wrong between files: two that claim one id, a pair that does not belong together, a taken address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from outreach.language import mark
from outreach.newsroom import entries, facts
from outreach.newsroom.data_files import Data
from outreach.newsroom.faults import Fault
from outreach.newsroom.files import FACTS, MAP, Found
from outreach.newsroom.heads import FOLDERS, PROGRAMME, UPDATE, Header, Record
from outreach.newsroom.prose import Prose

UPDATE_PATH = re.compile(r"updates/\d{4}/[a-z0-9-]+")
# Addresses of other rooms and of lists: a document there could never be seen.
TAKEN = re.compile(
    r"|search|subscribe|confirm|preferences|unsubscribe|i|map|timeline|.*/history|history"
    r"|(?:media/inquiry|digests|updates|programmes|projects|fact-sheets)(?:/.*)?"
)


@dataclass(frozen=True)
class Good:
    """A file without a fault of its own."""

    found: Found
    text: str
    header: Header
    prose: Prose = field(default_factory=Prose)


def check(candidates: Iterable[Good], data: Data) -> tuple[list[Good], list[Fault]]:
    """Part the files that may be taken from those that contradict one another or the data; all of these are named."""
    candidates = list(candidates)
    faults = [*_addresses(candidates), *_ids(candidates), *_pairs(candidates), *_names(candidates, data)]
    named = {fault.path for fault in faults}
    return [one for one in candidates if one.found.file not in named], faults


def _addresses(candidates: list[Good]) -> Iterator[Fault]:
    for one in candidates:
        path, kind = one.found.path, one.header.kind
        folder = FOLDERS.get(kind)
        if kind == UPDATE and not UPDATE_PATH.fullmatch(path):
            yield Fault(one.found.file, 1, mark("An update lies in updates/, in the folder of its year."))
        elif folder and kind != UPDATE and not re.fullmatch(rf"{folder}/[a-z0-9-]+", path):
            message = mark("A document of kind “{kind}” lies in {folder}/.")
            yield Fault(one.found.file, 1, message, {"kind": kind, "folder": folder})
        elif not folder and TAKEN.fullmatch(path):
            message = mark("The address “{path}” belongs to another part of the site.")
            yield Fault(one.found.file, 1, message, {"path": path})


def _ids(candidates: list[Good]) -> Iterator[Fault]:
    """One id, one document: its files differ in the language only, and agree on the kind."""
    by_id = defaultdict(list)
    for one in candidates:
        by_id[one.header.id].append(one)
    for same in by_id.values():
        for one in same:
            other = next((o for o in same if o.found.stem != one.found.stem), None)
            if other is not None:
                message = mark("The id “{id}” also stands in {file}: a copy needs an id of its own.")
                yield Fault(one.found.file, 1, message, {"id": one.header.id, "file": other.found.file})
            elif any(o.header.kind != one.header.kind for o in same):
                yield Fault(one.found.file, 1, mark("“kind” differs between the languages of this document."))


def _pairs(candidates: list[Good]) -> Iterator[Fault]:
    """Two languages of one path are one document."""
    by_stem = defaultdict(list)
    for one in candidates:
        by_stem[one.found.stem].append(one)
    for same in by_stem.values():
        if len({one.header.id for one in same}) > 1:
            for one in same:
                yield Fault(one.found.file, 1, mark("“id” differs between the languages of this document."))


_NOT_THERE = {
    "figure": mark("There is no figure named “{name}” in facts.toml{hint}."),
    "source": mark("There is no source named “{name}” in facts.toml{hint}."),
    "place": mark("There is no place named “{name}” in map.toml{hint}."),
    "programme": mark("There is no programme named “{name}”{hint}."),
}
_STANDS_IN = {"figure": FACTS, "source": FACTS, "place": MAP}


def follows(fault: Fault, unread: Collection[str]) -> bool:
    """Whether a fault only says that a data file could not be read: the names that it has are not known then."""
    return any(fault.message == _NOT_THERE[what] for what, file in _STANDS_IN.items() if file in unread)


def _names(candidates: list[Good], data: Data) -> Iterator[Fault]:
    """Every figure, source, place and programme that a file names is there."""
    known: dict[str, Collection[str]] = {
        "figure": data.facts.figures,
        "source": data.facts.sources,
        "place": data.places.places,
        "programme": {one.found.path.split("/")[-1] for one in candidates if one.header.kind == PROGRAMME},
    }
    for one in candidates:
        header, record = one.header, one.header.record or Record()
        named = [("figure", name) for name in (*facts.names_in(one.text), record.amount)]
        named += [("source", header.source), ("place", record.place), ("programme", header.programme)]
        for what, name in named:
            if name and name not in known[what]:
                values = {"name": name, "hint": entries.hint(name, known[what])}
                yield Fault(one.found.file, _line(one.text, name), _NOT_THERE[what], values)


def _line(text: str, name: str) -> int:
    return text.count("\n", 0, max(0, text.find(name))) + 1
