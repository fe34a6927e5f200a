"""The nearest known word to one that is not known: how many letters are wrong, missing, too many or swapped. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

SHORT, LONG = 3, 6
"""Shorter words are forgiven nothing, words up to LONG one slip, longer ones two."""


def nearest(word: str, known: Iterable[str], weight: Callable[[str], int]) -> str | None:
    """The known word with the fewest slips, the weightiest of several; None when all are too far."""
    allowed = 0 if len(word) < SHORT else 1 if len(word) < LONG else 2
    letters = set(word)
    # A letter that the other word has not is a slip already: most words are passed over by that alone.
    near = (k for k in known if abs(len(word) - len(k)) <= allowed and len(letters.difference(k)) <= allowed)
    slips = ((distance(word, other, allowed), other) for other in near)
    found = [(count, -weight(other), other) for count, other in slips if count <= allowed]
    return min(found)[2] if found and allowed else None


def distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, leave out or swap with the next one, to make one word of the other; over `most`: many."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for n, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [n]
        for m, its in enumerate(other, start=1):
            cost = min(before[m] + 1, row[m - 1] + 1, before[m - 1] + (letter != its))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == its:
                cost = min(cost, earlier[m - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
