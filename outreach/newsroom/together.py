"""What is wrong between files: two that claim one id, a pair that does not belong together, a taken address."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from outreach.language import mark
from outreach.newsroom.faults import Fault
from outreach.newsroom.files import Found
from outreach.newsroom.heads import Header

UPDATE_PATH = re.compile(r"updates/\d{4}/[a-z0-9-]+")
# Addresses of other rooms: a document there could never be seen.
TAKEN = re.compile(r"|search|subscribe|confirm|preferences|unsubscribe|i|(?:media/inquiry|digests|updates)(?:/.*)?")


@dataclass(frozen=True)
class Good:
    """A file without a fault of its own."""

    found: Found
    text: str
    header: Header


def check(candidates: Iterable[Good]) -> tuple[list[Good], list[Fault]]:
    """Part the files that may be taken from those that contradict one another; all of these are named."""
    candidates = list(candidates)
    faults = [*_addresses(candidates), *_ids(candidates), *_pairs(candidates)]
    named = {fault.path for fault in faults}
    return [one for one in candidates if one.found.file not in named], faults


def _addresses(candidates: list[Good]) -> Iterator[Fault]:
    for one in candidates:
        path, is_update = one.found.path, one.header.kind == "update"
        if is_update and not UPDATE_PATH.fullmatch(path):
            yield Fault(one.found.file, 1, mark("An update lies in updates/, in the folder of its year."))
        elif not is_update and TAKEN.fullmatch(path):
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
