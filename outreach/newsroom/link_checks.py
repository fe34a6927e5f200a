"""Links between the pages of the site: each leads to a document that its reader may see, or to another known page.

A document here is what the files say at one moment; only links of good files are looked at, and what a file with faults
would have been is not known: a link to it is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from outreach.language import mark
from outreach.newsroom import addresses, entries, markdown
from outreach.newsroom.addresses import Target
from outreach.newsroom.facts import Facts
from outreach.newsroom.faults import Fault
from outreach.newsroom.prose import Link
from outreach.newsroom.together import Good

_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Document:
    """The texts of one document by language; it is public from the last embargo of its published texts on."""

    texts: Mapping[str, Good]

    @cached_property
    def state(self) -> str:
        states = {text.header.state for text in self.texts.values()}
        return next(state for state in ("withdrawn", "published", "draft") if state in states)

    @cached_property
    def public_from(self) -> datetime:
        headers = (text.header for text in self.texts.values())
        return max((h.public_from for h in headers if h.state == "published" and h.public_from), default=_ALWAYS)

    def text(self, language: str) -> Good:
        """What a reader of this language gets."""
        shown = {name: text for name, text in self.texts.items() if text.header.state == self.state}
        return shown.get(language) or next(iter(shown.values()))


@dataclass
class _Site:
    by_path: Mapping[str, _Document]
    by_id: Mapping[str, _Document]
    unread: AbstractSet[str]
    facts: Facts
    now: datetime
    _anchors: dict[str, frozenset[str]] = field(default_factory=dict)

    def may_be_unread(self, target: Target) -> bool:
        return bool(self.unread) if target.id else not self.unread.isdisjoint(target.documents)

    def anchors(self, text: Good) -> frozenset[str]:
        file, language = text.found.file, text.found.language
        if file not in self._anchors:
            headings = [self.facts.quoted(heading, language) for heading in text.prose.headings]
            self._anchors[file] = frozenset([*markdown.anchors(headings), *markdown.TAKEN])
        return self._anchors[file]


def notes(texts: Collection[Good], unread: AbstractSet[str], facts: Facts, now: datetime) -> Iterator[Fault]:
    """A note for every link that leads nowhere; `unread` are the paths of files that have faults of their own."""
    by_path: dict[str, dict[str, Good]] = defaultdict(dict)
    for text in texts:
        by_path[text.found.path][text.found.language] = text
    documents = {path: _Document(of_path) for path, of_path in by_path.items()}
    ids = {next(iter(one.texts.values())).header.id: one for one in documents.values()}
    site = _Site(documents, ids, unread, facts, now)
    for text in texts:
        for link in text.prose.links:
            if wrong := _wrong(text, link, site):
                message, values = wrong
                yield Fault(text.found.file, link.line, message, {"address": link.address} | values, is_blocking=False)


_Wrong = tuple[str, dict[str, str]] | None


def _wrong(text: Good, link: Link, site: _Site) -> _Wrong:
    if link.address.startswith("#"):
        return _no_anchor(text, link.address[1:], site)
    target = addresses.target(link.address)
    if target is None or target.is_route or site.may_be_unread(target):
        return None
    paths = (site.by_path[path] for path in target.documents if path in site.by_path)
    document = site.by_id.get(target.id) if target.id else next(paths, None)
    if document is None:
        known = [f"/{path}" for path in (*site.by_path, *addresses.ROUTES) if path and "<" not in path]
        message = mark("The link “{address}” leads to no page of the site{hint}.")
        return message, {"hint": entries.hint(f"/{target.path}", known)}
    return _unseen(text, document, site) or _no_anchor_there(text, target, document, site)


def _unseen(text: Good, document: _Document, site: _Site) -> _Wrong:
    """Whether a reader of this text cannot see that document; the readers of a draft may see other drafts."""
    own = site.by_path[text.found.path]
    if document.state == "withdrawn" or (document.state == "draft" and text.header.state != "draft"):
        return mark("The link “{address}” leads to a page that is not published."), {}
    if document.public_from > max(site.now, own.public_from):
        return mark("The link “{address}” leads to a page that is published later than this one."), {}
    return None


def _no_anchor_there(text: Good, target: Target, document: _Document, site: _Site) -> _Wrong:
    is_history = target.path not in site.by_path and target.id is None
    if is_history or not target.anchor:
        return None
    return _no_anchor(document.text(target.language or text.found.language), target.anchor, site)


def _no_anchor(shown: Good, anchor: str, site: _Site) -> _Wrong:
    known = site.anchors(shown) if anchor else ()
    if not anchor or anchor in known:
        return None
    message = mark("The link “{address}” leads to a part that is not on the page{hint}.")
    return message, {"hint": entries.hint(anchor, known)}
