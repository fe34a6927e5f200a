"""Press lists on the desk: all of them, one with those who are on it, and what changes them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import language, web
from outreach.accounts import queries as accounts
from outreach.contacts.lists import keeping, members, queries
from outreach.contacts.lists.forms import ListForm
from outreach.contacts.lists.models import LIST, PressList
from outreach.contacts.views_desk import READERS, WRITERS
from outreach.errors import Conflict
from outreach.language import mark

desk = Blueprint("contact_lists", __name__, url_prefix="/desk/contacts/lists")

OF_LIST = "/<int(max=9007199254740991):list_id>"
ENDED = mark("Not used any more. Who was on it stays written down.")


@desk.get("")
@web.allow(*READERS)
def index() -> Any:
    return _index(ListForm(formdata=None))


@desk.post("")
@web.allow(*WRITERS)
def keep() -> Any:
    form = ListForm()
    if not form.validate():
        return _index(form), 422
    try:
        with web.transaction() as session:
            kept = keeping.keep_list(session, web.now(), form.name.data, form.purpose.data or "", web.actor())
    except Conflict as conflict:
        form.name.errors = [conflict.message]
        return _index(form), 409
    return redirect(url_for(".one", list_id=kept.id), 303)


@desk.get(OF_LIST)
@web.allow(*READERS)
def one(list_id: int) -> Any:
    with web.reading() as session:
        kept = keeping.get(session, LIST, list_id)
        return _page(session, list_id, ListForm(formdata=None, obj=kept))


@desk.post(f"{OF_LIST}/change")
@web.allow(*WRITERS)
def change(list_id: int) -> Any:
    form = ListForm()
    if not form.validate():
        with web.reading() as session:
            return _page(session, list_id, form), 422
    try:
        with web.transaction() as session:
            kept = keeping.get(session, LIST, list_id, to_write=True)
            keeping.change(
                session, web.now(), kept, form.version.data or 0, form.name.data, form.purpose.data or "", web.actor()
            )
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        with web.reading() as session:
            return _page(session, list_id, form, is_stale=conflict.field == "version"), 409
    flash(language.text(web.variant(), mark("Saved.")))
    return redirect(url_for(".one", list_id=list_id), 303)


@desk.post(f"{OF_LIST}/remove")
@web.allow(*WRITERS)
def remove(list_id: int) -> Any:
    picked = [pick for pick in request.form.getlist("pick", type=int) if 0 < pick < 2**53]
    with web.transaction() as session:
        count = keeping.remove(session, web.now(), list_id, picked, web.actor())
    flash(language.plural(web.variant(), "{count} person was taken off.", "{count} people were taken off.", count))
    return redirect(url_for(".one", list_id=list_id), 303)


@desk.post(f"{OF_LIST}/end")
@web.allow(*WRITERS)
def end(list_id: int) -> Any:
    with web.transaction() as session:
        kept = session.get(PressList, list_id, with_for_update=True)
        if kept is not None:
            keeping.end(session, web.now(), kept, web.actor())
    flash(language.text(web.variant(), ENDED))
    return redirect(url_for(".index"), 303)


def _index(form: ListForm) -> str:
    with web.reading() as session:
        return render_template(
            "contacts/lists.html", lists=queries.lists(session), segments=queries.segments(session),
            names=accounts.names(session), form=form,
        )  # fmt: skip


def _page(session: Session, list_id: int, form: ListForm, is_stale: bool = False) -> str:
    """One list; after somebody else's change the hidden version is renewed, so that saving again means it."""
    kept = keeping.get(session, LIST, list_id)
    if is_stale:
        form.version.data, form.version.raw_data = kept.version, None
    before = request.args.get("before", type=int)
    on_it, older = queries.members(session, list_id, before)
    return render_template(
        "contacts/list.html", kept=kept, form=form, members=on_it, older=older, is_stale=is_stale,
        names=accounts.names(session), count=members.count(session, web.house(), LIST, list_id, web.now()),
    )  # fmt: skip
