"""How alike two texts are by the words they share: blind to script, diacritics, case and endings. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from outreach.newsroom.endings import stems
from outreach.newsroom.search import SMALL
from outreach.serbian import fold


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Words of questions, which every question has and which say nothing of what it is about.
ASKING = _words(
    "about any are be been can could did do does ever far get has have if it its long many much no not our out so some "
    "still than their them then there these they those up us we were will with would you your "
    "ako ali bi bice bila bili bilo bio biti cega cemu dokle jer jesu jeste kakav kakva kako kakvo koga koliki koliko "
    "kome ko mi moze mogu nam nas ne ni nije nisu ono ova ovaj ovo sada smo ste svi sve taj te ti to vam vas vase vi "
    "zasto zbog"
)  # fmt: skip


def words(text: str) -> list[frozenset[str]]:
    """The words that say what a text is about, each as its stems, in order and each once."""
    told = (word for word in fold(text).split() if word not in SMALL and word not in ASKING and len(word) > 1)
    return [stems(word) for word in dict.fromkeys(told)]


class Asked:
    """Several texts, to be held against many others: each word of those is looked at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._asked = [words(text) for text in texts]
        self._known: dict[str, frozenset[tuple[int, int]]] = {}

    def near(self, folded: str) -> Iterator[tuple[int, int]]:
        """The places of the texts that a folded text is near to, each with the number of words they share."""
        hits = frozenset().union(*map(self._hits, folded.split()))
        for place, count in Counter(place for place, _ in hits).items():
            if is_near(count, len(self._asked[place])):
                yield place, count

    def _hits(self, word: str) -> frozenset[tuple[int, int]]:
        """Which words of which texts this word is a form of."""
        known = self._known.get(word)
        if known is None:
            own = stems(word)
            pairs = [(p, n) for p, asked in enumerate(self._asked) for n, each in enumerate(asked) if own & each]
            known = self._known[word] = frozenset(pairs)
        return known


def every_stem(of: Iterable[frozenset[str]]) -> frozenset[str]:
    """All stems of some words, to be asked with `shared`."""
    return frozenset().union(*of)


def shared(asked: Iterable[frozenset[str]], told: frozenset[str]) -> int:
    """How many of the asked words are among the told ones, in whatever form."""
    return sum(1 for word in asked if not word.isdisjoint(told))


def is_near(count: int, asked: int) -> bool:
    """Whether so many shared words, of so many asked, make two texts worth showing side by side."""
    return count > 0 and 2 * count >= min(asked, 4)
