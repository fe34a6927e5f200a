"""Public pages of a subscriber: ask, confirm, change, stop. A GET changes nothing; no page submits itself (F-06)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import rates, web
from outreach.language import mark
from outreach.mail import addresses
from outreach.subscriptions import forms, links, optin, preferences, queries, stopping
from outreach.subscriptions.choices import RHYTHMS, WORDING
from outreach.subscriptions.models import Consent, Subscriber

public = Blueprint("subscriptions", __name__, url_prefix="/<variant:variant>")

POSTS_PER_NETWORK = 40
SENT_FOR = timedelta(hours=12)
ONCE_MORE = mark("Press the button once more. Nothing you entered is lost.")
BUSY = mark("Too many requests came from your network. Try again in an hour. Nothing you entered is lost.")


@public.get("/subscribe")
@web.allow("public")
def form() -> ResponseReturnValue:
    return _form_page(forms.asked(None, web.house().office, web.variant(), web.now()))


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
    with web.transaction() as session:
        if not _has_room(session):
            return _form_page(sent, BUSY), 429
        wishes, shown = sent.choice(house.office), web.variant()
        optin.request(session, house, now, address=address, choice=wishes, shown=shown, source=request.path)
    return _check_your_mail(address)


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
        if consent is None:
            return _link_is_over()
        subscriber = session.get_one(Subscriber, consent.subscriber_id)
        return _confirm_page(session, subscriber, optin.standing(subscriber, consent))


@public.post("/confirm/<token>")
@web.allow("public", guard="link")
def confirm_now(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        consent = _consent(session, token)
        if consent is None:
            return _link_is_over()
        optin.confirm(session, web.now(), consent.id)
    return web.no_store(redirect(url_for("subscriptions.confirm", token=token), 303))


@public.get("/preferences/<token>")
@web.allow("public")
def change(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        subscriber = _subscriber(session, "preferences", token)
        if subscriber is None:
            return _link_is_over()
        return _preferences_page(session, subscriber, None)


@public.post("/preferences/<token>")
@web.allow("public", guard="link")
def save(token: str) -> ResponseReturnValue:
    house, now = web.house(), web.now()
    with web.transaction() as session:
        subscriber = _subscriber(session, "preferences", token)
        if subscriber is None:
            return _link_is_over()
        filled = _preferences_form(session, subscriber, request.form)
        if not subscriber.is_live or not filled.validate():
            return _preferences_page(session, subscriber, filled)
        saved, until, shown = filled.choice(house.office), filled.paused_until(house.office), web.variant()
        preferences.change(
            session, now, subscriber.id, choice=saved, paused_until=until, shown=shown, source="preferences page"
        )
    return web.no_store(redirect(url_for("subscriptions.change", variant=saved.variant, token=token, saved=1), 303))


@public.get("/unsubscribe/<token>")
@web.allow("public")
def unsubscribe(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        subscriber = _subscriber(session, "unsubscribe", token)
        return _link_is_over() if subscriber is None else _stop_page(subscriber, token)


@public.post("/unsubscribe/<token>")
@web.allow("public", guard="link")
def stop(token: str) -> ResponseReturnValue:
    """The button of the page, and the one click of a mail program (RFC 8058): one answer for both, each time."""
    with web.transaction() as session:
        subscriber = _subscriber(session, "unsubscribe", token)
        if subscriber is None:
            return _link_is_over()
        reason = "one click" if request.form.get("List-Unsubscribe") == "One-Click" else "stopped on the page"
        stopping.stop(session, web.now(), subscriber.id, reason)
        return _stop_page(subscriber, token)


@public.post("/unsubscribe/<token>/undo")
@web.allow("public", guard="link")
def undo(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        subscriber = _subscriber(session, "unsubscribe", token)
        if subscriber is None:
            return _link_is_over()
        stopping.undo(session, web.now(), subscriber.id)
    return web.no_store(redirect(url_for("subscriptions.unsubscribe", token=token), 303))


def _has_room(session: Session) -> bool:
    """Whether the visitor's network has not asked too often; many readers may share one."""
    hour = timedelta(hours=1)
    return rates.allow(session, web.house(), "subscribe", web.client_prefix(), POSTS_PER_NETWORK, hour, web.now())


def _form_page(form: forms.SubscribeForm, said: str | None = None) -> str:
    """`said`: why it came back, when no field is at fault."""
    return render_template("subscriptions/form.html", form=form, wording=WORDING, said=said)


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


def _link_is_over() -> ResponseReturnValue:
    """For a link that never was, has run out or was tampered with: one page, which tells nothing about anybody."""
    return web.no_store((render_template("subscriptions/link_over.html"), 404))


def _consent(session: Session, token: str) -> Consent | None:
    consent_id = links.read(web.house(), "confirm", token, web.now())
    return session.get(Consent, consent_id) if consent_id is not None else None


def _subscriber(session: Session, purpose: links.Purpose, token: str) -> Subscriber | None:
    subscriber_id = links.read(web.house(), purpose, token, web.now())
    subscriber = session.get(Subscriber, subscriber_id) if subscriber_id is not None else None
    return subscriber if subscriber is not None and subscriber.address is not None else None


def _confirm_page(session: Session, subscriber: Subscriber, standing: optin.Confirmed) -> ResponseReturnValue:
    page = render_template(
        "subscriptions/confirm.html",
        standing=standing,
        masked=addresses.masked(subscriber.address or ""),
        choice=queries.choice(session, subscriber),
        rhythms=RHYTHMS,
        preferences=links.token(web.house(), subscriber, "preferences"),
    )
    return web.no_store(page)


def _preferences_form(session: Session, subscriber: Subscriber, formdata: Any) -> forms.PreferencesForm:
    choice, office = queries.choice(session, subscriber), web.house().office
    return forms.kept(formdata, office, web.variant(), web.now(), choice, subscriber.paused_until)


def _preferences_page(
    session: Session, subscriber: Subscriber, filled: forms.PreferencesForm | None
) -> ResponseReturnValue:
    form = filled or _preferences_form(session, subscriber, None)
    if filled is None and request.args.get("pause") == "30":
        form.pause.data = "30"  # nothing is paused before "Save" is pressed
    page = render_template(
        "subscriptions/preferences.html",
        form=form,
        subscriber=subscriber,
        masked=addresses.masked(subscriber.address or ""),
        consent=queries.latest_consent(session, subscriber.id),
        is_saved="saved" in request.args and filled is None,
        unsubscribe=links.token(web.house(), subscriber, "unsubscribe"),
    )
    return web.no_store((page, 422) if filled is not None and filled.errors else page)


def _stop_page(subscriber: Subscriber, token: str) -> ResponseReturnValue:
    page = render_template(
        "subscriptions/unsubscribe.html",
        is_live=subscriber.ended_at is None,
        can_undo=stopping.can_undo(subscriber, web.now()),
        masked=addresses.masked(subscriber.address or ""),
        token=token,
        preferences=links.token(web.house(), subscriber, "preferences"),
    )
    return web.no_store(page)
