"""Log a call: six fields, by keyboard; saved, or saved with the answer that was given."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.contacts import queries as contacts
from outreach.contacts.models import EMAIL, PHONE, Person
from outreach.errors import NotFound
from outreach.inquiries import calls, terms
from outreach.inquiries.forms_call import CallForm
from outreach.inquiries.views_desk import WRITERS, desk, me
from outreach.language import mark, text

LOGGED = mark("Written down. It is yours.")
ANSWERED = mark("Written down with your answer. Close it when that was all.")


@desk.get("/new")
@web.allow(*WRITERS)
def call() -> str:
    """Empty, or with what contacts know of `?person=`; `?who=` looks the caller up."""
    chosen = request.args.get("person", 0, type=int)
    form = CallForm.empty(who=request.args.get("who", "").strip()[:100])
    if 0 < chosen < 2**53:
        with web.reading() as session:
            form = CallForm.empty(**_known(session, chosen))
    return _page(form)


@desk.post("/new")
@web.allow(*WRITERS)
def log_call() -> Any:
    form, house, now = CallForm(), web.house(), web.now()
    is_answered = request.form.get("do") == "answer"
    if not form.read(now, house.office.zone.key, web.variant(), is_answered):
        return _page(form), 422
    with web.transaction() as session:
        nonce = f"call {(form.nonce.data or '')[:50]}"
        inquiry = calls.log(session, house, now, form.submission(web.variant()), nonce, me())
        if is_answered:
            attribution = house.office.name(web.variant())
            calls.answer(session, house, now, inquiry, form.answer.data, form.said_terms(), attribution, me())
        reference = inquiry.reference
    flash(text(web.variant(), ANSWERED if is_answered else LOGGED))
    return redirect(url_for(".workspace", reference=reference), 303)


def _page(form: CallForm) -> str:
    looked_for = request.args.get("who", "").strip()[:100]
    with web.reading() as session:
        found = contacts.found(session, looked_for, 10) if looked_for else []
        known = [{"person": person, **_facts(person)} for person in found]
        return render_template("inquiries/call.html", form=form, looked_for=looked_for, known=known, words=terms)


def _known(session: Session, person_id: int) -> dict[str, str]:
    try:
        return _facts(contacts.record(session, person_id))
    except NotFound:
        return {}


def _facts(person: Person) -> dict[str, str]:
    """Name, outlet and the best way to reach somebody, as the form takes them."""
    outlets = [held.organisation.name for held in person.current_affiliations()]
    ways = {address.kind: address.value for address in reversed(person.addresses)}
    reach = ", ".join(ways[kind] for kind in (PHONE, EMAIL) if kind in ways)
    return {"who": person.name, "outlet": outlets[0] if outlets else "", "reach": reach}
