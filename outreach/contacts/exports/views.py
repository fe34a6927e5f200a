"""The page on which people are taken out as a file, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.accounts import access, queries
from outreach.contacts.exports import files, second_word, sources, taking
from outreach.contacts.exports.forms import FORMATS, AgainForm, ExportForm
from outreach.contacts.exports.sources import Source
from outreach.errors import Conflict, IllegalMove
from outreach.language import mark, text

desk = Blueprint("exports", __name__, url_prefix="/desk/contacts/export")

MAY = ("contacts", "admin")
NUMBER = "/<int(max=9007199254740991):request_id>"
ASKED = mark("A colleague has to allow this file first. You find it here then, for an hour.")


@desk.get("")
@web.allow(*MAY)
def ask() -> ResponseReturnValue:
    """Whom: ?of=list&id=3, ?of=segment&id=4, or the filters of the table; nothing is everybody."""
    return _page(ExportForm())


@desk.post("")
@web.allow(*MAY)
def take() -> ResponseReturnValue:
    """The file; under the two-person rule, of more than one person, a request that a colleague allows."""
    form, now = ExportForm(), web.now()
    status = _refused(form)
    if status:
        return _page(form, status)
    source, wanted = Source.of(request.args), form.form.data
    try:
        with web.transaction() as session:
            waits = second_word.is_needed(session, web.house(), source, now)
            if waits:
                second_word.ask(session, web.house(), now, source, wanted, form.purpose.data, actor())
            else:
                taking.take_out(session, web.house(), now, source, wanted, form.purpose.data, web.actor())
    except Conflict as wrong:
        form.form.errors = [wrong.message]
        return _page(form, 422)
    if waits:
        flash(text(web.variant(), ASKED))
        return redirect(url_for(".requests"), 303)
    return _file(source, wanted)


@desk.get("/requests")
@web.allow(*MAY)
def requests() -> ResponseReturnValue:
    return _requests(AgainForm())


@desk.post("/requests" + NUMBER + "/<any(allow, refuse):step>")
@web.allow(*MAY)
def decide(request_id: int, step: str) -> ResponseReturnValue:
    with web.transaction() as session:
        second_word.decide(session, web.now(), request_id, second_word.DECISIONS[step], actor())
    return redirect(url_for(".requests"), 303)


@desk.post("/requests" + NUMBER + "/take")
@web.allow(*MAY)
def take_allowed(request_id: int) -> ResponseReturnValue:
    """The file that a colleague allowed: once."""
    form = AgainForm()
    status = _refused(form)
    if status:
        return _requests(form, status)
    try:
        with web.transaction() as session:
            source, wanted = second_word.take(session, web.house(), web.now(), request_id, actor())
    except IllegalMove as wrong:
        form.password.errors = [str(wrong)]
        return _requests(form, 409)
    return _file(source, wanted)


def actor() -> int:
    """Who is signed in; these pages let nobody else in."""
    number = web.actor()
    assert number is not None
    return number


def _refused(form: AgainForm) -> int:
    """The status of what is wrong with a form or its password; 0 for nothing."""
    if not form.validate():
        return 422
    refused = access.refused_password(form.password.data)
    if refused:
        form.password.errors = [refused]
        return 429 if refused == access.TOO_MANY else 422
    return 0


def _file(source: Source, wanted: str) -> Response:
    house, now, kind = web.house(), web.now(), files.KINDS[wanted]
    response = web.no_store(Response(files.streamed(house, source, wanted, now), content_type=kind.media_type))
    day = now.astimezone(house.office.zone).date()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.{kind.ending}"'
    return response


def _requests(form: AgainForm, status: int = 200) -> ResponseReturnValue:
    now, me = web.now(), web.actor()
    form.form_errors, form.password.errors = list(form.password.errors), ()  # each file has a field of its own
    with web.reading() as session:
        asked = second_word.lately(session, now)
        shown = {"asked": asked, "names": queries.names(session), "formats": FORMATS, "me": me, "form": form}
        can_take = {one.id for one in asked if second_word.refusal(one, now, me) is None}
        return render_template("contacts/export_requests.html", can_take=can_take, **shown), status


def _page(form: ExportForm, status: int = 200) -> ResponseReturnValue:
    source, house, now = Source.of(request.args), web.house(), web.now()
    with web.reading() as session:
        shown = {
            "name": sources.name(session, source), "count": sources.count(session, house, source, now),
            "sample": sources.sample(session, house, source, now), "form": form, "source": source,
        }  # fmt: skip
        return render_template("contacts/export_ask.html", address=request.full_path.rstrip("?"), **shown), status
