"""What we said, on the desk: the search over every released answer, one answer, and its correction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.inquiries import forms_rules, hygiene, terms
from outreach.inquiries.clearance import asking, matters, state
from outreach.inquiries.clearance import queries as clearances
from outreach.inquiries.clearance.state import Standing
from outreach.inquiries.released import corrections, memory
from outreach.inquiries.released.corrections import Correction, NewWords
from outreach.inquiries.released.forms import CorrectionForm, Groups, correction_form
from outreach.inquiries.released.models import CorrectionDraft, ReleasedAnswer
from outreach.inquiries.views_desk import READERS, WRITERS, beside, me
from outreach.language import Variant, day_in_sentence, mark, plural, text

desk = Blueprint("answers_desk", __name__, url_prefix="/desk/answers")

DRAFTED = mark("What we told you on {day} was not right in one point. Please use the words below instead.")


@desk.get("")
@web.allow(*READERS)
def index() -> Any:
    typed = request.args.get("q", "").strip()[:200]
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    with web.reading() as session:
        found = memory.search(session, typed, web.now(), page)
        return render_template("released/index.html", found=found, typed=typed, words=terms, visible=hygiene.visible)


@desk.get("/<code>")
@web.allow(*READERS)
def answer(code: str) -> Any:
    with web.reading() as session:
        row = memory.get(session, code)
        return render_template(
            "released/answer.html", answer=row, draft=corrections.draft_of(session, row),
            names=accounts.names(session), words=terms, visible=hygiene.visible,
        )  # fmt: skip


@desk.get("/<code>/correct")
@web.allow(*WRITERS)
def correct(code: str) -> Any:
    with web.reading() as session:
        row = memory.get(session, code)
        groups, draft = corrections.holders(session, row, web.now()), corrections.draft_of(session, row)
        form = correction_form(groups, _drafted(groups, draft))
        return _page(session, row, form, looks=draft is not None)


@desk.post("/<code>/correct")
@web.allow(*WRITERS)
def act(code: str) -> Any:
    """„Look at it“ shows old and new words side by side; „Send“ sends. The same form twice is one correction."""
    do, _, which = request.form.get("do", "").partition(":")
    with web.reading() as session:
        row = memory.get(session, code)
        groups = corrections.holders(session, row, web.now())
        form = correction_form(groups)
        if not form.validate():
            return _page(session, row, form), 422
        if do not in ACTIONS:
            return _page(session, row, form, looks=True)
    try:
        with web.transaction() as session:
            said = ACTIONS[do](session, row.code, form.correction(groups), form, which)
    except Conflict as conflict:
        return _again(code, form, beside(form, conflict))
    flash(said)
    return redirect(url_for(".answer" if do == "send" else ".correct", code=code), 303)


def _keep(session: Session, code: str, said: Correction, _form: CorrectionForm, _which: str) -> str:
    corrections.keep(session, web.now(), code, said, me())
    return text(web.variant(), mark("Kept. Nothing was sent."))


def _ask(session: Session, code: str, said: Correction, form: CorrectionForm, _which: str) -> str:
    draft = corrections.keep(session, web.now(), code, said, me())
    whom = asking.approvers(session, me(), *form.whom())
    asking.ask(session, web.house(), web.now(), [matters.of_correction(draft)], whom, me())
    return text(web.variant(), mark("Clearance asked. Nothing was sent to the journalist."))


def _recall(session: Session, code: str, said: Correction, _form: CorrectionForm, which: str) -> str:
    draft = corrections.keep(session, web.now(), code, said, me())
    ref = matters.of_correction(draft).ref
    asking.withdraw(session, web.now(), ref, forms_rules.number(which), me())
    return text(web.variant(), mark("It is no longer asked."))


def _send(session: Session, code: str, said: Correction, _form: CorrectionForm, _which: str) -> str:
    count = corrections.correct(session, web.house(), web.now(), code, said, me())
    return plural(
        web.variant(), "Correction sent to {count} journalist.", "Correction sent to {count} journalists.", count
    )


ACTIONS: dict[str, Callable[[Session, str, Correction, CorrectionForm, str], str]] = {
    "keep": _keep, "clearance": _ask, "recall": _recall, "send": _send,
}  # fmt: skip


def _drafted(groups: Groups, draft: CorrectionDraft | None) -> Correction:
    """What the desk has drafted; the old words with the usual notice, to everybody, where it has not."""
    usual = {text_hash: NewWords(rows[0].text, _notice(rows[0])) for text_hash, rows in groups.items()}
    everybody = [row.code for rows in groups.values() for row in rows]
    to, version = (draft.told, draft.version) if draft else (everybody, 0)
    return Correction({**usual, **corrections.words_of(draft)}, to, version, secrets.token_urlsafe(12))


def _notice(row: ReleasedAnswer) -> str:
    variant = Variant.of(row.variant)
    return text(variant, DRAFTED, day=day_in_sentence(variant, row.released_at, web.house().office.zone))


def _again(code: str, form: CorrectionForm, is_stale: bool) -> Any:
    """Everything that was typed; after somebody else's change with what is kept now beside it."""
    with web.reading() as session:
        row = memory.get(session, code)
        draft = corrections.draft_of(session, row)
        if is_stale and draft is not None:
            form.version.data = str(draft.version)
        return _page(session, row, form, looks=True, theirs=corrections.words_of(draft) if is_stale else None), 409


def _page(
    session: Session, row: ReleasedAnswer, form: CorrectionForm, looks: bool = False,
    theirs: Mapping[str, NewWords] | None = None,
) -> str:  # fmt: skip
    groups, draft = corrections.holders(session, row, web.now()), corrections.draft_of(session, row)
    cleared: dict[int | None, Standing] = {}
    if draft is not None:
        cleared[None] = state.standing(session, matters.of_correction(draft))
    return render_template(
        "released/correct.html", answer=row, groups=groups, form=form, looks=looks, theirs=theirs, words=terms,
        visible=hygiene.visible, **clearances.shown(session, me(), cleared),
    )  # fmt: skip
