"""What a word may be without its ending, in English and in Serbian, so that one form of it finds the others. Pure.

Words are search keys (serbian.fold): bare small letters, Serbian in Latin. A word has several stems, because only a
dictionary could tell which one is right; two words are akin when they share one. That is generous, so a search ranks
such a match last.
"""

from __future__ import annotations

import re
from functools import lru_cache

SHORTEST = 3


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Cases of nouns and adjectives, plurals and the commonest forms of verbs; those of both languages in one list.
ENDINGS = _words(
    "a e i o u y om em og eg oj im ih ama ima oga ega omu emu ova ove ovi evi ovima evima s es ies ied ed ing"
)
_LONGEST = max(map(len, ENDINGS))
_VOWELS = frozenset("aeiou")
_FLEETING_A = re.compile(r"(?<=[^aeiou])a(?=[^aeiou]$)")  # projekat, centar, bezbedan: gone in projekta, centra
_SOFTENED = {"c": "k", "z": "g", "s": "h"}  # vojnici of vojnik, obuci of obuka, razlozi of razlog


@lru_cache(maxsize=65536)
def stems(word: str) -> frozenset[str]:
    """The word itself and what is left of it without each ending that it may have; a number has no ending."""
    found = {word}
    if word.isalpha():
        for length in range(1, min(_LONGEST, len(word) - SHORTEST) + 1):
            rest, ending = word[:-length], word[-length:]
            if ending in ENDINGS and not (ending == "y" and rest[-1] in _VOWELS):
                found |= _of(rest, ending)
        found |= {_FLEETING_A.sub("", stem) for stem in found if len(stem) > SHORTEST + 1}
    return frozenset(found)


def _of(rest: str, ending: str) -> set[str]:
    """A stem, and what it was before the ending changed it."""
    if ending in ("i", "ima") and rest[-1] in _SOFTENED:
        return {rest, rest[:-1] + _SOFTENED[rest[-1]]}
    if ending in ("ed", "ing") and rest[-1] == rest[-2] and len(rest) > SHORTEST:
        return {rest, rest[:-1]}  # planned, planning
    if rest.endswith("osc") and ending == "u":
        return {rest[:-1] + "t"}  # bezbednošću of bezbednost
    return {rest}
