"""One person on the desk: the record, a new one, its change, and do-not-contact."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from outreach import audit, web
from outreach.accounts import queries as accounts
from outreach.accounts.access import may_enter
from outreach.accounts.models import Account
from outreach.contacts import notices, queries, reach, records, timeline
from outreach.contacts.duplicates import check, judging, wording
from outreach.contacts.forms import PersonForm, StopForm, values_of
from outreach.contacts.forms_log import LogForm, fresh_log
from outreach.contacts.forms_rows import ADDRESS_KINDS
from outreach.contacts.lists import queries as lists
from outreach.contacts.models import Person
from outreach.contacts.views_desk import READERS, WRITERS, desk
from outreach.errors import Conflict
from outreach.forms import Said
from outreach.language import mark, text

OF_PERSON = "/<int(max=9007199254740991):person_id>"
STOPPED = mark("They are not contacted from now on.")
LIFTED = mark("They may be contacted again.")
SAME_ADDRESS = mark("Same address or number as {who}")


@desk.get(OF_PERSON)
@web.allow(*READERS)
def person(person_id: int) -> Any:
    """The record; one that was merged leads to its survivor."""
    with web.reading() as session:
        if (survivor := records.survivor(session, person_id)) is not None:
            return redirect(url_for(".person", person_id=survivor), 303)
        page = record_page(session, person_id)
    with web.side_transaction() as session:
        audit.record(session, web.now(), "person.read", f"person:{person_id}", web.actor())
    return page


@desk.get("/new")
@web.allow(*WRITERS)
def new() -> Any:
    with web.reading() as session:
        return edit_page(PersonForm(owners(session), values_of_new()))


@desk.post("/new")
@web.allow(*WRITERS)
def add() -> Any:
    form = sent_form()
    if form.wants_a_row(request.form.get("add", "")):
        return edit_page(form)
    if not form.validate():
        return edit_page(form), 422
    if same := _same(form):
        return edit_page(form, same=same), 422
    try:
        with web.transaction() as session:
            made = records.add(session, web.house(), web.now(), form.facts(), web.actor()).id
            _keep_apart(session, form, made)
    except Conflict as conflict:
        form.beside(conflict.field, conflict.message)
        return edit_page(form), 422
    return _saved(made)


@desk.get(OF_PERSON + "/edit")
@web.allow(*WRITERS)
def edit(person_id: int) -> Any:
    with web.reading() as session:
        held = records.opened(session, person_id)
        return edit_page(PersonForm(owners(session), values_of(held)), held)


@desk.post(OF_PERSON + "/edit")
@web.allow(*WRITERS)
def save(person_id: int) -> Any:
    form = sent_form()
    with web.reading() as session:
        held = records.opened(session, person_id)
        form.take_over(PersonForm(owners(session), values_of(held)), ticked())
        if form.wants_a_row(request.form.get("add", "")):
            return edit_page(form, held)
        if not form.validate():
            return edit_page(form, held), 422
        if same := _same(form, held):
            return edit_page(form, held, same=same), 422
    try:
        with web.transaction() as session:
            records.change(
                session, web.house(), web.now(), person_id, version=form.seen_version(), facts=form.facts(),
                actor_id=web.actor(), may_lift=may_enter(f"{desk.name}.lift"),
            )  # fmt: skip
            _keep_apart(session, form, person_id)
    except Conflict as conflict:
        return _again(form, person_id, conflict)
    return _saved(person_id)


@desk.post(OF_PERSON + "/stop")
@web.allow(*READERS)
def stop(person_id: int) -> Any:
    """Whoever sees a record may say that this person is not to be contacted; only an administrator lifts it."""
    form = StopForm()
    if not form.validate():
        with web.reading() as session:
            return record_page(session, person_id, stop=form), 422
    with web.transaction() as session:
        records.stop(session, web.now(), person_id, form.reason.data, web.actor())
    flash(text(web.variant(), STOPPED))
    return redirect(url_for(".person", person_id=person_id), 303)


@desk.post(OF_PERSON + "/lift")
@web.allow("admin")
def lift(person_id: int) -> Any:
    with web.transaction() as session:
        records.lift(session, web.now(), person_id, web.actor())
    flash(text(web.variant(), LIFTED))
    return redirect(url_for(".person", person_id=person_id), 303)


def record_page(session: Session, person_id: int, log: LogForm | None = None, stop: StopForm | None = None) -> str:
    """The record with its timeline; `log`, `stop`: what was written there and could not be kept."""
    house, now = web.house(), web.now()
    held = records.opened(session, person_id)
    number = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    owner = session.get(Account, held.owner_id) if held.owner_id else None
    return render_template(
        "contacts/person.html", person=held, colleagues=queries.colleagues(session, held), owner=owner,
        taken_in_by=queries.taken_in_by(session, held),
        timeline=timeline.page(session, person_id, house.office.zone, number), actor_id=web.actor(),
        lists=lists.lists_of(session, person_id), delivery=reach.delivery(session, held.addresses), kinds=ADDRESS_KINDS,
        is_late=notices.is_late(held, now), is_due=notices.is_due(held, now),
        log=log or fresh_log(house.office.zone, now, held), stop=stop or StopForm(formdata=None),
    )  # fmt: skip


def owners(session: Session) -> dict[int, str]:
    """Who may look after a person: everybody who can sign in as an officer or for the contacts."""
    able = [one for role in WRITERS for one in accounts.active_with_role(session, role)]
    return {one.id: one.name for one in able}


def values_of_new() -> dict[str, Any]:
    """What a new record begins with."""
    return {
        "owner": str(web.actor()), "preferred_variant": web.variant().segment, "lawful_basis": "legitimate_interest",
    }  # fmt: skip


def sent_form() -> PersonForm:
    with web.reading() as session:
        return PersonForm(owners(session))


def ticked() -> list[str]:
    """What was ticked on the page of a clash."""
    return request.form.getlist("take")


def edit_page(form: PersonForm, held: Person | None = None, **more: Any) -> str:
    """The form of a record, or of a new one. `same`: who may be the same; `theirs`: what was saved meanwhile."""
    return render_template("contacts/edit.html", **{"form": form, "person": held, "same": [], "theirs": None} | more)


def _same(form: PersonForm, held: Person | None = None) -> list[tuple[int, list[Said]]]:
    """Who may be the same person, each with the reasons; nobody when the officer knows and keeps both, when this is
    the same click once more, or when neither the name nor an address is new."""
    facts, now = form.facts(), web.now()
    known = {(one.kind, one.value) for one in held.addresses} if held else set()
    reached = [(one.kind, one.value) for one in facts.addresses]
    is_new = held is None or held.name != facts.name or not known.issuperset(reached)
    with web.reading() as session:
        is_same_click = held is None and records.clicked(session, now, facts.name, web.actor())
        if form.keep_both.data or not is_new or is_same_click:
            return []
        typed = check.Typed(
            name=facts.name, addresses=reached, outlets=[post.organisation for post in facts.affiliations],
            name_latin=facts.name_latin, name_cyrillic=facts.name_cyrillic, person_id=held.id if held else 0,
        )  # fmt: skip
        alike = check.likely(session, web.house(), typed)
        found = {one.person_id: wording.said(one.like.reasons, one.name, one.outlet) for one in alike}
        fresh = [one for one in facts.addresses if (one.kind, one.value) not in known]
        for other in reach.others(session, web.house(), fresh, typed.person_id):
            found.setdefault(other.id, [Said(SAME_ADDRESS, who=other.name)])
        return list(found.items())


def _keep_apart(session: Session, form: PersonForm, person_id: int) -> None:
    """Those who were shown as perhaps the same are somebody else."""
    shown = [int(typed) for typed in request.form.getlist("other") if typed.isascii() and typed.isdigit()]
    others = [id_ for id_ in shown if form.keep_both.data and id_ < 2**53]
    judging.keep_apart(session, web.now(), person_id, others, web.actor())


def _again(form: PersonForm, person_id: int, conflict: Conflict) -> Any:
    """The form with everything typed; on a clash the hidden version is renewed, so that saving again means it."""
    form.beside(conflict.field, conflict.message)
    with web.reading() as session:
        held = records.opened(session, person_id)
        if conflict.field != "version":
            return edit_page(form, held), 422
        theirs = PersonForm(owners(session), values_of(held))
        return edit_page(form, held, theirs=form.clash(theirs, ticked())), 409


def _saved(person_id: int) -> Any:
    flash(text(web.variant(), mark("Saved.")))
    return redirect(url_for(".person", person_id=person_id), 303)
