"""One document as a reader of one variant sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from outreach.language import Variant, mark
from outreach.newsroom import markdown
from outreach.newsroom.data_files import Data
from outreach.newsroom.facts import ShownFigure
from outreach.newsroom.heads import FACT_SHEET, PAGE, PROGRAMME, PROJECT, UPDATE, Header, Record
from outreach.newsroom.localtime import PartialDate
from outreach.newsroom.markdown import Rendered
from outreach.newsroom.models import BASELINE, CHANGE_NOTE, CORRECTION, FIRST

WORDS = {
    PAGE: mark("Page"),
    UPDATE: mark("Update"),
    PROGRAMME: mark("Programme"),
    PROJECT: mark("Project"),
    FACT_SHEET: mark("Fact sheet"),
    "news": mark("Update"),
    "statement": mark("Statement"),
    "advisory": mark("Media advisory"),
    "milestone": mark("Milestone"),
}
"""What a document is called, by its kind, an update by its type; catalogue entries."""

_URGENT = {
    "news": mark("Urgent update"),
    "statement": mark("Urgent statement"),
    "advisory": mark("Urgent media advisory"),
    "milestone": mark("Urgent milestone"),
}
_NEW = {PAGE: mark("New page"), PROGRAMME: mark("New page"), FACT_SHEET: mark("New fact sheet")}
_CHANGED = {CHANGE_NOTE: mark("Changed"), CORRECTION: mark("Correction")}


@dataclass(frozen=True)
class Text:
    """One language's current text, with its figures said; `quotes` are their names."""

    language: str
    header: Header
    body: str
    content_hash: str
    file: str
    seen_at: datetime
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """One publication of a document, as the library holds it."""

    id: int
    key: str
    kind: str
    state: str
    public_at: datetime
    notes: Mapping[str, str]

    def note(self, variant: Variant) -> tuple[str, str] | None:
        """The note and its `lang` for this variant: in its language, else in the other one; None without a note."""
        for language in (variant.language, "sr" if variant.language == "en" else "en"):
            if self.notes.get(language):
                return markdown.one_line(self.notes[language], language, variant), lang_of(language, variant)
        return None


@dataclass(frozen=True)
class Shelved:
    """One document with its texts by language and its moments in order of time."""

    id: str
    kind: str
    path: str
    state: str
    topics: tuple[str, ...]
    public_from: datetime | None
    withdrawn_at: datetime | None
    texts: Mapping[str, Text]
    moments: tuple[Moment, ...]
    data: Data = field(default_factory=Data)

    def is_public(self, now: datetime) -> bool:
        return self.state == "published" and (self.public_from is None or self.public_from <= now)

    @property
    def was_public(self) -> bool:
        return bool(self.moments)

    @property
    def first(self) -> Moment | None:
        return next((m for m in self.moments if m.key == FIRST), None)

    @property
    def last_change(self) -> datetime | None:
        """When a change note or a correction last became public; silent fixes and the first edition do not count."""
        return max((m.public_at for m in self.moments if m.key != FIRST and m.state != BASELINE), default=None)

    def text_for(self, variant: Variant, state: str = "published") -> Text:
        """The text to show: of the variant's language if it is in this state, else of the other; KeyError for none."""
        having = {language: text for language, text in self.texts.items() if text.header.state == state}
        return having.get(variant.language) or having["sr" if variant.language == "en" else "en"]


@dataclass(frozen=True)
class Item:
    """A document in a list. `lang` is that of title and summary as shown; `is_translated`: in the page's language.

    `word` is what it is called (a catalogue entry), `type` that of an update; a project has its `record`, with the
    partners in the page's script, and its `amount` when one is stated. `main_topic` is the one its head names first.
    """

    id: str
    kind: str
    path: str
    title: str
    summary: str
    lang: str
    is_translated: bool
    topics: tuple[str, ...]
    public_at: datetime | None
    updated_at: datetime | None
    as_of: date | None
    word: str
    type: str | None = None
    programme: str | None = None
    event_on: PartialDate | None = None
    record: Record | None = None
    amount: ShownFigure | None = None
    source: str | None = None
    review_by: date | None = None
    main_topic: str | None = None


@dataclass(frozen=True)
class Change:
    """One line of "What changed": `lang` is that of the note."""

    kind: str
    at: datetime
    note: str
    lang: str


