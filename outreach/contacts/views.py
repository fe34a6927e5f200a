"""The contacts on the desk: the table."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from outreach import web
from outreach.contacts import queries

desk = Blueprint("contacts", __name__, url_prefix="/desk/contacts")

READERS = ("officer", "contacts", "admin")
WRITERS = ("officer", "contacts")


@desk.get("")
@web.allow(*READERS)
def people() -> str:
    words = request.args.get("q", "").strip()[:200]
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    with web.reading() as session:
        found = queries.people(session, words, page)
        is_empty = not found.people and not queries.any_people(session)
        return render_template("contacts/people.html", found=found, words=words, is_empty=is_empty)
