"""How likely two records are one person, and why. Pure: it knows no database.

Points are given for the name and for what else is shared; a name alone makes no likely pair, nor does anything shared
without a name that fits. What many share (a desk's address, a switchboard) says little more than the outlet does.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from outreach.contacts.duplicates.keys import address_key, skeleton
from outreach.contacts.duplicates.known import Known, is_desk
from outreach.contacts.duplicates.models import LIKELY, POSSIBLE
from outreach.contacts.models import EMAIL

SAME_NAME, SLIP, SLIPS, INITIAL, LONGER, ONE_WORD = "name", "slip", "slips", "initial", "longer", "one_word"
DESK, OUTLET = "desk", "outlet"
POINTS = {SAME_NAME: 50, SLIP: 40, SLIPS: 30, INITIAL: 35, LONGER: 40, ONE_WORD: 15, "": 0}
OWN_EMAIL, OWN_OTHER, OF_A_DESK, AT_OUTLET, AT_OUTLET_REACHED_ELSEWHERE = 40, 35, 10, 20, 15
LIKELY_FROM, POSSIBLE_FROM = 70, 50
FEW = 3
"""An address that more records than this have is a desk's, whatever it is called."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score`: 50 to 100. `reasons`: a code and what is shared, the strongest first."""

    score: int
    reasons: list[list[str]]

    @property
    def band(self) -> str:
        return LIKELY if self.score >= LIKELY_FROM else POSSIBLE


def compare(one: Known, other: Known, crowded: Container[int] = ()) -> Likeness | None:
    """The likeness of two records that share a key; None: not worth anybody's time.

    `crowded`: the keys of addresses that more than FEW records have.
    """
    shared = [_of_address(kind, folded, crowded) for kind, folded in one.reach & other.reach]
    if one.words.isdisjoint(other.words) and all(code == DESK for _, code, _ in shared):
        return None  # as most who share no more than a desk
    how, pair = _of_names(one, other)
    if not shared and POINTS[how] < POSSIBLE_FROM - AT_OUTLET:
        return None
    found = [(POINTS[how], how, f"{' '.join(pair[0])}|{' '.join(pair[1])}"), *shared] if how else shared
    places = one.outlets & other.outlets
    if places and how:
        found.append((_at_outlet(one, other, bool(shared)), OUTLET, min(places)))
    return _weighed(found, 100 if how else LIKELY_FROM - 1)


def names_fit(one: Known, other: Known) -> bool:
    """Whether the names are such that an outlet or a desk in common would make a possible pair."""
    return POINTS[_of_names(one, other)[0]] >= POSSIBLE_FROM - AT_OUTLET


def _weighed(found: list[tuple[int, str, str]], most: int) -> Likeness | None:
    found.sort(key=lambda each: (-each[0], each[1:]))
    score = min(sum(_counted(found)), most)
    return Likeness(score, [[code, value] for _, code, value in found]) if score >= POSSIBLE_FROM else None


def _counted(found: list[tuple[int, str, str]]) -> list[int]:
    """The points that count: a desk's address says no more than the outlet, and several of them say it once."""
    codes = {code for _, code, _ in found}
    desk = OF_A_DESK if DESK in codes and OUTLET not in codes else 0
    return [points for points, code, _ in found if code != DESK] + [desk]


def _of_address(kind: str, folded: str, crowded: Container[int]) -> tuple[int, str, str]:
    if is_desk(kind, folded) or address_key(kind, folded) in crowded:
        return OF_A_DESK, DESK, folded
    return OWN_EMAIL if kind == EMAIL else OWN_OTHER, kind, folded


def _at_outlet(one: Known, other: Known, share_an_address: bool) -> int:
    """Two at one outlet who are reached in different ways may well be namesakes."""
    if share_an_address or not one.reach or not other.reach:
        return AT_OUTLET
    kinds = {kind for kind, _ in one.reach} & {kind for kind, _ in other.reach}
    return AT_OUTLET_REACHED_ELSEWHERE if kinds else AT_OUTLET


def _of_names(one: Known, other: Known) -> tuple[str, tuple[Words, Words]]:
    """The best of all ways in which the two names are written."""
    best: tuple[str, tuple[Words, Words]] = "", ((), ())
    for mine in one.names:
        for theirs in other.names:
            how = of_words(mine, theirs)
            if POINTS[how] > POINTS[best[0]]:
                best = how, (mine, theirs)
    return best


def of_words(mine: Words, theirs: Words) -> str:
    """What two names, as sorted words, have in common; nothing: ""."""
    if mine == theirs:
        return SAME_NAME if len(mine) > 1 else ONE_WORD
    left, right = [word for word in mine if word not in theirs], [word for word in theirs if word not in mine]
    same = len(mine) - len(left)
    if same and len(left) == len(right) == 1:  # as nearly always; the rest does the same for more
        return SLIP if are_near(left[0], right[0]) else INITIAL if _is_initial(left[0], right[0]) else ONE_WORD
    slips, initials = _paired(left, right, are_near), _paired(left, right, _is_initial)
    if (left and right) or same + slips + initials < 2:  # on each side a word of its own, or only one word in common
        return ONE_WORD if same else ""
    if slips:
        return SLIP if same else SLIPS
    return INITIAL if initials and same else "" if initials else LONGER


def _paired(left: list[str], right: list[str], fits: Callable[[str, str], bool]) -> int:
    """Take words that fit each other out of both lists; how many pairs there were."""
    pairs = 0
    for word in list(left):
        for other in right:
            if fits(word, other):
                left.remove(word)
                right.remove(other)
                pairs += 1
                break
    return pairs


def _is_initial(word: str, other: str) -> bool:
    return 1 in (len(word), len(other)) and word[0] == other[0]


@lru_cache(maxsize=200_000)
def are_near(word: str, other: str) -> bool:
    """One slip apart, two in a long word, or one word heard alike. Milan and Milana are two people, not a slip."""
    shorter = min(len(word), len(other))
    if shorter < 3 or other == f"{word}a" or word == f"{other}a":
        return False
    most = 1 if shorter < 7 else 2
    distance = OSA.distance(word, other, score_cutoff=3)
    return distance <= most or (distance <= 3 and shorter >= 6 and skeleton(word) == skeleton(other))
