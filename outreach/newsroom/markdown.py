"""Markdown to HTML: raw HTML is off, and an allow-list cleans the result once more (reliability.md F-12).

Serbian is written in Cyrillic; its Latin form is made over the parser's tokens, so that code, addresses and [[kept]]
words stay as written (recipes.md H).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.helpers import parse_link_destination, parse_link_title
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from outreach import serbian
from outreach.language import Variant
from outreach.newsroom import links, record_tables

# Anchors that pages use themselves: those of their frame, and those of what stands around a text.
_FRAME = ("main", "site-q", "strip", "press-panel", "on-page")
_AROUND = ("changes", "figures", "record", "projects", "fact-sheets", "milestones", "related", "cite")
TAKEN = (*_FRAME, *_AROUND)

TAGS = {"p", "br", "hr", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "h2", "h3", "h4"}
TAGS |= {"div", "span", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "ul": {"class"},
    "div": {"class", "role", "tabindex", "aria-labelledby"},
    "span": {"lang"},
    "table": {"class", "role"},
    "thead": {"role"},
    "tbody": {"role"},
    "tr": {"role"},
    "th": {"role", "scope", "class"},
    "td": {"role", "class", "data-label"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
}
CLASSES = frozenset({"key-points", "scroll-region", "table figures stacks", "amount"})
_ANCHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_KEPT = re.compile(r"\[\[(?!\[)(.+?)\]\]")


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """Clean HTML, the headings in it, and its words without any marks, for the search."""

    html: str
    headings: tuple[Heading, ...]
    plain: str


def _kept(state: StateInline, silent: bool) -> bool:
    """The inline rule for [[words]]: they stay as written in every variant."""
    found = _KEPT.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("kept", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _link_label(state: StateInline, start: int, disableNested: bool = False) -> int:
    """Where the text of a link ends, -1 for nowhere: as markdown-it's own finds it, but [[kept]] words may be in it."""
    was, level, end = state.pos, 1, -1
    state.pos = start + 1
    while state.pos < state.posMax:
        before, sign = state.pos, state.src[state.pos]
        level -= sign == "]"
        if not level:
            end = state.pos
            break
        is_kept = _KEPT.match(state.src, state.pos, state.posMax)
        state.md.inline.skipToken(state)
        if sign == "[" and not is_kept:
            if disableNested and state.pos > before + 1:  # a link within the link
                break
            level += state.pos == before + 1
    state.pos = was
    return end


def _render_kept(
    _self: RendererHTML, tokens: Sequence[Token], at: int, _options: OptionsDict, env: dict[str, Any]
) -> str:
    words = escapeHtml(tokens[at].content)
    is_other_script = env["variant"] is not Variant.CIR and re.search("[\u0400-\u04ff]", words)
    return f'<span lang="sr-Cyrl">{words}</span>' if is_other_script else words


def _render_table(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, _env: dict[str, Any]
) -> str:
    label = tokens[at].meta.get("label")
    named = f' role="region" tabindex="0" aria-labelledby="{label}"' if label else ""
    return f'<div class="scroll-region"{named}>{self.renderToken(tokens, at, options, {})}'


def _render_table_end(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, _env: dict[str, Any]
) -> str:
    return f"{self.renderToken(tokens, at, options, {})}</div>"


def _render_heading(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, _env: dict[str, Any]
) -> str:
    """A heading leads to itself, so that its address can be taken; one with a link in it does not."""
    opened = self.renderToken(tokens, at, options, {})
    anchor = tokens[at].attrs.get("id")
    return opened if _has_link(tokens[at + 1]) or not anchor else f'{opened}<a href="#{anchor}">'


def _render_heading_end(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, _env: dict[str, Any]
) -> str:
    closed = self.renderToken(tokens, at, options, {})
    return closed if _has_link(tokens[at - 1]) or not tokens[at - 2].attrs.get("id") else f"</a>{closed}"


def _has_link(block: Token) -> bool:
    return any(token.type == "link_open" for token in block.children or ())


def parser(is_strict: bool = True) -> MarkdownIt:
    """The one dialect. Without `is_strict` every link is parsed, so that a check can name the wrong ones."""
    md = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    md.inline.ruler.before("link", "kept", _kept)
    setattr(md, "helpers", _Helpers)  # noqa: B010 - markdown-it's own hook, as is the next one
    setattr(md, "validateLink", links.is_allowed if is_strict else _any_link)  # noqa: B010
    md.add_render_rule("kept", _render_kept)
    md.add_render_rule("heading_open", _render_heading)
    md.add_render_rule("heading_close", _render_heading_end)
    md.add_render_rule("table_open", _render_table)
    md.add_render_rule("table_close", _render_table_end)
    return md


