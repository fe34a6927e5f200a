"""Clearances asked of the one who is signed in, and the decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.errors import Conflict, IllegalMove, NotFound
from outreach.inquiries import hygiene, terms
from outreach.inquiries.clearance import deciding, queries
from outreach.inquiries.clearance.forms import DeskDecision
from outreach.inquiries.clearance.models import BY_ACCOUNT, Clearance
from outreach.inquiries.difference import between
from outreach.inquiries.views_desk import me
from outreach.language import mark, text

desk = Blueprint("clearances", __name__, url_prefix="/desk/clearances")
APPROVERS = ("approver", "officer", "admin")
DECIDED = mark("Your decision is written down, and whoever asked is told.")


@desk.get("")
@web.allow(*APPROVERS)
def asked_of_me() -> Any:
    with web.reading() as session:
        asked = queries.asked_of(session, me())
        return render_template("clearance/asked.html", asked=asked, visible=hygiene.visible)


@desk.get("/<int:clearance_id>")
@web.allow(*APPROVERS)
def one(clearance_id: int) -> Any:
    with web.reading() as session:
        return _page(session, _mine(session, clearance_id), DeskDecision(formdata=None))


@desk.post("/<int:clearance_id>")
@web.allow(*APPROVERS)
def decide(clearance_id: int) -> Any:
    form = DeskDecision()
    try:
        with web.transaction() as session:
            row = _mine(session, clearance_id)
            if form.validate():
                decision, words = form.decision.data or "", form.words.data or ""
                deciding.decide(session, web.house(), web.now(), row, decision, words, BY_ACCOUNT)
    except Conflict as conflict:
        form[conflict.field].errors = [conflict.message]
    except IllegalMove as refused:
        form.form_errors.append(str(refused))
    if form.errors:
        with web.reading() as session:
            return _page(session, _mine(session, clearance_id), form), 409 if form.form_errors else 422
    flash(text(web.variant(), DECIDED))
    return redirect(url_for(".one", clearance_id=clearance_id), 303)


def _mine(session: Session, clearance_id: int) -> Clearance:
    """A request to the one who is signed in; any other does not exist for them."""
    row = session.get(Clearance, clearance_id) if clearance_id < 2**63 else None
    if row is None or row.approver_id != me():
        raise NotFound(str(clearance_id))
    return row


def _page(session: Session, row: Clearance, form: DeskDecision) -> str:
    asked = queries.about(session, row)
    return render_template(
        "clearance/decide.html", asked=asked, row=row, form=form, words=terms, decisions=deciding.DECISIONS,
        is_asked=deciding.is_asked(session, row, asked.matter), between=between, visible=hygiene.visible,
    )  # fmt: skip
