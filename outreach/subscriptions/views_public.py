"""Public pages on the way in: ask, confirm. A GET changes nothing; no page submits itself (F-06)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import rates, web
from outreach.language import mark
from outreach.mail import addresses
from outreach.subscriptions import forms, links, next_mail, optin, queries, volume
from outreach.subscriptions.choices import RHYTHMS, WORDING
from outreach.subscriptions.models import Consent, Subscriber

public = Blueprint("subscriptions", __name__, url_prefix="/<variant:variant>")

POSTS_PER_NETWORK = 40
EVENLY = 0.05  # seconds (F-05); the work itself takes 4 to 30 ms
SENT_FOR = timedelta(hours=12)
ONCE_MORE = mark("Press the button once more. Nothing you entered is lost.")
BUSY = mark("Too many requests came from your network. Try again in an hour. Nothing you entered is lost.")


@contextmanager
def _evenly() -> Iterator[None]:
    """Take the same time whatever is known about an address: to the next full step, which all reach alike."""
    begun = time.monotonic()
    yield
    time.sleep(EVENLY - (time.monotonic() - begun) % EVENLY)


@public.get("/subscribe")
@web.allow("public")
def form() -> ResponseReturnValue:
    """`?topic=security` ticks that topic alone; several may be named."""
    return _form_page(forms.asked(None, web.house().office, web.variant(), web.now(), request.args.getlist("topic")))


@public.post("/subscribe")
@web.allow("public", guard="form")
def subscribe() -> ResponseReturnValue:
    house, now = web.house(), web.now()
    sent = forms.asked(request.form, house.office, web.variant(), now)
    suspicion = sent.suspicion()
    if suspicion == "trap":
        return _check_your_mail("")
    if not sent.validate():
        return _form_page(sent), 422
    if suspicion:
        return _once_more(sent)
    address: str = sent.address.data
    wishes, shown = sent.choice(house.office), web.variant()
    with _evenly(), web.transaction() as session:
        has_room = _has_room(session)
        if has_room:
            optin.request(session, house, now, address=address, choice=wishes, shown=shown, source=_source())
    return _check_your_mail(address) if has_room else (_form_page(sent, BUSY), 429)


@public.get("/subscribe/sent")
@web.allow("public")
def sent() -> ResponseReturnValue:
    masked = web.house().tokens.read("subscribe-sent", request.args.get("to", ""), web.now())
    return web.no_store(render_template("subscriptions/sent.html", masked=masked))


@public.get("/confirm/<token>")
@web.allow("public")
def confirm(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        consent = _consent(session, token)
        subscriber = session.get_one(Subscriber, consent.subscriber_id)
        if subscriber.address is None:
            raise links.LinkIsOver("confirm")
        return _confirm_page(session, subscriber, optin.standing(subscriber, consent))


@public.post("/confirm/<token>")
@web.allow("public", guard="link")
def confirm_now(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        consent = _consent(session, token)
        optin.confirm(session, web.now(), consent.id)
    return web.no_store(redirect(url_for("subscriptions.confirm", token=token), 303))


def _has_room(session: Session) -> bool:
    """Whether the visitor's network has not asked too often; many readers may share one."""
    hour = timedelta(hours=1)
    return rates.allow(session, web.house(), "subscribe", web.client_prefix(), POSTS_PER_NETWORK, hour, web.now())


def _source() -> str:
    """The address of the form as it is kept with the consent, with the topics that a link had chosen beforehand."""
    office = web.house().office
    named = [topic.id for topic in office.topics if topic.id in request.args.getlist("topic")]
    return request.path + "".join(f"{'&' if n else '?'}topic={one}" for n, one in enumerate(named))


def _form_page(form: forms.SubscribeForm, said: str | None = None) -> str:
    """`said`: why it came back, when no field is at fault."""
    with web.reading() as session:
        lately = volume.last_quarter(session, web.now())
    is_narrow = len(form.topics.data or ()) < len(web.house().office.topics)
    return render_template(
        "subscriptions/form.html",
        form=form,
        wording=WORDING,
        said=said,
        volume=lately,
        is_narrow=is_narrow,
        source=_source(),
    )


def _once_more(form: forms.SubscribeForm) -> ResponseReturnValue:
    """Sent too fast or after half a day: with everything typed kept, one more press of the button is enough."""
    fresh = forms.asked(None, web.house().office, web.variant(), web.now())
    form.form_token.data = fresh.form_token.data
    return _form_page(form, ONCE_MORE), 422


def _check_your_mail(address: str) -> ResponseReturnValue:
    """The same page whatever is known about the address; its link holds the masked address only."""
    house = web.house()
    masked = addresses.masked(address) if address else ""
    to = house.tokens.make("subscribe-sent", masked, web.now() + SENT_FOR)
    return web.no_store(redirect(url_for("subscriptions.sent", to=to), 303))


@public.app_errorhandler(links.LinkIsOver)
def link_is_over(_error: links.LinkIsOver) -> ResponseReturnValue:
    """For every private link of this room: one page, which tells nothing about anybody."""
    return web.no_store((render_template("subscriptions/link_over.html"), 404))


def _consent(session: Session, token: str) -> Consent:
    return links.find(session, web.house(), Consent, "confirm", token, web.now())


def _confirm_page(session: Session, subscriber: Subscriber, standing: optin.Confirmed) -> ResponseReturnValue:
    choice = queries.choice(session, subscriber)
    page = render_template(
        "subscriptions/confirm.html",
        standing=standing,
        masked=addresses.masked(subscriber.address or ""),
        choice=choice,
        rhythms=RHYTHMS,
        next_at=next_mail.next_at(web.house().office, subscriber, choice, web.now()),
        preferences=links.token(web.house(), subscriber, "preferences"),
    )
    return web.no_store(page)
