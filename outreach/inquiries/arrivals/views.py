"""Mail that came in and waits for a person: attach it to an inquiry, begin one with it, settle it, throw it away."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.errors import Conflict, NotFound
from outreach.inquiries import casework, hygiene, references
from outreach.inquiries.arrivals import attached, beginning, matching, queries, reading, taking
from outreach.inquiries.arrivals.reading import Arrived
from outreach.inquiries.views_desk import me
from outreach.language import mark, text
from outreach.mail.inbound import queries as mails
from outreach.mail.inbound import taking as inbound

desk = Blueprint("inbound_desk", __name__, url_prefix="/desk/inbound")

WHO = ("officer", "admin")
UNKNOWN = mark("There is no inquiry with this reference")
GONE = mark("Somebody has seen to this mail already.")


@desk.get("")
@web.allow(*WHO)
def waiting() -> str:
    return _page({})


@desk.post("/<int(max=9007199254740991):row_id>/attach")
@web.allow(*WHO)
def attach(row_id: int) -> ResponseReturnValue:
    """Its words and files become part of the inquiry that was guessed or typed."""
    reference = references.read(request.form.get("reference", "")[:40])
    mail, faults = _arrived(row_id)
    if mail is None:
        return _seen_to(row_id)
    try:
        with web.transaction() as session:
            inquiry = casework.open_case(session, reference or "")
            taking.attach(session, web.house(), web.now(), inquiry, mail, faults, me())
    except NotFound:
        return _page({row_id: UNKNOWN}), 422
    flash(text(web.variant(), mark("The mail is in the thread of this inquiry.")))
    return redirect(url_for("inquiries_desk.workspace", reference=reference), 303)


@desk.post("/<int(max=9007199254740991):row_id>/begin")
@web.allow(*WHO)
def begin(row_id: int) -> ResponseReturnValue:
    """A new inquiry is made of it."""
    mail, faults = _arrived(row_id)
    if mail is None:
        return _seen_to(row_id)
    try:
        with web.transaction() as session:
            reference = beginning.begin(session, web.house(), web.now(), mail, faults, me()).reference
    except Conflict as conflict:
        return _page({row_id: conflict.message}), 422
    flash(text(web.variant(), mark("The mail is a new inquiry. It has no deadline.")))
    return redirect(url_for("inquiries_desk.workspace", reference=reference), 303)


@desk.post("/<int(max=9007199254740991):row_id>/settle")
@web.allow(*WHO)
def settle(row_id: int) -> ResponseReturnValue:
    return _closed(row_id, inbound.BY_HAND, mark("Settled. The mail itself is deleted."))


@desk.post("/<int(max=9007199254740991):row_id>/discard")
@web.allow(*WHO)
def discard(row_id: int) -> ResponseReturnValue:
    return _closed(row_id, inbound.DISCARDED, mark("Discarded."))


def _arrived(row_id: int) -> tuple[Arrived | None, list[str]]:
    """The mail and what is to be said of its files, which wait from now on."""
    with web.reading() as session:
        mail = reading.arrived(session, row_id)
        return mail, attached.put(session, web.house(), web.now(), mail) if mail else []


def _seen_to(row_id: int) -> ResponseReturnValue:
    """Where the mail is by now: in an inquiry, after a second click as well, or gone."""
    with web.reading() as session:
        reference = queries.led_to(session, row_id)
    if reference is None:
        flash(text(web.variant(), GONE))
        return redirect("/desk/inbound", 303)
    return redirect(url_for("inquiries_desk.workspace", reference=reference), 303)


def _page(faults: dict[int, str]) -> str:
    with web.reading() as session:
        return render_template(
            "inbound/desk.html", mails=queries.waiting(session), count=mails.waiting_count(session),
            last=mails.last_read(session), kinds=mails.KIND_WORDS, reasons=queries.REASONS, visible=hygiene.visible,
            faults=faults, guesses=matching.REASONS,
        )  # fmt: skip


def _closed(row_id: int, reason: str, said: str) -> ResponseReturnValue:
    with web.transaction() as session:
        inbound.close(session, web.now(), row_id, reason, web.actor())
    flash(text(web.variant(), said))
    return redirect("/desk/inbound", 303)
