"""What the long-lived links of every mail open: change what is sent, have less of it, stop, ask for a private link."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import web
from outreach.language import Variant
from outreach.mail import addresses
from outreach.subscriptions import (
    forms,
    limits,
    links,
    next_mail,
    preferences,
    private,
    queries,
    stopping,
)
from outreach.subscriptions.choices import RHYTHMS, WORDING
from outreach.subscriptions.models import Subscriber

public = Blueprint("preferences", __name__, url_prefix="/<variant:variant>")

TOLD = ("saved", "link", "busy")


@public.get("/preferences/<token>")
@web.allow("public")
def change(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        subscriber = _subscriber(session, "preferences", token)
        return _preferences_page(session, subscriber, None)


@public.post("/preferences/<token>")
@web.allow("public", guard="link")
def save(token: str) -> ResponseReturnValue:
    house, now = web.house(), web.now()
    with web.transaction() as session:
        subscriber = _subscriber(session, "preferences", token)
        filled = _preferences_form(session, subscriber, request.form)
        if not subscriber.is_live or not filled.validate():
            return _preferences_page(session, subscriber, filled)
        saved, until, shown = filled.choice(house.office), filled.paused_until(house.office), web.variant()
        preferences.change(
            session, now, subscriber.id, choice=saved, paused_until=until, shown=shown, source="preferences page"
        )
    return _back(token, "saved", saved.variant)


@public.get("/fewer/<token>")
@web.allow("public")
def fewer(token: str) -> ResponseReturnValue:
    """One button for less of this; `?topic=` names the topic of what was read."""
    with web.reading() as session:
        subscriber = _subscriber(session, "preferences", token)
        return _fewer_page(session, subscriber, token)


@public.post("/fewer/<token>")
@web.allow("public", guard="link")
def lessen(token: str) -> ResponseReturnValue:
    topic = request.form.get("topic") or None
    with web.transaction() as session:
        subscriber = _subscriber(session, "preferences", token)
        if not subscriber.is_live:
            return _preferences_page(session, subscriber, None)
        preferences.lessen(session, web.house().office, web.now(), subscriber.id, topic)
    return _back(token, "saved")


@public.post("/private-link/<token>")
@web.allow("public", guard="link")
def send_link(token: str) -> ResponseReturnValue:
    """Mail the link that moves, shows or deletes the address; to that address, so no page need hold it."""
    house, now = web.house(), web.now()
    with web.transaction() as session:
        subscriber = _subscriber(session, "preferences", token)
        if not subscriber.is_live:
            return _preferences_page(session, subscriber, None)
        may = limits.may_have_link(session, house, subscriber.ref, now)
        if may:
            private.send_link(session, house, now, subscriber)
    return _back(token, "link" if may else "busy")


@public.get("/unsubscribe/<token>")
@web.allow("public")
def unsubscribe(token: str) -> ResponseReturnValue:
    with web.reading() as session:
        return _stop_page(session, _anybody(session, "unsubscribe", token), token)


@public.post("/unsubscribe/<token>")
@web.allow("public", guard="link")
def stop(token: str) -> ResponseReturnValue:
    """The button of the page, and the one click of a mail program (RFC 8058): one answer for both, each time."""
    with web.transaction() as session:
        subscriber = _anybody(session, "unsubscribe", token)
        reason = "one click" if request.form.get("List-Unsubscribe") == "One-Click" else "stopped on the page"
        stopping.stop(session, web.now(), subscriber.id, reason)
        return _stop_page(session, subscriber, token)


@public.post("/unsubscribe/<token>/undo")
@web.allow("public", guard="link")
def undo(token: str) -> ResponseReturnValue:
    with web.transaction() as session:
        subscriber = _anybody(session, "unsubscribe", token)
        stopping.undo(session, web.now(), subscriber.id)
    return web.no_store(redirect(url_for("preferences.unsubscribe", token=token), 303))


def _anybody(session: Session, purpose: links.Purpose, token: str) -> Subscriber:
    """Whose link it is, also when the address is forgotten: a mail program that stops once more is told the same."""
    return links.find(session, web.house(), Subscriber, purpose, token, web.now())


def _subscriber(session: Session, purpose: links.Purpose, token: str) -> Subscriber:
    subscriber = _anybody(session, purpose, token)
    if subscriber.address is None:
        raise links.LinkIsOver(purpose)
    return subscriber


def _back(token: str, told: str, variant: Variant | None = None) -> ResponseReturnValue:
    """To the preferences page, which says once what was done."""
    there = url_for("preferences.change", token=token, variant=variant or web.variant())
    return web.no_store(redirect(f"{there}?{told}=1", 303))


def _preferences_form(session: Session, subscriber: Subscriber, formdata: Any) -> forms.PreferencesForm:
    choice, office = queries.choice(session, subscriber), web.house().office
    return forms.kept(formdata, office, web.variant(), web.now(), choice, subscriber.paused_until)


def _preferences_page(
    session: Session, subscriber: Subscriber, filled: forms.PreferencesForm | None
) -> ResponseReturnValue:
    house, now = web.house(), web.now()
    form = filled or _preferences_form(session, subscriber, None)
    if filled is None and request.args.get("pause") == "30":
        form.pause.data = "30"  # nothing is paused before "Save" is pressed
    choice = queries.choice(session, subscriber)
    page = render_template(
        "subscriptions/preferences.html",
        form=form,
        wording=WORDING,
        subscriber=subscriber,
        masked=addresses.masked(subscriber.address or ""),
        consent=queries.sign_up(session, subscriber.id),
        choice=choice,
        next_at=next_mail.next_at(house.office, subscriber, choice, now),
        is_paused=subscriber.is_paused(now),
        told=next((name for name in TOLD if name in request.args and filled is None), None),
        token=links.token(house, subscriber, "preferences"),
        unsubscribe=links.token(house, subscriber, "unsubscribe"),
    )
    return web.no_store((page, 422) if filled is not None and filled.errors else page)


def _fewer_page(session: Session, subscriber: Subscriber, token: str) -> ResponseReturnValue:
    office, choice = web.house().office, queries.choice(session, subscriber)
    named = request.args.get("topic")
    candidates = [named] if named else [topic.id for topic in office.topics]
    slower = preferences.lesser(office, choice)
    page = render_template(
        "subscriptions/fewer.html",
        subscriber=subscriber,
        masked=addresses.masked(subscriber.address or ""),
        choice=choice,
        rhythms=RHYTHMS,
        slower=slower.cadence if slower else None,
        topics=[topic for topic in candidates if preferences.lesser(office, choice, topic)],
        token=token,
        unsubscribe=links.token(web.house(), subscriber, "unsubscribe"),
    )
    return web.no_store(page)


def _stop_page(session: Session, subscriber: Subscriber, token: str) -> ResponseReturnValue:
    office, is_live = web.house().office, subscriber.ended_at is None
    slower = preferences.lesser(office, queries.choice(session, subscriber)) if subscriber.is_live else None
    page = render_template(
        "subscriptions/unsubscribe.html",
        is_live=is_live,
        can_undo=stopping.can_undo(subscriber, web.now()),
        masked=addresses.masked(subscriber.address) if subscriber.address else "",
        slower=RHYTHMS[slower.cadence] if slower else None,
        token=token,
        preferences=links.token(web.house(), subscriber, "preferences"),
    )
    return web.no_store(page)
