"""The desk's queue, next due first."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from outreach import web
from outreach.inquiries import casework, hygiene, queries, terms
from outreach.inquiries.clearance import planner
from outreach.inquiries.views_case import SAID
from outreach.inquiries.views_desk import READERS, WRITERS, desk, me
from outreach.language import text


@desk.get("")
@web.allow(*READERS)
def queue() -> Any:
    view, typed = request.args.get("view", queries.TEAM), request.args.get("q", "")[:200]
    page = request.args.get("page", "1")
    if view not in queries.VIEWS or not (page.isascii() and page.isdigit() and 0 < int(page) < 10_000):
        abort(404)
    zone, now = web.house().office.zone, web.now()
    with web.reading() as session:
        rows, total = queries.queue(session, view, typed, web.actor(), now, zone, int(page))
        return render_template(
            "inquiries/queue.html", view=view, typed=typed, rows=rows, total=total, page=int(page), words=terms,
            counts=queries.counts(session, web.actor(), now), pages=-(-total // queries.PER_PAGE),
            visible=hygiene.visible, too_late=lambda one: planner.impossible(web.house().office, now, one),
        )  # fmt: skip


@desk.post("/<reference>/accept")
@web.allow(*WRITERS)
def accept(reference: str) -> Any:
    """The button on a row of the queue; leads back to where it was pressed."""
    with web.transaction() as session:
        inquiry = casework.open_case(session, reference)
        casework.accept(session, web.house(), web.now(), inquiry, me())
    flash(text(web.variant(), SAID["accept"]))
    return redirect(url_for(".workspace", reference=reference), 303)
