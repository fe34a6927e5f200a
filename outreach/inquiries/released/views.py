"""What we said, on the desk: the search over every released answer, one answer, and its correction."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.inquiries import hygiene, terms
from outreach.inquiries.released import corrections, memory
from outreach.inquiries.released.corrections import Correction
from outreach.inquiries.released.forms import CorrectionForm, correction_form
from outreach.inquiries.released.models import ReleasedAnswer
from outreach.inquiries.views_desk import READERS, WRITERS, me
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
            "released/answer.html", answer=row, names=accounts.names(session), words=terms, visible=hygiene.visible
        )


@desk.get("/<code>/correct")
@web.allow(*WRITERS)
def correct(code: str) -> Any:
    with web.reading() as session:
        row = memory.get(session, code)
        groups = corrections.holders(session, row, web.now())
        notices = {text_hash: _drafted(rows[0]) for text_hash, rows in groups.items()}
        return _page(session, row, correction_form(groups, notices))


@desk.post("/<code>/correct")
@web.allow(*WRITERS)
def send(code: str) -> Any:
    """„Look at it“ shows old and new words side by side; „Send“ sends. The same form twice is one correction."""
    with web.reading() as session:
        row = memory.get(session, code)
        groups = corrections.holders(session, row, web.now())
        form = correction_form(groups, None)
        if not form.validate():
            return _page(session, row, form), 422
        if request.form.get("do") != "send":
            return _page(session, row, form, looks=True)
        said = Correction(form.words(groups), form.to.data or (), (form.nonce.data or "")[:40])
    try:
        with web.transaction() as session:
            count = corrections.correct(session, web.house(), web.now(), code, said, me())
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        with web.reading() as session:
            return _page(session, memory.get(session, code), form), 409
    told = plural(
        web.variant(), "Correction sent to {count} journalist.", "Correction sent to {count} journalists.", count
    )
    flash(told)
    return redirect(url_for(".answer", code=code), 303)


def _drafted(row: ReleasedAnswer) -> str:
    variant = Variant.of(row.variant)
    return text(variant, DRAFTED, day=day_in_sentence(variant, row.released_at, web.house().office.zone))


def _page(session: Session, row: ReleasedAnswer, form: CorrectionForm, looks: bool = False) -> str:
    groups = corrections.holders(session, row, web.now())
    return render_template(
        "released/correct.html", answer=row, groups=groups, form=form, looks=looks, words=terms,
        visible=hygiene.visible,
    )  # fmt: skip
