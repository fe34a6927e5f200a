"""What became of every copy of an issue, for those who may know its readers; and the officer's word about the rest."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from outreach import web
from outreach.digests import copies, queries
from outreach.digests.models import DigestIssue
from outreach.errors import NotFound
from outreach.language import mark, plural, text

desk = Blueprint("digests_copies", __name__, url_prefix="/desk/digests")

READERS = ("officer", "editor", "contacts", "data_protection", "admin")
MAY_DECIDE = ("officer", "editor", "admin")
MOST = 2**53 - 1
OF_ISSUE = "/<cadence>/<slot>/copies"


@desk.get(f"{OF_ISSUE}/<state>")
@web.allow(*READERS)
def shown(cadence: str, slot: str, state: str) -> ResponseReturnValue:
    if state not in copies.OUTCOMES:
        raise NotFound("state")
    after = min(max(request.args.get("after", 0, type=int), 0), MOST)
    with web.reading() as session:
        issue = _issue(session, cadence, slot)
        return render_template(
            "digests/copies.html", issue=issue, state=state, counts=copies.counts(session, issue.id),
            found=copies.page(session, issue.id, state, after),
        )  # fmt: skip


@desk.post(f"{OF_ISSUE}/try-again")
@web.allow(*MAY_DECIDE)
def try_again(cadence: str, slot: str) -> ResponseReturnValue:
    with web.transaction() as session:
        again = copies.try_again(session, web.now(), _issue(session, cadence, slot), web.actor())
    said = plural(web.variant(), "{count} copy leaves once more.", "{count} copies leave once more.", again)
    flash(said if again else text(web.variant(), mark("None of these can be tried again.")))
    return redirect(url_for("digests_copies.shown", cadence=cadence, slot=slot, state="failed"), 303)


@desk.post(f"{OF_ISSUE}/<int(max=9007199254740991):subscriber_id>/repeat")
@web.allow(*MAY_DECIDE)
def repeat(cadence: str, slot: str, subscriber_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        is_going = copies.repeat(session, web.now(), _issue(session, cadence, slot), subscriber_id, web.actor())
    return _back(cadence, slot, mark("It leaves once more.") if is_going else mark("There was nothing to send."))


@desk.post(f"{OF_ISSUE}/<int(max=9007199254740991):subscriber_id>/leave")
@web.allow(*MAY_DECIDE)
def leave(cadence: str, slot: str, subscriber_id: int) -> ResponseReturnValue:
    with web.transaction() as session:
        copies.leave(session, web.now(), _issue(session, cadence, slot), subscriber_id, web.actor())
    return _back(cadence, slot, mark("Left as it is."))


def _issue(session: Session, cadence: str, slot: str) -> DigestIssue:
    issue = queries.issue(session, cadence, slot)
    if issue is None or not queries.has_left(session, issue):
        raise NotFound("issue")
    return issue


def _back(cadence: str, slot: str, said: str) -> ResponseReturnValue:
    flash(text(web.variant(), said))
    return redirect(url_for("digests_copies.shown", cadence=cadence, slot=slot, state="uncertain"), 303)
