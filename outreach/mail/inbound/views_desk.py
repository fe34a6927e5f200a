"""Mail that came in and waits for a person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from outreach import web
from outreach.language import mark, text
from outreach.mail.inbound import queries, taking

desk = Blueprint("inbound_desk", __name__, url_prefix="/desk/inbound")

WHO = ("officer", "admin")


@desk.get("")
@web.allow(*WHO)
def waiting() -> str:
    with web.reading() as session:
        return render_template(
            "inbound/desk.html",
            mails=queries.waiting(session),
            count=queries.waiting_count(session),
            last=queries.last_read(session),
            kinds=queries.KIND_WORDS,
            reasons=queries.REASONS,
        )


@desk.post("/<int(max=9007199254740991):row_id>/settle")
@web.allow(*WHO)
def settle(row_id: int) -> ResponseReturnValue:
    return _closed(row_id, taking.BY_HAND, mark("Settled. The mail itself is deleted."))


@desk.post("/<int(max=9007199254740991):row_id>/discard")
@web.allow(*WHO)
def discard(row_id: int) -> ResponseReturnValue:
    return _closed(row_id, taking.DISCARDED, mark("Discarded."))


def _closed(row_id: int, reason: str, said: str) -> ResponseReturnValue:
    with web.transaction() as session:
        taking.close(session, web.now(), row_id, reason, web.actor())
    flash(text(web.variant(), said))
    return redirect("/desk/inbound", 303)
