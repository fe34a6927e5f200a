"""Public pages of the newsroom. Their bytes depend on the address and the content alone, never on the visitor."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from outreach import language, serbian, web
from outreach.errors import NotFound
from outreach.language import Variant, mark
from outreach.newsroom import library, listing
from outreach.newsroom.library import Library

public = Blueprint("newsroom", __name__, url_prefix="/<variant:variant>")
root = Blueprint("newsroom_root", __name__)

STORIES_ON_HOME = 5
LONGEST_QUERY = 200
LANGUAGE_COOKIE = "variant"
SECTIONS = ("updates", "about", "media", "contact")
# What other languages' readers are best served with, by the first part of their language tag.
READS_LATIN = frozenset({"sr", "sh", "bs", "hr", "cnr"})


def opened() -> Library:
    with web.reading() as session:
        return library.opened(session, web.house())


@public.after_request
def may_be_kept(response: Response) -> Response:
    """A strong ETag, asked for each time: a withdrawn page must not live on in a browser."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and not response.is_streamed:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


@public.get("/")
@web.allow("public")
def home() -> ResponseReturnValue:
    shelf, variant, now = opened(), web.variant(), web.now()
    stories = shelf.stories(variant, now, STORIES_ON_HOME)
    pages = [item for item in shelf.items(variant, now, "page") if item.path != "privacy"]
    return render_template("newsroom/home.html", stories=stories, pages=pages)


@public.get("/updates/")
@web.allow("public")
def updates() -> ResponseReturnValue:
    wanted = listing.wanted(request.args, web.house().office)
    found = opened().updates(web.variant(), web.now(), wanted.topic, wanted.year)
    years = sorted({item.path.split("/")[1] for item in opened().updates(web.variant(), web.now())}, reverse=True)
    leaf = listing.leaf(found, wanted, web.house().office.zone)
    return render_template("newsroom/updates.html", leaf=leaf, wanted=wanted, years=years)


@public.get("/search")
@web.allow("public")
def search() -> ResponseReturnValue:
    query = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    shelf, variant, now = opened(), web.variant(), web.now()
    has_words = bool(serbian.fold(query))
    hits = shelf.search(query, variant, now) if has_words else []
    latest = shelf.updates(variant, now, limit=3) if not hits else []
    return render_template("newsroom/search.html", query=query, has_words=has_words, hits=hits, latest=latest)


@public.get("/<path:path>")
@web.allow("public")
def page(path: str) -> ResponseReturnValue:
    """A document by its path; the library knows its paths, nothing here touches a file (F-18)."""
    shelf, variant, now = opened(), web.variant(), web.now()
    try:
        found = shelf.get(path, variant, now)
    except NotFound:
        return _elsewhere(shelf, path)
    having = shelf.variants(path, now)
    if not found.is_withdrawn:
        g.alternates = {v: url_for("newsroom.page", path=path, variant=v) if v in having else None for v in Variant}
    shown: dict[str, Any] = {
        "page": found,
        "crumbs": _crumbs(shelf, found.item.path, found.item.title),
        "section": next((s for s in SECTIONS if path.split("/")[0] == s), None),
        "canonical": _canonical(path, having),
    }
    if found.is_withdrawn:
        return render_template("newsroom/withdrawn.html", **shown), 410
    return render_template("newsroom/page.html", **shown)


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


def _crumbs(shelf: Library, path: str, title: str) -> list[tuple[str | None, str]]:
    """The way down to a page: the section's page or list, then the page itself."""
    folder = path.rstrip("/").partition("/")[0]
    if f"{folder}/" == path or folder == path:
        return [(None, title)]
    if folder == "updates":
        return [(url_for("newsroom.updates"), language.text(web.variant(), mark("Updates"))), (None, title)]
    try:
        above = shelf.get(f"{folder}/", web.variant(), web.now())
    except NotFound:
        return [(None, title)]
    return [(url_for("newsroom.page", path=f"{folder}/"), above.item.title), (None, title)]


@root.get("/")
@web.allow("public")
def start() -> ResponseReturnValue:
    """To the reader's language: what was chosen before, else what the browser asks for."""
    response = make_response(redirect(url_for("newsroom.home", variant=_reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@root.get("/p/<code>")
@web.allow("public")
def permalink(code: str) -> ResponseReturnValue:
    """The short address of a document, for print and for the telephone."""
    path = opened().path_of(code.lower())
    response = make_response(redirect(url_for("newsroom.page", path=path, variant=_reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@root.get("/robots.txt")
@web.allow("public")
def robots() -> ResponseReturnValue:
    """Pages say noindex themselves until an office adopts the site; a crawler must be let in to read that."""
    return Response(render_template("newsroom/robots.txt"), mimetype="text/plain")


def _reads() -> Variant:
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
