"""Segments on the desk: a filter kept by name, with how many fit it now and the first of them, before it is used."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from outreach import language, web
from outreach.accounts import queries as accounts
from outreach.contacts.lists import keeping, members, queries
from outreach.contacts.lists.forms import SegmentForm
from outreach.contacts.lists.models import SEGMENT, Segment
from outreach.contacts.table import words
from outreach.contacts.table.asked import Asked
from outreach.contacts.views_desk import READERS, WRITERS
from outreach.errors import Conflict
from outreach.language import mark

desk = Blueprint("segments", __name__, url_prefix="/desk/contacts/segments")

OF_SEGMENT = "/<int(max=9007199254740991):segment_id>"
ENDED = mark("Not used any more. The people it found are untouched.")


@desk.post("")
@web.allow(*WRITERS)
def keep() -> Any:
    """What the table shows, kept by name; back to the table when it cannot be."""
    form = SegmentForm()
    asked = Asked.from_query(form.query.data or "")
    try:
        if not form.validate():
            raise Conflict("name", str(form.name.errors[0]) if form.name.errors else keeping.NO_NAME)
        with web.transaction() as session:
            kept = keeping.keep_segment(
                session, web.now(), form.name.data, asked.query, bool(asked.filters), web.actor()
            )
    except Conflict as conflict:
        flash(language.text(web.variant(), conflict.message))
        return redirect(f"{url_for('contacts_table.people')}?{asked.query}", 303)
    return redirect(url_for(".one", segment_id=kept.id), 303)


@desk.get(OF_SEGMENT)
@web.allow(*READERS)
def one(segment_id: int) -> Any:
    with web.reading() as session:
        kept = keeping.get(session, SEGMENT, segment_id)
        return _page(session, segment_id, SegmentForm(formdata=None, obj=kept))


@desk.post(f"{OF_SEGMENT}/change")
@web.allow(*WRITERS)
def change(segment_id: int) -> Any:
    form = SegmentForm()
    asked = Asked.from_query(form.query.data or "")
    if not form.validate():
        with web.reading() as session:
            return _page(session, segment_id, form), 422
    try:
        with web.transaction() as session:
            kept = keeping.get(session, SEGMENT, segment_id, to_write=True)
            keeping.change(session, web.now(), kept, form.version.data or 0, form.name.data, asked.query, web.actor())
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        with web.reading() as session:
            return _page(session, segment_id, form, is_stale=conflict.field == "version"), 409
    flash(language.text(web.variant(), mark("Saved.")))
    return redirect(url_for(".one", segment_id=segment_id), 303)


@desk.post(f"{OF_SEGMENT}/end")
@web.allow(*WRITERS)
def end(segment_id: int) -> Any:
    with web.transaction() as session:
        kept = session.get(Segment, segment_id, with_for_update=True)
        if kept is not None:
            keeping.end(session, web.now(), kept, web.actor())
    flash(language.text(web.variant(), ENDED))
    return redirect(url_for("contact_lists.index"), 303)


def _page(session: Session, segment_id: int, form: SegmentForm, is_stale: bool = False) -> str:
    """One segment; after somebody else's change the hidden version is renewed, so that saving again means it."""
    kept = keeping.get(session, SEGMENT, segment_id)
    if is_stale:
        form.version.data, form.version.raw_data = kept.version, None
    asked, names = members.asked(session, SEGMENT, segment_id), accounts.names(session)
    return render_template(
        "contacts/segment.html", kept=kept, form=form, asked=asked, names=names, is_stale=is_stale,
        said=words.said(asked, names, queries.names(session)),
        count=members.count(session, web.house(), SEGMENT, segment_id, web.now()),
        sample=members.sample(session, web.house(), SEGMENT, segment_id, web.now()),
    )  # fmt: skip
