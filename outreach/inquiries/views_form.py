"""A journalist asks: the form, its confirmation, and the lost link."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers.response import Response

from outreach import hours, web
from outreach.inquiries import follow_up, intake, links, queries, remembering, suggestions
from outreach.inquiries.forms import FindForm, InquiryForm
from outreach.inquiries.models import WITHDRAWN
from outreach.inquiries.views_pages import about, form_page, public, sent_form, subject_page, unknown_link
from outreach.mail.addresses import masked
from outreach.newsroom import library


@public.get("/media/inquiry")
@web.allow("public")
def form() -> Any:
    """`?about=<document>` says what it is about; a device that remembers its journalist fills in what it knows.

    Those bytes concern one visitor and are stored nowhere; those of all others are the same but for the form's token.
    """
    known = remembering.read(web.house(), web.now(), request.cookies.get(remembering.COOKIE, ""))
    page = subject_page(request.args.get("about"))
    given: dict[str, Any] = {"subject": page.title[:120], "about": page.id} if page else {}
    given |= {**known, "remember": True} if known else {}
    empty = InquiryForm(None, web.now(), web.variant(), web.house().office, given=given)
    shown = make_response(form_page(empty, url_for(".submit"), remembers=bool(known)))
    shown.vary.add("Cookie")
    if known:
        shown.headers["Cache-Control"] = "private, no-store"
    return shown


@public.post("/media/inquiry")
@web.allow("public", guard="form", takes_files=True)
def submit() -> Any:
    with web.reading() as session:
        filled = sent_form(session)
    if not filled.validate():
        return form_page(filled, url_for(".submit")), 422
    try:
        token, outcome = _receive(filled)
    except IntegrityError:  # the same form came twice at one instant: the other one is stored now
        token, outcome = _receive(filled)
    said = None if outcome in (intake.NEW, intake.SAME) else outcome
    return _remembering(filled, redirect(url_for(".sent", key=token, said=said), 303))


def _receive(filled: InquiryForm) -> tuple[str, str]:
    house = web.house()
    with web.transaction() as session:
        receipt = intake.receive(
            session, house, web.now(), filled.submission(), filled.nonce, filled.suspicion(), web.client_prefix()
        )
        return links.token(house, receipt.inquiry), receipt.outcome


def _remembering(filled: InquiryForm, answer: Response) -> Response:
    """The answer that also tells the device what to remember, or to remember nothing any more."""
    if filled.remember.data:
        said = {name: filled[name].data or "" for name in remembering.FIELDS}
        text = remembering.write(web.house(), web.now(), said)
        is_https = web.house().settings.is_https
        answer.set_cookie(
            remembering.COOKIE, text, max_age=remembering.FOR, secure=is_https, httponly=True, samesite="Lax"
        )
    elif remembering.COOKIE in request.cookies:
        answer.delete_cookie(remembering.COOKIE)
    return answer


@public.post("/media/remembered")
@web.allow("public", guard="form")
def forget_me() -> Any:
    """The device forgets whom it knew."""
    answer = redirect(url_for(".form"), 303)
    answer.delete_cookie(remembering.COOKIE)
    return answer


@public.errorhandler(500)
def keep_what_was_typed(_error: Exception) -> Any:
    """A failure of ours while somebody sends the form gives the form back with everything typed (F-26)."""
    if request.endpoint not in ("inquiries.submit", "inquiries.save_edit"):
        return render_template("errors/error.html", code=500, reason=None), 500
    filled = InquiryForm(request.form, web.now(), web.variant(), web.house().office)
    return form_page(filled, request.path, failed=True), 500


@public.get("/media/inquiry/sent")
@web.allow("public")
def sent() -> Any:
    with web.reading() as session:
        inquiry = links.find(session, web.house(), request.args.get("key", ""), web.now())
        if inquiry is None:
            return unknown_link()
        if inquiry.state == WITHDRAWN:
            return redirect(url_for(".status", token=request.args["key"]))
        usual = about(session, inquiry)
        page = usual["subject_page"]
        shown = {
            "is_lost": queries.is_receipt_lost(session, inquiry),
            "said": request.args.get("said"),
            "masked": masked(inquiry.email),
            "opens_at": hours.opens_at(web.house().office, web.now()),
            "perhaps": suggestions.on(_shelf(), inquiry.subject, web.variant(), web.now(), page.path if page else None),
            **usual,
        }
        return web.no_store(render_template("inquiries/sent.html", **shown))


def _shelf() -> library.Library:
    return library.current(web.house())


@public.get("/media/inquiry/find")
@web.allow("public")
def find() -> str:
    return render_template("inquiries/find.html", form=FindForm(None, web.now()), is_done=False)


@public.post("/media/inquiry/find")
@web.allow("public", guard="form")
def send_link() -> Any:
    """The same answer whatever exists: what was found is told to the inquiry's own address only."""
    filled = FindForm(request.form, web.now())
    if not filled.validate():
        return render_template("inquiries/find.html", form=filled, is_done=False), 422
    if filled.suspicion() in (None, "stale"):
        with web.transaction() as session:
            follow_up.send_lost_link(
                session, web.house(), web.now(), filled.reference.data or "", filled.email.data or "",
                web.client_prefix(), web.variant(),
            )  # fmt: skip
    return render_template("inquiries/find.html", form=FindForm(None, web.now()), is_done=True)
