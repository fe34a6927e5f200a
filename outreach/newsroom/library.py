"""The library: every document as of one generation of the database, ready to be read in three variants.

It is immutable, so threads share it; one cheap SELECT tells whether it still holds. An embargo is asked at every
reading, with the caller's `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from outreach import language
from outreach.db import Database
from outreach.errors import NotFound
from outreach.house import House
from outreach.language import Variant
from outreach.newsroom import pages, shelving
from outreach.newsroom.finding import Finder, Results
from outreach.newsroom.models import BASELINE, FIRST, Generation
from outreach.newsroom.pages import Item, Page, Shelved
from outreach.newsroom.places import Places
from outreach.serbian import fold


@dataclass(frozen=True)
class Story:
    """One publication on the home page and in a feed: what happened to which document, when, with the note of a change.

    `key` is that of the publication: "first", or the time of the change as its author wrote it."""

    item: Item
    key: str
    label: str
    at: datetime
    note: str | None
    note_lang: str | None


@dataclass(frozen=True)
class PublicationView:
    """A publication as a digest tells it. `label` is in the variant's language; `lang` is that of title and summary,
    and `translated` is False when they are not in the variant's language. `path` begins with the variant."""

    id: int
    document_id: str
    kind: str
    label: str
    title: str
    summary: str
    path: str
    url: str
    public_at: datetime
    note: str | None
    note_lang: str | None
    translated: bool
    lang: str
    topics: tuple[str, ...]
    is_withdrawn: bool
    reason: str | None


_kept: WeakKeyDictionary[Database, Library] = WeakKeyDictionary()
_loading = Lock()


_GENERATION = select(Generation.number, Generation.folder_hash)
_GENERATION_SQL = str(_GENERATION)


def current(house: House) -> Library:
    """The library for a page, which has no session open yet and mostly needs none."""
    library = _kept.get(house.db)
    if library is not None and library.generation == house.db.glance(_GENERATION_SQL):
        return library
    with house.db.read() as session:
        return opened(session, house)


def opened(session: Session, house: House) -> Library:
    """The library as of this database's generation; loaded anew only when something has changed."""
    row = session.execute(_GENERATION).first()
    generation = (row.number, row.folder_hash) if row is not None else (0, "")
    library = _kept.get(house.db)
    if library is not None and library.generation == generation:
        return library
    with _loading:
        library = _kept.get(house.db)
        if library is None or library.generation != generation:
            library = Library(house, generation, shelving.load(session, house))
            _kept[house.db] = library
    return library


