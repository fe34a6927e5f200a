"""The editions of one slot: what a mail with certain items says in a variant, put together from pieces made once.

Readers with the same items, topics and variant share an edition to the last byte but for their own two links; readers
with other items share the pieces.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from jinja2 import TemplateError
from sqlalchemy.orm import Session

from outreach.digests import compose, pieces
from outreach.digests.compose import AS_ONE_LINE, IN_SHORT, ITEM_WORDS, LEAD_WORDS, Item, Line
from outreach.digests.pieces import Piece, joined, sentence
from outreach.house import House
from outreach.language import Variant
from outreach.mail import blocks, forms, verp
from outreach.mail.compose import Words, place, run_number
from outreach.mail.headers import clean
from outreach.mail.message import Segment, encoding_of
from outreach.newsroom import library
from outreach.newsroom.library import PublicationView
from outreach.subscriptions.models import EVERYTHING
from outreach.subscriptions.slots import Slot

# A copy's own two values, by their places: the tokens of these links.
PREFERENCES, UNSUBSCRIBE = 0, 1
MOST_SENTENCES = 20_000


class Key(NamedTuple):
    """What decides an edition: the variant, its publications in rising order, the topics that the reader asked for."""

    variant: str
    publications: tuple[int, ...]
    topics: tuple[str, ...]


class Parts(NamedTuple):
    """What an edition says, in whole pieces."""

    subject: str
    first_line: Piece
    told: Sequence[Piece]
    why: Piece


class Editions:
    """All editions of one slot. It is made at one moment, so that all its mails tell an item in the same words."""

    def __init__(self, session: Session, house: House, slot: Slot, number: int, line: Line, ids: Collection[int]):
        self.house, self.slot, self.number, self.line = house, slot, number, line
        shelf = library.opened(session, house)
        found = {variant: [shelf.publication_view(session, one, variant) for one in ids] for variant in Variant}
        self._views = {variant: _told(views) for variant, views in found.items()}
        self._order = [view.id for view in compose.in_order(list(self._views[Variant.EN].values()))]
        self._frames: dict[tuple[Variant, tuple[str, str]], Piece] = {}
        self._sentences: dict[tuple[Variant, str, str], Piece] = {}
        self._pieces: dict[tuple[Variant, str, int, int], Piece] = {}
        self._items: dict[tuple[Variant, int, int], Item] = {}
        self.broken = frozenset(one for one in self._order if not self._can_be_told(one))
        self._order = [one for one in self._order if one not in self.broken]

    @property
    def told(self) -> frozenset[int]:
        """The publications that can be told: not one that left no text, nor a broken one."""
        return frozenset(self._order)

    def words(self, key: Key, preferences: str = "", unsubscribe: str = "") -> Words:
        """The mail of an edition, with these links, or with places for those of a copy."""
        parts, variant = self.parts(key), Variant.of(key.variant)
        whole = self.frame(variant, preferences, unsubscribe).filled(
            first_line=joined([parts.first_line]), told=joined(parts.told), why=joined([parts.why])
        )
        return Words(parts.subject, *joined([whole]))

    def parts(self, key: Key) -> Parts:
        """What an edition says, piece by piece. Raises headers.BadHeader when its subject cannot be sent."""
        variant, ids = Variant.of(key.variant), set(key.publications)
        order = [one for one in self._order if one in ids]
        titles = [self._views[variant][one].title for one in order]
        first = self._item(variant, order[0], LEAD_WORDS)
        subject = compose.subject(variant, first.title, len(order) - 1, self.slot.at, self.house.office.zone)
        why = compose.asked_for(self.house, variant, self.slot.cadence, key.topics)
        return Parts(
            clean(" ".join(subject.split())),
            self._sentence(variant, "first_line", compose.first_line(variant, titles, first.when)),
            self._told_pieces(variant, order),
            self._sentence(variant, "why", why),
        )

    def frame(self, variant: Variant, preferences: str = "", unsubscribe: str = "") -> Piece:
        """What all mails of the slot share in a variant, with its gaps."""
        links = (preferences, unsubscribe) if preferences else self.links(variant)
        known = (variant, links)
        if known not in self._frames:
            self._frames[known] = pieces.frame(self.house, variant, self._masthead(variant), *links)
        return self._frames[known]

    def keep(self, session: Session, now: datetime, made: Sequence[tuple[Key, Words]]) -> dict[Key, str]:
        """Keep editions, or what several share, as forms of the mail room; the name of each there.

        All blocks come before all forms, in one order, so that two planners at once never wait for each other.
        """
        for segment in sorted({key.variant for key, _ in made}):
            said = [words for key, words in made if key.variant == segment]
            texts = {one.text for words in said for one in (*words.text, *words.html) if one.shared and not is_run(one)}
            blocks.keep(session, now, sorted(texts), encoding_of(Variant.of(segment)))
        return {key: self._form(session, now, Variant.of(key.variant), words) for key, words in made}

    def links(self, variant: Variant) -> tuple[str, str]:
        """The addresses of preferences and unsubscribe pages, with places for the tokens of a copy."""
        return (
            self.house.url(f"/{variant.segment}/preferences/{place(PREFERENCES)}"),
            self.house.url(f"/{variant.segment}/unsubscribe/{place(UNSUBSCRIBE)}"),
        )

    def said(self, publication_id: int) -> dict[str, dict[str, Any]]:
        """How each variant tells a publication, in full, as JSON: what the archive keeps."""
        return {variant.segment: as_said(views[publication_id]) for variant, views in self._views.items()}

    def title(self, publication_id: int, variant: Variant) -> str:
        return self._views[variant][publication_id].title

    def untranslated(self, variant: Variant) -> list[int]:
        """The publications that are told in another language than the variant's."""
        return [one for one in self._order if not self._views[variant][one].translated]

    def _can_be_told(self, publication_id: int) -> bool:
        """Whether a mail of this publication alone can be made: a broken one keeps back no others (D-17)."""
        try:
            for variant in Variant:
                self.words(Key(variant.segment, (publication_id,), (EVERYTHING,)))
        except (ValueError, TemplateError):
            return False
        return True

    def _told_pieces(self, variant: Variant, order: Sequence[int]) -> list[Piece]:
        shown, briefs = order[: 1 + IN_SHORT], order[1 + IN_SHORT : 1 + IN_SHORT + AS_ONE_LINE]
        told = [self._piece(variant, "told", one, n) for n, one in enumerate(shown, start=1)]
        if briefs:
            lines = [self._piece(variant, "brief", one) for one in briefs]
            more = len(order) - len(shown) - len(briefs)
            if more:
                lines.append(self._piece(variant, "more", more))
            told.append(self._piece(variant, "briefs").filled(briefs=joined(lines)))
        return told

    def _piece(self, variant: Variant, name: str, number: int = 0, at: int = 0) -> Piece:
        """A block of the templates: an item's, at its place; or another one, with a count."""
        known = (variant, name, number, at)
        if known not in self._pieces:
            about: dict[str, Any] = {"masthead": self._masthead(variant), "count": number, "place": at}
            if name in ("told", "brief"):
                about["item"] = self._item(variant, number, LEAD_WORDS if at == 1 else ITEM_WORDS)
            self._pieces[known] = pieces.block(self.house, variant, name, **about)
        return self._pieces[known]

    def _item(self, variant: Variant, publication_id: int, words: int) -> Item:
        known = (variant, publication_id, words)
        if known not in self._items:
            view = self._views[variant][publication_id]
            self._items[known] = compose.item(variant, view, self.house.office.zone, words)
        return self._items[known]

    def _form(self, session: Session, now: datetime, variant: Variant, words: Words) -> str:
        page = self.house.url(f"/{variant.segment}/unsubscribe/")
        headers = compose.headers(self.house, self.slot.cadence, page, place(UNSUBSCRIBE))
        return forms.keep(
            session, self.house, now, variant=variant, words=words, headers=headers,
            reply_to=verp.press_desk(self.house),
        )  # fmt: skip

    def _sentence(self, variant: Variant, gap: str, said: str) -> Piece:
        """The line of a gap with a sentence in it."""
        known = (variant, gap, said)
        if known not in self._sentences:
            if len(self._sentences) > MOST_SENTENCES:
                self._sentences.clear()
            self._sentences[known] = self.frame(variant).line_of(gap).filled(**{gap: sentence(said)})
        return self._sentences[known]

    def _masthead(self, variant: Variant) -> compose.Masthead:
        return compose.masthead(self.house, self.slot, self.number, self.line, variant)


# The words of a publication that the archive keeps.
SAID = ("label", "title", "lang", "summary", "note", "note_lang", "translated")


def as_said(view: PublicationView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in SAID}


def as_mailed(view: PublicationView, said: Mapping[str, Any] | None) -> PublicationView:
    """The view in the words that were mailed; in its own when none are kept, or when it was withdrawn since."""
    return replace(view, **said) if said and not view.is_withdrawn else view


def is_run(segment: Segment) -> bool:
    """Whether each copy has blocks of its own here."""
    return run_number(segment.text) is not None


def _told(views: Sequence[PublicationView | None]) -> Mapping[int, PublicationView]:
    return {view.id: view for view in views if view is not None and not view.is_withdrawn}
