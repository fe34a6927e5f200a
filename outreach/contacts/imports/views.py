"""Imports on the desk: upload, columns, every row looked at, progress, what became of it, and back again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from outreach import spreadsheets, web
from outreach.contacts.imports import fields, forms, jobs, keeping, queries, reading
from outreach.contacts.imports.models import DECISIONS, KEPT, VERDICTS
from outreach.contacts.imports.refusals import FileRefused
from outreach.contacts.models import LOOKED_AT, MAPPING
from outreach.contacts.views_desk import WRITERS
from outreach.errors import Conflict
from outreach.language import mark, text

desk = Blueprint("imports", __name__, url_prefix="/desk/contacts/imports")

OF_IMPORT = "/<int(max=9007199254740991):import_id>"
AT_ONCE = 1.5
"""Seconds that a click waits for: by then a short list is looked at, taken in or undone; a long one goes on later."""
GONE = mark("Discarded. Nothing of it was kept.")


@desk.get("")
@web.allow(*WRITERS)
def index() -> str:
    with web.reading() as session:
        return render_template("contacts/import_index.html", imports=queries.latest(session))


@desk.get("/new")
@web.allow(*WRITERS)
def new() -> str:
    return render_template("contacts/import_new.html", form=forms.UploadForm())


@desk.post("/new")
@web.allow(*WRITERS, takes_files=True)
def upload() -> Any:
    form = forms.UploadForm()
    if form.validate():
        file, encoding = form.file.data, form.encoding.data
        try:
            with reading.uploaded(file.stream, encoding) as opened:
                import_id = jobs.read(
                    web.house(), opened, file_name=file.filename, source=form.source.data,
                    basis=form.lawful_basis.data, actor_id=web.actor(),
                )  # fmt: skip
            return redirect(url_for(".columns", import_id=import_id), 303)
        except FileRefused as refused:
            form.file.errors = [*form.file.errors, refused.message]
    return render_template("contacts/import_new.html", form=form), 422


@desk.get(f"{OF_IMPORT}/columns")
@web.allow(*WRITERS)
def columns(import_id: int) -> str:
    with web.reading() as session:
        held = queries.get(session, import_id)
        return _columns(session, held, forms.columns_form(held.head, held.mapping))


@desk.post(f"{OF_IMPORT}/columns")
@web.allow(*WRITERS)
def map_columns(import_id: int) -> Any:
    with web.reading() as session:
        held = queries.get(session, import_id)
        form = forms.columns_form(held.head, held.mapping)
        if not form.validate():
            return _columns(session, held, form), 422
    try:
        with web.transaction() as session:
            keeping.map_columns(session, web.now(), import_id, forms.chosen(form))
    except Conflict as conflict:
        if conflict.field in form:
            form[conflict.field].errors = [conflict.message]
        else:
            form.form_errors.append(conflict.message)
        with web.reading() as session:
            return _columns(session, queries.get(session, import_id), form), 422
    return _go_on(import_id)


@desk.get(OF_IMPORT)
@web.allow(*WRITERS)
def one(import_id: int) -> Any:
    view, page = request.args.get("view", ""), min(max(request.args.get("page", 1, type=int), 1), 100_000)
    with web.reading() as session:
        held = queries.get(session, import_id)
        if held.state == MAPPING:
            return redirect(url_for(".columns", import_id=import_id))
        lines = queries.lines(session, import_id, view if view in (*VERDICTS, KEPT) else "", page)
        return render_template(
            "contacts/import_one.html", held=held, lines=lines, view=view, labels=fields.FIELDS,
            undecided=queries.undecided(session, import_id) if held.state == LOOKED_AT else 0,
            last=queries.last_number(session, import_id), cells_under=queries.cells_under, bases=forms.BASES,
        )  # fmt: skip


@desk.get(f"{OF_IMPORT}/problems.csv")
@web.allow(*WRITERS)
def problems(import_id: int) -> Response:
    """Every row that was refused or is in doubt, as it came, with number and why: to be put right and brought again."""
    variant = web.variant()
    with web.reading() as session:
        held = queries.get(session, import_id)
        rows: list[list[spreadsheets.Cell]] = [
            [*queries.cells_under(held.head, line.cells), line.number, _said(line.reasons)]
            for line in queries.problems(session, import_id)
        ]
    head = [*held.head, text(variant, mark("Row")), text(variant, mark("Problem"))]
    answer = Response(spreadsheets.table(head, rows), content_type=spreadsheets.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="problems-{import_id}.csv"'
    return answer


@desk.post(f"{OF_IMPORT}/decide")
@web.allow(*WRITERS)
def decide(import_id: int) -> Any:
    decision, number = request.form.get("decision", ""), request.args.get("row", type=int)
    if decision in DECISIONS and decision != KEPT:
        with web.transaction() as session:
            keeping.decide(session, import_id, number, decision)
    page = request.args.get("page", 1, type=int)
    return redirect(url_for(".one", import_id=import_id, view="doubt", page=page if page > 1 else None), 303)


@desk.post(f"{OF_IMPORT}/take-in")
@web.allow(*WRITERS)
def take_in(import_id: int) -> Any:
    with web.transaction() as session:
        keeping.approve(session, web.now(), import_id, web.actor())
    return _go_on(import_id)


@desk.post(f"{OF_IMPORT}/undo")
@web.allow(*WRITERS)
def undo(import_id: int) -> Any:
    with web.transaction() as session:
        keeping.undo(session, web.now(), import_id, web.actor())
    return _go_on(import_id)


@desk.post(f"{OF_IMPORT}/discard")
@web.allow(*WRITERS)
def discard(import_id: int) -> Any:
    with web.transaction() as session:
        keeping.discard(session, web.now(), import_id, web.actor())
    jobs.run(web.house(), import_id, AT_ONCE)
    flash(text(web.variant(), GONE))
    return redirect(url_for(".index"), 303)


def _go_on(import_id: int) -> Any:
    jobs.run(web.house(), import_id, AT_ONCE)
    return redirect(url_for(".one", import_id=import_id), 303)


def _columns(session: Any, held: Any, form: forms.ColumnsForm) -> str:
    return render_template(
        "contacts/import_columns.html", held=held, form=form, examples=queries.examples(session, held),
        twin=queries.twin(session, held),
    )  # fmt: skip


def _said(reasons: list[list[str]]) -> str:
    """Column, value and why of each problem in one cell."""
    variant = web.variant()
    parts = [
        (text(variant, fields.FIELDS[head]) if head in fields.FIELDS else head, value, why)
        for head, value, why in reasons
    ]
    return "; ".join(
        f"{': '.join(filter(None, (head, value)))} – {text(variant, why)}".strip(" –") for head, value, why in parts
    )
