"""One content file becomes a head and a body, or a list of everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from markdown_it.token import Token

from outreach.language import mark
from outreach.newsroom import frontmatter, links, markdown, prose, wording
from outreach.newsroom.faults import Fault
from outreach.newsroom.heads import Header
from outreach.newsroom.prose import Prose
from outreach.office import Office

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LENIENT = markdown.parser(is_strict=False)


@dataclass(frozen=True)
class Parsed:
    """A file's text in its parts; `header` is None when the head cannot be read. `prose` is that of head and body."""

    text: str
    header: Header | None
    body: str
    faults: tuple[Fault, ...]
    prose: Prose = field(default_factory=Prose)

    @property
    def is_good(self) -> bool:
        return self.header is not None and not any(fault.is_blocking for fault in self.faults)


def parse(file: str, language: str, raw: bytes, office: Office) -> Parsed:
    """Read one file: encoding, head and body, with every fault of all three."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        return Parsed("", None, "", (Fault(file, line, mark("The file is not in UTF-8.")),))
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return Parsed(text, None, "", (Fault(file, line, mark("There is a control character on this line.")),))
    return parse_text(file, language, text, office.zone, tuple(topic.id for topic in office.topics))


@lru_cache(maxsize=4096)
def parse_text(file: str, language: str, text: str, zone: ZoneInfo, topics: tuple[str, ...] | None) -> Parsed:
    """The same for a text; `topics` None lets any topic pass, as for a version that was once accepted."""
    cut = frontmatter.split(text)
    if cut is None:
        message = mark("The file must begin with a head: a line “---”, the entries, and a line “---”.")
        return Parsed(text, None, text, (Fault(file, 1, message),))
    header, faults = frontmatter.read(file, cut, zone, topics)
    in_body, said = body(file, cut.body, cut.body_line)
    if header is not None:
        said = replace(said, passages=prose.of_head(text, header) + said.passages)
    said = prose.counted(said, language)
    return Parsed(text, header, cut.body, (*faults, *in_body, *wording.notes(file, language, said)), said)


@lru_cache(maxsize=4096)
def body(file: str, text: str, first_line: int) -> tuple[tuple[Fault, ...], Prose]:
    """What is wrong with a body as Markdown, and its prose."""
    faults = []
    tokens = _LENIENT.parse(text)
    for block in tokens:
        line = first_line + (block.map[0] if block.map else 0)
        if block.type == "heading_open" and block.tag in ("h1", "h5", "h6"):
            faults.append(Fault(file, line, mark("Headings are ##, ### and ####; # is the title of the page.")))
        for token, at in _inline(block, line):
            faults += _inline_faults(file, at, token)
    return tuple(faults), prose.of_body(tokens, first_line)


def _inline(block: Token, line: int) -> Iterator[tuple[Token, int]]:
    for token in block.children or ():
        yield token, line
        if token.type in ("softbreak", "hardbreak"):
            line += 1


def _inline_faults(file: str, line: int, token: Token) -> list[Fault]:
    if token.type == "link_open" and not links.is_allowed(str(token.attrs["href"])):
        message = mark("The link “{address}” is not allowed: https://…, mailto:…, /path from the root, or #anchor.")
        return [Fault(file, line, message, {"address": str(token.attrs["href"])})]
    if token.type == "text" and re.search(r"</?[a-zA-Z][^>]*>", token.content):
        return [Fault(file, line, mark("HTML is shown as it stands, not carried out."), is_blocking=False)]
    return []
