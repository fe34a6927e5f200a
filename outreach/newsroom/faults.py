"""A fault: one line of one file, and what is wrong with it. All faults of a file are found in one reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """`path` is relative to content/, `line` counts from 1; `message` is a catalogue entry with {placeholders}.

    A blocking fault keeps the file's new text out; the others are notes to the editor.
    """

    path: str
    line: int
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_blocking: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message.format(**self.values)}"
