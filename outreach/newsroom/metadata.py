"""What a public page tells machines: its one address, its other languages, Open Graph and schema.org. Pure data.

Addresses are absolute and come from the settings; instants carry the offset of the office's clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from markupsafe import Markup

from outreach import language
from outreach.house import House
from outreach.language import Variant, mark
from outreach.newsroom.models import CORRECTION
from outreach.newsroom.pages import Page

LONGEST_HEADLINE = 110
"""As long as search engines read a headline."""

ARTICLES = {"update": "NewsArticle", "fact-sheet": "Report"}
PAGES = {"about/": "AboutPage", "contact": "ContactPage"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STANDFIRST = mark("What NATO and Serbia do together: dated facts, documents, and a person who answers the press.")
DEMONSTRATION = mark("Demonstration until an office adopts it.")

# What would end the script element, or a string, in a browser that reads the data as HTML or as an old JavaScript.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Node = dict[str, Any]
Crumbs = Sequence[tuple[str | None, str]]


@dataclass(frozen=True)
class Head:
    """The head of one page. `alternates`: (hreflang, address), with x-default; `graph`: (property, content) of Open
    Graph; `data`: schema.org's nodes as the words of a script element, None for a page that has none."""

    canonical: str
    alternates: tuple[tuple[str, str], ...]
    description: str
    graph: tuple[tuple[str, str], ...]
    data: Markup | None


@dataclass(frozen=True)
class Subject:
    """What a template knows of its page: title in words, the way down to it, and the document if it shows one."""

    title: str
    description: str | None = None
    page: Page | None = None
    crumbs: Crumbs = ()
    tells_office: bool = False


def head(
    house: House, variant: Variant, here: Callable[[Variant], str | None], subject: Subject, canonical: str | None
) -> Head:
    """Everything at once. `here` gives the path of this page in a variant, None where it does not exist."""
    ways = {v: house.url(way.partition("?")[0]) for v in Variant if (way := here(v))}
    url = canonical or ways.get(variant) or house.url(f"/{variant.segment}/")
    said = subject.page.item.summary if subject.page else subject.description
    description = said or language.text(variant, STANDFIRST)
    return Head(
        canonical=url,
        alternates=alternates(ways),
        description=description,
        graph=open_graph(house, variant, tuple(ways), subject, (url, description)),
        data=script(nodes(house, variant, subject, url)),
    )


def alternates(ways: dict[Variant, str]) -> tuple[tuple[str, str], ...]:
    """(hreflang, address) of each variant that exists; x-default is the English one, when there is one."""
    found = [(v.lang, way) for v, way in ways.items()]
    return (*found, ("x-default", ways[Variant.EN])) if Variant.EN in ways else tuple(found)


def iso(at: datetime, zone: tzinfo) -> str:
    """2026-11-23T10:00:00+01:00"""
    return at.astimezone(zone).isoformat(timespec="seconds")


def locale(house: House, variant: Variant) -> str:
    """Language and territory as Open Graph writes them; it knows no scripts, so both Serbian ones are the same."""
    return "en_GB" if variant is Variant.EN else f"{variant.language}_{house.office.country}"


def open_graph(
    house: House, variant: Variant, having: Iterable[Variant], subject: Subject, told: tuple[str, str]
) -> tuple[tuple[str, str], ...]:
    """The properties in order; `told` is the page's address and its description. No picture, because there is none."""
    page, own, zone = subject.page, locale(house, variant), house.office.zone
    is_article = page is not None and page.item.kind in ARTICLES
    found = [
        ("og:title", page.item.title if page else _plain(subject.title)),
        ("og:description", told[1]),
        ("og:type", "article" if is_article else "website"),
        ("og:url", told[0]),
        ("og:site_name", house.office.name(variant)),
        ("og:locale", own),
        *(("og:locale:alternate", o) for o in dict.fromkeys(locale(house, v) for v in having) if o != own),
    ]
    if page and is_article and page.item.public_at:
        found.append(("article:published_time", iso(page.item.public_at, zone)))
        if page.item.updated_at:
            found.append(("article:modified_time", iso(page.item.updated_at, zone)))
    return tuple(found)


