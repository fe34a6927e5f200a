"""Digests on the desk: what goes next and to how many, what went last, how it fared."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.digests import forecast, queries

desk = Blueprint("digests_desk", __name__, url_prefix="/desk/digests")

SHOWN = 30


@desk.get("/")
@web.allow("desk")
def overview() -> ResponseReturnValue:
    with web.reading() as session:
        coming = forecast.coming(session, web.house(), web.now(), web.variant())
        issues = queries.issues(session, SHOWN)
        fared = queries.fared(session, [issue.id for issue in issues])
        people = forecast.people(session)
    return render_template("digests/desk.html", coming=coming, issues=issues, fared=fared, people=people)
