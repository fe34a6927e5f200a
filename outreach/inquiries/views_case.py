"""The workspace of one inquiry: one form, whose buttons are the steps that may be taken."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.errors import Conflict
from outreach.inquiries import (
    answers,
    casefile,
    casework,
    drafts,
    moves,
    notes,
    presence,
    queries,
    questions,
    sending,
    views_steps,
)
from outreach.inquiries.clearance import asking, matters
from outreach.inquiries.clearance.matters import Matter
from outreach.inquiries.files import gathering, keeping
from outreach.inquiries.forms_desk import WHOLE, WorkForm
from outreach.inquiries.lines import inserting
from outreach.inquiries.models import Inquiry
from outreach.inquiries.views_desk import READERS, WRITERS, beside, desk, me
from outreach.inquiries.views_draft import said as where
from outreach.inquiries.views_pages import echo, subject_page
from outreach.language import mark, text

SAID = {
    "accept": mark("Accepted. The journalist is told that you have it."),
    "release": mark("Released. The receipt is on its way."),
    "note": mark("Note added. Only we see it."),
    "keep": mark("Kept. Nothing was sent."),
    "attach": mark("The files are here, ticked to go with the next mail."),
    "reply": mark("The reply leaves in 20 seconds; until then you can stop it. The inquiry stays open."),
    "answer": mark("The answer leaves in 20 seconds; until then you can stop it."),
    "contact": mark("The journalist is in contacts."),
    "clearance": mark("Clearance asked. Nothing was sent to the journalist."),
    "recall": mark("It is no longer asked."),
    "add": mark("Question added."),
    "reword": mark("The question reads as you put it. What was cleared for it has to be cleared again."),
    "insert": mark("Put in. Read it once more before you send."),
    **views_steps.SAID,
}
STOPPED = mark("Stopped. Nothing was sent, and the words are in the draft again.")
TOO_LATE = mark("It has left already.")


@desk.get("/<reference>")
@web.allow(*READERS)
def workspace(reference: str) -> Any:
    with web.reading() as session:
        inquiry = queries.by_reference(session, reference)
        return _page(session, inquiry, WorkForm.of(drafts.of(web.house(), inquiry), inquiry))


@desk.post("/<reference>")
@web.allow(*WRITERS, takes_files=True)
def act(reference: str) -> Any:
    """Every button of the workspace; what was typed elsewhere in it is kept along with it."""
    do, which, place = _button()
    form = WorkForm()
    if do not in ACTIONS or (which and not (which.isascii() and which.isdigit() and len(which) < 10)):
        abort(400)
    if not (form.validate() and _take_files(form)):
        return _again(reference, form, 422)
    try:
        with web.transaction() as session:
            inquiry = casework.open_case(session, reference)
            _keep_files(session, inquiry, form)
            said = ACTIONS[do](session, inquiry, form, int(which or 0))
    except Conflict as conflict:
        return _again(reference, form, 409 if beside(form, conflict) else 422)
    flash(text(web.variant(), said or SAID[do]))
    return redirect(url_for(".workspace", reference=reference, _anchor=place), 303)


def _take_files(form: WorkForm) -> bool:
    """Files that were chosen wait below the form's nonce; False when one is refused, which the form then says."""
    chosen = [(file.filename, file.stream) for file in request.files.getlist("new_files") if file.filename]
    with web.reading() as session:
        form.new_files.errors = gathering.gather(session, web.house(), web.now(), _desk(form), chosen)
    return not form.new_files.errors


