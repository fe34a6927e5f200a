"""The desk's lines to take: the cards, one line's form, and the list that the workspace opens."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.inquiries import emails, hygiene, queries, terms
from outreach.inquiries.lines import finding, keeping
from outreach.inquiries.lines.forms import KINDS, LineForm, values_of, values_of_new
from outreach.inquiries.lines.models import Line
from outreach.inquiries.models import Inquiry
from outreach.inquiries.views_desk import READERS, WRITERS, me
from outreach.language import mark, text

desk = Blueprint("lines_desk", __name__, url_prefix="/desk/lines")

OF_LINE = "/<int(max=9007199254740991):line_id>"
KEPT = mark("Line kept.")
CHECKED = mark("Checked: it is still right.")
ENDED = mark("Taken out of use. What was said with it stays.")


@desk.get("")
@web.allow(*READERS)
def index() -> Any:
    wanted, now, zone = _wanted(), web.now(), web.house().office.zone
    with web.reading() as session:
        cards, total = finding.cards(session, now, zone, wanted)
        return render_template(
            "lines/index.html", cards=cards, total=total, wanted=wanted, words=terms, kinds=KINDS,
            counts=finding.counts(session, now, zone), owners=_owners(session), visible=hygiene.visible,
            pages=-(-total // finding.PER_PAGE),
        )  # fmt: skip


@desk.get("/new")
@web.allow(*WRITERS)
def new() -> Any:
    """An empty form, or one that holds a question of an inquiry with the answer it got: ?of=25-48271-3&q=1."""
    with web.reading() as session:
        form = _form(session, values_of_new(_office(), web.variant(), me(), _valid_until()) | _from_answer(session))
        return render_template("lines/edit.html", form=form, card=None, theirs=None, words=terms)


@desk.post("/new")
@web.allow(*WRITERS)
def keep() -> Any:
    with web.reading() as session:
        form = _form(session)
    if not form.validate():
        return render_template("lines/edit.html", form=form, card=None, theirs=None, words=terms), 422
    with web.transaction() as session:
        line = keeping.keep(session, web.house(), web.now(), form.said(), me())
        line_id = line.id
    flash(text(web.variant(), KEPT))
    return redirect(url_for(".line", line_id=line_id), 303)


@desk.get(OF_LINE)
@web.allow(*READERS)
def line(line_id: int) -> Any:
    with web.reading() as session:
        kept = keeping.get(session, line_id)
        return _page(session, kept, _form(session, values_of(kept)))


@desk.post(OF_LINE)
@web.allow(*WRITERS)
def save(line_id: int) -> Any:
    """Other words for a line; after somebody else's change both are shown and nothing is overwritten."""
    with web.reading() as session:
        form = _form(session)
        if not form.validate():
            return _page(session, keeping.get(session, line_id), form), 422
    try:
        with web.transaction() as session:
            keeping.change(session, web.house(), web.now(), line_id, form.seen_version(), form.said(), me())
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        with web.reading() as session:
            theirs = keeping.get(session, line_id)
            form.version.data = str(theirs.version)
            return _page(session, theirs, form, theirs), 409
    flash(text(web.variant(), KEPT))
    return redirect(url_for(".line", line_id=line_id), 303)


@desk.post(f"{OF_LINE}/check")
@web.allow(*WRITERS)
def check(line_id: int) -> Any:
    with web.transaction() as session:
        keeping.check(session, web.house(), web.now(), keeping.get(session, line_id, to_write=True), me())
    flash(text(web.variant(), CHECKED))
    return redirect(url_for(".line", line_id=line_id), 303)


@desk.post(f"{OF_LINE}/end")
@web.allow(*WRITERS)
def end(line_id: int) -> Any:
    with web.transaction() as session:
        keeping.end(session, web.now(), keeping.get(session, line_id, to_write=True), me())
    flash(text(web.variant(), ENDED))
    return redirect(url_for(".line", line_id=line_id), 303)


@desk.get("/find")
@web.allow(*WRITERS)
def find() -> Any:
    """The list that `::` opens in an answer: ?in=25-48271-3&q=words&n=2, a fragment of the workspace."""
    typed, number = request.args.get("q", "")[:200], request.args.get("n", 1, type=int)
    now, zone = web.now(), web.house().office.zone
    with web.reading() as session:
        inquiry = queries.by_reference(session, request.args.get("in", ""))
        variant = emails.reply_variant(inquiry)
        offers = finding.holding(session, now, zone, typed, variant)
        if not typed.strip():
            asked = [question.text for question in inquiry.questions if question.number == number]
            near = finding.like_these(session, now, zone, asked, variant)
            offers = list({offer.line.id: offer for offer in [*(near[0] if near else []), *offers]}.values())
        return render_template("lines/found.html", offers=offers, number=number, words=terms, visible=hygiene.visible)


def _wanted() -> finding.Wanted:
    args = request.args
    view, owner = args.get("view", finding.LIVE), args.get("owner", "")
    return finding.Wanted(
        view=view if view in finding.VIEWS else finding.LIVE,
        words=args.get("q", "").strip()[:200],
        topic=args.get("topic", "")[:40].replace("\0", ""),
        owner_id=int(owner) if owner.isascii() and owner.isdigit() and len(owner) < 16 else None,
        page=min(max(args.get("page", 1, type=int), 1), 10_000),
    )


def _form(session: Session, values: dict[str, Any] | None = None) -> LineForm:
    return LineForm(_office(), web.variant(), _owners(session), values)


def _page(session: Session, kept: Line, form: LineForm, theirs: Line | None = None) -> str:
    card = finding.card(session, web.now(), _office().zone, kept)
    return render_template("lines/edit.html", form=form, card=card, theirs=theirs, words=terms)


def _from_answer(session: Session) -> dict[str, Any]:
    """The question and the answer that shall become a line, in the language the journalist reads."""
    reference, number = request.args.get("of"), request.args.get("q", 0, type=int)
    if not reference:
        return {}
    inquiry: Inquiry = queries.by_reference(session, reference)
    asked = next((question for question in inquiry.questions if question.number == number), None)
    if asked is None:
        return {}
    name = f"text_{emails.reply_variant(inquiry).language}"
    return {"question": asked.text, name: asked.answer, "source": asked.source, "terms": asked.terms or terms.ON_RECORD}


def _owners(session: Session) -> dict[int, str]:
    return {account.id: account.name for account in accounts.active_with_role(session, "officer")}


def _office() -> Any:
    return web.house().office


def _valid_until() -> date:
    return web.now().astimezone(_office().zone).date() + keeping.VALID_FOR
