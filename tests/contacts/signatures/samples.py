"""The sample signatures with what is to be read from each."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

SAMPLES = Path(__file__).with_name("samples.txt")
MANY = ("email", "phone", "web", "whatsapp", "viber", "signal", "telegram")


def _answers(lines: str) -> dict[str, str | list[str]]:
    one: dict[str, str | list[str]] = {}
    many = defaultdict(list)
    for name, _, value in (line.partition(": ") for line in lines.strip().splitlines()):
        if name in MANY:
            many[name].append(value)
        else:
            one[name] = value
    return {**one, **many}


def _samples() -> list[tuple[str, dict[str, str | list[str]]]]:
    _, *parts = SAMPLES.read_text(encoding="utf-8").split("====\n")
    return [(text, _answers(answers)) for text, answers in (part.rsplit("----\n", 1) for part in parts)]


SIGNATURES = _samples()
