"""The workspace of one inquiry: one form, whose buttons are the steps that may be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.inquiries import answers, beside, casework, emails, hygiene, moves, queries, terms
from outreach.inquiries.forms_desk import WorkForm
from outreach.inquiries.lines import inserting
from outreach.inquiries.models import Inquiry
from outreach.inquiries.views_desk import READERS, WRITERS, desk, me
from outreach.inquiries.views_pages import echo
from outreach.language import mark, text
from outreach.mail import suppressions

SAID = {
    "accept": mark("Accepted. The journalist is told that you have it."),
    "release": mark("Released. The receipt is on its way."),
    "note": mark("Note added. Only we see it."),
    "keep": mark("Kept. Nothing was sent."),
    "reply": mark("Sent. The inquiry stays open."),
    "answer": mark("Answer sent."),
    "contact": mark("The journalist is in contacts."),
    "insert": mark("Put in. Read it once more before you send."),
}


@desk.get("/<reference>")
@web.allow(*READERS)
def workspace(reference: str) -> Any:
    with web.reading() as session:
        inquiry = queries.by_reference(session, reference)
        return _page(session, inquiry, WorkForm.of(inquiry, _usual_attribution(inquiry)))


@desk.post("/<reference>")
@web.allow(*WRITERS)
def act(reference: str) -> Any:
    """Every button of the workspace; what was typed elsewhere in it is kept along with it."""
    form, do, put = WorkForm(), request.form.get("do", ""), inserting.read(request.form.get("do", ""))
    step = _insert if put else ACTIONS.get(do)
    if step is None:
        abort(400)
    if not form.validate():
        return _again(reference, form, 422)
    try:
        with web.transaction() as session:
            step(session, casework.open_case(session, reference), form)
    except Conflict as conflict:
        is_stale = conflict.field == "version"
        form.form_errors.append(conflict.message) if is_stale else _beside(form, conflict)
        return _again(reference, form, 409 if is_stale else 422)
    flash(text(web.variant(), SAID["insert" if put else do]))
    return redirect(url_for(".workspace", reference=reference, _anchor=put.place if put else None), 303)


def _accept(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    answers.keep(session, web.now(), inquiry, form.draft(), me())
    casework.accept(session, web.house(), web.now(), inquiry, me())


def _release(session: Session, inquiry: Inquiry, _form: WorkForm) -> None:
    casework.release(session, web.house(), web.now(), inquiry, me())


def _note(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    if not form.note.data:
        raise Conflict("note", mark("Write the note before adding it"))
    draft = form.draft()
    if casework.sent_before(inquiry, draft.nonce) is None and moves.is_legal(inquiry, moves.KEEP):
        answers.keep(session, web.now(), inquiry, draft, me())
    casework.note(session, web.now(), inquiry, form.note.data, draft.nonce, me())


def _keep(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    answers.keep(session, web.now(), inquiry, form.draft(), me())


def _reply(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    answers.reply(session, web.house(), web.now(), inquiry, form.draft(), me())


def _answer(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    answers.answer(session, web.house(), web.now(), inquiry, form.draft(), me())


def _insert(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    answers.keep(session, web.now(), inquiry, form.draft(), me())
    button = inserting.read(request.form["do"])
    assert button is not None
    press = inserting.Press(button, form.draft().terms, request.form.getlist("ticks"))
    inserting.insert(session, web.house(), web.now(), inquiry, press, me())


def _contact(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    if moves.is_legal(inquiry, moves.KEEP):
        answers.keep(session, web.now(), inquiry, form.draft(), me())
    casework.make_contact(session, web.house(), web.now(), inquiry, me())


ACTIONS: dict[str, Callable[[Session, Inquiry, WorkForm], None]] = {
    "accept": _accept, "release": _release, "note": _note, "keep": _keep, "reply": _reply, "answer": _answer,
    "contact": _contact,
}  # fmt: skip


def _usual_attribution(inquiry: Inquiry) -> str:
    return web.house().office.name(emails.reply_variant(inquiry))


def _beside(form: WorkForm, conflict: Conflict) -> None:
    if conflict.field not in form:
        form.form_errors.append(conflict.message)
        return
    field = form[conflict.field]
    field.errors = [*field.errors, conflict.message]


def _again(reference: str, form: WorkForm, code: int) -> Any:
    """The workspace with everything typed; after somebody else's change, with what is kept now beside it."""
    with web.reading() as session:
        inquiry = queries.by_reference(session, reference)
        form.version.data = str(inquiry.version) if code == 409 else form.version.data
        while len(form.answers) < len(inquiry.questions):
            form.answers.append_entry("")
        return _page(session, inquiry, form, compare=code == 409), code


def _page(session: Session, inquiry: Inquiry, form: WorkForm, compare: bool = False) -> str:
    return render_template(
        "inquiries/workspace.html", inquiry=inquiry, form=form, compare=compare, words=terms, echo=echo(inquiry),
        names=accounts.names(session), earlier=queries.earlier_from(session, inquiry), visible=hygiene.visible,
        can={verb: moves.is_legal(inquiry, verb) for verb in moves.LEGAL}, moves=moves, kept=inquiry.draft or {},
        reply_variant=emails.reply_variant(inquiry), failed=queries.failed_mails(session, inquiry),
        beside=beside.questions(session, web.house(), inquiry, web.now()),
        is_refused=suppressions.is_suppressed(session, web.house(), inquiry.email, suppressions.ALL),
    )  # fmt: skip
