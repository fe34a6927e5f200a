"""The archive: what each issue carried, on the web, for everybody."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.digests import archive as archives
from outreach.digests import queries
from outreach.errors import NotFound

public = Blueprint("digests", __name__, url_prefix="/<variant:variant>/digests")

SHOWN = 60


@public.get("/")
@web.allow("public")
def archive() -> ResponseReturnValue:
    with web.reading() as session:
        told = archives.told(session, web.house(), queries.issues(session, SHOWN), web.variant())
    return render_template("digests/archive.html", told=told)


@public.get("/<cadence>/<slot>")
@web.allow("public")
def issue(cadence: str, slot: str) -> ResponseReturnValue:
    """One issue in this variant; an item that was withdrawn since is a stub with its reason."""
    with web.reading() as session:
        found = queries.issue(session, cadence, slot)
        if found is None or not queries.has_left(session, found):
            raise NotFound("issue")
        [told] = archives.told(session, web.house(), [found], web.variant())
    return render_template("digests/issue.html", told=told)
