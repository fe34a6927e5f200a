"""Lists of subscribers from elsewhere, on the desk: upload, look at every line, then take them in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import spreadsheets, web
from outreach.language import Variant, text
from outreach.subscriptions import forms_desk, takeover, uploads
from outreach.subscriptions.lists import COLUMNS, ListFault
from outreach.subscriptions.models import ListImport

desk = Blueprint("subscriber_lists", __name__, url_prefix="/desk/subscribers/lists")

WHO = ("contacts", "admin")
SHOWN = 200
# More than a form may hold, for this one address alone: a list and the words around it.
BODY = uploads.MOST_BYTES + 64 * 1024


@desk.url_value_preprocessor
def _larger_uploads(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "subscriber_lists.upload":
        request.max_content_length = BODY


@desk.get("")
@web.allow(*WHO)
def form() -> str:
    return render_template("subscriptions/lists.html", form=forms_desk.ListForm(), columns=COLUMNS)


@desk.post("")
@web.allow(*WHO)
def upload() -> ResponseReturnValue:
    form = forms_desk.ListForm()
    if not form.validate():
        return render_template("subscriptions/lists.html", form=form, columns=COLUMNS), 422
    variant, name = Variant.of(form.variant.data), form.file.data.filename
    with web.transaction() as session:
        kept = uploads.keep(
            session, web.now(), file_name=name, content=form.content, proof=form.proof.data, variant=variant,
            actor_id=web.actor(),
        )  # fmt: skip
    return redirect(f"/desk/subscribers/lists/{kept.id}", 303)


@desk.get("/<int(max=9007199254740991):list_id>")
@web.allow(*WHO)
def look(list_id: int) -> str:
    with web.reading() as session:
        kept = uploads.get(session, list_id)
        rows, fault = _rows(session, kept)
        outcomes = [str(row["outcome"]) for row in rows]
        return render_template(
            "subscriptions/list.html",
            kept=kept,
            fault=fault,
            counted=uploads.counted(outcomes),
            rows=sorted(rows, key=lambda row: row["outcome"] == takeover.NEW)[:SHOWN],
            total=len(rows),
            words=takeover.OUTCOMES,
        )


@desk.get("/<int(max=9007199254740991):list_id>/report.csv")
@web.allow(*WHO)
def report(list_id: int) -> Response:
    """Every line with what becomes or became of it; the addresses only as long as the list itself is kept."""
    with web.reading() as session:
        rows, _ = _rows(session, uploads.get(session, list_id))
    told = [
        (row["number"], row["typed"], row["outcome"], text(web.variant(), takeover.OUTCOMES[row["outcome"]]))
        for row in rows
    ]
    file = spreadsheets.table(("line", "address", "outcome", "meaning"), told)
    response = Response(file, content_type=spreadsheets.CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="list-{list_id}.csv"'
    return response


@desk.post("/<int(max=9007199254740991):list_id>/take-in")
@web.allow(*WHO)
def take_in(list_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        uploads.approve(session, web.now(), list_id, web.actor())
    return redirect(f"/desk/subscribers/lists/{list_id}", 303)


@desk.post("/<int(max=9007199254740991):list_id>/discard")
@web.allow(*WHO)
def discard(list_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        uploads.discard(session, web.now(), list_id)
    return redirect(f"/desk/subscribers/lists/{list_id}", 303)


def _rows(session: Session, kept: ListImport) -> tuple[list[dict[str, Any]], ListFault | None]:
    """Every line so far: what would become of it before the second word, what did become of it after."""
    if kept.approved_at is not None or kept.content is None:
        return [{"number": line, "typed": "", "outcome": outcome} for line, outcome in kept.report], None
    try:
        judged = uploads.looked_at(session, web.house(), kept)
    except ListFault as fault:
        return [], fault
    return [{"number": line.number, "typed": line.typed, "outcome": outcome} for line, outcome in judged], None
