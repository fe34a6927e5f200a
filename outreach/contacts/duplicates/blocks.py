"""Which records are compared: those that stand in one block, because they share a key. Pure.

A block that is too large says nothing by itself: everybody at a switchboard, everybody with a common name. Such a block
is split by a second key: only those of it are compared who share another key as well. A name that more than two people
have needs no split: alone it says nothing, and an address or an outlet in common is a key of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations

from outreach.contacts.duplicates.keys import NAME, kind_of

LARGEST, MOST_NAMESAKES = 200, 2

Pair = tuple[int, int]
Keyed = Iterable[tuple[int, int]]


def pairs_of(
    blocks: Iterable[tuple[int, Sequence[int]]], keys_of_people: Callable[[Sequence[int]], Keyed]
) -> set[Pair]:
    """The pairs to compare, lower id first.

    `blocks`: a key and the ids of those who have it, in order. `keys_of_people`: key and id of each of these people.
    """
    pairs: set[Pair] = set()
    for key, people in blocks:
        if len(people) <= largest(key):
            pairs.update(combinations(people, 2))
        elif kind_of(key) != NAME:
            for part in _parts(key, keys_of_people(people)):
                pairs.update(combinations(part, 2))
    return pairs


def largest(key: int) -> int:
    """With how many people a block is compared whole."""
    return MOST_NAMESAKES if kind_of(key) == NAME else LARGEST


def grouped(keyed: Keyed) -> Iterator[tuple[int, list[int]]]:
    """Blocks of two and more, from keys and ids in the order of keys."""
    current, people = -1, list[int]()
    for key, person_id in keyed:
        if key != current:
            if len(people) > 1:
                yield current, people
            current, people = key, []
        people.append(person_id)
    if len(people) > 1:
        yield current, people


def _parts(key: int, keyed: Keyed) -> Iterator[list[int]]:
    """Those of one block who share a second key; a part that is still too large stays uncompared."""
    parts: dict[int, list[int]] = defaultdict(list)
    for second, person_id in keyed:
        if second != key:
            parts[second].append(person_id)
    return (sorted(part) for part in parts.values() if 1 < len(part) <= LARGEST)
