"""The desk's pages of this room: where they lie and who may enter."""

from __future__ import annotations

from flask import Blueprint

desk = Blueprint("contacts", __name__, url_prefix="/desk/contacts")

READERS = ("officer", "contacts", "admin")
WRITERS = ("officer", "contacts")
