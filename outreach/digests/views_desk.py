"""Digests on the desk: what goes next and to how many, what went last, how it fared; and the flight check."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from outreach import web
from outreach.digests import flight_check, forecast, pulse, queries, watch
from outreach.digests.forms_desk import LineForm
from outreach.errors import NotFound
from outreach.newsroom.library import Library, opened

desk = Blueprint("digests_desk", __name__, url_prefix="/desk/digests")

SHOWN = 30
AT_ONCE = "now"  # stands in an address for the hour of what leaves at once

#: The mail's own HTML stands in a frame: nothing runs, nothing is loaded, its inline styles are let in.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; form-action 'none'; "
    + "sandbox"
)


@desk.get("/")
@web.allow("desk")
def overview() -> ResponseReturnValue:
    house, now = web.house(), web.now()
    with web.reading() as session:
        coming = forecast.coming(session, house, now)
        issues = queries.issues(session, SHOWN)
        shown = {
            "coming": [(one, forecast.views(session, house, one, web.variant())) for one in coming],
            "issues": issues,
            "fared": queries.fared(session, [issue.id for issue in issues]),
            "people": forecast.people(session),
            "alarms": watch.shown(session, now),
            "is_silent": pulse.is_silent(session, now),
        }
    return render_template("digests/desk.html", **shown)


@desk.get("/<cadence>/<slot>/<hour>")
@web.allow("desk")
def flight(cadence: str, slot: str, hour: str) -> ResponseReturnValue:
    return flight_page(cadence, slot, hour)


@desk.get("/<cadence>/<slot>/<hour>/mail/<segment>")
@web.allow("desk")
def mail(cadence: str, slot: str, hour: str, segment: str) -> Response:
    """The HTML of the mail as a reader of this variant will see it, for a frame."""
    found = _check(cadence, slot, hour)
    shown = next((one for one in found.shown if one.variant.segment == segment), None)
    if shown is None:
        raise NotFound("mail")
    page = make_response(shown.html)
    page.headers["Content-Security-Policy"] = FRAME_POLICY
    return page


def flight_page(cadence: str, slot: str, hour: str, form: LineForm | None = None) -> str:
    """The flight check; `form` came back with an error."""
    found = _check(cadence, slot, hour)
    if form is None:
        issue = found.issue
        form = LineForm(formdata=None, en=issue.line_en if issue else None, sr=issue.line_sr if issue else None)
    return render_template("digests/flight.html", check=found, form=form, hour=hour)


def hour_of(hour: str) -> str | None:
    """The hour that an address names."""
    return None if hour == AT_ONCE else hour


def _check(cadence: str, slot: str, hour: str) -> flight_check.Check:
    house, now = web.house(), web.now()
    turn = flight_check.turn(house, cadence, slot, hour_of(hour), now)
    with web.reading() as session:
        return flight_check.check(session, house, turn, now, web.variant(), _leads(opened(session, house)))


def _leads(shelf: Library) -> Callable[[str], bool]:
    """Whether a path of this site leads to a page: a route of its own, or a document that readers find."""
    places = current_app.url_map.bind("localhost")

    def leads(path: str) -> bool:
        try:
            endpoint, values = places.match(path)
            if endpoint == "newsroom.page":
                shelf.get(values["path"], values["variant"], web.now())
        except (HTTPException, NotFound):
            return False
        return True

    return leads
