"""The head of a content file: YAML between two lines of three hyphens, checked entry by entry.

We read YAML's nodes, not its values, for two reasons: a node knows its line, and `no` or `2026-11` stays what the
editor typed. Every fault of the head is reported in one reading.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from outreach.language import mark
from outreach.newsroom.entries import Entries
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import (
    FACT_SHEET,
    KINDS,
    PROGRAMME,
    PROJECT,
    STATES,
    STATUSES,
    TYPES,
    UPDATE,
    Header,
    Record,
)

FENCE = "---"
RECORD_ENTRIES = tuple(field.name for field in fields(Record))
ONLY_IN: dict[str, tuple[str, ...]] = dict.fromkeys(RECORD_ENTRIES, (PROJECT,)) | {
    "type": (UPDATE,),
    "urgent": (UPDATE,),
    "programme": (UPDATE, PROJECT, FACT_SHEET),
    "source": (PROGRAMME, PROJECT, FACT_SHEET),
}
"""Entries that only documents of these kinds have."""


@dataclass(frozen=True)
class Split:
    """A file cut in two: the head's text and lines, and where the body begins (line counts from 1)."""

    head: str
    body: str
    body_line: int


def split(text: str) -> Split | None:
    """Cut a file at its two fences; None when it has no closed head."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() != FENCE:
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            # The empty first line stands for the fence, so that YAML's line numbers are the file's.
            return Split("\n" + "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2)
    return None


def compose(head: str) -> yaml.Node | None:
    """YAML's own tree of a head; raises yaml.YAMLError."""
    return yaml.compose(head, Loader=yaml.SafeLoader)


def read(path: str, cut: Split, zone: ZoneInfo, topics: tuple[str, ...] | None) -> tuple[Header | None, list[Fault]]:
    """The head as a Header, or None with every fault that was found in it; `topics` None lets any topic pass."""
    reader = _Reader(path, zone, topics)
    try:
        node = compose(cut.head)
    except yaml.YAMLError as wrong:
        reader.report(_line_of(wrong), mark("The head cannot be read: {problem}."), problem=_problem(wrong))
        return None, reader.faults
    if not isinstance(node, yaml.MappingNode):
        reader.report(2, mark("The head must be a list of entries such as “title: …”, one on each line."))
        return None, reader.faults
    header = reader.header(node)
    return (None, reader.faults) if any(f.is_blocking for f in reader.faults) else (header, reader.faults)


def _line_of(wrong: yaml.YAMLError) -> int:
    place = getattr(wrong, "problem_mark", None) or getattr(wrong, "context_mark", None)
    return place.line + 1 if place else 1


def _problem(wrong: yaml.YAMLError) -> str:
    said = [getattr(wrong, "context", None), getattr(wrong, "problem", None)]
    return ", ".join(part for part in said if part) or str(getattr(wrong, "reason", "unreadable"))


class _Reader(Entries):
    """Reads a whole head: the entries of every kind, those of its own kind, and what must stand together."""

    first_line = 2

    def header(self, node: yaml.MappingNode) -> Header | None:
        values = self.all(node, self._readers(), mark("“{name}” is not an entry of the head{hint}."))
        for name in ("id", "kind", "title", "summary", "state", "as_of"):
            if name not in values and not _has(node, name):
                self.report(self.first_line, mark("The entry “{name}” is missing."), name=name)
        self._check_together(node, values)
        if any(f.is_blocking for f in self.faults):
            return None
        as_of = values.pop("as_of")
        record = {name: values.pop(name) for name in tuple(values) if name in RECORD_ENTRIES}
        values["is_urgent"] = values.pop("urgent", None) == "true"
        values["as_of"] = None if as_of == "unknown" else as_of
        if values["kind"] == UPDATE:
            values.setdefault("type", TYPES[0])
        return Header(**values, record=Record(**record) if values["kind"] == PROJECT else None)

    def _readers(self) -> dict[str, Callable[[yaml.Node, str], Any]]:
        return {
            "id": self.identity,
            "kind": self.one_of(KINDS),
            "type": self.one_of(TYPES),
            "urgent": self.one_of(("true", "false")),
            "title": self.text,
            "summary": self.text,
            "topics": self.topics,
            "state": self.one_of(STATES),
            "public_from": self.instant,
            "as_of": self.as_of,
            "as_of_reason": self.text,
            "event_on": self.partial_date,
            "review_by": self.day,
            "withdrawn_reason": self.text,
            "changes": self.changes,
            "programme": self.name,
            "source": self.name,
            "status": self.one_of(STATUSES),
            "started_on": self.partial_date,
            "ended_on": self.partial_date,
            "duration": self.years,
            "amount": self.name,
            "place": self.name,
            "partners": self.texts,
        }

    def _check_together(self, node: yaml.MappingNode, values: Mapping[str, Any]) -> None:
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        if values.get("as_of") == "unknown" and "as_of_reason" not in values:
            self.report(lines["as_of"], mark("“as_of: unknown” needs a reason in “as_of_reason”."))
        if values.get("state") == "withdrawn" and "withdrawn_reason" not in values:
            self.report(lines["state"], mark("A withdrawn document needs its reason in “withdrawn_reason”."))
        if values.get("kind") == UPDATE and not values.get("topics") and "topics" not in lines:
            self.report(lines["kind"], mark("An update needs at least one topic in “topics”."))
        if values.get("type") == "milestone" and "event_on" not in lines:
            self.report(lines["type"], mark("A milestone needs the date of its event in “event_on”."))
        for name in lines:
            if "kind" in values and values["kind"] not in ONLY_IN.get(name, KINDS):
                message = mark("“{name}” is not an entry of a document of kind “{kind}”.")
                self.report(lines[name], message, name=name, kind=values["kind"])


def _has(node: yaml.MappingNode, name: str) -> bool:
    return any(key.value == name for key, _ in node.value)


def rewritten(text: str, entries: Mapping[str, str | None]) -> str:
    """The file with these entries of its head set, or removed where None; every other line stays as it is.

    A value is YAML as it shall stand in the file. An entry that is new stands after `state`. ValueError without a head.
    """
    cut = split(text)
    node = compose(cut.head) if cut else None
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("the file has no head")
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").split("\n")
    places = {key.value: (key.start_mark.line, _end(value)) for key, value in node.value}
    new = [f"{name}: {value}" for name, value in entries.items() if value is not None and name not in places]
    for name, (start, end) in sorted(places.items(), key=lambda place: place[1], reverse=True):
        value = entries.get(name, "")
        if name == "state":
            lines[end:end] = new
        if name in entries:
            lines[start:end] = [] if value is None else [f"{name}: {value}"]
    return newline.join(lines)


def _end(value: yaml.Node) -> int:
    """The line after the value's last."""
    return int(value.end_mark.line) + (1 if value.end_mark.column else 0)