class Library:
    """All documents of one generation; `generation` is its number and the hash of the folder."""

    def __init__(self, house: House, generation: tuple[int, str], shelf: shelving.Shelf) -> None:
        self.generation = generation
        self._office = house.office
        # The address alone: a library that held the house would keep its own database alive for ever.
        self._base_url = house.url("")
        self._shelf = shelf
        # A path may have been left by one document and taken by another: the one that is there wins.
        self._by_path = {d.path: d for d in sorted(shelf.documents, key=lambda d: d.state != "gone")}
        self._by_id = {d.id: d for d in shelf.documents}
        self._finders: dict[Variant, Finder] = {}
        self._told: list[tuple[Shelved, str]] | None = None

    def get(self, path: str, variant: Variant, now: datetime) -> Page:
        """The page at a path such as "about/relations" or "media/". A withdrawn or removed one is a stub.

        NotFound for a path that is unknown, a draft, or under embargo.
        """
        document = self._by_path.get(path)
        if document is None:
            raise NotFound(path)
        if document.is_public(now):
            return pages.page(document, document.text_for(variant), variant)
        if document.was_public and document.state != "published" and document.texts:
            return pages.stub(document, variant)
        raise NotFound(path)

    def preview(self, document_id: str, variant: Variant) -> Page:
        """A document as it stands in its files, whatever its state: for the desk alone."""
        document = self._by_id.get(document_id)
        if document is None or not document.texts:
            raise NotFound(document_id)
        language_shown = variant.language if variant.language in document.texts else next(iter(document.texts))
        return pages.page(document, document.texts[language_shown], variant)

    def unpublished(self, document_id: str) -> tuple[str, ...]:
        """The languages whose text is there but not published."""
        texts = self._by_id[document_id].texts if document_id in self._by_id else {}
        return tuple(sorted(x for x, text in texts.items() if text.header.state == "draft"))

    def path_of(self, document_id: str) -> str:
        """Where a document lies; NotFound for an unknown id and for one that was never public."""
        document = self._by_id.get(document_id)
        if document is None or not document.was_public:
            raise NotFound(document_id)
        return document.path

    def moved(self, path: str) -> str | None:
        """Where the document that once lay here lies, when it was public; None otherwise."""
        document = self._by_id.get(self._shelf.old_paths.get(path, ""))
        return document.path if document is not None and document.was_public and document.path != path else None

    def variants(self, path: str, now: datetime) -> frozenset[Variant]:
        """The variants that a public document really has; a missing translation is not among them."""
        document = self._by_path.get(path)
        if document is None or not document.is_public(now):
            return frozenset()
        having = {text.language for text in document.texts.values() if text.header.state == "published"}
        return frozenset(v for v in Variant if v.language in having)

    def items(self, variant: Variant, now: datetime, kind: str) -> list[Item]:
        """All public documents of a kind, in order of path."""
        found = [d for d in self._shelf.documents if d.kind == kind and d.is_public(now)]
        return [pages.item(d, d.text_for(variant), variant) for d in sorted(found, key=lambda d: d.path)]

    def item(self, path: str, variant: Variant, now: datetime) -> Item | None:
        """The public document at a path, as in a list; None when there is none."""
        document = self._by_path.get(path)
        if document is None or not document.is_public(now):
            return None
        return pages.item(document, document.text_for(variant), variant)

    def belonging(self, programme: str, variant: Variant, now: datetime, kind: str) -> list[Item]:
        """The public documents of a kind that name this programme, by its slug, as theirs."""
        return [item for item in self.items(variant, now, kind) if item.programme == programme]

    @property
    def places(self) -> Places:
        return self._shelf.data.places

    def updates(self, variant: Variant, now: datetime, limit: int | None = None) -> list[Item]:
        """Public updates, the latest first; of one moment, those of today before those of a past event."""
        found = self.items(variant, now, "update")
        found.sort(key=lambda u: (u.public_at or now, u.event_on.on if u.event_on else date.max, u.path), reverse=True)
        return found[:limit]

    def stories(self, variant: Variant, now: datetime, limit: int, topic: str | None = None) -> list[Story]:
        """What happened last: updates, and changes to any document; not the pages that were there from the start."""
        moments = [
            (moment, document)
            for document in self._shelf.documents
            if document.is_public(now) and (topic is None or topic in document.topics)
            for moment in document.moments
            if moment.state != BASELINE or (moment.key == FIRST and document.kind == "update")
        ]
        moments.sort(key=lambda pair: (pair[0].public_at, _happened(pair[1], variant), pair[1].path), reverse=True)
        return [_story(moment, document, variant) for moment, document in moments[:limit]]

    def publication_view(self, session: Session, publication_id: int, variant: Variant) -> PublicationView | None:
        """A publication as a digest tells it; None when its document has left no text at all.

        A withdrawn document keeps its title and has the reason in place of a summary. `session` is not used beyond
        the generation it was opened with; it stands here so that a caller cannot hold on to an old library.
        """
        document = self._shelf.by_publication.get(publication_id)
        if document is None or not document.texts:
            return None
        moment = next(m for m in document.moments if m.id == publication_id)
        is_withdrawn = document.state != "published"
        stub = pages.stub(document, variant) if is_withdrawn else None
        text = next(iter(document.texts.values())) if is_withdrawn else document.text_for(variant)
        item = stub.item if stub else pages.item(document, text, variant)
        said = moment.note(variant)
        path = f"/{variant.segment}/{document.path}"
        return PublicationView(
            id=moment.id,
            document_id=document.id,
            kind=moment.kind,
            label=language.text(variant, pages.label(moment, text)),
            title=item.title,
            summary="" if is_withdrawn else item.summary,
            path=path,
            url=self._base_url + path,
            public_at=moment.public_at,
            note=said[0] if said else None,
            note_lang=said[1] if said else None,
            translated=item.is_translated,
            lang=item.lang,
            topics=document.topics,
            is_withdrawn=is_withdrawn,
            reason=stub.withdrawn_reason if stub else None,
        )

    def search(self, query: str, variant: Variant, now: datetime, kind: str | None = None, leaf: int = 1) -> Results:
        """Public documents that have every word of the query, best first; script, diacritics and case do not count."""
        if variant not in self._finders:  # two threads may both build it: the results are equal
            self._finders[variant] = Finder(self._shelf.documents, variant, self._office.zone)
        return self._finders[variant].find(query, now, kind, leaf)

    def saying(self, folded: str, variant: Variant, now: datetime) -> list[Item]:
        """The public documents in whose words this stands, given as its search key (serbian.fold); the latest first."""
        if self._told is None:  # two threads may both make it: the results are equal
            self._told = [(document, _told(document)) for document in self._shelf.documents]
        found = [d for d, told in self._told if folded in told and d.is_public(now)]
        items = [pages.item(d, d.text_for(variant), variant) for d in found]
        return sorted(items, key=lambda item: (item.public_at is not None, item.public_at), reverse=True)


def _told(document: Shelved) -> str:
    """All published words of a document as one search key, language by language."""
    texts = [text for text in document.texts.values() if text.header.state == "published"]
    shown = [pages.page(document, text, Variant.EN if text.language == "en" else Variant.LAT) for text in texts]
    return "\n".join(fold(f"{p.item.title}. {p.item.summary} {p.rendered.plain if p.rendered else ''}") for p in shown)


def _happened(document: Shelved, variant: Variant) -> date:
    """The date of the event that a document tells; without one it tells of its own day, later than any."""
    event = document.text_for(variant).header.event_on
    return event.on if event else date.max


def _story(moment: pages.Moment, document: Shelved, variant: Variant) -> Story:
    said = moment.note(variant)
    text = document.text_for(variant)
    label = language.text(variant, pages.label(moment, text))
    item = pages.item(document, text, variant)
    return Story(item, moment.key, label, moment.public_at, said[0] if said else None, said[1] if said else None)
