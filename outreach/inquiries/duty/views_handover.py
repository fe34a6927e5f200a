"""One page for the next shift, by print or by mail; and the work of somebody who leaves, in one step."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from outreach import web
from outreach.accounts import queries as accounts
from outreach.accounts.models import Account
from outreach.errors import Conflict, NotFound
from outreach.inquiries import hygiene, terms
from outreach.inquiries.duty import handover, rota
from outreach.inquiries.duty.views_rota import desk
from outreach.inquiries.views_desk import READERS, WRITERS, me
from outreach.language import mark, plural, text

MAILED, NOBODY_NEXT = mark("The handover is on its way to {name}."), mark("The rota names nobody to mail it to.")


@desk.get("/handover")
@web.allow(*READERS)
def sheet() -> str:
    with web.reading() as session:
        return render_template(
            "duty/handover.html", sheet=handover.sheet(session, web.house(), web.now()), words=terms,
            names=accounts.names(session), on_duty=rota.on_duty(session, web.now()), visible=hygiene.visible,
            change=rota.next_change(session, web.now()), form=secrets.token_urlsafe(12),
        )  # fmt: skip


@desk.post("/handover/mail")
@web.allow(*READERS)
def mail() -> Any:
    """To me, or to the officer who is on duty next."""
    with web.transaction() as session:
        now = web.now()
        to = handover.next_officer(session, now) if request.form.get("to") == "next" else session.get(Account, me())
        if to is not None:
            handover.send(session, web.house(), now, to, f"{me()}:{request.form.get('form', '')[:40]}")
    flash(text(web.variant(), MAILED, name=to.name) if to else text(web.variant(), NOBODY_NEXT))
    return redirect(url_for(".sheet"), 303)


@desk.get("/handover/people/<int(max=9007199254740991):account_id>")
@web.allow(*WRITERS)
def leaver(account_id: int) -> str:
    return _leaver(account_id)


@desk.post("/handover/people/<int(max=9007199254740991):account_id>")
@web.allow(*WRITERS)
def give_all(account_id: int) -> Any:
    to = request.form.get("to", "")
    try:
        with web.transaction() as session:
            to_id = int(to) if to.isascii() and to.isdigit() and len(to) < 16 else 0
            moved = handover.give_all(session, web.now(), account_id, to_id, me())
    except Conflict as conflict:
        return _leaver(account_id, conflict.message), 422
    flash(plural(web.variant(), "{count} thing changed hands.", "{count} things changed hands.", moved))
    return redirect(url_for(".leaver", account_id=account_id), 303)


def _leaver(account_id: int, error: str | None = None) -> str:
    with web.reading() as session:
        account = session.get(Account, account_id)
        if account is None:
            raise NotFound(f"account {account_id}")
        return render_template(
            "duty/leaver.html", account=account, work=handover.work_of(session, web.now(), account_id), error=error,
            others=[one for one in handover.colleagues(session) if one.id != account_id], visible=hygiene.visible,
        )  # fmt: skip
