"""One organisation on the desk: who works there, a new one, its change."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from outreach import web
from outreach.contacts import organisations, reach
from outreach.contacts.forms_clash import Difference
from outreach.contacts.forms_organisation import OrganisationForm, values_of
from outreach.contacts.forms_rows import ADDRESS_KINDS, ORGANISATION_KINDS
from outreach.contacts.models import Organisation
from outreach.contacts.views_desk import READERS, WRITERS, desk
from outreach.contacts.views_record import ticked
from outreach.errors import Conflict
from outreach.language import mark, text

OF_ORGANISATION = "/organisations/<int(max=9007199254740991):organisation_id>"


@desk.get("/organisations")
@web.allow(*READERS)
def index() -> Any:
    """?q=radio&kind=outlet; `after` is the last one of the page before."""
    said, kind = request.args.get("q", "").strip()[:200], request.args.get("kind", "")
    after = request.args.get("after", 0, type=int)
    with web.reading() as session:
        shown = organisations.found(session, said, kind, after if 0 < after < 2**53 else 0)
        return render_template(
            "contacts/organisations.html", shown=shown, said=said, kind=kind, sorts=ORGANISATION_KINDS,
            is_more=len(shown) == organisations.SHOWN,
        )  # fmt: skip


@desk.get(OF_ORGANISATION)
@web.allow(*READERS)
def organisation(organisation_id: int) -> Any:
    with web.reading() as session:
        held = organisations.get(session, organisation_id)
        return render_template(
            "contacts/organisation.html", organisation=held, people=organisations.people(session, organisation_id),
            delivery=reach.delivery(session, held.addresses), kinds=ADDRESS_KINDS, sorts=ORGANISATION_KINDS,
        )  # fmt: skip


@desk.get("/organisations/new")
@web.allow(*WRITERS)
def new_organisation() -> Any:
    return _page(OrganisationForm({"kind": "outlet"}))


@desk.post("/organisations/new")
@web.allow(*WRITERS)
def add_organisation() -> Any:
    form = OrganisationForm()
    if form.wants_a_row(request.form.get("add", "")):
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        with web.transaction() as session:
            made = organisations.add(session, web.house(), web.now(), form.facts(), web.actor()).id
    except Conflict as conflict:
        form.beside(conflict.field, conflict.message)
        return _page(form), 422
    return _saved(made)


@desk.get(OF_ORGANISATION + "/edit")
@web.allow(*WRITERS)
def edit_organisation(organisation_id: int) -> Any:
    with web.reading() as session:
        held = organisations.get(session, organisation_id)
        return _page(OrganisationForm(values_of(held)), held)


@desk.post(OF_ORGANISATION + "/edit")
@web.allow(*WRITERS)
def save_organisation(organisation_id: int) -> Any:
    form = OrganisationForm()
    with web.reading() as session:
        held = organisations.get(session, organisation_id)
        form.take_over(OrganisationForm(values_of(held)), ticked())
    if form.wants_a_row(request.form.get("add", "")):
        return _page(form, held)
    if not form.validate():
        return _page(form, held), 422
    try:
        with web.transaction() as session:
            organisations.change(
                session, web.house(), web.now(), organisation_id, form.seen_version(), form.facts(), web.actor()
            )
    except Conflict as conflict:
        return _again(form, organisation_id, conflict)
    return _saved(organisation_id)


def _page(form: OrganisationForm, held: Organisation | None = None, theirs: list[Difference] | None = None) -> str:
    return render_template("contacts/organisation_edit.html", form=form, organisation=held, theirs=theirs)


def _again(form: OrganisationForm, organisation_id: int, conflict: Conflict) -> Any:
    """The form with everything typed; on a clash the hidden version is renewed, so that saving again means it."""
    form.beside(conflict.field, conflict.message)
    with web.reading() as session:
        held = organisations.get(session, organisation_id)
        if conflict.field != "version":
            return _page(form, held), 422
        return _page(form, held, form.clash(OrganisationForm(values_of(held)), ticked())), 409


def _saved(organisation_id: int) -> Any:
    flash(text(web.variant(), mark("Saved.")))
    return redirect(url_for("contacts.organisation", organisation_id=organisation_id), 303)
