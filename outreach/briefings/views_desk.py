"""The desk's mailings: the list, writing one, looking at it before and after it leaves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts import queries as accounts
from outreach.briefings import audience, compose, queries, releasing, writing
from outreach.briefings.forms import MailingForm, ReleaseForm, values_of
from outreach.briefings.models import DRAFT, OUTCOMES, READY, Mailing
from outreach.errors import Conflict, NotFound
from outreach.inquiries import forms_rules, hygiene, terms
from outreach.inquiries.views_desk import beside, me
from outreach.language import Variant, mark, text

desk = Blueprint("briefings", __name__, url_prefix="/desk/briefings")

READERS = ("officer", "contacts", "approver", "admin")
WRITERS = ("officer", "contacts", "admin")
OF_ONE = "/<int(max=9007199254740991):mailing_id>"
KEPT = mark("Mailing kept.")
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; form-action 'none'; "
    "sandbox"
)


@desk.get("")
@web.allow(*READERS)
def index() -> ResponseReturnValue:
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    with web.reading() as session:
        found, has_more = queries.mailings(session, page)
        return render_template(
            "briefings/index.html", mailings=found, page=page, has_more=has_more, kinds=compose.KINDS,
            names=dict(audience.sets(session)), visible=hygiene.visible,
        )  # fmt: skip


@desk.get("/new")
@web.allow(*WRITERS)
def new() -> ResponseReturnValue:
    """An empty form; ?to=list:3 chooses the press list."""
    with web.reading() as session:
        return _writing(_form(session, {"to": request.args.get("to", ""), "kind": "advisory"}))


@desk.post("/new")
@web.allow(*WRITERS)
def write() -> ResponseReturnValue:
    with web.reading() as session:
        form = _form(session)
    if not form.validate():
        return _writing(form), 422
    try:
        with web.transaction() as session:
            made = writing.write(session, web.now(), form.said(), me())
    except Conflict as conflict:
        beside(form, conflict)
        return _writing(form), 409
    flash(text(web.variant(), KEPT))
    return redirect(url_for(".mailing", mailing_id=made.id), 303)


@desk.get(OF_ONE)
@web.allow(*READERS)
def mailing(mailing_id: int) -> ResponseReturnValue:
    return look(mailing_id)


@desk.get(f"{OF_ONE}/edit")
@web.allow(*WRITERS)
def edit(mailing_id: int) -> ResponseReturnValue:
    with web.reading() as session:
        kept = writing.get(session, mailing_id)
        if kept.state != DRAFT:
            return redirect(url_for(".mailing", mailing_id=mailing_id), 303)
        return _writing(_form(session, values_of(kept)), kept)


@desk.post(f"{OF_ONE}/edit")
@web.allow(*WRITERS)
def save(mailing_id: int) -> ResponseReturnValue:
    """Other words; after somebody else's change both are shown and nothing is overwritten."""
    with web.reading() as session:
        form, kept = _form(session), writing.get(session, mailing_id)
    if not form.validate():
        return _writing(form, kept), 422
    seen = forms_rules.number(form.version.data)
    try:
        with web.transaction() as session:
            writing.change(session, web.now(), mailing_id, seen, form.said(), me())
    except Conflict as conflict:
        theirs = kept if beside(form, conflict) else None
        form.version.data = str(kept.version)
        return _writing(form, kept, theirs), 409
    flash(text(web.variant(), KEPT))
    return redirect(url_for(".mailing", mailing_id=mailing_id), 303)


@desk.get(f"{OF_ONE}/mail/<segment>")
@web.allow(*READERS)
def mail(mailing_id: int, segment: str) -> Response:
    """The HTML of the mail as a reader of this variant will see it, for a frame."""
    if segment not in {one.segment for one in Variant}:
        raise NotFound(segment)
    with web.reading() as session:
        shown = _words(writing.get(session, mailing_id), Variant.of(segment))
    page = make_response("".join(part.text for part in shown.html))
    page.headers["Content-Security-Policy"] = FRAME_POLICY
    return page


@desk.get(f"{OF_ONE}/recipients/<state>")
@web.allow(*READERS)
def recipients(mailing_id: int, state: str) -> ResponseReturnValue:
    after = forms_rules.number(request.args.get("after"))
    if state not in OUTCOMES:
        raise NotFound(state)
    with web.reading() as session:
        return render_template(
            "briefings/recipients.html", mailing=writing.get(session, mailing_id), state=state, why=audience.WHY,
            counts=queries.counts(session, mailing_id), found=queries.recipients(session, mailing_id, state, after),
            visible=hygiene.visible,
        )  # fmt: skip


def look(mailing_id: int, form: ReleaseForm | None = None) -> str:
    """Everything about one mailing: its words, who gets it and who does not, and what became of it."""
    house, now = web.house(), web.now()
    with web.reading() as session:
        kept = writing.get(session, mailing_id)
        is_before = kept.state in (DRAFT, READY)
        return render_template(
            "briefings/mailing.html", mailing=kept, kinds=compose.KINDS, visible=hygiene.visible, why=audience.WHY,
            to=audience.name(session, kept.to_kind, kept.to_id), terms=terms.TERMS.get(kept.terms),
            embargo=compose.embargo(kept, web.variant()), names=accounts.names(session),
            census=audience.census(session, house, now, kept) if is_before else None,
            counts={} if is_before else queries.counts(session, mailing_id),
            refused=releasing.refusal(session, house, now, kept, me()) if kept.state == READY else None,
            mails=[(variant, _words(kept, variant)) for variant in Variant],
            form=form or ReleaseForm(formdata=None, version=str(kept.version)),
        )  # fmt: skip


def _words(kept: Mailing, variant: Variant) -> Any:
    return compose.words(web.house(), kept, variant, has_notice=False, own=["…"])


def _form(session: Session, values: dict[str, Any] | None = None) -> MailingForm:
    zone = web.house().office.zone.key
    return MailingForm(audience.sets(session), web.variant(), web.now(), zone, values)


def _writing(form: MailingForm, kept: Mailing | None = None, theirs: Mailing | None = None) -> str:
    return render_template("briefings/edit.html", form=form, mailing=kept, theirs=theirs, visible=hygiene.visible)
