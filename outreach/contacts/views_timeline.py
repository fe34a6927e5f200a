"""The timeline on the desk: log a contact, put one's own entry right or take it out, and the next step."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, url_for

from outreach import web
from outreach.contacts import records, timeline
from outreach.contacts.forms_log import LogForm, log_of
from outreach.contacts.views_desk import WRITERS, desk
from outreach.contacts.views_record import OF_PERSON, record_page
from outreach.language import mark, text

OF_ENTRY = OF_PERSON + "/log/<int(max=9007199254740991):entry_id>"
LOGGED = mark("Logged.")
REMOVED = mark("Taken out of the timeline.")
STEP_DONE = mark("The next step is done.")


@desk.post(OF_PERSON + "/log")
@web.allow(*WRITERS)
def log(person_id: int) -> Any:
    form = _sent()
    if not form.validate():
        with web.reading() as session:
            return record_page(session, person_id, form), 422
    with web.transaction() as session:
        nonce = (form.nonce.data or "")[:40] or secrets.token_urlsafe(9)
        timeline.log(session, web.now(), person_id, nonce, form.entry(), me())
        timeline.set_step(session, web.now(), person_id, *form.step(), me())
    return _back(person_id, LOGGED)


@desk.get(OF_ENTRY)
@web.allow(*WRITERS)
def entry(person_id: int, entry_id: int) -> Any:
    """One's own entry, to be put right."""
    with web.reading() as session:
        person = records.get(session, person_id)
        found = timeline.mine(session, person_id, entry_id, me())
        form = log_of(web.house().office.zone, web.now(), person, found)
        return render_template("contacts/entry.html", form=form, person=person, entry=found)


@desk.post(OF_ENTRY)
@web.allow(*WRITERS)
def correct(person_id: int, entry_id: int) -> Any:
    form = _sent()
    if not form.validate():
        with web.reading() as session:
            person, found = records.get(session, person_id), timeline.mine(session, person_id, entry_id, me())
            return render_template("contacts/entry.html", form=form, person=person, entry=found), 422
    with web.transaction() as session:
        timeline.correct(session, web.now(), person_id, entry_id, form.entry(), me())
        timeline.set_step(session, web.now(), person_id, *form.step(), me())
    return _back(person_id, mark("Saved."))


@desk.post(OF_ENTRY + "/remove")
@web.allow(*WRITERS)
def remove(person_id: int, entry_id: int) -> Any:
    with web.transaction() as session:
        timeline.remove(session, web.now(), person_id, entry_id, me())
    return _back(person_id, REMOVED)


@desk.post(OF_PERSON + "/step/done")
@web.allow(*WRITERS)
def step_done(person_id: int) -> Any:
    with web.transaction() as session:
        timeline.set_step(session, web.now(), person_id, "", None, me())
    return _back(person_id, STEP_DONE)


def me() -> int:
    """The account that is signed in."""
    actor = web.actor()
    assert actor is not None
    return actor


def _sent() -> LogForm:
    return LogForm(web.house().office.zone, web.now())


def _back(person_id: int, words: str) -> Any:
    flash(text(web.variant(), words))
    return redirect(url_for(".person", person_id=person_id), 303)
