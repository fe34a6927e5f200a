"""The words of a file as a reader sees them, block by block with their lines: what every check of wording reads. Pure.

Code, addresses and quoted figures are no words of the author: each stands as one sign, GAP.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from outreach import serbian
from outreach.newsroom import facts, markdown, numbers
from outreach.newsroom.heads import Header, Record
from outreach.newsroom.numbers import Number

GAP = "\ufffc"
PARAGRAPH, ENTRY, OTHER = "paragraph", "entry", "other"
_BEGINNING = 4
"""How many words tell an entry from others."""
_FOLD = 60
"""The most signs that a file has between two words of an entry."""


@dataclass(frozen=True)
class Passage:
    """One block of the body, or one entry of the head; [[kept]] words have their brackets.

    `breaks` are the places in `text` where the next line of the file begins.
    """

    kind: str
    text: str
    line: int
    breaks: tuple[int, ...] = ()

    def line_at(self, place: int) -> int:
        return self.line + bisect_right(self.breaks, place)

    @property
    def own_words(self) -> str:
        """The text with a GAP for each letter of [[kept]] words: these stand as written, whatever they are."""
        return serbian.KEPT.sub(lambda found: GAP * len(found[0]), self.text)


@dataclass(frozen=True)
class Link:
    """A link of the body; `words` is what a reader sees of it."""

    address: str
    words: str
    line: int


@dataclass(frozen=True)
class Prose:
    """`headings` are those of the body, their figures still by name; `numbers` are those of all passages."""

    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    headings: tuple[str, ...] = ()
    numbers: tuple[tuple[int, Number], ...] = ()
    """Each with its line."""


def of_body(tokens: Sequence[Token], first_line: int) -> Prose:
    """The prose of a parsed body that begins on this line of its file."""
    passages: list[Passage] = []
    links: list[Link] = []
    headings = []
    for before, block in zip(tokens, tokens[1:], strict=False):
        if block.type == "inline":
            kind = PARAGRAPH if before.type == "paragraph_open" else OTHER
            passage = _passage(kind, block, first_line + (block.map[0] if block.map else 0))
            passages.append(passage)
            links += _links(block.children or (), passage.line)
            if before.type == "heading_open":
                headings.append(markdown.words(block.children or ()))
    return Prose(tuple(passages), tuple(links), tuple(headings))


def of_head(text: str, header: Header) -> tuple[Passage, ...]:
    """The sentences of a head; `text` is the whole file."""
    said = {
        "title": (header.title,),
        "summary": (header.summary,),
        "as_of_reason": (header.as_of_reason,),
        "withdrawn_reason": (header.withdrawn_reason,),
        "note": tuple(change.note for change in header.changes),
        "partners": (header.record or Record()).partners,
    }
    return tuple(_entry(text, name, words) for name, each in said.items() for words in each if words)


def counted(said: Prose, language: str) -> Prose:
    """The prose with its numbers found, as this language writes them."""
    found = tuple(
        (passage.line_at(number.start), number)
        for passage in said.passages
        for number in numbers.found(passage.text, language)
    )
    return replace(said, numbers=found)


def line_of_entry(text: str, name: str) -> int:
    """The line of the head on which this entry stands, else the first."""
    found = re.search(rf"^[ -]*{name}:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _entry(text: str, name: str, words: str) -> Passage:
    """An entry's words where they stand: they are one line here, and in the file may be folded over several."""
    entry = re.search(rf"^[ -]*{name}:", text, re.MULTILINE)
    place = entry.end() if entry else 0
    beginning = r"\s+".join(re.escape(word) for word in words.split()[:_BEGINNING])
    if first := re.compile(beginning).search(text, place):
        place = first.start()
    words, line = facts.QUOTE.sub(GAP, words), text.count("\n", 0, place) + 1
    breaks: list[int] = []
    offset = 0
    for word in words.split(" "):
        found = text.find(word, place, place + len(word) + _FOLD)
        if found >= 0:
            breaks += [offset] * text.count("\n", place, found)
            place = found + len(word)
        offset += len(word) + 1
    return Passage(ENTRY, words, line, tuple(breaks))


def _passage(kind: str, block: Token, line: int) -> Passage:
    text, breaks = "", []
    for token, is_address in _inline(block.children or ()):
        if token.type in ("softbreak", "hardbreak"):
            text += " "
            breaks.append(len(text))
        elif token.type == "kept":
            text += f"[[{token.content}]]"
        elif token.content:
            text += GAP if is_address or token.type != "text" else facts.QUOTE.sub(GAP, token.content)
    return Passage(kind, text, line, tuple(breaks))


def _inline(children: Iterable[Token]) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it is the text of a bare address such as <https://…>."""
    is_address = False
    for token in children:
        if token.type in ("link_open", "link_close"):
            is_address = token.type == "link_open" and token.info == "auto"
        yield token, is_address


def _links(children: Iterable[Token], line: int) -> Iterator[Link]:
    address, words, at = "", "", line
    is_inside = False
    for token, is_address in _inline(children):
        if token.type == "link_open" and not is_address:
            is_inside, address, words, at = True, str(token.attrs["href"]), "", line
        elif token.type == "link_close" and is_inside:
            is_inside = False
            yield Link(address, words, at)
        elif token.type in ("softbreak", "hardbreak"):
            line, words = line + 1, f"{words} "
        else:
            words += token.content
