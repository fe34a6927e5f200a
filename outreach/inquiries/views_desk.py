"""What the desk's pages of inquiries share: their blueprint, who may read and write, where a conflict is said."""

from __future__ import annotations

from flask import Blueprint

from outreach import web
from outreach.errors import Conflict
from outreach.forms import StaffForm

desk = Blueprint("inquiries_desk", __name__, url_prefix="/desk/inquiries")

READERS = ("reader", "officer", "approver", "admin")
WRITERS = ("officer", "admin")


def me() -> int:
    """The account that is signed in."""
    actor = web.actor()
    assert actor is not None
    return actor


def beside(form: StaffForm, conflict: Conflict) -> bool:
    """Say a conflict at its field, or above the form where it has none; whether somebody else was faster."""
    is_stale = conflict.field == "version"
    if is_stale or conflict.field not in form:
        form.form_errors.append(conflict.message)
    else:
        form[conflict.field].errors = [*form[conflict.field].errors, conflict.message]
    return is_stale
