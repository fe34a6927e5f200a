"""Files that nobody sent, and bytes without a row, go by themselves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from outreach import clock
from outreach.house import House
from outreach.inquiries.files import waiting
from outreach.inquiries.files.models import StoredFile

SETTLES = timedelta(hours=1)  # a transaction that writes the row is over long before


def sweep(house: House) -> None:
    """Remove files that have waited for a day, and those that a killed process left without a row an hour ago."""
    now = clock.now()
    waiting.sweep(house, now)
    found = [path for path in house.settings.files_folder.glob("*") if path.is_file()]
    with house.db.read() as session:
        known = set(session.scalars(select(StoredFile.key)))
    for path in found:
        if path.name not in known and path.stat().st_mtime < (now - SETTLES).timestamp():
            path.unlink(missing_ok=True)
