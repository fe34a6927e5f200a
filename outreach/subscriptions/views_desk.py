"""Subscribers on the desk: how many there are, one of them with the whole history, and a stop on their behalf."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from outreach import audit, language, web
from outreach.accounts import queries as accounts
from outreach.subscriptions import forms_desk, history, queries, stopping, uploads
from outreach.subscriptions.choices import RHYTHMS

desk = Blueprint("subscribers_desk", __name__, url_prefix="/desk/subscribers")

READERS = ("officer", "contacts", "data_protection", "admin")
STOPPERS = ("officer", "contacts", "data_protection")


@desk.get("")
@web.allow(*READERS)
def overview() -> str:
    return _overview(forms_desk.FindForm())


@desk.post("/find")
@web.allow(*READERS)
def find() -> ResponseReturnValue:
    """By POST, so that no address stands in a log of requests or in the browser's history."""
    form = forms_desk.FindForm()
    if not form.validate():
        return _overview(form), 422
    with web.reading() as session:
        subscriber = queries.by_address(session, web.house(), form.address.data)
        refusal = queries.suppression(session, web.house(), form.address.data)
    if subscriber is not None:
        return redirect(f"/desk/subscribers/{subscriber.id}", 303)
    return _overview(form, is_unknown=True, refusal=refusal)


@desk.get("/<int(max=9007199254740991):subscriber_id>")
@web.allow(*READERS)
def subscriber(subscriber_id: int) -> str:
    page = _page(subscriber_id, forms_desk.StopForm())
    with web.side_transaction() as session:
        audit.record(session, web.now(), "subscriber.read", f"subscriber:{subscriber_id}", web.actor())
    return page


@desk.post("/<int(max=9007199254740991):subscriber_id>/stop")
@web.allow(*STOPPERS)
def stop(subscriber_id: int) -> ResponseReturnValue:
    form = forms_desk.StopForm()
    if not form.validate():
        return _page(subscriber_id, form), 422
    with web.transaction() as session:
        history.of(session, web.now(), subscriber_id)
        stopping.stop(session, web.now(), subscriber_id, form.reason.data, web.actor())
    flash(language.text(web.variant(), language.mark("Stopped. Nothing more is sent to this address.")))
    return redirect(f"/desk/subscribers/{subscriber_id}", 303)


def _overview(form: forms_desk.FindForm, is_unknown: bool = False, refusal: object = None) -> str:
    with web.reading() as session:
        return render_template(
            "subscriptions/desk.html",
            form=form,
            is_unknown=is_unknown,
            refusal=refusal,
            states=queries.states(session, web.now()),
            counts=queries.counts(session),
            rhythms=RHYTHMS,
            lists=uploads.latest(session),
        )


def _page(subscriber_id: int, form: forms_desk.StopForm) -> str:
    with web.reading() as session:
        told = history.of(session, web.now(), subscriber_id)
        refusal = queries.suppression(session, web.house(), told.subscriber.address or "")
        return render_template(
            "subscriptions/desk_subscriber.html",
            form=form,
            told=told,
            refusal=refusal,
            rhythms=RHYTHMS,
            done=history.DONE,
            names=accounts.names(session),
        )
