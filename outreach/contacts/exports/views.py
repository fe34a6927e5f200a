"""The page on which people are taken out as a file, and the file itself."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.accounts import access
from outreach.contacts.exports import files, sources, taking
from outreach.contacts.exports.forms import ExportForm
from outreach.contacts.exports.sources import Source

desk = Blueprint("exports", __name__, url_prefix="/desk/contacts/export")

MAY = ("contacts", "admin")


@desk.get("")
@web.allow(*MAY)
def ask() -> ResponseReturnValue:
    """Whom: ?of=list&id=3, ?of=segment&id=4, or the filters of the table; nothing is everybody."""
    return _page(ExportForm())


@desk.post("")
@web.allow(*MAY)
def take() -> ResponseReturnValue:
    form, house, now = ExportForm(), web.house(), web.now()
    if not form.validate():
        return _page(form, 422)
    refused = access.refused_password(form.password.data)
    if refused:
        form.password.errors = [refused]
        return _page(form, 429 if refused == access.TOO_MANY else 422)
    source, kind = Source.of(request.args), files.KINDS[form.form.data]
    with web.transaction() as session:
        taking.take_out(session, house, now, source, form.form.data, form.purpose.data, web.actor())
    response = web.no_store(Response(files.streamed(house, source, form.form.data, now), content_type=kind.media_type))
    day = now.astimezone(house.office.zone).date()
    response.headers["Content-Disposition"] = f'attachment; filename="contacts-{day}.{kind.ending}"'
    return response


def _page(form: ExportForm, status: int = 200) -> ResponseReturnValue:
    source, now = Source.of(request.args), web.now()
    with web.reading() as session:
        name, count = sources.name(session, source), sources.count(session, web.house(), source, now)
    shown = {"form": form, "source": source, "name": name, "count": count, "address": request.full_path.rstrip("?")}
    return render_template("contacts/export_ask.html", **shown), status
