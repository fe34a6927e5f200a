"""The contacts on the desk: one person's record, one organisation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers.response import Response

from outreach import audit, language, web
from outreach.contacts import forms, queries, records
from outreach.contacts.duplicates import queries as duplicates
from outreach.errors import Conflict

desk = Blueprint("contacts", __name__, url_prefix="/desk/contacts")

READERS = ("officer", "contacts", "admin")
WRITERS = ("officer", "contacts")


@desk.get("/<int(max=9007199254740991):person_id>")
@web.allow(*READERS)
def person(person_id: int) -> str | Response:
    with web.reading() as session:
        survivor_id = duplicates.survivor_of(session, person_id)
        if survivor_id is not None:
            return redirect(f"/desk/contacts/{survivor_id}", 303)
        record = queries.record(session, person_id)
        page = render_template("contacts/person.html", person=record, colleagues=queries.colleagues(session, record))
    with web.side_transaction() as session:
        audit.record(session, web.now(), "person.read", f"person:{person_id}", web.actor())
    return page


@desk.get("/<int(max=9007199254740991):person_id>/edit")
@web.allow(*WRITERS)
def edit(person_id: int) -> str:
    with web.reading() as session:
        record = records.get(session, person_id)
        return render_template("contacts/edit.html", form=forms.PersonForm(obj=record), person=record)


@desk.post("/<int(max=9007199254740991):person_id>/edit")
@web.allow(*WRITERS)
def save(person_id: int) -> Response | tuple[str, int]:
    form = forms.PersonForm()
    if not form.validate():
        return _again(form, person_id)
    values = {name: value for name, value in form.data.items() if name != "csrf_token"}
    try:
        with web.transaction() as session:
            records.change(session, web.now(), person_id, actor_id=web.actor(), **values)
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        return _again(form, person_id)
    flash(language.text(web.variant(), language.mark("Saved.")))
    return redirect(f"/desk/contacts/{person_id}", 303)


@desk.get("/organisations/<int(max=9007199254740991):organisation_id>")
@web.allow(*READERS)
def organisation(organisation_id: int) -> str:
    with web.reading() as session:
        found = queries.organisation(session, organisation_id)
        return render_template("contacts/organisation.html", organisation=found)


def _again(form: forms.PersonForm, person_id: int) -> tuple[str, int]:
    """The form with everything typed; on a conflict the hidden version is renewed, so that saving again means it."""
    with web.reading() as session:
        record = records.get(session, person_id)
        theirs = record if form.form_errors else None
        if theirs is not None:
            form.version.data = theirs.version
            form.version.raw_data = None
        return render_template("contacts/edit.html", form=form, person=record, theirs=theirs), 422
