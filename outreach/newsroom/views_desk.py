"""The desk's documents: what stands where, what is wrong with which file, publish and withdraw."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import web
from outreach.errors import Conflict
from outreach.language import Variant, mark, text
from outreach.newsroom import editing, intake, library, publications, queries
from outreach.newsroom.forms import PublishForm, WithdrawForm

desk = Blueprint("newsroom_desk", __name__, url_prefix="/desk/documents")

MAY_PUBLISH = ("editor", "admin")
WITHDRAW = "withdraw-"


@desk.get("")
@web.allow("desk")
def documents() -> ResponseReturnValue:
    variant, now = web.variant(), web.now()
    with web.reading() as session:
        rows = queries.documents(session, library.opened(session, web.house()), variant, now)
        known = {file for row in rows for file in row.files.values()}
        shown = {
            "rows": rows,
            "other_faults": [fault for fault in queries.faults(session) if fault.file not in known],
            "held": [_held(session, publication.id) for publication in publications.held(session)],
        }
    return render_template("newsroom/desk_documents.html", **shown)


@desk.get("/<document_id>")
@web.allow("desk")
def document(document_id: str) -> ResponseReturnValue:
    return _document_page(document_id)


@desk.post("/<document_id>/publish")
@web.allow(*MAY_PUBLISH)
def publish(document_id: str) -> ResponseReturnValue:
    house, now = web.house(), web.now()
    with web.reading() as session:
        form = _publish_form(session, document_id)
    if not form.validate():
        return _document_page(document_id, publish_form=form), 422
    try:
        with web.transaction() as session:
            seen, languages = form.fingerprint.data, form.languages.data
            editing.publish(session, house, now, document_id, seen, languages, form.embargo_at, web.actor())
            intake.read_content(session, house, now, web.actor())
    except Conflict as stale:
        form.form_errors.append(stale.message)
        return _document_page(document_id, publish_form=form, is_stale=True), 409
    done = mark("Published, with an embargo.") if form.embargo_at else mark("Published.")
    flash(text(web.variant(), done))
    return redirect(url_for("newsroom_desk.document", document_id=document_id), 303)


@desk.post("/<document_id>/withdraw")
@web.allow(*MAY_PUBLISH)
def withdraw(document_id: str) -> ResponseReturnValue:
    house, now = web.house(), web.now()
    form = WithdrawForm(prefix=WITHDRAW)
    if not form.validate():
        return _document_page(document_id, withdraw_form=form), 422
    try:
        with web.transaction() as session:
            seen = form.fingerprint.data
            editing.withdraw(session, house, now, document_id, seen, form.reasons, web.actor())
            intake.read_content(session, house, now, web.actor())
    except Conflict as stale:
        form.form_errors.append(stale.message)
        return _document_page(document_id, withdraw_form=form, is_stale=True), 409
    flash(text(web.variant(), mark("Withdrawn. The page says so and gives the reason.")))
    return redirect(url_for("newsroom_desk.document", document_id=document_id), 303)


@desk.post("/held")
@web.allow(*MAY_PUBLISH)
def decide_held() -> ResponseReturnValue:
    is_released = request.form.get("decision") == "release"
    with web.transaction() as session:
        publications.decide_held(session, web.now(), is_released, web.actor())
    done = mark("Released to the digests.") if is_released else mark("Kept out of the digests.")
    flash(text(web.variant(), done))
    return redirect(url_for("newsroom_desk.documents"), 303)


def _held(session: Session, publication_id: int) -> library.PublicationView | None:
    return library.opened(session, web.house()).publication_view(session, publication_id, web.variant())


def _publish_form(session: Session, document_id: str) -> PublishForm:
    """A form for the languages that the document has; all of them are chosen at first."""
    having = list(editing.current_files(session, document_id))
    form = PublishForm(zone=web.house().office.zone, now=web.now(), having=having)
    if request.method == "GET":
        form.languages.data = having
    return form


def _document_page(
    document_id: str,
    publish_form: PublishForm | None = None,
    withdraw_form: WithdrawForm | None = None,
    is_stale: bool = False,
) -> str:
    """A document as it was last read, in the variant asked for, with what can be done to it.

    A form that came back keeps the fingerprint it was sent with; a stale one (`is_stale`) gets that of the text shown.
    """
    asked = request.args.get("variant", "")
    variant = Variant.of(asked) if asked in {v.segment for v in Variant} else web.variant()
    with web.reading() as session:
        shelf = library.opened(session, web.house())
        page = shelf.preview(document_id, variant)
        rows = queries.documents(session, shelf, variant, web.now())
        versions = editing.current_files(session, document_id)
        row = next(row for row in rows if row.id == document_id)
        if publish_form is None:
            publish_form = _publish_form(session, document_id)
            publish_form.languages.data = list(versions)
            publish_form.shows_embargo(row.public_from)
    withdraw_form = withdraw_form or WithdrawForm(formdata=None, prefix=WITHDRAW)
    for form in (publish_form, withdraw_form):
        if is_stale or not form.errors:
            form.fingerprint.data = editing.fingerprint(versions.values())
    return render_template(
        "newsroom/desk_document.html",
        page=page,
        row=row,
        shown=variant,
        publish_form=publish_form,
        withdraw_form=withdraw_form,
        form=publish_form if publish_form.errors else withdraw_form,
    )
