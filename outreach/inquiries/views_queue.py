"""The desk's queue, next due first: its views, the views kept by name, and one step for many rows."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from outreach import web
from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.errors import Conflict
from outreach.inquiries import bulk, casework, hygiene, queries, saved_views, terms
from outreach.inquiries.clearance import planner
from outreach.inquiries.views_case import SAID
from outreach.inquiries.views_desk import READERS, WRITERS, desk, me
from outreach.inquiries.views_steps import moment_of
from outreach.language import mark, text

NONE_TICKED = mark("Tick at least one inquiry first.")
NO_STEP = mark("Choose what to do with the ticked inquiries.")


@desk.get("")
@web.allow(*READERS)
def queue() -> Any:
    view, typed = request.args.get("view", queries.TEAM), _typed(request.args.get("q", ""))
    page = request.args.get("page", "1")
    if view not in queries.VIEWS or not (page.isascii() and page.isdigit() and 0 < int(page) < 10_000):
        abort(404)
    zone, now = web.house().office.zone, web.now()
    with web.reading() as session:
        rows, has_more = queries.queue(session, view, typed, web.actor(), now, zone, int(page))
        return render_template(
            "inquiries/queue.html", view=view, typed=typed, rows=rows, has_more=has_more, page=int(page), words=terms,
            counts=queries.counts(session, web.actor(), now), most=queries.MOST_COUNTED, steps=bulk.STEPS,
            colleagues=accounts.active_with_role(session, "officer"), visible=hygiene.visible,
            saved=saved_views.of(session, web.actor(), now, zone), most_saved=saved_views.MOST_COUNTED,
            too_late=lambda one: planner.impossible(web.house().office, now, one),
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


@desk.post("/bulk")
@web.allow(*WRITERS)
def many() -> Response:
    """The chosen step for every ticked row; what became of each is said above the queue."""
    step, ticked = request.form.get("step", ""), request.form.getlist("pick")
    if step not in bulk.STEPS or not ticked:
        return _back(NONE_TICKED if step in bulk.STEPS else NO_STEP)
    if step == bulk.GATHER:
        return redirect(url_for("stories_desk.add", ref=ticked[: bulk.MOST]), 303)
    try:
        until = moment_of("until", request.form.get("until", "")) if step == bulk.PUT_OFF else None
    except Conflict as conflict:
        return _back(conflict.message)
    to = request.form.get("to", "")
    with web.transaction() as session:
        colleague = session.get(Account, int(to)) if to.isascii() and to.isdigit() and len(to) < 16 else None
        wish = bulk.Wish(step, me(), colleague, until)
        outcomes = bulk.apply(session, web.house(), web.now(), ticked, wish)
    for said in dict.fromkeys(outcome.said for outcome in outcomes):
        alike = ", ".join(outcome.reference[:12] for outcome in outcomes if outcome.said == said)
        flash(f"{text(web.variant(), said).rstrip('.')}: {alike}")
    return _back()


@desk.post("/views")
@web.allow(*READERS)
def save_view() -> Response:
    """Keep the view and the filter that are shown now."""
    view, typed = request.form.get("view", ""), _typed(request.form.get("q", ""))
    if view not in queries.VIEWS:
        abort(400)
    try:
        with web.transaction() as session:
            saved_views.save(session, web.now(), me(), _name(), view, typed)
    except Conflict as conflict:
        return _back(conflict.message)
    return _back()


@desk.post("/views/<int(max=9007199254740991):view_id>")
@web.allow(*READERS)
def change_view(view_id: int) -> Response:
    what = request.form.get("do", "")
    if what not in ("rename", "delete", "star", "unstar"):
        abort(400)
    try:
        with web.transaction() as session:
            if what == "rename":
                saved_views.rename(session, me(), view_id, _name())
            elif what == "delete":
                saved_views.delete(session, me(), view_id)
            else:
                saved_views.star(session, me(), view_id, what == "star")
    except Conflict as conflict:
        return _back(conflict.message)
    return _back()


def _typed(line: str) -> str:
    return hygiene.one_line(line)[:200]


def _name() -> str:
    return hygiene.one_line(request.form.get("name", ""))[:60]


def _back(said: str | None = None) -> Response:
    """The queue as it was looked at, with a word on what could not be done."""
    if said:
        flash(text(web.variant(), said))
    view = request.form.get("view", "")
    view = view if view in queries.VIEWS else queries.TEAM
    return redirect(url_for(".queue", view=view, q=_typed(request.form.get("q", "")) or None), 303)
