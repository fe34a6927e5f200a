"""Calendars over HTTP: a journalist's deadline as a file, an officer's feed under its own address."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort

from outreach import web
from outreach.inquiries import links
from outreach.inquiries.duty import calendar_files, calendars
from outreach.inquiries.views_pages import public, unknown_link

feeds = Blueprint("calendars", __name__, url_prefix="/staff/calendar")


@public.get("/i/<token>/deadline.ics")
@web.allow("public")
def deadline_file(token: str) -> Any:
    with web.reading() as session:
        inquiry = links.find(session, web.house(), token, web.now())
        if inquiry is None:
            return unknown_link()
        file = calendar_files.deadline(web.house(), inquiry, web.variant())
        return _sent(file.content, file.name) if file else abort(404)


@feeds.get("/<token>.ics")
@web.allow("public")
def feed(token: str) -> Any:
    """For calendar programs, which sign in nowhere: the token says whose it is."""
    with web.reading() as session:
        account = calendars.owner(session, web.house(), web.now(), token)
        if account is None:
            abort(404)
        return _sent(calendars.feed(session, web.house(), web.now(), account), "desk.ics")


def _sent(body: bytes, name: str) -> Response:
    response = web.no_store(Response(body, content_type=calendar_files.CONTENT_TYPE))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
