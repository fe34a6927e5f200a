"""Public pages of the newsroom. Their bytes depend on the address and the content alone, never on the visitor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from outreach import language, web
from outreach.errors import NotFound
from outreach.language import Variant, mark
from outreach.newsroom import library, listing, records
from outreach.newsroom.heads import FACT_SHEET, PROGRAMME, PROJECT, TYPES, UPDATE
from outreach.newsroom.library import Library
from outreach.newsroom.pages import WORDS, Item

public = Blueprint("newsroom", __name__, url_prefix="/<variant:variant>")
root = Blueprint("newsroom_root", __name__)

STORIES_ON_HOME = 5
LANGUAGE_COOKIE = "variant"
SHEETS_ON_HOME = 6
OVERVIEW = "about/relations"
PRESS_PANEL_ON = "media/"
"""The page that has the press panel where others list what is on them."""
SECTIONS = {
    **{name: name for name in ("updates", "fact-sheets", "about", "media")},
    **dict.fromkeys(("programmes", "projects", "map", "timeline"), "about"),
}
"""The entry of the main navigation by the first part of an address."""
LISTS = {
    "updates": ("newsroom.updates", mark("Updates")),
    "programmes": ("records.programmes", mark("Programmes")),
    "projects": ("records.projects", mark("Projects")),
    "fact-sheets": ("records.fact_sheets", mark("Fact sheets")),
}
TEMPLATES = {
    UPDATE: "newsroom/update.html",
    PROGRAMME: "newsroom/programme.html",
    PROJECT: "newsroom/project.html",
    FACT_SHEET: "newsroom/fact_sheet.html",
}
# What other languages' readers are best served with, by the first part of their language tag.
READS_LATIN = frozenset({"sr", "sh", "bs", "hr", "cnr"})


def opened() -> Library:
    return library.current(web.house())


@public.after_request
def may_be_kept(response: Response) -> Response:
    """A strong ETag, asked for each time: a withdrawn page must not live on in a browser."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and not response.is_streamed:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        if "If-None-Match" in request.headers:
            response.make_conditional(request)
    return response


@public.get("/")
@web.allow("public")
def home() -> ResponseReturnValue:
    shelf, variant, now = opened(), web.variant(), web.now()
    return render_template(
        "newsroom/home.html",
        stories=shelf.stories(variant, now, STORIES_ON_HOME),
        sheets=shelf.items(variant, now, FACT_SHEET)[:SHEETS_ON_HOME],
        overview=shelf.item(OVERVIEW, variant, now),
        entrances=records.entrances(shelf, variant, now),
    )


@public.get("/updates/")
@web.allow("public")
def updates() -> ResponseReturnValue:
    office, variant = web.house().office, web.variant()
    wanted = listing.wanted(request.args, office)
    every = opened().updates(variant, web.now())
    return render_template(
        "newsroom/updates.html",
        leaf=listing.leaf(listing.matching(every, wanted, office.zone), wanted, office.zone),
        wanted=wanted,
        filters=listing.filters_on(wanted, office, variant),
        types=[(name, WORDS[name]) for name in TYPES],
        years=listing.years(every, office.zone),
    )


@public.get("/<path:path>")
@web.allow("public")
def page(path: str) -> ResponseReturnValue:
    """A document by its path; the library knows its paths, nothing here touches a file (F-18)."""
    shelf, variant, now = opened(), web.variant(), web.now()
    try:
        found = shelf.get(path, variant, now)
    except NotFound:
        return _elsewhere(shelf, path)
    shown: dict[str, Any] = {"page": found, "crumbs": crumbs(shelf, found.item), "section": section(path)}
    if found.is_withdrawn:
        return render_template("newsroom/withdrawn.html", **shown), 410
    having = shelf.variants(path, now)
    g.alternates = {v: url_for("newsroom.page", path=path, variant=v) if v in having else None for v in Variant}
    around = records.around(shelf, found.item, variant, now)
    return render_template(
        TEMPLATES.get(found.item.kind, "newsroom/page.html"),
        around=around,
        contents=() if path == PRESS_PANEL_ON else records.parts(found, around, variant),
        is_due=found.is_due_for_review(now.astimezone(web.house().office.zone).date()),
        canonical=_canonical(path, having),
        **shown,
    )


def _elsewhere(shelf: Library, path: str) -> ResponseReturnValue:
    """An address that nearly exists or once did leads to the page; anything else is not found."""
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    for nearly in (other, shelf.moved(path)):
        if nearly and shelf.variants(nearly, web.now()):
            return redirect(url_for("newsroom.page", path=nearly), 301)
    raise NotFound(path)


def _canonical(path: str, having: frozenset[Variant]) -> str:
    """The address that search engines shall keep: this one, or the language that really exists."""
    shown = web.variant()
    own = shown if shown in having else next((v for v in Variant if v in having), shown)
    return web.house().url(url_for("newsroom.page", path=path, variant=own))


def section(path: str) -> str | None:
    """The entry of the main navigation that an address belongs to."""
    return SECTIONS.get(path.split("/")[0])


def crumbs(shelf: Library, item: Item, below: str | None = None) -> list[tuple[str | None, str]]:
    """The way down to a document: the section's list or page, then the document, then a page `below` it."""
    folder = item.path.partition("/")[0]
    own: list[tuple[str | None, str]] = [(f"/{web.variant().segment}/{item.path}", item.title)]
    own += [(None, below)] if below else []
    if item.path.rstrip("/") == folder:
        return own
    if folder in LISTS:
        endpoint, words = LISTS[folder]
        return [(url_for(endpoint), language.text(web.variant(), words)), *own]
    above = shelf.item(f"{folder}/", web.variant(), web.now())
    return [(url_for("newsroom.page", path=above.path), above.title), *own] if above else own


@root.get("/")
@web.allow("public")
def start() -> ResponseReturnValue:
    """To the reader's language: what was chosen before, else what the browser asks for."""
    response = make_response(redirect(url_for("newsroom.home", variant=reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@root.get("/p/<code>")
@web.allow("public")
def permalink(code: str) -> ResponseReturnValue:
    """The short address of a document, for print and for the telephone."""
    path = opened().path_of(code.lower())
    response = make_response(redirect(url_for("newsroom.page", path=path, variant=reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@root.get("/robots.txt")
@web.allow("public")
def robots() -> ResponseReturnValue:
    """Pages say noindex themselves until an office adopts the site; a crawler must be let in to read that."""
    return Response(render_template("newsroom/robots.txt"), mimetype="text/plain")


def reads() -> Variant:
    """The variant that this visitor chose before, else the one that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in {v.segment for v in Variant}:
        return Variant.of(str(chosen))
    for tag, _ in request.accept_languages:
        first, _, rest = tag.lower().replace("_", "-").partition("-")
        if first == "en":
            return Variant.EN
        if first in READS_LATIN:
            return Variant.CIR if rest.startswith("cyrl") else Variant.LAT
    return Variant.EN