class _Helpers:
    """What markdown-it reads the parts of a link with."""

    parseLinkLabel = staticmethod(_link_label)
    parseLinkDestination = staticmethod(parse_link_destination.parseLinkDestination)
    parseLinkTitle = staticmethod(parse_link_title.parseLinkTitle)


def _any_link(_address: str) -> bool:
    return True


_STRICT = parser()


@lru_cache(maxsize=1024)
def render(content_hash: str, body: str, language: str, variant: Variant) -> Rendered:
    """A body as HTML of one variant; lazily, and kept by the hash of its file and the variant.

    `language` is the body's own, "en" or "sr"; Serbian is turned into Latin for every variant but Cyrillic.
    """
    tokens = _STRICT.parse(body)
    if language == "sr" and variant is not Variant.CIR:
        _turn_to_latin(tokens)
    headings = _anchor(tokens)
    _lead_list(tokens)
    record_tables.dress(tokens)
    for token in _inline(tokens):
        if token.type == "link_open":
            token.attrSet("href", links.in_variant(str(token.attrs["href"]), variant))
    html = _STRICT.renderer.render(tokens, _STRICT.options, {"variant": variant})
    return Rendered(clean(html), tuple(headings), plain(tokens))


def clean(html: str) -> str:
    """The second wall: only tags, attributes, classes and schemes of the lists above remain."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_only_ours,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _only_ours(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if links.is_allowed(value) else None
    if name == "class":
        return value if value in CLASSES else None
    if name == "id":
        return value if _ANCHOR.fullmatch(value) else None
    return value


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _turn_to_latin(tokens: Sequence[Token]) -> None:
    for block in tokens:
        is_address = False
        for token in block.children or ():
            if token.type == "link_open":
                is_address = token.info == "auto"
                if "title" in token.attrs:
                    token.attrSet("title", serbian.to_latin(str(token.attrs["title"])))
            elif token.type == "link_close":
                is_address = False
            elif token.type == "text" and not is_address:
                token.content = serbian.to_latin(token.content)


def words(children: Sequence[Token]) -> str:
    """What a reader sees of one block."""
    return "".join(" " if t.type in ("softbreak", "hardbreak") else t.content for t in children)


def anchors(texts: Iterable[str]) -> list[str]:
    """The anchors of headings with these texts, in plain letters, the same for both scripts."""
    taken = set(TAKEN)
    wanted = [serbian.fold(text).replace(" ", "-") for text in texts]
    return [_free(anchor if _ANCHOR.fullmatch(anchor) else "part", taken) for anchor in wanted]


def _anchor(tokens: Sequence[Token]) -> list[Heading]:
    """Give every heading its anchor; tables learn the heading above them."""
    texts = [words(below.children or ()) for above, below in _neighbours(tokens) if above.type == "heading_open"]
    headings: list[Heading] = []
    waiting = zip(anchors(texts), texts, strict=True)
    for token in tokens:
        if token.type == "heading_open":
            anchor, text = next(waiting)
            token.attrSet("id", anchor)
            headings.append(Heading(int(token.tag[1]), anchor, text))
        elif token.type == "table_open" and headings:
            token.meta["label"] = headings[-1].anchor
    return headings


def _neighbours(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    return zip(tokens, tokens[1:], strict=False)


def _free(wanted: str, taken: set[str]) -> str:
    anchor, count = wanted, 1
    while anchor in taken:
        count += 1
        anchor = f"{wanted}-{count}"
    taken.add(anchor)
    return anchor


def _lead_list(tokens: Sequence[Token]) -> None:
    """A list that opens the document, before any heading, is its key points."""
    if tokens and tokens[0].type == "bullet_list_open":
        tokens[0].attrSet("class", "key-points")


def plain(tokens: Sequence[Token]) -> str:
    """The words of a document, block by block."""
    blocks = [words(t.children or ()) if t.type == "inline" else t.content for t in tokens if t.content]
    return "\n".join(blocks)


def one_line(text: str, language: str, variant: Variant) -> str:
    """A title, summary or note in one variant; [[kept]] words lose their brackets and stay as written."""
    if language == "sr" and variant is not Variant.CIR:
        text = serbian.to_latin(text, keep=(serbian.KEPT,))
    return _KEPT.sub(r"\1", text)
