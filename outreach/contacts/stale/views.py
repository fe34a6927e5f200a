"""The work queue of stale contacts on the desk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from outreach import web
from outreach.contacts import notices, records, timeline
from outreach.contacts.models import Person
from outreach.contacts.stale import queries, settling
from outreach.contacts.views_desk import READERS, WRITERS
from outreach.language import mark, text

desk = Blueprint("stale_desk", __name__, url_prefix="/desk/contacts/stale")

OF_PERSON = "/<int(max=9007199254740991):person_id>"
DONE = {
    "confirm": mark("Confirmed: the record is right."),
    "end": mark("Ended. Nobody finds the record any more."),
    "back": mark("The record is back."),
    "drop": mark("The address is gone from the record."),
    "told": mark("Noted that they were told."),
    "step": mark("The next step is done."),
}


@desk.get("")
@web.allow(*READERS)
def queue() -> Any:
    wanted = _wanted()
    with web.reading() as session:
        ended = session.get(Person, request.args.get("ended", 0, type=int) % 2**53)
        return render_template(
            "contacts/stale.html", page=queries.page(session, wanted), wanted=wanted, months=queries.MONTHS, ended=ended
        )


@desk.post(OF_PERSON + "/confirm")
@web.allow(*WRITERS)
def confirm(person_id: int) -> Any:
    with web.transaction() as session:
        settling.confirm(session, web.now(), person_id, web.actor())
    return _back("confirm")


@desk.post(OF_PERSON + "/end")
@web.allow(*WRITERS)
def end(person_id: int) -> Any:
    with web.transaction() as session:
        records.end(session, web.now(), person_id, "stale", web.actor())
    return _back("end", ended=person_id)


@desk.post(OF_PERSON + "/back")
@web.allow(*WRITERS)
def bring_back(person_id: int) -> Any:
    with web.transaction() as session:
        records.bring_back(session, web.now(), person_id, web.actor())
    return _back("back")


@desk.post(OF_PERSON + "/told")
@web.allow(*WRITERS)
def told(person_id: int) -> Any:
    with web.transaction() as session:
        records.get(session, person_id)
        notices.mark_given(session, web.now(), [person_id], web.actor())
    return _back("told")


@desk.post(OF_PERSON + "/step")
@web.allow(*WRITERS)
def step_done(person_id: int) -> Any:
    with web.transaction() as session:
        timeline.set_step(session, web.now(), person_id, "", None, web.actor())
    return _back("step")


@desk.post(OF_PERSON + "/drop/<int(max=9007199254740991):address_id>")
@web.allow(*WRITERS)
def drop(person_id: int, address_id: int) -> Any:
    with web.transaction() as session:
        settling.drop_address(session, web.now(), person_id, address_id, web.actor())
    return _back("drop")


def _wanted() -> queries.Wanted:
    """What the address asks for; nonsense is the first page of the first view."""
    asked, months = request.values.get("view", ""), request.values.get("months", 12, type=int)
    now = web.now()
    return queries.Wanted(
        view=asked if asked in queries.VIEWS else queries.BOUNCED,
        now=now,
        today=now.astimezone(web.house().office.zone).date(),
        months=months if months in queries.MONTHS else 12,
        after=queries.read_place(asked, request.values.get("after", "")),
    )


def _back(done: str, **more: Any) -> Any:
    """To the view that the button was pressed in."""
    flash(text(web.variant(), DONE[done]))
    wanted = _wanted()
    return redirect(url_for(".queue", view=wanted.view, months=wanted.months, **more), 303)
