"""The page a load balancer asks."""

from __future__ import annotations

from flask import Blueprint

from outreach import web

health = Blueprint("operations", __name__)


@health.get("/healthz")
@web.allow("public")
def healthz() -> tuple[str, int, dict[str, str]]:
    """Alive: no database, no disk (O-10)."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
