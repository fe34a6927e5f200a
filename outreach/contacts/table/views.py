"""The table of people on the desk: searched, filtered, sorted, changed row by row or many at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers.response import Response

from outreach import language, web
from outreach.accounts import queries as accounts
from outreach.contacts import queries
from outreach.contacts.lists import keeping as lists_kept
from outreach.contacts.lists import queries as lists
from outreach.contacts.models import Person
from outreach.contacts.table import changing, filters, pages, words
from outreach.contacts.table.asked import Asked
from outreach.contacts.table.forms import BAR, COVER, HAND_TO, LIST, MOST_PICKED, STEP_WORDS, RowForm
from outreach.contacts.views_desk import READERS, WRITERS
from outreach.errors import Conflict
from outreach.language import mark

desk = Blueprint("contacts_table", __name__, url_prefix="/desk/contacts")

NOBODY_TICKED = mark("Nobody is ticked.")
INCOMPLETE = mark("Choose what is to be done and fill in its field: a list, what they cover, a colleague or a reason.")
LARGEST = 2**53


@desk.get("")
@web.allow(*READERS)
def people() -> Response | str:
    if "go" in request.args:  # sent by the form: on to the one way of writing it
        return redirect(_address(_asked().query), 303)
    with web.reading() as session:
        return _page(session, _asked(), row=_id("row"))


@desk.post("/<int(max=9007199254740991):person_id>/row")
@web.allow(*WRITERS)
def save_row(person_id: int) -> Response | tuple[str, int]:
    with web.reading() as session:
        form = RowForm().offer(accounts.names(session))
        asked = Asked.from_query(form.back.data or "")
        if not form.validate():
            return _page(session, asked, person_id, form), 422
    try:
        with web.transaction() as session:
            changing.change_row(session, web.now(), person_id, actor_id=web.actor(), **_row_values(form))
    except Conflict as conflict:
        form.form_errors.append(conflict.message)
        with web.reading() as session:
            return _page(session, asked, person_id, form, _renewed(session, person_id, form)), 409
    flash(language.text(web.variant(), mark("Saved.")))
    return redirect(_address(asked.query), 303)


@desk.post("/many")
@web.allow(*WRITERS)
def many() -> Response:
    """One step for all who are ticked; whoever has it already is left alone."""
    picked = [int(pick) for pick in request.form.getlist("pick")[:MOST_PICKED] if pick.isascii() and pick.isdigit()]
    picked = [pick for pick in picked if pick < LARGEST]
    if not picked:
        flash(language.text(web.variant(), NOBODY_TICKED))
    else:
        with web.transaction() as session:
            done = _take_step(session, picked)
        flash(
            language.text(web.variant(), INCOMPLETE) if done is None
            else language.plural(web.variant(), "Done for {count} person.", "Done for {count} people.", done)
        )  # fmt: skip
    return redirect(_address(Asked.from_query(request.form.get("back", "")).query, request.form.get("after", "")), 303)


def _take_step(session: Session, picked: list[int]) -> int | None:
    """How many it was done for; None when it does not say what."""
    now, actor, step = web.now(), web.actor(), request.form.get("step", "")
    said = " ".join(request.form.get("said", "").split())
    chosen = {name: request.form.get(name, type=int) for name in ("list", "owner")}
    if step == LIST and chosen["list"]:
        return lists_kept.add(session, now, chosen["list"], picked, actor)
    if step == COVER and changing.beats(said):
        return changing.cover(session, now, picked, said, actor)
    if step == HAND_TO and chosen["owner"] in accounts.names(session):
        return changing.hand_to(session, now, picked, chosen["owner"], actor)
    if step == BAR and said:
        return changing.bar(session, now, picked, said[:300], actor)
    return None


def _asked() -> Asked:
    given = request.args.to_dict()
    if given.get("owner") == "me":
        given["owner"] = str(web.actor())
    return Asked.of(given, tuple(request.args.getlist("col")))


def _page(session: Session, asked: Asked, row: int | None = None, form: RowForm | None = None,
          theirs: Person | None = None) -> str:  # fmt: skip
    after, owners = _id("after"), accounts.names(session)
    found = pages.people(session, web.house(), asked, web.now(), after)
    person = next((person for person in found.people if person.id == row), None)
    if person is not None and form is None:
        form = RowForm(formdata=None, data={**RowForm.values_of(person), "back": asked.query}).offer(owners)
    kept = lists.names(session)
    return render_template(
        "contacts/people.html", asked=asked, found=found, after=after, owners=owners, lists=kept, form=form,
        open_row=row, theirs=theirs, segments=lists.segments(session), words=words, steps=STEP_WORDS,
        said=words.said(asked, owners, kept), is_inside=bool(asked["q"]) and filters.is_inside(session, asked),
        is_empty=not found.people and not queries.any_people(session),
    )  # fmt: skip


def _row_values(form: RowForm) -> dict[str, Any]:
    return {
        "version": form.version.data, "name": form.name.data, "preferred_variant": form.preferred_variant.data,
        "region": form.region.data or "", "owner_id": int(form.owner.data) if form.owner.data else None,
        "covers": changing.beats(form.covers.data or ""),
    }  # fmt: skip


def _renewed(session: Session, person_id: int, form: RowForm) -> Person:
    """The record as it is now; the hidden version is renewed, so that saving again means it."""
    theirs = queries.record(session, person_id)
    form.version.data, form.version.raw_data = theirs.version, None
    return theirs


def _id(name: str) -> int | None:
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number < LARGEST else None


def _address(query: str, after: str = "") -> str:
    more = f"{'&' if query else ''}after={after}" if after.isascii() and after.isdigit() else ""
    return url_for(".people") + (f"?{query}{more}" if query or more else "")
