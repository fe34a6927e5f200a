"""The page behind the signed link: the question, the proposed words, the deadline, and a decision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.errors import Conflict, IllegalMove
from outreach.inquiries import terms
from outreach.inquiries.clearance import deciding, links, queries
from outreach.inquiries.clearance.forms import Decision
from outreach.inquiries.clearance.models import BY_LINK
from outreach.inquiries.difference import between

public = Blueprint("clearance", __name__, url_prefix="/<variant:variant>")


@public.get("/clearance/<token>")
@web.allow("public")
def shown(token: str) -> Any:
    with web.reading() as session:
        return _page(session, token, Decision())


@public.post("/clearance/<token>")
@web.allow("public", guard="link")
def decide(token: str) -> Any:
    """Decided once; the same link shows ever after what was decided."""
    form = Decision(request.form)
    try:
        with web.transaction() as session:
            row = links.find(session, web.house(), token, web.now())
            if row is not None and form.validate():
                decision, words = form.decision.data or "", form.words.data or ""
                deciding.decide(session, web.house(), web.now(), row, decision, words, BY_LINK)
    except Conflict as conflict:
        form[conflict.field].errors = [conflict.message]
    except IllegalMove:  # the page says that it is no longer asked
        return redirect(url_for(".shown", token=token), 303)
    if row is None or form.errors:
        with web.reading() as session:
            return _page(session, token, form, 422)
    return redirect(url_for(".shown", token=token), 303)


def _page(session: Session, token: str, form: Decision, code: int = 200) -> Any:
    row = links.find(session, web.house(), token, web.now())
    if row is None:
        return web.no_store(render_template("clearance/link.html", asked=None, form=None)), 404
    asked = queries.about(session, row)
    page = render_template(
        "clearance/link.html", asked=asked, row=row, form=form, words=terms, decisions=deciding.DECISIONS,
        is_asked=deciding.is_asked(session, row, asked.matter), between=between, token=token,
    )  # fmt: skip
    return web.no_store(page), code
