"""What a digest says, in one variant: which item leads, how much of each is told, subject, first line, headers.

Corrections stand first, then the newest: the lead in full, four more in short, the rest as one line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from outreach import language, serbian
from outreach.house import House
from outreach.language import NBSP, Variant, mark, plural, text
from outreach.mail import verp
from outreach.newsroom.library import PublicationView
from outreach.newsroom.models import CORRECTION
from outreach.subscriptions.models import EVERYTHING
from outreach.subscriptions.slots import AT_ONCE, Slot

LEAD_WORDS, ITEM_WORDS = 70, 45
IN_SHORT = 4
AS_ONE_LINE = 40
SUBJECT_LENGTH, FIRST_LINE_LENGTH = 60, 110

ASKED_FOR = {
    "urgent": mark("You allowed urgent updates to come at once. Your topics: {topics}."),
    "immediately": mark("You asked for an e-mail each time we publish something about: {topics}."),
    "daily": mark("You asked for one e-mail a day about: {topics}."),
    "weekly": mark("You asked for one e-mail a week about: {topics}."),
    "monthly": mark("You asked for one e-mail a month about: {topics}."),
}
ASKED_FOR_ALL = {
    "urgent": mark("You allowed urgent updates to come at once, on all topics."),
    "immediately": mark("You asked for an e-mail each time we publish something, on all topics."),
    "daily": mark("You asked for one e-mail a day, on all topics."),
    "weekly": mark("You asked for one e-mail a week, on all topics."),
    "monthly": mark("You asked for one e-mail a month, on all topics."),
}


@dataclass(frozen=True)
class Item:
    """One publication as a mail tells it. `lang` is that of title and summary, `note_lang` that of the note."""

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
class Masthead:
    """What all mails of one slot share in one variant. `day` is empty for mails that leave at once; `line` is what an
    officer added."""

    day: str
    number: int | None
    line: str | None
    line_lang: str | None
    web: str
    archive: str
    others: tuple[tuple[Variant, str], ...]
    privacy: str
    inquiry: str


@dataclass(frozen=True)
class Line:
    """A sentence that an officer adds to an issue; the Serbian one is in Cyrillic."""

    en: str | None = None
    sr: str | None = None

    def said(self, variant: Variant) -> tuple[str, str] | tuple[None, None]:
        """The sentence and its `lang`, in the language of the variant or else in the other one."""
        for is_english in (variant is Variant.EN, variant is not Variant.EN):
            said = self.en if is_english else self.sr
            if said:
                return (said, "en") if is_english else _serbian(said, variant)
        return None, None


def _serbian(said: str, variant: Variant) -> tuple[str, str]:
    """Serbian in the script of the variant; an English reader gets it in Latin."""
    script = Variant.CIR if variant is Variant.CIR else Variant.LAT
    return (said if script is Variant.CIR else serbian.to_latin(said)), script.lang


def archive_path(variant: Variant, slot: Slot) -> str:
    return f"/{variant.segment}/digests/{slot.cadence}/{slot.key}"


def masthead(house: House, slot: Slot, number: int, line: Line, variant: Variant) -> Masthead:
    """The head and foot of the mails of a slot; `number` is that of the issue."""
    is_dated = slot.cadence not in AT_ONCE
    said, lang = line.said(variant)
    return Masthead(
        day=language.weekday_and_day(variant, slot.at, house.office.zone) if is_dated else "",
        number=number if is_dated else None,
        line=said,
        line_lang=lang,
        web=house.url(archive_path(variant, slot)),
        archive=house.url(f"/{variant.segment}/digests/"),
        others=tuple((other, house.url(archive_path(other, slot))) for other in Variant if other is not variant),
        privacy=house.url(f"/{variant.segment}/privacy"),
        inquiry=house.url(f"/{variant.segment}/media/inquiry"),
    )


def in_order(views: Sequence[PublicationView]) -> list[PublicationView]:
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


def asked_for(house: House, variant: Variant, cadence: str, topics: Sequence[str]) -> str:
    """Why a reader of these topics gets it, in a sentence."""
    if EVERYTHING in topics:
        return text(variant, ASKED_FOR_ALL[cadence])
    named = ", ".join(house.office.topic_name(topic, variant) for topic in topics)
    return text(variant, ASKED_FOR[cadence], topics=named)


def headers(house: House, cadence: str, page: str, token: str) -> dict[str, str]:
    """What mail programs need for their own button (RFC 2369, 2919, 8058): a page that stops, a mail that does."""
    ways = [f"<{page}{token}>"]
    stops_at = verp.unsubscribe_address(house.settings)
    if stops_at:
        ways.append(f"<mailto:{stops_at}?subject={token}>")
    elif house.office.email:
        ways.append(f"<mailto:{house.office.email}?subject=unsubscribe>")
    host = urlsplit(house.settings.base_url).hostname or "localhost"
    return {
        "List-Id": f"<{cadence}.digests.{host}>",
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def subject(variant: Variant, lead: str, others: int, at: datetime, zone: tzinfo) -> str:
    """Headline + n more · day, in at most 60 characters; the headline gives way."""
    more = plural(variant, " + {count} more", " + {count} more", others) if others else ""
    day = language.weekday_day(variant, at, zone).replace(",", "").replace(NBSP, " ")
    tail = f"{more} · {day}"
    return cut(lead, SUBJECT_LENGTH - len(tail)) + tail


def first_line(variant: Variant, titles: Sequence[str], published: str) -> str:
    """The visible first sentence, which is also what a list of mails shows of this one.

    `published`: when a single item became public.
    """
    if len(titles) == 1:
        return text(variant, "One new item, published on {moment}.", moment=published)
    opening = plural(variant, "{count} new item.", "{count} new items.", len(titles))
    also = text(variant, "After the first: {titles}", titles="")
    return opening + " " + also + cut("; ".join(titles[1:]), FIRST_LINE_LENGTH - len(opening) - len(also) - 1)


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
