"""The forms that are sent: each its own person, network and nonce, drawn half a minute ago, three questions each."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

WORDS = ["demining", "bridge", "budget", "exercise", "training", "reform", "river", "project", "border", "visit"]


def write(path: Path, count: int, token: Callable[[], dict[str, str]], luck: random.Random) -> None:
    """`count` lines: the network it comes from, then the form's body. `token` draws what signs one form."""
    path.write_text("".join(f"{_network(luck)} {_body(luck, token())}\n" for _ in range(count)))


def _network(luck: random.Random) -> str:
    return f"10.{luck.randrange(256)}.{luck.randrange(256)}.1"


def _body(luck: random.Random, token: dict[str, str]) -> str:
    said = [" ".join(luck.choices(WORDS, k=luck.randrange(5, 14))).capitalize() + "?" for _ in range(3)]
    number = luck.randrange(10**9)
    fields = [
        ("need", "quote"), ("need", "background"), ("subject", " ".join(luck.choices(WORDS, k=4)).capitalize()),
        ("questions", "\n".join(said)), ("when", "day"), ("date", "prekosutra"), ("time", "16h"),
        ("zone", "Europe/Belgrade"), ("name", f"Reporter {number}"), ("outlet", "Daily"), ("phone", "+381 11 000 0000"),
        ("email", f"reporter{number}@example.org"), ("reply", "en"), ("terms", "on_record"),
    ]  # fmt: skip
    return urlencode([*fields, *token.items()])
