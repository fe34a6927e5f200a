"""The search: words in, documents out, in whichever script they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from outreach import web
from outreach.language import Variant, mark
from outreach.newsroom import search
from outreach.newsroom.finding import Hit
from outreach.newsroom.heads import FACT_SHEET, PAGE, PROGRAMME, PROJECT, UPDATE
from outreach.newsroom.views_public import opened

public = Blueprint("search", __name__, url_prefix="/<variant:variant>")

TEMPLATE = "newsroom/search_results.html"
LONGEST_QUERY = 200
QUERY, ADDRESS, FOUND = GAPS = ("\x02query\x03", "\x02address\x03", "\x02found\x03")
GAP = re.compile(f"({'|'.join(GAPS)})")
LATEST = 3
SCOPES = {
    UPDATE: mark("Updates"),
    PROGRAMME: mark("Programmes"),
    PROJECT: mark("Projects"),
    FACT_SHEET: mark("Fact sheets"),
    PAGE: mark("Pages"),
}
"""The kinds that a reader may choose, in the order in which they are offered."""


@public.app_template_filter()
def marked(drawn: str, before: str, after: str) -> Markup:
    """What a template has drawn, with this markup of its own before and after each match."""
    return Markup(str.replace(str.replace(drawn, search.MATCH, before), search.END, after))  # noqa: S704


@public.get("/search")
@web.allow("public")
def results() -> ResponseReturnValue:
    """`?q=…&kind=…&page=…`; a kind that is not known is ignored."""
    query = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    asked = request.args.get("kind")
    kind = asked if asked in SCOPES else None
    leaf = max(1, request.args.get("page", 1, type=int))
    shelf, variant, now = opened(), web.variant(), web.now()
    found = shelf.search(query, variant, now, kind, leaf) if query else None
    latest = () if found and found.count else shelf.updates(variant, now, limit=LATEST)
    hits = _drawn(found.hits) if found else ""
    return _around(query, web.draw(TEMPLATE, "results", query, kind, found, hits, latest, SCOPES))


def _drawn(hits: Iterable[Hit]) -> str:
    """The results. What one says of its document is drawn once, with gaps for the words that were found in it."""
    known = web.parts_kept().setdefault("hits", {})
    lines: list[str] = []
    for shown, title, snippet in hits:
        if shown not in known:
            known[shown] = GAP.split(web.draw(TEMPLATE, "hit", shown, QUERY, FOUND))[::2]
        before, between, after = known[shown]
        lines += (before, escape(title), between, escape(snippet), after)
    return "".join(lines)


def _around(query: str, found: str) -> str:
    """The page with what was found in it. Without that, and the query in four places, it is the same for everybody in
    one variant: it is drawn once, with gaps, and then filled."""
    if not query:
        return _page("", Markup(found))  # noqa: S704 - drawn by a template
    gaps = {QUERY: escape(query), ADDRESS: escape(f"?{request.query_string.decode('latin-1')}"), FOUND: found}
    pieces = web.parts_kept().get("search")
    if pieces is None:
        g.alternates = {other: f"/{other.segment}/search{ADDRESS}" for other in Variant}
        pieces = web.parts_kept()["search"] = GAP.split(_page(QUERY, FOUND))
    return "".join([gaps.get(piece, piece) for piece in pieces])


def _page(query: str, found: str) -> str:
    return render_template("newsroom/search.html", query=query, results=found)
