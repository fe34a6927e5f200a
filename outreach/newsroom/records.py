"""What stands around a document: the programme it belongs to, what belongs to it, and what is on its page. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from outreach import language
from outreach.language import Variant, mark
from outreach.newsroom.heads import FACT_SHEET, PROGRAMME, PROJECT, UPDATE
from outreach.newsroom.library import Library
from outreach.newsroom.pages import Item, Page
from outreach.newsroom.places import Place
from outreach.newsroom.project_table import Row
from outreach.newsroom.timeline import MILESTONE
from outreach.office import Office

MOST_RELATED = 4
LEAST_CONTENTS = 3
"""A page with fewer parts needs no list of them."""


@dataclass(frozen=True)
class Around:
    """What a page shows beside its own text. `related` are updates, at most MOST_RELATED, the latest first."""

    programme: Item | None = None
    place: Place | None = None
    projects: tuple[Item, ...] = ()
    fact_sheets: tuple[Item, ...] = ()
    milestones: tuple[Item, ...] = ()
    related: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Part:
    """One line of “On this page”; `lang` is that of its words."""

    anchor: str
    words: str
    lang: str


@dataclass(frozen=True)
class Entrances:
    """How much there is to find: programmes, projects, and the first and the last year of the timeline."""

    programmes: int
    projects: int
    first: date | None
    last: date | None


def slug(item: Item) -> str:
    """The name that other documents know a programme by."""
    return item.path.rpartition("/")[2]


def around(shelf: Library, item: Item, variant: Variant, now: datetime) -> Around:
    """Everything that belongs on the page of this document besides its own text."""
    programme = shelf.item(f"programmes/{item.programme}", variant, now) if item.programme else None
    if item.kind == PROGRAMME:
        return _around_programme(shelf, item, variant, now)
    if item.kind == UPDATE:
        return Around(programme, related=_related(shelf.updates(variant, now), item))
    if item.kind == PROJECT and item.programme:
        others = [one for one in shelf.belonging(item.programme, variant, now, PROJECT) if one.id != item.id]
        sheets = shelf.belonging(item.programme, variant, now, FACT_SHEET)
        return Around(programme, _place(shelf, item), by_years(others), tuple(sheets))
    return Around(programme, _place(shelf, item))


def _around_programme(shelf: Library, item: Item, variant: Variant, now: datetime) -> Around:
    name = slug(item)
    updates = [update for update in shelf.updates(variant, now) if update.programme == name]
    return Around(
        projects=by_years(shelf.belonging(name, variant, now, PROJECT)),
        fact_sheets=tuple(shelf.belonging(name, variant, now, FACT_SHEET)),
        milestones=tuple(sorted((u for u in updates if u.type == MILESTONE and u.event_on), key=_event)),
        related=tuple(update for update in updates if update.type != MILESTONE)[:MOST_RELATED],
    )


def _event(item: Item) -> Any:
    return item.event_on, item.path


def _place(shelf: Library, item: Item) -> Place | None:
    return shelf.places.places.get(item.record.place) if item.record and item.record.place else None


def _related(updates: Iterable[Item], item: Item) -> tuple[Item, ...]:
    """Other updates of the same programme, then those that share a topic."""
    others = [update for update in updates if update.id != item.id]
    same = [update for update in others if item.programme and update.programme == item.programme]
    akin = [update for update in others if update not in same and set(update.topics) & set(item.topics)]
    return (*same, *akin)[:MOST_RELATED]


def by_years(projects: Iterable[Item]) -> tuple[Item, ...]:
    """In order of the year that is known, of the end or else of the beginning; those without one last."""
    return tuple(sorted(projects, key=_known_year))


def _known_year(item: Item) -> Any:
    known = item.record and (item.record.ended_on or item.record.started_on)
    return (known.on if known else date.max), item.title


def parts(page: Page, beside: Around, variant: Variant) -> tuple[Part, ...]:
    """What is on a page, in its order: the headings of its text, and what we set before and after them."""
    headings = page.rendered.headings if page.rendered else ()
    text = [Part(h.anchor, h.text, page.item.lang) for h in headings if h.level == 2]
    is_sheet = page.item.kind == FACT_SHEET
    before = ((is_sheet and page.figures, "figures", mark("Key figures")),)
    after = (
        (not is_sheet and page.figures, "figures", mark("Figures on this page")),
        (beside.projects, "projects", mark("Projects")),
        (beside.fact_sheets, "fact-sheets", mark("Fact sheets")),
        (beside.milestones, "milestones", mark("From the record")),
        (page.item.kind == PROGRAMME and beside.related, "related", mark("Updates")),
        (page.changes, "changes", mark("What changed")),
    )
    found = (*_parts(before, variant), *text, *_parts(after, variant))
    return found if len(found) >= LEAST_CONTENTS else ()


def _parts(ours: Iterable[tuple[object, str, str]], variant: Variant) -> list[Part]:
    return [Part(anchor, language.text(variant, words), variant.lang) for is_there, anchor, words in ours if is_there]


def by_topic(items: Iterable[Item], office: Office, variant: Variant) -> list[tuple[str | None, list[Item]]]:
    """Documents under the topic that each names first, in the office's order; by title within one. None: no topic."""
    order = [topic.id for topic in office.topics]

    def place(item: Item) -> Any:
        topic = item.main_topic or ""
        return order.index(topic) if topic in order else len(order), topic

    found = sorted(items, key=lambda item: (place(item), language.sort_key(variant, item.title)))
    groups = groupby(found, key=lambda item: item.main_topic or "")
    return [(office.topic_name(topic, variant) if topic else None, list(group)) for topic, group in groups]


def by_programme(
    rows: Iterable[Row], programmes: Iterable[Item], variant: Variant
) -> list[tuple[Item | None, list[Row]]]:
    """Rows under their programmes, these by title; rows of none stand last. The order of the rows stays."""
    found: dict[str | None, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item.programme, []).append(row)
    known = {slug(item): item for item in programmes}
    names = sorted((n for n in found if n in known), key=lambda n: language.sort_key(variant, known[n].title))
    rest = [row for name, group in found.items() if name not in known for row in group]
    return [*((known[name], found[name]) for name in names), *(((None, rest),) if rest else ())]


def entrances(shelf: Library, variant: Variant, now: datetime) -> Entrances:
    """What the home page says of the programmes, the projects and the timeline."""
    events = [u.event_on.on for u in shelf.updates(variant, now) if u.type == MILESTONE and u.event_on]
    return Entrances(
        programmes=len(shelf.items(variant, now, PROGRAMME)),
        projects=len(shelf.items(variant, now, PROJECT)),
        first=min(events, default=None),
        last=max(events, default=None),
    )
