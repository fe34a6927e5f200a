"""The rota: a week of duty, one more turn, one less."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from outreach import web
from outreach.accounts import queries as accounts
from outreach.errors import Conflict
from outreach.inquiries.duty import handover, rota
from outreach.inquiries.duty.forms import TurnForm
from outreach.inquiries.views_desk import READERS, WRITERS, me
from outreach.language import mark, text

desk = Blueprint("duty", __name__, url_prefix="/desk")

ADDED, ENDED = mark("The turn is on the rota."), mark("The turn is off the rota.")
WEEK = timedelta(days=7)


@desk.get("/duty")
@web.allow(*READERS)
def week() -> Any:
    """`?week=` any day of it, as 2026-04-13."""
    return _page(_monday(request.args.get("week", "")))


@desk.post("/duty/add")
@web.allow(*WRITERS)
def add() -> Any:
    with web.reading() as session:
        form = TurnForm(web.house().office.zone, handover.colleagues(session))
    if not form.validate():
        return _page(_monday(""), form), 422
    account_id, starts_at, ends_at = form.turn()
    try:
        with web.transaction() as session:
            rota.add(session, web.now(), account_id, starts_at, ends_at, me())
    except Conflict as conflict:
        form[conflict.field].errors = [conflict.message]
        return _page(_monday(""), form), 422
    flash(text(web.variant(), ADDED))
    return redirect(url_for(".week", week=_local(starts_at).isoformat()), 303)


@desk.post("/duty/turns/<int(max=9007199254740991):turn_id>/end")
@web.allow(*WRITERS)
def end(turn_id: int) -> Any:
    with web.transaction() as session:
        rota.end(session, web.now(), turn_id, me())
    flash(text(web.variant(), ENDED))
    return redirect(url_for(".week"), 303)


def _page(monday: date, form: TurnForm | None = None) -> str:
    days = [monday + timedelta(days=number) for number in range(8)]
    edges = [datetime.combine(day, time(), web.house().office.zone).astimezone(UTC) for day in days]
    with web.reading() as session:
        officers = handover.colleagues(session)
        return render_template(
            "duty/rota.html", form=form or TurnForm(web.house().office.zone, officers, formdata=None), monday=monday,
            days=[
                (day, rota.watches(session, opens, closes))
                for day, opens, closes in zip(days, edges, edges[1:], strict=False)
            ],
            turns=rota.turns(session, edges[0], edges[-1]), on_duty=rota.on_duty(session, web.now()),
            change=rota.next_change(session, web.now()), before=monday - WEEK, after=monday + WEEK,
            people=accounts.all_accounts(session),
        )  # fmt: skip


def _monday(typed: str) -> date:
    try:
        day = date.fromisoformat(typed) if typed else _local(web.now())
        return day - timedelta(days=day.weekday()) if date(2000, 1, 1) < day < date(2200, 1, 1) else abort(404)
    except ValueError:
        abort(404)


def _local(at: datetime) -> date:
    return at.astimezone(web.house().office.zone).date()
