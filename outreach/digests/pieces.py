"""The pieces that digests are put together from, each rendered once by plain Jinja: a frame with gaps, and what goes
into the gaps. A piece is whole lines, so that it is encoded once and stands in any number of mails.

`templates/mail/digest.*` hold the frame; blocks at their end, which no frame shows, are rendered by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from outreach import language
from outreach.digests.compose import Masthead
from outreach.house import House
from outreach.language import Variant
from outreach.mail import compose
from outreach.mail.message import Segment, plain

MAIL = "digest"
# A mark that no text of ours holds stands for a gap while a template is rendered.
GAPS = {name: f"\ue004{name}\ue004" for name in ("subject", "first_line", "told", "why", "briefs")}


class Gap(NamedTuple):
    """A line of a template that is filled later; `line` has the mark of `name` in it."""

    name: str
    line: str


Part = tuple[Segment | Gap, ...]
Filling = str | Sequence[Segment]


@dataclass(frozen=True)
class Piece:
    """The same piece as text and as HTML, perhaps with gaps."""

    text: Part
    html: Part

    def filled(self, **fillings: tuple[Filling, Filling]) -> Piece:
        """With each named gap filled: by a sentence, or by segments in place of its line; text first, then HTML."""
        return Piece(
            tuple(_filled(self.text, {name: both[0] for name, both in fillings.items()}, compose.wrapped)),
            tuple(_filled(self.html, {name: both[1] for name, both in fillings.items()}, str)),
        )

    def line_of(self, name: str) -> Piece:
        """The line of one gap alone."""
        return Piece(*(tuple(one for one in part if isinstance(one, Gap) and one.name == name) for part in self.parts))

    @property
    def parts(self) -> tuple[Part, Part]:
        return self.text, self.html


def frame(house: House, variant: Variant, masthead: Masthead, preferences: str, unsubscribe: str) -> Piece:
    """What all mails of a slot share in a variant, with gaps for the first line, what is told, and why."""
    links = {"preferences": Markup(preferences), "unsubscribe": Markup(unsubscribe)}  # noqa: S704  (both are ours)
    words = compose.render(house, MAIL, variant, gap=GAPS, masthead=masthead, **links)
    return Piece(tuple(_cut(words.text)), tuple(_cut(words.html)))


def block(house: House, variant: Variant, name: str, **values: Any) -> Piece:
    """One block of the templates."""
    about = {**language.jinja_globals(variant, house.office.zone), "office": house.office, "gap": GAPS, **values}
    text, html = (plain(_render(f"mail/{MAIL}.{kind}", name, about)) for kind in ("txt", "html"))
    return Piece(tuple(_cut([Segment(compose.wrapped(text), shared=True)])), tuple(_cut([Segment(html, shared=True)])))


def sentence(said: str) -> tuple[str, str]:
    """Plain words as a filling of both parts."""
    return said, str(escape(said))


def joined(pieces: Sequence[Piece]) -> tuple[list[Segment], list[Segment]]:
    """Pieces one after the other as a filling of both parts."""
    return (
        [segment for piece in pieces for segment in _whole(piece.text)],
        [segment for piece in pieces for segment in _whole(piece.html)],
    )


def _render(template: str, name: str, about: dict[str, Any]) -> str:
    found = compose.environment().get_template(template)
    return "".join(found.blocks[name](found.new_context(about)))


def _cut(segments: Sequence[Segment]) -> Iterator[Segment | Gap]:
    """The same segments, with every line that holds a gap by itself."""
    for segment in segments:
        kept: list[str] = []
        for line in segment.text.splitlines(keepends=True):
            name = next((name for name, mark in GAPS.items() if mark in line), None)
            if name is None:
                kept.append(line)
                continue
            if kept:
                yield Segment("".join(kept), segment.shared)
            yield Gap(name, line)
            kept = []
        if kept:
            yield Segment("".join(kept), segment.shared)


def _filled(part: Part, fillings: Mapping[str, Filling], laid_out: Callable[[str], str]) -> Iterator[Segment | Gap]:
    for segment in part:
        if isinstance(segment, Segment) or segment.name not in fillings:
            yield segment
            continue
        filling = fillings[segment.name]
        if isinstance(filling, str):
            yield Segment(laid_out(segment.line.replace(GAPS[segment.name], filling)), shared=True)
        else:
            yield from filling


def _whole(part: Part) -> Iterator[Segment]:
    for segment in part:
        if isinstance(segment, Gap):
            raise ValueError(f"the gap {segment.name} was left open")
        yield segment
