"""The words of an HTML mail, without its markup; what it cites is marked as in a plain one, with "> ".

Nothing but text comes out, so the markup is only walked over, once from end to end: parsers that build or mend a page
take minutes for what a stranger can write in a megabyte of nested or unfinished elements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

# Where lines end, and what has nothing to read in it.
_BLOCKS = frozenset({
    "p", "div", "blockquote", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "br",
})  # fmt: skip
_SPACED = frozenset({"p", "ul", "ol", "table", "blockquote"})  # an empty line follows
_UNSAID = frozenset({"script", "style", "title", "head", "template", "noscript", "svg", "math", "object", "iframe"})
_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9]*)((?:[\s/][^>]*)?)>")
_HREF = re.compile(r"\shref\s*=\s*[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DEEPEST = 9  # marks before a cited line


def words_of(html: str) -> str:
    """Its text in lines; a link's address stands after it where the words do not say it."""
    words = _Words()
    for tag, attributes, text in _read(html):
        words.tag(tag, attributes)
        words.say(unescape(text).replace("\xa0", " "))
    return "\n".join(_with_few_blanks(words.finished())).strip("\n")


def _read(html: str) -> Iterator[tuple[str, str, str]]:
    """Each tag ("p", "/p", "" for none), its attributes, and the text after it; what has no words is passed over."""
    until = ""  # "-->" or the tag that ends what is passed over
    for number, piece in enumerate(html.split("<")):
        found = _TAG.match(piece) if number else None
        tag = found[1] + found[2].lower() if found else ""
        if until:
            is_over = tag == until or (until == "-->" and "-->" in piece)
            if is_over:
                yield "", "", piece.partition("-->")[2] if until == "-->" else piece.partition(">")[2]
                until = ""
        elif number and piece.startswith("!--"):
            until = "" if "-->" in piece else "-->"
            yield "", "", piece.partition("-->")[2]
        elif tag in _UNSAID:
            until = f"/{tag}"
        elif found:
            yield tag, found[3], piece[found.end() :]
        else:
            yield "", "", _loose(piece) if number else piece


def _loose(piece: str) -> str:
    """What follows a "<" that begins no element."""
    return piece.partition(">")[2] if piece.startswith(("!", "?", "/")) else f"<{piece}"


class _Words:
    """The lines as they come about."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._pieces: list[str] = []
        self._depth = self._as_it_is = 0
        self._link, self._link_from = "", 0

    def finished(self) -> list[str]:
        self._end_line()
        return self.lines

    def tag(self, tag: str, attributes: str) -> None:
        name = tag.lstrip("/")
        if tag == "a":
            found = _HREF.search(attributes)
            self._link, self._link_from = unescape(found[1]) if found else "", len(self._pieces)
        elif tag == "/a":
            self._end_link()
        elif tag in ("td", "th"):
            self._pieces.append(" ")
        elif name in _BLOCKS:
            self._end_line(must=tag == "br")
            self._open_or_close(tag, name)

    def _open_or_close(self, tag: str, name: str) -> None:
        by = -1 if tag.startswith("/") else 1
        if by < 0 and name in _SPACED:
            self.lines.append(self._mark().rstrip())
        if name == "blockquote":
            self._depth = max(0, self._depth + by)
        elif name == "pre":
            self._as_it_is = max(0, self._as_it_is + by)
        elif tag == "li":
            self._pieces.append("- ")

    def say(self, text: str) -> None:
        if not self._as_it_is:
            self._pieces.append(_SPACE.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._pieces.append(first)
        for line in others:
            self._end_line(must=True)
            self._pieces.append(line)

    def _end_link(self) -> None:
        said = "".join(self._pieces[self._link_from :]).strip() if self._link else ""
        if said and said not in self._link:
            self._pieces.append(f" <{self._link}>")
        self._link = ""

    def _end_line(self, must: bool = False) -> None:
        line = "".join(self._pieces)
        line = line if self._as_it_is else _SPACE.sub(" ", line).strip()
        if line.strip() or must:
            self.lines.append(f"{self._mark()}{line}".rstrip())
        self._pieces, self._link_from = [], 0

    def _mark(self) -> str:
        return "> " * min(self._depth, _DEEPEST)


def _with_few_blanks(lines: list[str]) -> list[str]:
    """Never more than one line in a row that says nothing."""
    bare = [line.strip("> ") for line in lines]
    return [line for at, line in enumerate(lines) if bare[at] or (at and bare[at - 1])]
