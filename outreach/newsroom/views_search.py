"""The search: words in, documents out, in whichever script they were typed."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from outreach import serbian, web
from outreach.language import Variant, mark
from outreach.newsroom.heads import FACT_SHEET, PAGE, PROGRAMME, PROJECT, UPDATE
from outreach.newsroom.views_public import may_be_kept, opened

public = Blueprint("search", __name__, url_prefix="/<variant:variant>")
public.after_request(may_be_kept)

LONGEST_QUERY = 200
LATEST = 3
SCOPES = {
    UPDATE: mark("Updates"),
    PROGRAMME: mark("Programmes"),
    PROJECT: mark("Projects"),
    FACT_SHEET: mark("Fact sheets"),
    PAGE: mark("Pages"),
}
"""The kinds that a reader may choose, in the order in which they are offered."""


@public.get("/search")
@web.allow("public")
def results() -> ResponseReturnValue:
    """`?q=…&kind=…&page=…`; a kind that is not known is ignored."""
    query = " ".join(request.args.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    asked = request.args.get("kind")
    kind = asked if asked in SCOPES else None
    leaf = max(1, request.args.get("page", 1, type=int))
    shelf, variant, now = opened(), web.variant(), web.now()
    asked_with = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    g.alternates = {other: f"/{other.segment}/search{asked_with}" for other in Variant}
    found = shelf.search(query, variant, now, kind, leaf) if serbian.fold(query) else None
    return render_template(
        "newsroom/search.html",
        query=query,
        kind=kind,
        found=found,
        scopes=SCOPES,
        latest=() if found and found.count else shelf.updates(variant, now, limit=LATEST),
    )
