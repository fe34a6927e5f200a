"""Two texts side by side in two lines: what was there, and what is there now, with a little of what surrounds it."""

from __future__ import annotations

from typing import NamedTuple

AROUND = 6  # words kept before and after the change


class Difference(NamedTuple):
    """What both begin with, what was, what is, what both end with; cut to the neighbourhood of the change."""

    before: str
    was: str
    now: str
    after: str


def between(was: str, now: str) -> Difference | None:
    """Where the two differ, by words; ``None`` when they say the same."""
    old, new = was.split(), now.split()
    if old == new:
        return None
    shortest = min(len(old), len(new))
    first = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    rest = shortest - first
    same = next((back for back in range(rest) if old[-1 - back] != new[-1 - back]), rest)
    ending = old[len(old) - same :]
    return Difference(
        _cut(old[:first], last=True), " ".join(old[first : len(old) - same]), " ".join(new[first : len(new) - same]),
        _cut(ending, last=False),
    )  # fmt: skip


def _cut(words: list[str], last: bool) -> str:
    if len(words) <= AROUND:
        return " ".join(words)
    return "… " + " ".join(words[-AROUND:]) if last else " ".join(words[:AROUND]) + " …"
