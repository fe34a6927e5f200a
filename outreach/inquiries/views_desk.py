"""What the desk's pages of inquiries share: their blueprint, and who may read and who may write."""

from __future__ import annotations

from flask import Blueprint

from outreach import web

desk = Blueprint("inquiries_desk", __name__, url_prefix="/desk/inquiries")

READERS = ("reader", "officer", "approver", "admin")
WRITERS = ("officer", "admin")


def me() -> int:
    """The account that is signed in."""
    actor = web.actor()
    assert actor is not None
    return actor
