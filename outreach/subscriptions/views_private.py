"""What a private link of the last day opens: move to another address, take a copy of everything, be deleted."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import web
from outreach.errors import NotFound
from outreach.language import mark
from outreach.mail import addresses
from outreach.subscriptions import erasure, forms, limits, links, moving, private, queries
from outreach.subscriptions.choices import RHYTHMS, WORDING
from outreach.subscriptions.models import AddressChange, Subscriber

public = Blueprint("private", __name__, url_prefix="/<variant:variant>")

TOO_OFTEN = mark("You have entered five addresses today. Try again tomorrow. Nothing you entered is lost.")


@public.get("/mine/<token>")
@web.allow("public")
def mine(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        return _page(_subscriber(session, token), token, None)


@public.post("/mine/<token>/address")
@web.allow("public", guard="link")
def move(token: str) -> ResponseReturnValue:
    """The new address gets a mail; this page says the same whatever is known about it (F-05)."""
    house, now = web.house(), web.now()
    with web.transaction() as session:
        subscriber = _subscriber(session, token)
        form = forms.NewAddressForm(request.form, present=subscriber.address or "")
        if not subscriber.is_live or not form.validate():
            return _page(subscriber, token, form)
        if not limits.may_move(session, house, subscriber.ref, now):
            return _page(subscriber, token, form, TOO_OFTEN)
        moving.ask(session, house, now, subscriber, form.address.data)
    to = house.tokens.make("address-sent", addresses.masked(form.address.data), links.runs_out(token))
    return web.no_store(redirect(url_for("private.mine", token=token, to=to), 303))


@public.get("/mine/<token>/copy.<kind>")
@web.allow("public")
def copy(token: str, kind: str) -> ResponseReturnValue:
    """Everything that is held, as `json` or as `html`, to be kept as a file."""
    house, now = web.house(), web.now()
    with web.reading() as session:
        subscriber = _subscriber(session, token)
        if kind not in ("json", "html"):
            raise NotFound("copy")
        held = private.copy(session, house, now, subscriber)
    day = now.astimezone(house.office.zone).date()
    response = web.no_store(make_response(_as_file(held, kind)))
    response.content_type = {"json": "application/json", "html": "text/html; charset=utf-8"}[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="subscription-{day}.{kind}"'
    return response


@public.post("/mine/<token>/delete")
@web.allow("public", guard="link")
def delete(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        subscriber = _subscriber(session, token)
        erasure.erase(session, web.house(), web.now(), subscriber.id)
        return _page(subscriber, token, None)


@public.get("/address/<token>")
@web.allow("public")
def new_address(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        change = _change(session, token)
        return _address_page(session, change, moving.standing(session, web.house(), change))


@public.post("/address/<token>")
@web.allow("public", guard="link")
def confirm_address(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        change = _change(session, token)
        source = f"/{web.variant().segment}/address"
        moving.move(session, web.house(), web.now(), change.id, web.variant(), source)
    return web.no_store(redirect(url_for("private.new_address", token=token), 303))


def _subscriber(session: Session, token: str) -> Subscriber:
    """Whose page it is: the link was mailed to the present address, or its owner has just been deleted."""
    house, now = web.house(), web.now()
    subscriber = links.find(session, house, Subscriber, "mine", token, now)
    is_erased = subscriber.ended_reason == erasure.REASON and subscriber.address is None
    if not is_erased and not links.is_for_address(house, token, now, subscriber):
        raise links.LinkIsOver("mine")
    return subscriber


def _change(session: Session, token: str) -> AddressChange:
    return links.find(session, web.house(), AddressChange, "address", token, web.now())


def _page(
    subscriber: Subscriber, token: str, filled: forms.NewAddressForm | None, said: str | None = None
) -> ResponseReturnValue:
    """`said`: why the form came back, when no field is at fault."""
    house, now = web.house(), web.now()
    form = filled or forms.NewAddressForm(None, present=subscriber.address or "")
    page = render_template(
        "subscriptions/mine.html",
        form=form,
        said=said,
        subscriber=subscriber,
        masked=addresses.masked(subscriber.address) if subscriber.address else "",
        sent_to=house.tokens.read("address-sent", request.args.get("to", ""), now),
        until=links.runs_out(token),
        token=token,
        preferences=links.token(house, subscriber, "preferences"),
    )
    status = 429 if said else 422 if form.errors else 200
    return web.no_store((page, status))


def _address_page(session: Session, change: AddressChange, standing: moving.Standing) -> ResponseReturnValue:
    subscriber = session.get_one(Subscriber, change.subscriber_id)
    page = render_template(
        "subscriptions/address.html",
        standing=standing,
        masked=addresses.masked(change.address),
        wording=WORDING,
        choice=queries.choice(session, subscriber),
        rhythms=RHYTHMS,
        preferences=links.token(web.house(), subscriber, "preferences"),
    )
    return web.no_store(page)


def _as_file(held: dict[str, Any], kind: str) -> str:
    if kind == "json":
        return json.dumps(held, ensure_ascii=False, indent=2) + "\n"
    return render_template("subscriptions/copy.html", held=held)