def nodes(house: House, variant: Variant, subject: Subject, url: str) -> list[Node]:
    """schema.org's nodes of a page: what it is, who speaks, and the way down to it."""
    found = [document(house, variant, subject.page, url)] if subject.page else []
    if subject.tells_office:
        found.append(office(house, variant) | reached(house, variant))
    if subject.crumbs:
        found.append(breadcrumbs(house, variant, subject.crumbs, url))
    return found


def document(house: House, variant: Variant, page: Page, url: str) -> Node:
    """An update is a NewsArticle, a fact sheet a Report, anything else a WebPage of its sort."""
    item, zone = page.item, house.office.zone
    kind = ARTICLES.get(item.kind) or PAGES.get(item.path, "WebPage")
    node: Node = {"@type": kind, "@id": url, "url": url, "name": item.title, "description": item.summary}
    node |= {"inLanguage": item.lang, "isAccessibleForFree": True}
    if item.public_at:
        node["datePublished"] = iso(item.public_at, zone)
        node["dateModified"] = iso(item.updated_at or item.public_at, zone)
    if item.kind in ARTICLES:
        node |= {"headline": headline(item.title), "mainEntityOfPage": url, "author": office(house, variant)}
        node["articleSection"] = [house.office.topic_name(topic, variant) for topic in item.topics]
    if not house.settings.office_adopted:
        node["creativeWorkStatus"] = language.text(variant, DEMONSTRATION)
    corrections = [
        {"@type": "CorrectionComment", "text": change.note, "datePublished": iso(change.at, zone)}
        for change in page.changes
        if change.kind == CORRECTION
    ]
    return node | {"publisher": office(house, variant)} | ({"correction": corrections} if corrections else {})


def headline(title: str) -> str:
    """The title, cut after a word where it is longer than a headline may be."""
    if len(title) <= LONGEST_HEADLINE:
        return title
    cut = title[: LONGEST_HEADLINE - 1]
    return (cut[: cut.rfind(" ")] if " " in cut else cut).rstrip(" ,;:–") + "…"


def office(house: House, variant: Variant) -> Node:
    """The office as a publisher: name and address. What it does not state is not there."""
    place = house.office.address
    return {
        "@type": "GovernmentOrganization",
        "@id": house.url("/#office"),
        "name": house.office.name(variant),
        "url": house.url(f"/{variant.segment}/"),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": place.street(variant),
            "postalCode": place.postcode,
            "addressLocality": place.city(variant),
            "addressCountry": house.office.country,
        },
    }


def reached(house: House, variant: Variant) -> Node:
    """How the press reaches the office: the form, and telephone, e-mail and hours where the office states them."""
    point: Node = {
        "@type": "ContactPoint",
        "contactType": house.office.unit(variant),
        "url": house.url(f"/{variant.segment}/media/inquiry"),
        "availableLanguage": [v.lang for v in Variant],
    }
    stated = {"telephone": house.office.phone, "email": house.office.email}
    point |= {name: value for name, value in stated.items() if value}
    if house.office.hours:
        point["hoursAvailable"] = [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [f"https://schema.org/{day}" for day in DAYS[span.first : span.last + 1]],
                "opens": f"{span.opens:%H:%M}",
                "closes": f"{span.closes:%H:%M}",
            }
            for span in house.office.hours_spans()
        ]
    return {"contactPoint": point}


def breadcrumbs(house: House, variant: Variant, crumbs: Crumbs, url: str) -> Node:
    """The way down from the home page; the last step is the page itself."""
    steps = [(f"/{variant.segment}/", language.text(variant, mark("Home"))), *crumbs[:-1]]
    named = [(house.url(way) if way else None, words) for way, words in steps] + [(url, crumbs[-1][1])]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": _plain(words)} | ({"item": way} if way else {})
            for place, (way, words) in enumerate(named, start=1)
        ],
    }


def script(graph: Sequence[Node]) -> Markup | None:
    """The nodes as the words of a data block; nothing in them can end it (F-12)."""
    if not graph:
        return None
    words = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return Markup(words.translate(_ESCAPED))  # noqa: S704 - the signs that mean anything in HTML are gone


def _plain(words: str) -> str:
    return words.unescape() if isinstance(words, Markup) else words
