"""The desk's own pages: Today, the log, one's own page and the search over everything."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_security import current_user, logout_user
from werkzeug.wrappers.response import Response

from outreach import language, web
from outreach.accounts import profiles
from outreach.accounts import queries as accounts
from outreach.contacts import queries as contacts
from outreach.contacts.views_desk import READERS as CONTACT_READERS
from outreach.desk import forms, health, log_words, logbook
from outreach.desk import today as questions
from outreach.digests import pulse
from outreach.inquiries import hygiene
from outreach.inquiries import queries as inquiries
from outreach.inquiries.duty import calendars
from outreach.inquiries.released import memory as answers
from outreach.newsroom import library

desk = Blueprint("desk", __name__, url_prefix="/desk")


@desk.get("/")
@web.allow("desk")
def today() -> str:
    asking = questions.Asking(web.house(), web.now(), web.actor() or 0, web.variant())
    answers = {name: _answer(name, asking) for name in questions.PARTS}
    soon = web.now() + questions.SOON
    return render_template("desk/today.html", soon=soon, visible=hygiene.visible, **answers)


@desk.get("/health")
@web.allow("desk")
def machine_health() -> str:
    with web.reading() as session:
        found = health.of(session, web.house(), web.now())
        return render_template("desk/health.html", health=found, is_silent=pulse.is_silent(session, web.now()))


@desk.get("/log")
@web.allow("desk")
def log() -> str:
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("who", "action", "obj")}
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    who = int(asked["who"]) if asked["who"].isascii() and asked["who"].isdigit() and len(asked["who"]) < 16 else None
    with web.reading() as session:
        found = logbook.entries(session, actor_id=who, action=asked["action"], obj=asked["obj"], page=page)
        rooms, names = logbook.rooms(session), accounts.names(session)
        return render_template(
            "desk/log.html", found=found, asked=asked, rooms=rooms, names=names, words=log_words.words
        )


@desk.get("/me")
@web.allow("desk")
def me() -> str:
    own = {"name": current_user.name, "variant": current_user.variant, "shortcuts": current_user.has_shortcuts}
    return _me_page(forms.MeForm(**own))


@desk.get("/keys")
@web.allow("desk")
def keys() -> str:
    return render_template("desk/keys.html")


@desk.post("/me")
@web.allow("desk")
def save() -> Response | tuple[str, int]:
    form = forms.MeForm()
    if not form.validate():
        return _me_page(form), 422
    with web.transaction() as session:
        profiles.change(
            session, web.now(), _me(), name=form.name.data, variant=form.variant.data, has_shortcuts=form.shortcuts.data
        )
    flash(language.text(language.Variant.of(form.variant.data), language.mark("Saved.")))
    return redirect("/desk/me", 303)


@desk.post("/sign-out-everywhere")
@web.allow("desk")
def sign_out_everywhere() -> Response:
    with web.transaction() as session:
        profiles.sign_out_everywhere(session, web.now(), _me())
    logout_user()
    return redirect("/staff/login", 303)


@desk.get("/search")
@web.allow("desk")
def search() -> str:
    words = request.args.get("q", "").strip()[:200]
    may_see_people = bool(current_user.role_names & set(CONTACT_READERS))
    with web.reading() as session:
        hits = {
            "inquiries": inquiries.search(session, words, web.now()) if words else [],
            "people": contacts.found(session, words, 20) if words and may_see_people else [],
            "answers": answers.search(session, words, web.now(), limit=20).answers if words else [],
            "documents": library.opened(session, web.house()).search(words, web.variant(), web.now())
            if words
            else None,
        }
        return render_template("desk/search.html", words=words, hits=hits, may_see_people=may_see_people)


def _answer(name: str, asking: questions.Asking) -> dict[str, Any]:
    """One part of Today: what it found, or that it could not answer."""
    try:
        with web.reading() as session:
            return {"found": questions.PARTS[name](session, asking), "failed": False}
    except Exception:  # the other parts must go on, whatever this one met
        current_app.logger.exception("Today: %s could not answer", name)
        return {"found": None, "failed": True}


def _me_page(form: forms.MeForm) -> str:
    address = calendars.feed_url(web.house(), _me(), current_user.fs_uniquifier)
    return render_template("desk/me.html", form=form, calendar=address)


def _me() -> int:
    return int(current_user.account_id)
