"""Cards on the desk: send or copy somebody's link, and settle what people asked on theirs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from outreach import web
from outreach.contacts.card import asking, held, links, settling
from outreach.contacts.card.models import CardRequest
from outreach.contacts.forms_rows import line
from outreach.contacts.views_desk import WRITERS
from outreach.errors import Conflict
from outreach.language import mark, text

desk = Blueprint("card_desk", __name__, url_prefix="/desk/contacts")

OF_PERSON = "/<int(max=9007199254740991):person_id>/card"
OF_REQUEST = "/requests/<int(max=9007199254740991):request_id>"
SETTLERS = (*WRITERS, "data_protection")
SENT = mark("The card is on its way. One mail a day is sent at most.")
DONE = mark("Settled.")
LONGEST = 1000


@desk.post(OF_PERSON + "/send")
@web.allow(*WRITERS)
def send(person_id: int) -> Any:
    try:
        with web.transaction() as session:
            asking.send(session, web.house(), web.now(), person_id, web.actor())
        flash(text(web.variant(), SENT))
    except Conflict as conflict:
        flash(text(web.variant(), conflict.message))
    return redirect(url_for("contacts.person", person_id=person_id), 303)


@desk.post(OF_PERSON + "/link")
@web.allow(*WRITERS)
def copy(person_id: int) -> Any:
    """The link to be handed on, shown once."""
    with web.transaction() as session:
        person, link = asking.take_link(session, web.house(), web.now(), person_id, web.actor())
        until = web.now() + links.LIVES
        return web.no_store(render_template("contacts/card_link.html", person=person, link=link, until=until))


@desk.get("/requests")
@web.allow(*SETTLERS)
def requests() -> Any:
    return page()


@desk.post(OF_REQUEST + "/accept")
@web.allow(*SETTLERS)
def accept(request_id: int) -> Any:
    with web.transaction() as session:
        settling.accept(session, web.now(), request_id, request.form.getlist("take"), _answer(), web.actor())
    return _back(DONE)


@desk.post(OF_REQUEST + "/refuse")
@web.allow(*SETTLERS)
def refuse(request_id: int) -> Any:
    try:
        with web.transaction() as session:
            settling.refuse(session, web.now(), request_id, _answer(), web.actor())
    except Conflict as conflict:
        return page({request_id: conflict.message}), 422
    return _back(DONE)


def _answer() -> str:
    return line(request.form.get("answer", ""))[:LONGEST]


def page(wrong: dict[int, str] | None = None) -> str:
    """What waits; `wrong`: what is to be put right, by request."""
    with web.reading() as session:
        waiting = settling.waiting(session)
        return render_template(
            "contacts/card_requests.html", waiting=waiting, labels=held.LABELS | {"beats": mark("Beats")},
            now_of=_now_of, wrong=wrong or {}, problem=bool(wrong), longest=LONGEST,
        )  # fmt: skip


def _now_of(asked: CardRequest, name: str) -> str:
    return held.spoken(asked.person, name)


def _back(words: str) -> Any:
    flash(text(web.variant(), words))
    return redirect(url_for(".requests"), 303)
