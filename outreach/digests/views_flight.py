"""What an officer does about an issue before it leaves. Each may be done twice; doing nothing lets it go."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.digests import flight_check, issues, pulse, trial
from outreach.digests.forms_desk import LineForm
from outreach.digests.rounds import Round
from outreach.digests.views_desk import flight_page, hour_of
from outreach.language import Variant, mark, text

flight = Blueprint("digests_flight", __name__, url_prefix="/desk/digests")

MAY_DECIDE = ("officer", "editor", "admin")
PLACE = "/<cadence>/<slot>/<hour>"


@flight.post(f"{PLACE}/hold")
@web.allow(*MAY_DECIDE)
def hold(cadence: str, slot: str, hour: str) -> ResponseReturnValue:
    return _decided((cadence, slot, hour), issues.hold, mark("Held. Nothing leaves until you let it go."))


@flight.post(f"{PLACE}/let-go")
@web.allow(*MAY_DECIDE)
def let_go(cadence: str, slot: str, hour: str) -> ResponseReturnValue:
    return _decided((cadence, slot, hour), issues.let_go, mark("It goes."))


@flight.post(f"{PLACE}/drop/<int:publication_id>")
@web.allow(*MAY_DECIDE)
def drop(cadence: str, slot: str, hour: str, publication_id: int) -> ResponseReturnValue:
    return _decided((cadence, slot, hour), issues.drop, mark("Left out."), publication_id)


@flight.post(f"{PLACE}/put-back/<int:publication_id>")
@web.allow(*MAY_DECIDE)
def put_back(cadence: str, slot: str, hour: str, publication_id: int) -> ResponseReturnValue:
    return _decided((cadence, slot, hour), issues.put_back, mark("Taken in again."), publication_id)


@flight.post(f"{PLACE}/line")
@web.allow(*MAY_DECIDE)
def add_line(cadence: str, slot: str, hour: str) -> ResponseReturnValue:
    form, turn = LineForm(), _turn(cadence, slot, hour)
    if not form.validate():
        return flight_page(cadence, slot, hour, form), 422
    with web.transaction() as session:
        issues.add_line(session, web.now(), turn.slot, *form.line, web.actor())
    return _back(cadence, slot, hour, mark("Kept."))


@flight.post(f"{PLACE}/test")
@web.allow(*MAY_DECIDE)
def send_test(cadence: str, slot: str, hour: str) -> ResponseReturnValue:
    asked = request.form.get("variant", "")
    variant = Variant.of(asked) if asked in {one.segment for one in Variant} else web.variant()
    house, now = web.house(), web.now()
    with web.transaction() as session:
        is_sent = trial.send(session, house, now, _turn(cadence, slot, hour), variant, web.actor())
    said = mark("A test is on its way to you.") if is_sent else mark("There is nothing to send.")
    return _back(cadence, slot, hour, said)


@flight.post("/wake")
@web.allow(*MAY_DECIDE)
def wake() -> ResponseReturnValue:
    """The clock is right after all: plan again."""
    with web.transaction() as session:
        pulse.wake(session, web.now(), web.actor())
    flash(text(web.variant(), mark("Planning goes on.")))
    return redirect(url_for("digests_desk.overview"), 303)


def _decided(place: tuple[str, str, str], decide: Callable[..., None], said: str, *about: int) -> ResponseReturnValue:
    """Do it to the issue of this place; `about` is what `decide` needs besides."""
    with web.transaction() as session:
        decide(session, web.now(), _turn(*place).slot, *about, web.actor())
    return _back(*place, said)


def _turn(cadence: str, slot: str, hour: str) -> Round:
    return flight_check.turn(web.house(), cadence, slot, hour_of(hour), web.now())


def _back(cadence: str, slot: str, hour: str, said: str) -> ResponseReturnValue:
    flash(text(web.variant(), said))
    return redirect(url_for("digests_desk.flight", cadence=cadence, slot=slot, hour=hour), 303)
