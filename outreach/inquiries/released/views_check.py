"""The quote check, for anybody: is this sentence ours, and is it still what we say?

A pasted sentence comes by POST, so that it stands in no log; checking changes nothing but the count of checks (F-03).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from outreach import rates, web
from outreach.inquiries.released import codes, quotes
from outreach.inquiries.released.forms import CheckForm
from outreach.inquiries.released.quotes import Verdict
from outreach.language import mark
from outreach.newsroom.views_public import reads

public = Blueprint("check", __name__, url_prefix="/<variant:variant>/check")
root = Blueprint("check_root", __name__)

MOST, PER = 30, timedelta(hours=1)
TOO_MANY = mark("That were many checks from your network. Try again in an hour, or call us")


@root.get("/check/<code>")
@web.allow("public")
def short(code: str) -> Any:
    """The address that stands in mails: to the reader's language."""
    response = make_response(redirect(url_for("check.of_code", code=code[:40], variant=reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@root.get("/check/")
@web.allow("public")
def short_form() -> Any:
    response = make_response(redirect(url_for("check.form", variant=reads()), 302))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@public.get("/")
@web.allow("public")
def form() -> Any:
    return _page(CheckForm(None, web.now()))


@public.post("/")
@web.allow("public", guard="form")
def look() -> Any:
    filled = CheckForm(request.form, web.now())
    if not filled.validate():
        return _page(filled), 422
    typed = filled.quote.data or ""
    if (code := codes.read(typed)) is not None:
        return redirect(url_for(".of_code", code=code), 303)
    if filled.suspicion() in ("trap", "no token"):
        return _page(filled, Verdict([], []))
    if not _may_look():
        filled.quote.errors = [TOO_MANY]
        return _page(filled), 429
    with web.reading() as session:
        return _page(filled, quotes.by_sentence(session, web.house(), typed, web.variant(), web.now()))


@public.get("/<code>")
@web.allow("public")
def of_code(code: str) -> Any:
    filled = CheckForm(None, web.now(), data={"quote": code[:40]})
    if not _may_look():
        filled.quote.errors = [TOO_MANY]
        return _page(filled), 429
    read = codes.read(code)
    with web.reading() as session:
        return _page(filled, quotes.by_code(session, read, web.now()) if read else Verdict([], []), read)


def _may_look() -> bool:
    with web.side_transaction() as session:
        return rates.allow(session, web.house(), "quote check", web.client_prefix(), MOST, PER, web.now())


def _page(filled: CheckForm, verdict: Verdict | None = None, code: str | None = None) -> Any:
    return web.no_store(render_template("released/check.html", form=filled, verdict=verdict, code=code))
