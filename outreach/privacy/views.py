"""On the desk: everything that is held about one person, to look at, to hand over, or to erase.

An address is typed into a form and stands in no address of a page, which logs would keep.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.contacts.card import settling, views
from outreach.errors import Conflict, NotFound
from outreach.language import mark, text
from outreach.privacy import bundle, erasing, mentions, page, reach, subjects
from outreach.privacy.forms import WhomForm
from outreach.privacy.subjects import Subject

desk = Blueprint("privacy", __name__, url_prefix="/desk")

MAY = ("contacts", "data_protection")
GONE = mark("Erased in every room.")
GONE_BUT = mark("Erased. These still name them and are to be looked at: {where}")
NO_RECORD = mark("There is no such record.")
SURE = mark("Tick that you have checked it. An erasure cannot be undone.")


@desk.get("/privacy")
@web.allow(*MAY)
def ask() -> Any:
    """?person=5 fills in the number of a record."""
    number = request.args.get("person", type=int)
    return _page(WhomForm(data={"whom": str(number or "")}))


@desk.post("/privacy/held")
@web.allow(*MAY)
def held() -> Any:
    """What is held, table by table; that somebody looked stands in the log."""
    form = WhomForm()
    document = _document(form, "page")
    return _page(form, document) if document is not None else (_page(form), 422)


@desk.post("/privacy/file")
@web.allow(*MAY)
def take() -> Any:
    """The same as a file to hand over."""
    form, wanted = WhomForm(), request.form.get("as", page.HTML)
    wanted = wanted if wanted in page.FORMS else page.HTML
    document = _document(form, wanted)
    if document is None:
        return _page(form), 422
    response = web.no_store(Response(page.written(document, wanted, web.variant()), content_type=page.MEDIA[wanted]))
    response.headers["Content-Disposition"] = f'attachment; filename="held.{wanted}"'
    return response


@desk.post("/privacy/erase")
@web.allow(*MAY)
def erase() -> Any:
    form = WhomForm()
    if not form.validate():
        return _page(form), 422
    try:
        if "sure" not in request.form:
            raise Conflict("sure", SURE)
        _carry_out(lambda session: _whom(session, form), "asked")
    except Conflict as wrong:
        form.whom.errors = [wrong.message]
        return _page(form), 422
    return redirect(url_for(".ask"), 303)


@desk.post("/contacts" + views.OF_REQUEST + "/erase")
@web.allow(*views.SETTLERS)
def erase_asked(request_id: int) -> Any:
    """What somebody asked on their card."""
    if "sure" not in request.form:
        return views.page({request_id: SURE}), 422
    with web.reading() as session:
        person_id = settling.to_erase(session, request_id)
    if person_id is not None:
        try:
            _carry_out(lambda session: subjects.of_person(session, web.house(), person_id), "asked on their card")
        except Conflict as wrong:
            return views.page({request_id: wrong.message}), 422
    return redirect(url_for("card_desk.requests"), 303)


def _document(form: WhomForm, wanted: str) -> dict[str, Any] | None:
    """All that is held about whom the form names; none when that is nobody, which the form then says."""
    if not form.validate():
        return None
    try:
        with web.reading() as session:
            subject = _whom(session, form)
            document = bundle.made(session, web.house(), web.now(), subject)
    except Conflict as wrong:
        form.whom.errors = [wrong.message]
        return None
    with web.transaction() as session:
        bundle.note(session, web.now(), subject, document, wanted, web.actor())
    return document


def _carry_out(whom: Any, reason: str) -> None:
    """Find them and what names them, which takes as long as reading everything; then erase in one transaction."""
    with web.reading() as session:
        subject = whom(session)
        named = mentions.find(session, subject, reach.rows(session, subject))
    with web.transaction() as session:
        left = erasing.erase(session, web.house(), web.now(), whom(session), named, reason, web.actor())
    if not left:
        flash(text(web.variant(), GONE))
        return
    where = ", ".join(sorted({mention.table for mention in left}))
    flash(text(web.variant(), GONE_BUT, where=where))


def _whom(session: Session, form: WhomForm) -> Subject:
    """Conflict("who") for a number without a record."""
    said = form.whom.data or ""
    if "@" in said:
        return subjects.of_address(session, web.house(), said)
    try:
        return subjects.of_person(session, web.house(), int(said[:15]))
    except (NotFound, ValueError):
        raise Conflict("who", NO_RECORD) from None


def _page(form: WhomForm, document: dict[str, Any] | None = None) -> str:
    held = document["held"] if document is not None else {}
    counts = {room: sum(len(held[table]) for table in tables) for room, tables in reach.rooms(held).items()}
    with web.reading() as session:
        asked = settling.count(session)
    return render_template("privacy/desk.html", form=form, document=document, counts=counts, asked=asked)
