"""What every process of the office stands on: settings, database, tokens and the office's own data. No Flask."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config import Settings
from outreach import clock, office
from outreach.db import Database
from outreach.office import Office
from outreach.tokens import Tokens


@dataclass(frozen=True)
class House:
    settings: Settings
    db: Database
    tokens: Tokens
    office: Office

    @classmethod
    def open(cls, settings: Settings) -> House:
        """Open the database and read the office; sets the clock that entry points will read."""
        clock.configure(settings.clock_file)
        return cls(
            settings=settings,
            db=Database(settings.database, settings.var_dir / "write.lock"),
            tokens=Tokens(settings.secret_key, settings.secret_key_fallbacks),
            office=office.read(settings.content_dir),
        )

    def url(self, path: str) -> str:
        """An absolute address for mails, feeds and canonical links; never from the request's Host (F-09)."""
        return self.settings.base_url.rstrip("/") + path

    def address_hash(self, address: str) -> str:
        """HMAC-SHA-256 of a normalised address under the pepper, 64 hexadecimal digits (P-07)."""
        pepper = self.settings.address_pepper.encode()
        return hmac.digest(pepper, address.strip().casefold().encode(), "sha256").hex()


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """The house of one command, its database closed at the end."""
    house = House.open(settings)
    try:
        yield house
    finally:
        house.db.dispose()