@dataclass(frozen=True)
class Page:
    """A whole page. A withdrawn one has the reason (None when none was given) and neither summary nor text.

    `figures` are those that it quotes. Where the other language's text is newer, `newer_as_of` is that text's date, or
    `newer_change` the time of a change that this one has not got yet.
    """

    item: Item
    header: Header
    rendered: Rendered | None
    changes: tuple[Change, ...] = ()
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None
    newer_as_of: date | None = None
    newer_change: datetime | None = None
    as_of_reason: str | None = None
    figures: tuple[ShownFigure, ...] = ()

    @property
    def is_withdrawn(self) -> bool:
        return self.rendered is None

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources of its figures, each once."""
        return tuple(dict.fromkeys(figure.source for figure in self.figures))

    def is_due_for_review(self, today: date) -> bool:
        return self.header.review_by is not None and self.header.review_by < today

    @property
    def corrections(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == CORRECTION)


def lang_of(language: str, variant: Variant) -> str:
    """The HTML `lang` of a text of this language on a page of this variant; Serbian on an English page is Latin."""
    if language == "en":
        return "en"
    return variant.lang if variant.language == "sr" else Variant.LAT.lang


def label(moment: Moment, text: Text) -> str:
    """What a publication is called: a new page, an update by its type, changed, or a correction; a catalogue entry."""
    header = text.header
    return _CHANGED.get(moment.kind) or _NEW.get(header.kind) or word(header)


def word(header: Header) -> str:
    """What a document is called; a catalogue entry."""
    named = header.type or header.kind
    return _URGENT[named] if header.is_urgent else WORDS[named]


def item(shelved: Shelved, text: Text, variant: Variant) -> Item:
    """A document in a list, by the title and summary of this text, in the script of the variant."""
    first, header = shelved.first, text.header
    says = partial(markdown.one_line, language=text.language, variant=variant)
    record = header.record
    facts = shelved.data.facts
    return Item(
        id=shelved.id,
        kind=shelved.kind,
        path=shelved.path,
        title=says(header.title),
        summary=says(header.summary),
        lang=lang_of(text.language, variant),
        is_translated=text.language == variant.language,
        topics=shelved.topics,
        public_at=first.public_at if first else shelved.public_from,
        updated_at=shelved.last_change,
        as_of=header.as_of,
        word=word(header),
        type=header.type,
        programme=header.programme,
        event_on=header.event_on,
        record=replace(record, partners=tuple(map(says, record.partners))) if record else None,
        amount=next(iter(facts.shown([record.amount], variant)), None) if record and record.amount else None,
        source=facts.source(header.source, variant),
        review_by=header.review_by,
        main_topic=next(iter(header.topics), None),
    )


def page(shelved: Shelved, text: Text, variant: Variant) -> Page:
    """The page of a text, whatever its state: the caller decides who may see it."""
    header = text.header
    reason = header.as_of_reason
    newer_as_of, newer_change = _newer(shelved, text)
    return Page(
        item=item(shelved, text, variant),
        header=header,
        rendered=markdown.render(text.content_hash, text.body, text.language, variant),
        changes=_changes(shelved, text, variant),
        newer_as_of=newer_as_of,
        newer_change=newer_change,
        as_of_reason=markdown.one_line(reason, text.language, variant) if reason else None,
        figures=shelved.data.facts.shown(text.quotes, variant),
    )


def stub(shelved: Shelved, variant: Variant) -> Page:
    """What is left of a document that was public: its title, the day and the reason."""
    try:
        text = shelved.text_for(variant, "withdrawn")
        given = text.header.withdrawn_reason
    except KeyError:
        texts = list(shelved.texts.values())
        text, given = next((t for t in texts if t.language == variant.language), texts[0]), None
    return Page(
        item=item(shelved, text, variant),
        header=text.header,
        rendered=None,
        withdrawn_at=shelved.withdrawn_at,
        withdrawn_reason=markdown.one_line(given, text.language, variant) if given else None,
    )


def _changes(shelved: Shelved, text: Text, variant: Variant) -> tuple[Change, ...]:
    """Public changes, newest first. Those from before the first edition keep the date that their author gave them."""
    written = {change.key: change.at for change in text.header.changes}
    found = []
    for moment in shelved.moments:
        said = moment.note(variant)
        if moment.key != FIRST and said is not None:
            at = written.get(moment.key, moment.public_at) if moment.state == BASELINE else moment.public_at
            found.append(Change(moment.kind, at, *said))
    return tuple(sorted(found, key=lambda change: change.at, reverse=True))


def _newer(shelved: Shelved, text: Text) -> tuple[date | None, datetime | None]:
    """The other language's as-of date, or the time of its last change, when that text is newer than this one.

    Where the as-of dates tell nothing, because one is unknown or they are the same, the public changes decide: a
    change of the other text that this one has not got. When a file was seen says nothing, since a silent fix counts
    for nothing and one deployment brings all files at once.
    """
    other = shelved.texts.get("sr" if text.language == "en" else "en")
    if other is None or other.header.state != "published":
        return None, None
    own_date, other_date = text.header.as_of, other.header.as_of
    if own_date and other_date and own_date != other_date:
        return (other_date if other_date > own_date else None), None
    own, theirs = _last_noted(text.header), _last_noted(other.header)
    return None, theirs if theirs and (own is None or theirs > own) else None


def _last_noted(header: Header) -> datetime | None:
    return max((change.at for change in header.changes if change.kind != "minor"), default=None)
