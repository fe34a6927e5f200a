"""What an officer does about a mailing: a test, the second word, and the stop. Each may be done twice."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.briefings import releasing, trial, writing
from outreach.briefings.forms import ReleaseForm
from outreach.briefings.views_desk import OF_ONE, WRITERS, desk, look
from outreach.inquiries import forms_rules
from outreach.inquiries.views_desk import me
from outreach.language import Variant, mark, text

RELEASERS = ("officer", "approver", "admin")


@desk.post(f"{OF_ONE}/test")
@web.allow(*WRITERS, "approver")
def test(mailing_id: int) -> ResponseReturnValue:
    asked = request.form.get("variant", "")
    variant = Variant.of(asked) if asked in {one.segment for one in Variant} else web.variant()
    with web.transaction() as session:
        trial.send(session, web.house(), web.now(), writing.get(session, mailing_id), variant, me())
    return _back(mailing_id, mark("A test is on its way to you."))


@desk.post(f"{OF_ONE}/hand-on")
@web.allow(*WRITERS)
def hand_on(mailing_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        releasing.hand_on(session, web.now(), mailing_id, _version(), me())
    return _back(mailing_id, mark("It waits for the second word."))


@desk.post(f"{OF_ONE}/back")
@web.allow(*WRITERS, "approver")
def back_to_writing(mailing_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        releasing.back_to_writing(session, web.now(), mailing_id, me())
    return _back(mailing_id, mark("Back to writing."))


@desk.post(f"{OF_ONE}/release")
@web.allow(*RELEASERS)
def release(mailing_id: int) -> ResponseReturnValue:
    form = ReleaseForm()
    if not form.validate():
        return look(mailing_id, form), 422
    with web.transaction() as session:
        releasing.release(session, web.house(), web.now(), mailing_id, _version(), me())
    return _back(mailing_id, mark("It leaves in twenty seconds. Until then nothing has left if you stop it."))


@desk.post(f"{OF_ONE}/stop")
@web.allow(*RELEASERS, "contacts")
def stop(mailing_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        is_whole = releasing.stop(session, web.now(), mailing_id, me())
    gone, stopped = mark("Stopped before anything left."), mark("Stopped. What has left already cannot be called back.")
    return _back(mailing_id, gone if is_whole else stopped)


def _version() -> int:
    return forms_rules.number(request.form.get("version"))


def _back(mailing_id: int, said: str) -> ResponseReturnValue:
    flash(text(web.variant(), said))
    return redirect(url_for(".mailing", mailing_id=mailing_id), 303)
