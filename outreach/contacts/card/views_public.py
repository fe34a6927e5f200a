"""The card behind its signed link: shown by a GET, which changes nothing; asked for by POSTs, safe to repeat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import web
from outreach.contacts.card import asking, held, links
from outreach.contacts.card.forms import CorrectionForm, correction_of
from outreach.contacts.forms import BASES
from outreach.contacts.forms_rows import ADDRESS_KINDS
from outreach.contacts.models import Person

public = Blueprint("card", __name__, url_prefix="/<variant:variant>/card")


@public.get("/<token>")
@web.allow("public")
def shown(token: str) -> Any:
    with web.reading() as session:
        return _page(session, token)


@public.post("/<token>/correct")
@web.allow("public", guard="link")
def correct(token: str) -> Any:
    form = CorrectionForm(request.form)
    if not form.validate():
        with web.reading() as session:
            return _page(session, token, form)
    return _do(
        token, lambda session, now, who: asking.correct(session, now, who, form.proposed(), form.words.data or "")
    )


@public.post("/<token>/object")
@web.allow("public", guard="link")
def object_to_contact(token: str) -> Any:
    return _do(token, asking.object_to_contact)


@public.post("/<token>/erase")
@web.allow("public", guard="link")
def ask_erasure(token: str) -> Any:
    return _do(token, asking.ask_erasure)


def _do(token: str, verb: Callable[[Session, datetime, Person], None]) -> Any:
    """Do it for whoever's card this is, and show the card again."""
    with web.transaction() as session:
        person = links.find(session, web.house(), token, web.now())
        if person is None:
            return _over()
        verb(session, web.now(), person)
    return web.no_store(redirect(url_for(".shown", token=token), 303))


def _page(session: Session, token: str, form: CorrectionForm | None = None) -> Any:
    person = links.find(session, web.house(), token, web.now())
    if person is None:
        return _over()
    page = render_template(
        "contacts/card.html", card=held.card(session, person), person=person, form=form or correction_of(person),
        token=token, until=links.runs_out(token), kinds=ADDRESS_KINDS, bases=BASES,
    )  # fmt: skip
    return web.no_store((page, 422 if form else 200))


def _over() -> Any:
    """One page for whatever is wrong with a link: it tells nothing about anybody."""
    return web.no_store((render_template("contacts/card.html", card=None, form=None), 404))
