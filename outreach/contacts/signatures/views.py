"""Smart paste on the desk: a signature is read, ticked field by field, and put into a form that is not saved yet."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from outreach import web
from outreach.accounts.forms import VARIANTS
from outreach.contacts import reach, records
from outreach.contacts.forms import PersonForm, values_of
from outreach.contacts.models import ADDRESS_KINDS, Person
from outreach.contacts.reach import Reach
from outreach.contacts.signatures import forms, proposals
from outreach.contacts.signatures.reading import read
from outreach.contacts.views_desk import WRITERS
from outreach.contacts.views_record import edit_page, owners, values_of_new
from outreach.errors import NotFound
from outreach.language import mark, text

desk = Blueprint("signatures_desk", __name__, url_prefix="/desk/contacts/paste")

NOTHING = mark("Nothing in it looks like a name, a role or an address.")


@desk.get("")
@web.allow(*WRITERS)
def paste() -> Any:
    """An empty box; ?person=3 for what goes into a record that is there."""
    with web.reading() as session:
        return render_template("contacts/paste.html", form=forms.PasteForm(), person=_person(session))


@desk.post("")
@web.allow(*WRITERS)
def propose() -> Any:
    form = forms.PasteForm()
    with web.reading() as session:
        person = _person(session)
        found = proposals.of_reading(read(form.text.data or "")) if form.validate() else []
        if not found:
            if not form.errors:
                form.text.errors = [NOTHING]
            return render_template("contacts/paste.html", form=form, person=person), 422
        return _proposed(session, found, person)


@desk.post("/take")
@web.allow(*WRITERS)
def take() -> Any:
    """The form of a person with what was ticked in it. Nothing is kept before that form is saved."""
    form = forms.ProposalsForm()
    if not form.validate():
        raise NotFound("proposals")
    with web.reading() as session:
        person = _person(session)
        begun = values_of(person) if person else {**values_of_new(), "source": text(web.variant(), mark("a signature"))}
        proposed = PersonForm(owners(session), proposals.into(begun, form.taken()))
        proposed.seen.data = PersonForm(owners(session), begun).seen.data
        return edit_page(proposed, person)


def _person(session: Session) -> Person | None:
    """Whose record it goes into, by ?person= or the button that was pressed; nobody's: a new one."""
    asked_for = request.values.get("person", 0, type=int)
    return records.opened(session, asked_for) if 0 < asked_for < 2**53 else None


def _proposed(session: Session, found: list[proposals.Proposal], person: Person | None) -> str:
    reached = [Reach(one.field, one.value) for one in found if one.field in ADDRESS_KINDS]
    values = values_of(person) if person else {}
    known = [proposals.is_known(one, values) for one in found]
    return render_template(
        "contacts/proposals.html", form=forms.of_proposals(found, known), person=person, known=known,
        labels=forms.LABELS, variants=VARIANTS,
        same=reach.others(session, web.house(), reached, person.id if person else None),
    )  # fmt: skip
