"""What a digest says, in one variant: which item leads, how much of each is told, subject, first line, headers.

Corrections stand first, then the newest: the lead in full, four more in short, the rest as one line each. The same
edition serves everybody of a variant with the same items; only links and the reason for the mail are a person's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from outreach import language
from outreach.digests.slots import Slot
from outreach.house import House
from outreach.language import Variant, mark, plural, text
from outreach.mail import compose
from outreach.mail.compose import Words
from outreach.newsroom import library
from outreach.newsroom.library import PublicationView
from outreach.newsroom.models import CORRECTION
from outreach.subscriptions import links
from outreach.subscriptions.choices import Choice
from outreach.subscriptions.models import Subscriber

LEAD_WORDS, ITEM_WORDS = 70, 45
IN_SHORT = 4
AS_ONE_LINE = 40
SUBJECT_LENGTH, FIRST_LINE_LENGTH = 60, 110

ASKED_FOR = {
    "immediately": mark("You asked for an e-mail each time we publish something about: {topics}."),
    "daily": mark("You asked for one e-mail a day about: {topics}."),
    "weekly": mark("You asked for one e-mail a week about: {topics}."),
    "monthly": mark("You asked for one e-mail a month about: {topics}."),
}
ASKED_FOR_ALL = {
    "immediately": mark("You asked for an e-mail each time we publish something, on all topics."),
    "daily": mark("You asked for one e-mail a day, on all topics."),
    "weekly": mark("You asked for one e-mail a week, on all topics."),
    "monthly": mark("You asked for one e-mail a month, on all topics."),
}


@dataclass(frozen=True)
class Item:
    """One publication as the mail tells it. `lang` is that of title and summary, `note_lang` that of the note."""

    label: str
    when: str
    title: str
    lang: str
    url: str
    summary: str
    note: str | None
    note_lang: str | None
    is_translated: bool
    public_at: datetime
    is_withdrawn: bool
    reason: str | None


@dataclass(frozen=True)
class Edition:
    """One digest in one variant. `day` is empty for mails that leave at once; `more` counts what only the web shows."""

    variant: Variant
    cadence: str
    subject: str
    first_line: str
    day: str
    number: int | None
    lead: Item
    items: tuple[Item, ...]
    briefs: tuple[Item, ...]
    more: int
    web: str
    archive: str
    others: tuple[tuple[Variant, str], ...]
    privacy: str
    inquiry: str


def archive_path(variant: Variant, slot: Slot) -> str:
    return f"/{variant.segment}/digests/{slot.cadence}/{slot.key}"


def edition(
    session: Session, house: House, slot: Slot, number: int, publications: tuple[int, ...], variant: Variant
) -> Edition | None:
    """The edition with these publications; None when none of them can be told any more."""
    shelf, zone = library.opened(session, house), house.office.zone
    views = [shelf.publication_view(session, publication_id, variant) for publication_id in publications]
    told = in_order([view for view in views if view is not None and not view.is_withdrawn])
    if not told:
        return None
    told_items = [item(variant, view, zone, LEAD_WORDS if n == 0 else ITEM_WORDS) for n, view in enumerate(told)]
    lead, rest = told_items[0], told_items[1:]
    is_dated = slot.cadence != "immediately"
    return Edition(
        variant=variant,
        cadence=slot.cadence,
        subject=subject(variant, lead.title, len(rest), slot.at, zone),
        first_line=first_line(variant, told_items, zone),
        day=language.weekday_and_day(variant, slot.at, zone) if is_dated else "",
        number=number if is_dated else None,
        lead=lead,
        items=tuple(rest[:IN_SHORT]),
        briefs=tuple(rest[IN_SHORT : IN_SHORT + AS_ONE_LINE]),
        more=max(0, len(rest) - IN_SHORT - AS_ONE_LINE),
        web=house.url(archive_path(variant, slot)),
        archive=house.url(f"/{variant.segment}/digests/"),
        others=tuple((other, house.url(archive_path(other, slot))) for other in Variant if other is not variant),
        privacy=house.url(f"/{variant.segment}/privacy"),
        inquiry=house.url(f"/{variant.segment}/media/inquiry"),
    )


def in_order(views: list[PublicationView]) -> list[PublicationView]:
    """Corrections first, then the newest."""
    return sorted(views, key=lambda view: (view.kind == CORRECTION, view.public_at, view.id), reverse=True)


def item(variant: Variant, view: PublicationView, zone: tzinfo, words: int) -> Item:
    """A publication with at most so many words of its summary."""
    return Item(
        label=view.label,
        when=language.moment(variant, view.public_at, zone),
        title=view.title,
        lang=view.lang,
        url=view.url,
        summary=first_words(view.summary, words),
        note=view.note,
        note_lang=view.note_lang,
        is_translated=view.translated,
        public_at=view.public_at,
        is_withdrawn=view.is_withdrawn,
        reason=view.reason,
    )


def words(house: House, edition: Edition, subscriber: Subscriber, choice: Choice) -> Words:
    """The mail of one subscriber."""
    preferences = links.preferences(house, subscriber)
    return compose.render(
        house,
        "digest",
        edition.variant,
        edition=edition,
        asked_for=asked_for(house, edition, choice),
        preferences=preferences,
        pause=f"{preferences}?pause=30",
        unsubscribe=links.unsubscribe(house, subscriber),
    )


def asked_for(house: House, edition: Edition, choice: Choice) -> str:
    """Why this reader gets it, in a sentence."""
    if choice.is_everything:
        return text(edition.variant, ASKED_FOR_ALL[edition.cadence])
    topics = ", ".join(house.office.topic_name(topic, edition.variant) for topic in choice.topics)
    return text(edition.variant, ASKED_FOR[edition.cadence], topics=topics)


def headers(house: House, subscriber: Subscriber, slot: Slot) -> dict[str, str]:
    """What mail programs need for their own button (RFC 2369, 2919, 8058)."""
    ways = [f"<{links.unsubscribe(house, subscriber)}>"]
    if house.office.email:
        ways.append(f"<mailto:{house.office.email}?subject=unsubscribe>")
    host = urlsplit(house.settings.base_url).hostname or "localhost"
    return {
        "List-Id": f"<{slot.cadence}.digests.{host}>",
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def subject(variant: Variant, lead: str, others: int, at: datetime, zone: tzinfo) -> str:
    """Headline + n more · day, in at most 60 characters; the headline gives way."""
    more = plural(variant, " + {count} more", " + {count} more", others) if others else ""
    day = language.weekday_day(variant, at, zone).replace(",", "").replace(language.NBSP, " ")
    tail = f"{more} · {day}"
    return cut(lead, SUBJECT_LENGTH - len(tail)) + tail


def first_line(variant: Variant, items: list[Item], zone: tzinfo) -> str:
    """The visible first sentence, which is also what a list of mails shows of this one."""
    if len(items) == 1:
        return text(variant, "One new item, published on {moment}.", moment=items[0].when)
    opening = plural(variant, "{count} new item.", "{count} new items.", len(items))
    rest = "; ".join(one.title for one in items[1:])
    also = text(variant, "After the first: {titles}", titles="")
    return opening + " " + also + cut(rest, FIRST_LINE_LENGTH - len(opening) - len(also) - 1)


def first_words(said: str, most: int) -> str:
    """The first words of a summary, with a sign when there are more."""
    all_words = said.split()
    return said if len(all_words) <= most else " ".join(all_words[:most]).rstrip(".,;:–") + " …"


def cut(said: str, length: int) -> str:
    """The text within so many characters, cut between words."""
    if len(said) <= length:
        return said
    kept = said[: length - 1]
    return (kept[: kept.rindex(" ")] if " " in kept else kept).rstrip(" .,;:–") + "…"