def _keep_files(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    """What waits joins the inquiry, ticked to go with the mail, whichever button was pressed."""
    kept = keeping.keep(session, web.house(), web.now(), inquiry, _desk(form), keeping.DESK, actor_id=me())
    form.files.data = [*(form.files.data or []), *(str(file.id) for file in kept)]


def _desk(form: WorkForm) -> str:
    return f"desk:{form.nonce.data}"


def _button() -> tuple[str, str, str | None]:
    """What the button pressed is to do, the number it names, and the place on the page to come back to."""
    typed = request.form.get("do", "")
    put = inserting.read(typed)
    if put:
        return "insert", "", put.place
    do, _, which = typed.partition(":")
    return do, which, None


@desk.post("/<reference>/stop/<int:message_id>")
@web.allow(*WRITERS, takes_files=True)
def stop(reference: str, message_id: int) -> Any:
    """Take a message back before it leaves. That is never refused for an old page; what was typed on one is shown."""
    form = WorkForm()
    with web.transaction() as session:
        inquiry = casework.open_case(session, reference)
        is_fresh = form.draft().version == inquiry.version
        if is_fresh and form.validate() and moves.is_legal(inquiry, moves.KEEP):
            _keep(session, inquiry, form, 0)
        is_stopped = sending.take_back(session, web.now(), inquiry, message_id, me())
    if not is_fresh:
        form.form_errors.append(drafts.CHANGED)
        return _again(reference, form, 409)
    flash(text(web.variant(), STOPPED if is_stopped else TOO_LATE))
    return redirect(url_for(".workspace", reference=reference), 303)


def _accept(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form, 0)
    casework.accept(session, web.house(), web.now(), inquiry, me())


def _release(session: Session, inquiry: Inquiry, _form: WorkForm, _which: int) -> None:
    casework.release(session, web.house(), web.now(), inquiry, me())


def _note(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    notes.add(session, web.house(), web.now(), inquiry, form.draft(), me())


def _keep(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    drafts.keep(session, web.house(), web.now(), inquiry, form.draft(), me())


def _keep_if_open(session: Session, inquiry: Inquiry, form: WorkForm) -> None:
    if moves.is_legal(inquiry, moves.KEEP):
        _keep(session, inquiry, form, 0)


def _reply(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    answers.reply(session, web.house(), web.now(), inquiry, form.draft(), me())


def _answer(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    answers.answer(session, web.house(), web.now(), inquiry, form.draft(), me())


def _insert(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form, 0)
    button = inserting.read(request.form["do"])
    if button is None:
        abort(400)
    press = inserting.Press(button, form.draft().terms, request.form.getlist("ticks"))
    inserting.insert(session, web.house(), web.now(), inquiry, press, me())


def _contact(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep_if_open(session, inquiry, form)
    casework.make_contact(session, web.house(), web.now(), inquiry, me())


def _ask(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form, 0)
    drafts.write(web.house(), inquiry, form.draft(), me())  # the terms and attribution of what is asked about
    whom = asking.approvers(session, me(), *form.whom())
    asking.ask(session, web.house(), web.now(), _texts(inquiry, form), whom, me())


def _texts(inquiry: Inquiry, form: WorkForm) -> list[Matter]:
    chosen = form.ask_what.data or ()
    if WHOLE in chosen:
        return [matters.of_inquiry(inquiry)]
    return [matters.of_inquiry(inquiry, one) for one in inquiry.questions if str(one.number) in chosen]


def _recall(session: Session, inquiry: Inquiry, form: WorkForm, which: int) -> None:
    _keep_if_open(session, inquiry, form)
    asking.withdraw(session, web.now(), inquiry.ref, which, me())


def _add(session: Session, inquiry: Inquiry, form: WorkForm, _which: int) -> None:
    _keep(session, inquiry, form, 0)
    questions.add(session, web.now(), inquiry, form.new_question.data or "", me())


def _reword(session: Session, inquiry: Inquiry, form: WorkForm, which: int) -> None:
    _keep(session, inquiry, form, 0)
    wording = form.wordings[which - 1].data if 0 < which <= len(form.wordings) else ""
    questions.reword(session, web.now(), inquiry, which, wording or "", me())


ACTIONS: dict[str, Callable[[Session, Inquiry, WorkForm, int], str | None]] = {
    "accept": _accept, "release": _release, "note": _note, "keep": _keep, "attach": _keep, "reply": _reply,
    "answer": _answer,
    "contact": _contact, "clearance": _ask, "recall": _recall, "add": _add, "reword": _reword, "insert": _insert,
    **views_steps.STEPS,
}  # fmt: skip


def _again(reference: str, form: WorkForm, code: int) -> Any:
    """The workspace with everything typed; after somebody else's change, with what is kept now beside it."""
    with web.reading() as session:
        inquiry = queries.by_reference(session, reference)
        if code == 409:
            form.version.data, form.nonce.data = str(inquiry.version), secrets.token_urlsafe(12)
        return _page(session, inquiry, form.grown(len(inquiry.questions)), compare=code == 409), code


def _page(session: Session, inquiry: Inquiry, form: WorkForm, compare: bool = False) -> str:
    shown = casefile.of(session, web.house(), web.now(), inquiry, me())
    here = [where(name, place) for name, place in presence.others(session, web.now(), inquiry, me())]
    return render_template(
        "inquiries/workspace.html", inquiry=inquiry, form=form, compare=compare, echo=echo(inquiry), here=here,
        subject_page=subject_page(inquiry.about), **shown, **views_steps.shown(session, inquiry, form),
    )  # fmt: skip
