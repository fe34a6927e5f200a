"""Duplicates on the desk: the queue of pairs, one pair side by side, merges and their undoing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from outreach import web
from outreach.contacts.duplicates import judging, merging, queries, undoing
from outreach.contacts.duplicates.forms import PairForm
from outreach.contacts.duplicates.models import DIFFERENT, SAME
from outreach.contacts.duplicates.undoing import Undone
from outreach.errors import Conflict, IllegalMove
from outreach.language import mark, plural, text

desk = Blueprint("duplicates", __name__, url_prefix="/desk/contacts/duplicates")

READERS = ("officer", "contacts", "admin")
WRITERS = ("officer", "contacts")
MERGED = mark("Merged: {name} is one record now.")
NOTED_DIFFERENT = mark("Noted: two people. This pair is not asked again unless they come to share more.")
NOTED_UNSURE = mark("Noted: not sure. The pair waits under Not sure.")
UNDONE = mark("Undone: these are two records again.")
KEPT = mark("What somebody changed in the record after the merge stays as it is.")
STAYED = mark("What the other record would have twice by now stays with the one that was kept.")
LOST = mark("Some entries could not be put back, since what they belong to is gone or stands there again.")
OF_PAIR = "/<int(max=9007199254740991):low_id>-<int(max=9007199254740991):high_id>"
OF_MERGE = "/merges/<int(max=9007199254740991):merge_id>"


@desk.get("")
@web.allow(*READERS)
def queue() -> str:
    view = request.args.get("view", queries.OPEN)
    view = view if view in queries.VIEWS else queries.OPEN
    page = _page()
    with web.reading() as session:
        rows, total = queries.queue(session, view, page)
        more = page * queries.PER_PAGE < total
        return render_template(
            "contacts/duplicates_queue.html", rows=rows, total=total, view=view, page=page, has_more=more
        )


@desk.get(OF_PAIR)
@web.allow(*READERS)
def pair(low_id: int, high_id: int) -> str | Response:
    with web.reading() as session:
        merge_id = queries.merge_between(session, low_id, high_id)
        if merge_id is not None:
            return redirect(url_for(".merge", merge_id=merge_id), 303)
        return _side_by_side(queries.both(session, low_id, high_id), PairForm(formdata=None))


@desk.post(OF_PAIR)
@web.allow(*WRITERS)
def decide(low_id: int, high_id: int) -> Any:
    form = PairForm()
    if form.validate():
        try:
            return _decided(low_id, high_id, form)
        except Conflict as conflict:
            form.form_errors.append(conflict.message)
    with web.reading() as session:
        return _side_by_side(queries.both(session, low_id, high_id), form), 422


@desk.get("/merges")
@web.allow(*READERS)
def merges() -> str:
    page = _page()
    with web.reading() as session:
        found = queries.merges(session, page)
        shown, more = found[: queries.PER_PAGE], len(found) > queries.PER_PAGE
        return render_template("contacts/duplicates_merges.html", merges=shown, page=page, has_more=more)


@desk.get(OF_MERGE)
@web.allow(*READERS)
def merge(merge_id: int) -> str:
    with web.reading() as session:
        made, survivor, absorbed, touched = queries.merge_of(session, merge_id)
        return render_template(
            "contacts/duplicates_merge.html", merge=made, survivor=survivor, absorbed=absorbed, touched=touched,
            following=queries.next_open(session),
        )  # fmt: skip


@desk.post(f"{OF_MERGE}/undo")
@web.allow(*WRITERS)
def undo(merge_id: int) -> Response:
    try:
        with web.transaction() as session:
            done = undoing.undo(session, web.now(), merge_id, web.actor())
            low_id, high_id = sorted((done.merge.survivor_id, done.merge.absorbed_id))
    except IllegalMove as refused:
        flash(text(web.variant(), str(refused)))
        return redirect(url_for(".merge", merge_id=merge_id), 303)
    flash(_told(done))
    return redirect(url_for(".pair", low_id=low_id, high_id=high_id), 303)


def _decided(low_id: int, high_id: int, form: PairForm) -> Response:
    if form.judgement.data == SAME:
        with web.transaction() as session:
            made = merging.merge(
                session, web.now(), low_id, high_id, choices=form.choices(), actor_id=web.actor(),
                versions=(form.low_version.data, form.high_version.data),
            )  # fmt: skip
            name = queries.merge_of(session, made.id)[1].name
        flash(text(web.variant(), MERGED, name=name))
        return redirect(url_for(".merge", merge_id=made.id), 303)
    with web.transaction() as session:
        judging.judge(session, web.now(), low_id, high_id, form.judgement.data, web.actor())
        following = queries.next_open(session)
    flash(text(web.variant(), NOTED_DIFFERENT if form.judgement.data == DIFFERENT else NOTED_UNSURE))
    if following is None:
        return redirect(url_for(".queue"), 303)
    return redirect(url_for(".pair", low_id=following.low_id, high_id=following.high_id), 303)


def _side_by_side(both: queries.Both, form: PairForm) -> str:
    form.low_version.data, form.high_version.data = both.low.version, both.high.version
    form.low_version.raw_data = form.high_version.raw_data = None
    chosen = {each.field: form[f"choice_{each.field}"].data or each.chosen for each in both.differences}
    return render_template("contacts/duplicates_pair.html", both=both, form=form, chosen=chosen)


def _told(done: Undone) -> str:
    variant = web.variant()
    words = [text(variant, UNDONE)]
    if done.later:
        stays = plural(
            variant, "{count} entry that came after the merge stays with the record that was kept.",
            "{count} entries that came after the merge stay with the record that was kept.", done.later,
        )  # fmt: skip
        words.append(stays)
    told = ((KEPT, done.kept), (STAYED, done.stayed), (LOST, done.lost))
    words += [text(variant, said) for said, holds in told if holds]
    return " ".join(words)


def _page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 10_000)
