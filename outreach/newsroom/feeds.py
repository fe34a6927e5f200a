"""What happened last, for programs that read along: one feed, written as Atom (RFC 4287) or as JSON Feed 1.1. Pure.

An entry is one public moment of a document: its first edition, a change note or a correction. Its id is made of the
document's own id and the moment's key, so that a new title, a rename or another feed never makes it a new entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from outreach import language
from outreach.house import House
from outreach.language import Variant, mark
from outreach.newsroom.library import Library, Story
from outreach.newsroom.metadata import iso
from outreach.newsroom.models import FIRST

ENTRIES = 30
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed: Atom wants an instant, and the same one each time."""

# XML has no way to write these at all, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """One moment. Title and summary each have their `lang`; topics are ids with names; instants as they are written."""

    id: str
    url: str
    title: str
    summary: str
    lang: str
    summary_lang: str
    at: str
    topics: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Feed:
    """`page` is what a person reads instead; `rights` is the address of the terms, None when there is no such page."""

    url: str
    page: str
    title: str
    note: str | None
    rights: str | None
    updated: str
    entries: tuple[Entry, ...]


def title(house: House, variant: Variant, topic: str | None = None) -> str:
    """Liaison Office Belgrade – Updates – Scientific cooperation"""
    parts = [house.office.name(variant), language.text(variant, mark("Updates"))]
    return " – ".join([*parts, house.office.topic_name(topic, variant)] if topic else parts)


def feed(
    house: House, shelf: Library, variant: Variant, now: datetime, topic: str | None, addresses: tuple[str, str]
) -> Feed:
    """The latest moments that are public at `now`, of all topics or of one; `addresses`: the feed's own, the page's."""
    stories = shelf.stories(variant, now, ENTRIES, topic)
    notice = (
        mark("Demonstration until an office adopts it."),
        mark("No press office stands behind this page yet, and nothing on it is an official statement."),
    )
    has_terms = bool(shelf.variants("reuse", now))
    return Feed(
        url=house.url(addresses[0]),
        page=house.url(addresses[1]),
        title=title(house, variant, topic),
        note=None if house.settings.office_adopted else " ".join(language.text(variant, said) for said in notice),
        rights=house.url(f"/{variant.segment}/reuse") if has_terms else None,
        updated=iso(stories[0].at if stories else NOTHING_YET, house.office.zone),
        entries=tuple(_entries(house, variant, stories)),
    )


def _entries(house: House, variant: Variant, stories: Sequence[Story]) -> list[Entry]:
    return [
        Entry(
            id=tag(house, variant, story),
            url=house.url(f"/{variant.segment}/{story.item.path}"),
            title=_written(story.item.title if story.key == FIRST else f"{story.label}: {story.item.title}"),
            summary=_written(story.note or story.item.summary),
            lang=story.item.lang,
            summary_lang=story.note_lang or story.item.lang,
            at=iso(story.at, house.office.zone),
            topics=tuple((topic, house.office.topic_name(topic, variant)) for topic in story.item.topics),
        )
        for story in stories
    ]


def tag(house: House, variant: Variant, story: Story) -> str:
    """tag:press.example.org,2026-11-23:u6fgz/first/sr-Latn (RFC 4151); the day is that of the first edition."""
    day = (story.item.public_at or story.at).astimezone(UTC).date()
    key = re.sub(r"[^0-9A-Za-z:-]+", "T", story.key)
    return f"tag:{urlsplit(house.settings.base_url).hostname},{day}:{story.item.id}/{key}/{variant.lang}"


def _written(words: str) -> str:
    return _UNWRITABLE.sub("", words)


def as_json(feed: Feed, house: House, variant: Variant) -> dict[str, Any]:
    """The same feed as JSON Feed 1.1."""
    authors = [{"name": house.office.name(variant), "url": house.url(f"/{variant.segment}/")}]
    found: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        "language": variant.lang,
        "authors": authors,
        "items": [
            {
                "id": entry.id,
                "url": entry.url,
                "title": entry.title,
                "content_text": entry.summary,
                "date_published": entry.at,
                "language": entry.lang,
                "tags": [name for _, name in entry.topics],
            }
            for entry in feed.entries
        ],
    }
    return found | ({"description": feed.note} if feed.note else {})
