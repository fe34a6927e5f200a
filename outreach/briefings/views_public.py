"""The way out that stands in every mailing: a page with one button, and the one click of a mail program (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.briefings import objecting
from outreach.contacts.models import Person

public = Blueprint("objections", __name__, url_prefix="/<variant:variant>")


@public.get("/no-mailings/<token>")
@web.allow("public")
def ask(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        return _page(objecting.find(session, web.house(), token, web.now()))


@public.post("/no-mailings/<token>")
@web.allow("public", guard="link")
def object_(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        return _page(objecting.object_(session, web.house(), web.now(), token))


def _page(person: Person) -> ResponseReturnValue:
    return web.no_store(render_template("briefings/objection.html", is_stopped=person.do_not_contact))
