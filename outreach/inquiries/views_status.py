"""The private page of one inquiry: state, clock, messages, answers; and what its journalist may still do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response as AnyResponse

from outreach import web
from outreach.inquiries import endings, follow_up, intake, links, moves, progress
from outreach.inquiries.files import keeping, waiting
from outreach.inquiries.forms import FollowUpForm, InquiryForm
from outreach.inquiries.models import Inquiry
from outreach.inquiries.released import showing
from outreach.inquiries.views_pages import about, form_page, public, sent_form, sent_words, unknown_link
from outreach.language import mark

TOO_MANY = mark("That is a lot for one day. Write again tomorrow")
STEPS = {"withdraw": moves.WITHDRAW, "close": moves.CLOSE}


@public.get("/i/<token>")
@web.allow("public")
def status(token: str) -> Any:
    return _shown(token, lambda session, inquiry: _status_page(session, inquiry, FollowUpForm(None, web.now())))


@public.post("/i/<token>/follow-up")
@web.allow("public", guard="link", takes_files=True)
def add_words(token: str) -> Any:
    with web.reading() as session:
        kept = links.find(session, web.house(), token, web.now())
        if kept is None:
            return unknown_link()
        filled = sent_words(session)
        if not filled.validate():
            return web.no_store(_status_page(session, kept, filled)), 422
    with web.transaction() as session:
        inquiry = links.find(session, web.house(), token, web.now(), to_write=True)
        assert inquiry is not None
        added = follow_up.add(session, web.house(), web.now(), inquiry, filled.body.data or "", filled.nonce)
    if not added:
        filled.body.errors = [TOO_MANY]
        return _shown(token, lambda session, inquiry: _status_page(session, inquiry, filled), 429)
    return redirect(url_for(".status", token=token, said="added", _anchor="messages"), 303)


@public.get("/i/<token>/follow-up")
@web.allow("public")
def back_to_status(token: str) -> AnyResponse:
    """Where a reader lands who copies the address of a follow-up that was not accepted."""
    return redirect(url_for(".status", token=token))


@public.get("/i/<token>/<any(withdraw, close):step>")
@web.allow("public")
def ask(token: str, step: str) -> Any:
    """Before the last word, one question: a page with one button."""

    def page(session: Session, inquiry: Inquiry) -> Any:
        if not moves.is_legal(inquiry, STEPS[step]):
            return _status_page(session, inquiry, FollowUpForm(None, web.now()))
        return render_template("inquiries/ask.html", step=step, **about(session, inquiry))

    return _shown(token, page)


@public.post("/i/<token>/<any(withdraw, close):step>")
@web.allow("public", guard="link")
def finish(token: str, step: str) -> Any:
    with web.transaction() as session:
        inquiry = links.find(session, web.house(), token, web.now(), to_write=True)
        if inquiry is None:
            return unknown_link()
        if step == "withdraw":
            follow_up.withdraw(session, web.house(), web.now(), inquiry)
        else:
            endings.close(session, web.now(), inquiry)
    return redirect(url_for(".status", token=token), 303)


@public.get("/i/<token>/edit")
@web.allow("public")
def edit(token: str) -> Any:
    def page(session: Session, inquiry: Inquiry) -> Any:
        if not inquiry.can_be_edited(web.now()):
            return _status_page(session, inquiry, FollowUpForm(None, web.now()))
        empty = InquiryForm(None, web.now(), web.variant(), web.house().office, kept=inquiry)
        files = keeping.every(session, inquiry)
        return form_page(empty, url_for(".save_edit", token=token), editing=inquiry, files=files)

    return _shown(token, page)


@public.post("/i/<token>/edit")
@web.allow("public", guard="link", takes_files=True)
def save_edit(token: str) -> Any:
    with web.reading() as session:
        kept = links.find(session, web.house(), token, web.now())
        if kept is None:
            return unknown_link()
        filled = sent_form(session, kept)
        if not filled.validate():
            files = keeping.every(session, kept)
            again = form_page(filled, url_for(".save_edit", token=token), editing=kept, files=files)
            return web.no_store(again), 422
    with web.transaction() as session:
        inquiry = links.find(session, web.house(), token, web.now(), to_write=True)
        assert inquiry is not None
        outcome = intake.change(session, web.house(), web.now(), inquiry, filled.submission(), filled.nonce)
    return redirect(url_for(".sent", key=token, said=outcome), 303)


def _shown(token: str, page: Callable[[Session, Inquiry], Any], code: int = 200) -> Any:
    """A page about the inquiry of this token, or the one that says nothing."""
    with web.reading() as session:
        inquiry = links.find(session, web.house(), token, web.now())
        return unknown_link() if inquiry is None else (web.no_store(page(session, inquiry)), code)


def _status_page(session: Session, inquiry: Inquiry, form: FollowUpForm) -> str:
    return render_template(
        "inquiries/status.html", form=form, said=request.args.get("said"),
        here_already=waiting.of(web.house(), form.nonce),
        first=progress.first_of(session, web.house(), inquiry, web.variant()),
        released=showing.answers(session, inquiry, web.now()),
        can_add=moves.is_legal(inquiry, moves.FOLLOW_UP), can_withdraw=moves.is_legal(inquiry, moves.WITHDRAW),
        can_close=moves.is_legal(inquiry, moves.CLOSE), **progress.page(session, inquiry, web.now()),
        **about(session, inquiry),
    )  # fmt: skip
