"""Our site as granian loads it, with one change: any number of inquiries an hour counts as a person's.

Otherwise all but the first two hundred would wait under Screened, and neither receipt nor alert would be written.
`backoff` is the same site where writers do not queue but wait as SQLite lets them.
"""

from __future__ import annotations

import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def queued() -> Any:
    from outreach import served
    from outreach.inquiries import intake

    intake.IN_ALL = 10**9
    return served()


def backoff() -> Any:
    from outreach import db

    db.QueuedConnection.take = lambda _self: None  # type: ignore[method-assign]
    return queued()


def environment(folder: Path, port: int) -> dict[str, str]:
    return {
        "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}", "VAR_DIR": str(folder / "var"),
        "PRODUCTION": "0", "TRUSTED_PROXIES": "1", "SECRET_KEY": "a key for a benchmark on loopback only",
        "ADDRESS_PEPPER": "a pepper for a benchmark on loopback only",
    }  # fmt: skip


def build(folder: Path) -> None:
    """An empty office."""
    import config
    from outreach.house import House
    from outreach.operations import schema

    house = House.open(config.load({**os.environ, **environment(folder, 8000)}))
    schema.upgrade(house.db)
    house.db.dispose()


class Signer:
    """Forms as they are drawn: each with a nonce and the time of half a minute ago."""

    def __init__(self, folder: Path) -> None:
        import config
        from outreach.house import House

        self.house = House.open(config.load({**os.environ, **environment(folder, 8000)}))

    def token(self) -> dict[str, str]:
        drawn = int((datetime.now(UTC) - timedelta(seconds=30)).timestamp())
        return {"form_token": self.house.tokens.make("form", f"{secrets.token_urlsafe(12)} {drawn}")}


TABLES = ("inquiry", "question", "inquiry_event", "audit_entry", "outbox_email")
PATH = "/en/media/inquiry"
