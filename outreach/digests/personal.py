"""Personal sets of items: when nearly every reader has a set of their own, a form for each set would be a form for each
reader. Then one form serves all who read the same subject, and a copy's own values name the pieces that it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from outreach.digests.editions import Editions, Key, Parts
from outreach.digests.pieces import Piece, joined
from outreach.language import Variant
from outreach.mail import blocks, compose
from outreach.mail.compose import Words
from outreach.mail.message import Segment, encoding_of

# After a copy's two links come its runs of blocks: of the text part, then of the HTML part, gap by gap.
GAPS = ("first_line", "told", "why")
FIRST_RUN = 2


class Made(NamedTuple):
    """An edition as a copy needs it: a form, and the own values that come after the two links."""

    form: str
    own: tuple[str, ...] = ()


class Personal:
    """The personal sets of one slot."""

    def __init__(self, editions: Editions) -> None:
        self.editions = editions
        self._forms: dict[tuple[str, str], str] = {}
        self._hashes: dict[tuple[str, str], str] = {}

    def made(self, session: Session, now: datetime, sets: Sequence[tuple[Key, Parts]]) -> dict[Key, Made]:
        """Keep what these sets are made of, as far as it is not kept yet. A plan whose transaction failed is over."""
        for variant in sorted({key.variant for key, _ in sets}):
            texts = {text for key, parts in sets if key.variant == variant for text in _texts(parts)}
            fresh = sorted(text for text in texts if (variant, text) not in self._hashes)
            kept = blocks.keep(session, now, fresh, encoding_of(Variant.of(variant)))
            self._hashes.update({(variant, text): name for text, name in zip(fresh, kept, strict=True)})
        shells = {(key.variant, parts.subject): key for key, parts in sets}
        new = [(key, self._shell(key, about[1])) for about, key in sorted(shells.items()) if about not in self._forms]
        for key, name in self.editions.keep(session, now, new).items():
            self._forms[key.variant, dict(new)[key].subject] = name
        return {key: Made(self._forms[key.variant, parts.subject], self._runs(key, parts)) for key, parts in sets}

    def _shell(self, key: Key, subject: str) -> Words:
        """The mail of all who read this subject, with a run in place of each gap."""
        runs = {gap: ([_run(n)], [_run(n + len(GAPS))]) for n, gap in enumerate(GAPS)}
        return Words(subject, *joined([self.editions.frame(Variant.of(key.variant)).filled(**runs)]))

    def _runs(self, key: Key, parts: Parts) -> tuple[str, ...]:
        """The names of the blocks in each gap, for the text part and then for the HTML part."""
        filled = (joined([parts.first_line]), joined(parts.told), joined([parts.why]))
        return tuple(
            blocks.run([self._hashes[key.variant, segment.text] for segment in gap[part]])
            for part in (0, 1)
            for gap in filled
        )


def _run(number: int) -> Segment:
    return Segment(compose.run(FIRST_RUN + number), shared=True)


def _texts(parts: Parts) -> Iterator[str]:
    every: list[Piece] = [parts.first_line, *parts.told, parts.why]
    text, html = joined(every)
    return (segment.text for segment in (*text, *html))
