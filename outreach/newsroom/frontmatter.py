"""The head of a content file: YAML between two lines of three hyphens, checked entry by entry.

We read YAML's nodes, not its values, for two reasons: a node knows its line, and `no` or `2026-11` stays what the
editor typed. Every fault of the head is reported in one reading.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from outreach.language import mark
from outreach.newsroom import localtime
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import CHANGE_KINDS, ID, ID_LETTERS, KINDS, STATES, Change, Header

FENCE = "---"
TEXT_TAG = "tag:yaml.org,2002:str"
LONGEST = {"title": 160, "summary": 500}
LONGEST_NOTE = 600

Value = TypeVar("Value")


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


class _Reader:
    """Reads the entries of one head and gathers what is wrong with them."""

    def __init__(self, path: str, zone: ZoneInfo, topics: tuple[str, ...] | None) -> None:
        self.path, self.zone, self.known_topics = path, zone, topics
        self.faults: list[Fault] = []
        self.first_line = 2

    def report(self, line: int, message: str, **values: Any) -> None:
        self.faults.append(Fault(self.path, line, message, values))

    def header(self, node: yaml.MappingNode) -> Header | None:
        values = self.entries(node, self._fields(), mark("“{name}” is not an entry of the head{hint}."))
        for name in ("id", "kind", "title", "summary", "state", "as_of"):
            if name not in values and not self._was_reported(node, name):
                self.report(self.first_line, mark("The entry “{name}” is missing."), name=name)
        self._check_together(node, values)
        as_of = values.pop("as_of", None)
        values["as_of"] = None if as_of == "unknown" else as_of
        event_on, precision = values.pop("event_on", None) or (None, None)
        if any(f.is_blocking for f in self.faults):
            return None
        return Header(**values, event_on=event_on, event_precision=precision)

    def _fields(self) -> dict[str, Callable[[yaml.Node, str], Any]]:
        return {
            "id": self._id,
            "kind": self._one_of(KINDS),
            "title": self._text,
            "summary": self._text,
            "topics": self._topics,
            "state": self._one_of(STATES),
            "public_from": self._instant,
            "as_of": self._as_of,
            "as_of_reason": self._text,
            "event_on": self._partial,
            "review_by": self._date,
            "withdrawn_reason": self._text,
            "changes": self._changes,
        }

    def entries(
        self, node: yaml.MappingNode, readers: Mapping[str, Callable[[yaml.Node, str], Any]], unknown: str
    ) -> dict[str, Any]:
        """Read each known entry once; unknown and repeated ones are faults."""
        values: dict[str, Any] = {}
        seen: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name not in readers:
                self.report(line, unknown, name=name, hint=_hint(name, readers))
            elif name in seen:
                self.report(line, mark("The entry “{name}” stands here a second time."), name=name)
            else:
                read = readers[name](value, name)
                if read is not None:
                    values[name] = read
            seen.add(name)
        return values

    def _was_reported(self, node: yaml.MappingNode, name: str) -> bool:
        return any(key.value == name for key, _ in node.value)

    def _check_together(self, node: yaml.MappingNode, values: Mapping[str, Any]) -> None:
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        if values.get("as_of") == "unknown" and "as_of_reason" not in values:
            self.report(lines["as_of"], mark("“as_of: unknown” needs a reason in “as_of_reason”."))
        if values.get("state") == "withdrawn" and "withdrawn_reason" not in values:
            self.report(lines["state"], mark("A withdrawn document needs its reason in “withdrawn_reason”."))
        if values.get("kind") == "update" and not values.get("topics") and "topics" not in lines:
            self.report(lines["kind"], mark("An update needs at least one topic in “topics”."))

    # --- one entry each; None when it was faulty ---

    def _scalar(self, node: yaml.Node, name: str) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.report(node.start_mark.line + 1, mark("“{name}” must be a single value on its line."), name=name)
        return None

    def _text(self, node: yaml.Node, name: str) -> str | None:
        text = self._scalar(node, name)
        line = node.start_mark.line + 1
        if text is None:
            return None
        if node.tag != TEXT_TAG:
            self.report(
                line,
                mark("“{name}: {text}” is read as something other than text: put it in quotation marks."),
                name=name,
                text=text,
            )
            return None
        longest = LONGEST.get(name, LONGEST_NOTE)
        if len(text) > longest:
            self.report(
                line,
                mark("“{name}” has {count} characters; {most} is the most."),
                name=name,
                count=len(text),
                most=longest,
            )
            return None
        return " ".join(text.split())

    def _id(self, node: yaml.Node, name: str) -> str | None:
        text = self._scalar(node, name)
        if text is not None and not ID.fullmatch(text):
            message = mark("“{text}” is not an id: five of the characters {letters}.")
            self.report(node.start_mark.line + 1, message, text=text, letters=ID_LETTERS)
            return None
        return text

    def _one_of(self, choices: tuple[str, ...]) -> Callable[[yaml.Node, str], str | None]:
        def read(node: yaml.Node, name: str) -> str | None:
            text = self._scalar(node, name)
            if text is not None and text not in choices:
                message = mark("“{name}: {text}” must be one of: {choices}.")
                self.report(node.start_mark.line + 1, message, name=name, text=text, choices=", ".join(choices))
                return None
            return text

        return read

    def _read_as(self, read: Callable[[str], Value], example: str, node: yaml.Node, name: str) -> Value | None:
        text = self._scalar(node, name)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError:
            message = mark("“{name}: {text}” is not a date or time that exists; write it like {example}.")
            self.report(node.start_mark.line + 1, message, name=name, text=text, example=example)
            return None

    def _instant(self, node: yaml.Node, name: str) -> datetime | None:
        return self._read_as(lambda text: localtime.instant(text, self.zone), "2026-11-25 10:00", node, name)

    def _date(self, node: yaml.Node, name: str) -> date | None:
        return self._read_as(date.fromisoformat, "2026-11-25", node, name)

    def _partial(self, node: yaml.Node, name: str) -> tuple[date, str] | None:
        return self._read_as(localtime.partial_date, "2026-11-25, 2026-11, 2026", node, name)

    def _as_of(self, node: yaml.Node, name: str) -> date | str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip() == "unknown":
            return "unknown"
        return self._date(node, name)

    def _list(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.report(node.start_mark.line + 1, mark("“{name}” must be a list."), name=name)
        return []

    def _topics(self, node: yaml.Node, name: str) -> tuple[str, ...]:
        found = []
        for item in self._list(node, name):
            text = self._scalar(item, name)
            if text is not None and self.known_topics is not None and text not in self.known_topics:
                message = mark("“{text}” is not a topic of office.toml{hint}.")
                self.report(item.start_mark.line + 1, message, text=text, hint=_hint(text, self.known_topics))
            elif text is not None and text not in found:
                found.append(text)
        return tuple(found)

    def _changes(self, node: yaml.Node, name: str) -> tuple[Change, ...]:
        readers = {"at": self._at, "kind": self._one_of(CHANGE_KINDS), "note": self._text}
        changes: dict[str, Change] = {}
        for item in self._list(node, name):
            line = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                self.report(line, mark("A change has the entries “at”, “kind” and “note”."))
                continue
            values = self.entries(item, readers, mark("“{name}” is not an entry of a change{hint}."))
            if len(values) < len(readers):
                self.report(line, mark("A change has the entries “at”, “kind” and “note”."))
            elif localtime.written(values["at"], self.zone) in changes:
                self.report(line, mark("Two changes have the same time; give each its own minute."))
            else:
                change = Change(localtime.written(values["at"], self.zone), **values)
                changes[change.key] = change
        return tuple(sorted(changes.values(), key=lambda change: change.at))

    def _at(self, node: yaml.Node, name: str) -> datetime | None:
        return self._instant(node, name)


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" ({near[0]}?)" if near else ""


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
