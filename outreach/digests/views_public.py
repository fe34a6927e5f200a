"""The archive: what each issue carried, on the web, for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.digests import compose, queries
from outreach.errors import NotFound
from outreach.newsroom import library

public = Blueprint("digests", __name__, url_prefix="/<variant:variant>/digests")

SHOWN = 60


@public.get("/")
@web.allow("public")
def archive() -> ResponseReturnValue:
    with web.reading() as session:
        issues = queries.issues(session, SHOWN)
        shelf, variant = library.opened(session, web.house()), web.variant()
        lines = []
        for issue in issues:
            views = [shelf.publication_view(session, one, variant) for one in queries.published_in(session, issue)]
            lines.append((issue, [view for view in views if view is not None]))
    return render_template("digests/archive.html", lines=lines)


@public.get("/<cadence>/<slot>")
@web.allow("public")
def issue(cadence: str, slot: str) -> ResponseReturnValue:
    """One issue in this variant; an item that was withdrawn since is a stub with its reason."""
    with web.reading() as session:
        found = queries.issue(session, cadence, slot)
        if found is None:
            raise NotFound("issue")
        shelf, zone = library.opened(session, web.house()), web.house().office.zone
        views = [shelf.publication_view(session, one, web.variant()) for one in queries.published_in(session, found)]
        told = compose.in_order([view for view in views if view is not None])
        items = [compose.item(web.variant(), view, zone, compose.LEAD_WORDS) for view in told]
    return render_template("digests/issue.html", issue=found, items=items)
