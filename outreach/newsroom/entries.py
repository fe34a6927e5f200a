"""The entries of one head, read one by one: each becomes a value or a fault with its line, never an exception."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml

from outreach.language import mark
from outreach.newsroom import localtime
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import CHANGE_KINDS, ID, ID_LETTERS, NAME, Change
from outreach.newsroom.localtime import PartialDate

TEXT_TAG = "tag:yaml.org,2002:str"
LONGEST = {"title": 160, "summary": 500}
LONGEST_NOTE = 600
LONGEST_DURATION = 99

Value = TypeVar("Value")


class Entries:
    """Reads entries and gathers what is wrong with them; `topics` None lets any topic pass.

    A reader returns None when its entry was faulty.
    """

    def __init__(self, path: str, zone: ZoneInfo, topics: tuple[str, ...] | None) -> None:
        self.path, self.zone, self.known_topics = path, zone, topics
        self.faults: list[Fault] = []

    def report(self, line: int, message: str, **values: Any) -> None:
        self.faults.append(Fault(self.path, line, message, values))

    def all(
        self, node: yaml.MappingNode, readers: Mapping[str, Callable[[yaml.Node, str], Any]], unknown: str
    ) -> dict[str, Any]:
        """Read each known entry once; unknown and repeated ones are faults."""
        values: dict[str, Any] = {}
        seen: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name not in readers:
                self.report(line, unknown, name=name, hint=hint(name, readers))
            elif name in seen:
                self.report(line, mark("The entry “{name}” stands here a second time."), name=name)
            else:
                read = readers[name](value, name)
                if read is not None:
                    values[name] = read
            seen.add(name)
        return values

    def scalar(self, node: yaml.Node, name: str) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.report(node.start_mark.line + 1, mark("“{name}” must be a single value on its line."), name=name)
        return None

    def text(self, node: yaml.Node, name: str) -> str | None:
        text = self.scalar(node, name)
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

    def identity(self, node: yaml.Node, name: str) -> str | None:
        text = self.scalar(node, name)
        if text is not None and not ID.fullmatch(text):
            message = mark("“{text}” is not an id: five of the characters {letters}.")
            self.report(node.start_mark.line + 1, message, text=text, letters=ID_LETTERS)
            return None
        return text

    def one_of(self, choices: tuple[str, ...]) -> Callable[[yaml.Node, str], str | None]:
        def read(node: yaml.Node, name: str) -> str | None:
            text = self.scalar(node, name)
            if text is not None and text not in choices:
                message = mark("“{name}: {text}” must be one of: {choices}.")
                self.report(node.start_mark.line + 1, message, name=name, text=text, choices=", ".join(choices))
                return None
            return text

        return read

    def read_as(self, read: Callable[[str], Value], example: str, node: yaml.Node, name: str) -> Value | None:
        text = self.scalar(node, name)
        if text is None:
            return None
        try:
            return read(text)
        except ValueError:
            message = mark("“{name}: {text}” is not a date or time that exists; write it like {example}.")
            self.report(node.start_mark.line + 1, message, name=name, text=text, example=example)
            return None

    def instant(self, node: yaml.Node, name: str) -> datetime | None:
        return self.read_as(lambda text: localtime.instant(text, self.zone), "2026-11-25 10:00", node, name)

    def day(self, node: yaml.Node, name: str) -> date | None:
        return self.read_as(date.fromisoformat, "2026-11-25", node, name)

    def partial_date(self, node: yaml.Node, name: str) -> PartialDate | None:
        return self.read_as(localtime.partial_date, "2026-11-25, 2026-11, 2026", node, name)

    def as_of(self, node: yaml.Node, name: str) -> date | str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip() == "unknown":
            return "unknown"
        return self.day(node, name)

    def items(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.report(node.start_mark.line + 1, mark("“{name}” must be a list."), name=name)
        return []

    def topics(self, node: yaml.Node, name: str) -> tuple[str, ...]:
        found = []
        for item in self.items(node, name):
            text = self.scalar(item, name)
            if text is not None and self.known_topics is not None and text not in self.known_topics:
                message = mark("“{text}” is not a topic of office.toml{hint}.")
                self.report(item.start_mark.line + 1, message, text=text, hint=hint(text, self.known_topics))
            elif text is not None and text not in found:
                found.append(text)
        return tuple(found)

    def changes(self, node: yaml.Node, name: str) -> tuple[Change, ...]:
        readers = {"at": self.instant, "kind": self.one_of(CHANGE_KINDS), "note": self.text}
        changes: dict[str, Change] = {}
        for item in self.items(node, name):
            line = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                self.report(line, mark("A change has the entries “at”, “kind” and “note”."))
                continue
            values = self.all(item, readers, mark("“{name}” is not an entry of a change{hint}."))
            if len(values) < len(readers):
                self.report(line, mark("A change has the entries “at”, “kind” and “note”."))
            elif localtime.written(values["at"], self.zone) in changes:
                self.report(line, mark("Two changes have the same time; give each its own minute."))
            else:
                change = Change(localtime.written(values["at"], self.zone), **values)
                changes[change.key] = change
        return tuple(sorted(changes.values(), key=lambda change: change.at))

    def texts(self, node: yaml.Node, name: str) -> tuple[str, ...]:
        return tuple(text for item in self.items(node, name) if (text := self.text(item, name)) is not None)

    def name(self, node: yaml.Node, name: str) -> str | None:
        """The name of another thing: a programme, a place, a figure, a source."""
        text = self.scalar(node, name)
        if text is not None and not NAME.fullmatch(text):
            message = mark("“{name}: {text}” must be a name in small letters, such as “small-arms”.")
            self.report(node.start_mark.line + 1, message, name=name, text=text)
            return None
        return text

    def years(self, node: yaml.Node, name: str) -> int | None:
        text = self.scalar(node, name)
        if text is not None and not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= LONGEST_DURATION):
            message = mark("“{name}: {text}” must be a whole number of years.")
            self.report(node.start_mark.line + 1, message, name=name, text=text)
            return None
        return None if text is None else int(text)


def hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f" ({near[0]}?)" if near else ""
